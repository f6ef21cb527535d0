//! What everyone asks of a store, whether this process writes it itself or another one does for it.
//!
//! Whoever may write a store opens it as a [`Store`]. Everyone else asks the daemon, which answers the same questions
//! (`crate::daemon::Client`). Items themselves are read where they lie, by both.

use std::collections::BTreeSet;
use std::path::Path;

use crate::derivation::Derivation;
use crate::hash::Sha256;
use crate::store_path::StorePath;

use super::{Layout, PathInfo, Realisation, Store, StoreError, Temporary, Text, memo};

/// A store, from whichever side.
pub trait StoreAccess: Send + Sync {
    /// Where items and logs lie, to be read.
    fn layout(&self) -> &Layout;

    /// Where this user's own caches and images lie: with the items only for who writes the store.
    fn own(&self) -> &Layout;

    /// Keeps items, and what they refer to, from being collected as garbage for as long as the one who asks needs the
    /// store. To be asked for before [`StoreAccess::is_valid`]: then what is valid stays so.
    fn hold(&self, paths: &[&StorePath]) -> Result<(), StoreError>;

    /// Has the absolute path `link`, a symbolic link outside of the store, keep the item that it leads to, as long as it
    /// is there: see [`super::link_root`].
    fn register_root(&self, link: &Path) -> Result<(), StoreError>;

    /// Whether an item is registered, and there.
    fn is_valid(&self, path: &StorePath) -> Result<bool, StoreError>;

    /// Whether an item and all it refers to, directly or not, is there.
    fn is_whole(&self, path: &StorePath) -> Result<bool, StoreError>;

    /// What is known about a valid item.
    fn path_info(&self, path: &StorePath) -> Result<PathInfo, StoreError>;

    /// The union of the closures of several items: what they refer to, directly or not, and themselves.
    fn closure(&self, paths: &[&StorePath]) -> Result<BTreeSet<StorePath>, StoreError>;

    /// What is known about each item of the closure of one.
    fn closure_infos(&self, path: &StorePath) -> Result<Vec<PathInfo>, StoreError> {
        self.closure(&[path])?.iter().map(|item| self.path_info(item)).collect()
    }

    /// The items that refer to an item directly.
    fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError>;

    /// The last record of how an output came to be.
    fn realisation(&self, output: &StorePath) -> Result<Option<Realisation>, StoreError>;

    /// Reads a derivation that is in the store. What it says of its outputs is not believed but computed.
    fn derivation(&self, path: &StorePath) -> Result<Derivation, StoreError>;

    /// Adds a copy of a file or tree under `name`; the path depends on name and contents alone.
    fn add_tree(&self, name: &str, path: &Path) -> Result<StorePath, StoreError>;

    /// Adds many texts, which may refer to each other.
    fn add_texts(&self, texts: Vec<Text>) -> Result<(), StoreError>;

    /// An unused place for what is to become an item by [`StoreAccess::adopt_tree`]. What is made there is removed when
    /// the value is dropped.
    fn temporary(&self) -> Result<Temporary, StoreError>;

    /// Makes the tree at `place`, which lies at or below one from [`StoreAccess::temporary`], an item called `name`.
    fn adopt_tree(&self, name: &str, place: &Path) -> Result<StorePath, StoreError>;

    /// The item of a `kind` that was made from what `key` stands for, if it is still valid.
    fn recall(&self, kind: &str, key: &Sha256) -> Result<Option<StorePath>, StoreError> {
        let Some(item) = memo::read(self.own(), kind, key) else { return Ok(None) };
        self.hold(&[&item])?;
        Ok(self.is_valid(&item)?.then_some(item))
    }

    /// Remembers that `item` was made from what `key` stands for. That it cannot be remembered is no failure.
    fn remember(&self, kind: &str, key: &Sha256, item: &StorePath) {
        memo::write(self.own(), kind, key, item);
    }
}

impl StoreAccess for Store {
    fn layout(&self) -> &Layout {
        self.layout()
    }

    fn own(&self) -> &Layout {
        self.layout()
    }

    fn hold(&self, paths: &[&StorePath]) -> Result<(), StoreError> {
        self.hold(paths.iter().copied())
    }

    fn register_root(&self, link: &Path) -> Result<(), StoreError> {
        self.register_root(link)
    }

    fn is_valid(&self, path: &StorePath) -> Result<bool, StoreError> {
        self.is_valid(path)
    }

    fn is_whole(&self, path: &StorePath) -> Result<bool, StoreError> {
        self.is_whole(path)
    }

    fn path_info(&self, path: &StorePath) -> Result<PathInfo, StoreError> {
        self.path_info(path)
    }

    fn closure(&self, paths: &[&StorePath]) -> Result<BTreeSet<StorePath>, StoreError> {
        self.closure(paths.iter().copied())
    }

    fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        self.referrers(path)
    }

    fn realisation(&self, output: &StorePath) -> Result<Option<Realisation>, StoreError> {
        self.realisation(output)
    }

    fn derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        self.derivation(path)
    }

    fn add_tree(&self, name: &str, path: &Path) -> Result<StorePath, StoreError> {
        self.add_tree(name, path)
    }

    fn add_texts(&self, texts: Vec<Text>) -> Result<(), StoreError> {
        self.add_texts(texts)
    }

    fn temporary(&self) -> Result<Temporary, StoreError> {
        self.temporary()
    }

    fn adopt_tree(&self, name: &str, place: &Path) -> Result<StorePath, StoreError> {
        self.adopt_tree(name, place)
    }
}
