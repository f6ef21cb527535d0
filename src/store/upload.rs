//! Trees of this machine on their way to a store that another process writes.

use std::io::{self, Write};
use std::path::Path;

use crate::hash::Hasher;
use crate::store_path::StorePath;

use super::add::{absolute, require_name, tree_path};
use super::tree::cache::TreeCache;
use super::tree::{Contents, Tree};
use super::{Layout, StoreError};

/// A tree that is to become an item.
#[derive(Debug)]
pub struct Upload {
    name: String,
    tree: Tree,
    cache: TreeCache,
}

impl Upload {
    /// Looks at the tree at `path`. What it learns of it, it keeps among the caches of `own`.
    pub fn new(own: &Layout, name: &str, path: &Path) -> Result<Self, StoreError> {
        require_name(name)?;
        let tree = Tree::walk(&absolute(path)?)?;
        Ok(Upload { name: name.to_owned(), tree, cache: TreeCache::of(own) })
    }

    /// The path the item will have, if the tree is one that was read before.
    pub fn known_path(&self) -> Result<Option<StorePath>, StoreError> {
        self.cache.look_up(&self.tree).map(|contents| tree_path(&self.name, &contents)).transpose()
    }

    /// Writes the archive, and gives the path that follows from it.
    pub fn send(&self, to: impl Write) -> Result<StorePath, StoreError> {
        let mut both = Both { hasher: Hasher::new(), to };
        self.tree.archive(&mut both)?;
        let contents = Contents::of(both.hasher);
        self.cache.remember(&self.tree, contents);
        tree_path(&self.name, &contents)
    }
}

/// Hashes what it passes on.
struct Both<W> {
    hasher: Hasher,
    to: W,
}

impl<W: Write> Write for Both<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.to.write_all(data)?;
        self.hasher.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
