//! Adding to the store what was made elsewhere: trees, texts, derivations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::content_address::{ContentAddress, Method, source_path, text_path};
use crate::derivation::Derivation;
use crate::hash::{Hasher, Sha256};
use crate::nar;
use crate::store_path::{StorePath, StorePathError, check_name};
use crate::util::fs::{Operation, PathContext as _};

use super::path_info::now;
use super::publish::Finished;
use super::tree::Tree;
use super::tree::cache::{self, Contents};
use super::{PathInfo, Store, StoreError};

/// A text to be added to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub name: String,
    pub contents: String,
    /// The items the text refers to, which must be valid, or be added with it.
    pub references: BTreeSet<StorePath>,
}

impl Text {
    /// The path it will have.
    pub fn path(&self) -> Result<StorePath, StorePathError> {
        text_path(&self.name, &Sha256::of(&self.contents), &self.references)
    }
}

impl Store {
    /// Adds a copy of a file or tree under `name`; the path depends on name and contents alone. It is not
    /// scanned for references. A tree that was added before and has not changed costs no more than a walk.
    pub fn add_tree(&self, name: &str, path: &Path) -> Result<StorePath, StoreError> {
        require_name(name)?;
        let root = absolute(path)?;
        if let Some(path) = self.already_added(name, &Tree::walk(&root)?)? {
            return Ok(path);
        }
        let _lock = self.lock(&format!("tree-{}", cache::key(&root)), &root.display().to_string())?;
        // Another process may have added it while this one waited; and the tree is to be walked only now that
        // it will be read.
        let tree = Tree::walk(&root)?;
        if let Some(path) = self.already_added(name, &tree)? {
            return Ok(path);
        }
        let temporary = self.temporary()?;
        let mut hasher = Hasher::new();
        tree.copy(temporary.path(), &mut hasher)?;
        let contents = Contents { nar_size: hasher.bytes_seen(), nar_hash: hasher.finish() };
        let path = tree_path(name, &contents)?;
        let info = source_info(path.clone(), &contents);
        let lock = self.lock_path(&path)?;
        self.publish(vec![Finished { info, place: temporary.path().to_owned() }], &[])?;
        drop(lock);
        self.tree_cache().remember(&tree, contents)?;
        Ok(path)
    }

    /// The path that [`Store::add_tree`] would give, without adding anything.
    pub fn compute_tree_path(&self, name: &str, path: &Path) -> Result<StorePath, StoreError> {
        require_name(name)?;
        let tree = Tree::walk(&absolute(path)?)?;
        let contents = match self.tree_cache().look_up(&tree) {
            Some(contents) => contents,
            None => {
                let mut hasher = Hasher::new();
                tree.archive(&mut hasher)?;
                let contents = Contents { nar_size: hasher.bytes_seen(), nar_hash: hasher.finish() };
                self.tree_cache().remember(&tree, contents)?;
                contents
            }
        };
        tree_path(name, &contents)
    }

    /// Adds a text.
    pub fn add_text(
        &self,
        name: &str,
        contents: &str,
        references: &BTreeSet<StorePath>,
    ) -> Result<StorePath, StoreError> {
        let text =
            Text { name: name.to_owned(), contents: contents.to_owned(), references: references.clone() };
        let path = text.path()?;
        self.add_texts(vec![text])?;
        Ok(path)
    }

    /// Adds a derivation called `name` as its `.drv` file; its inputs must be valid.
    pub fn add_derivation(&self, derivation: &Derivation, name: &str) -> Result<StorePath, StoreError> {
        self.add_text(&format!("{name}.drv"), &derivation.to_aterm(), &derivation.references())
    }

    /// Adds many texts, which may refer to each other, at the price of one: all or none.
    pub fn add_texts(&self, texts: Vec<Text>) -> Result<(), StoreError> {
        let mut new = BTreeMap::new();
        for text in texts {
            let path = text.path()?;
            if !self.is_valid(&path)? {
                new.insert(path, text);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        // In the order of their paths, as everyone who locks several does.
        let _locks = new.keys().map(|path| self.lock_path(path)).collect::<Result<Vec<_>, _>>()?;
        let mut temporaries = Vec::new();
        let mut finished = Vec::new();
        for (path, text) in new {
            let temporary = self.temporary()?;
            finished.push(write_text(path, text, temporary.path())?);
            temporaries.push(temporary);
        }
        self.publish(finished, &[])
    }

    /// The path of a tree whose contents are known and in the store.
    fn already_added(&self, name: &str, tree: &Tree) -> Result<Option<StorePath>, StoreError> {
        let Some(contents) = self.tree_cache().look_up(tree) else { return Ok(None) };
        let path = tree_path(name, &contents)?;
        Ok(self.is_valid(&path)?.then_some(path))
    }
}

/// Writes a text as a canonical item at `place`.
fn write_text(path: StorePath, text: Text, place: &Path) -> Result<Finished, StoreError> {
    std::fs::write(place, &text.contents).at(Operation::Write, place)?;
    let tree = Tree::walk(place)?;
    tree.make_canonical()?;
    let (nar_hash, nar_size) = nar::hash(place)?;
    let info = PathInfo {
        path,
        nar_hash,
        nar_size,
        references: text.references,
        deriver: None,
        content_address: Some(ContentAddress::Text(Sha256::of(&text.contents))),
        registration_time: now(),
    };
    Ok(Finished { info, place: place.to_owned() })
}

fn tree_path(name: &str, contents: &Contents) -> Result<StorePath, StoreError> {
    Ok(source_path(name, &contents.nar_hash, &BTreeSet::new())?)
}

fn source_info(path: StorePath, contents: &Contents) -> PathInfo {
    PathInfo {
        path,
        nar_hash: contents.nar_hash,
        nar_size: contents.nar_size,
        references: BTreeSet::new(),
        deriver: None,
        content_address: Some(ContentAddress::Fixed(Method::Recursive, contents.nar_hash)),
        registration_time: now(),
    }
}

/// Refuses a bad name before any work is done.
fn require_name(name: &str) -> Result<(), StoreError> {
    check_name(name).map_err(|fault| StorePathError::BadName { name: name.to_owned(), fault })?;
    match name.ends_with(".drv") {
        true => Err(StoreError::DerivationName { name: name.to_owned() }),
        false => Ok(()),
    }
}

/// The path with its directory resolved: the name by which the cache knows a tree. A link at its end is kept,
/// because it is the link that is added.
fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            Ok(parent.canonicalize().at(Operation::Open, path)?.join(name))
        }
        _ => Ok(path.canonicalize().at(Operation::Open, path)?),
    }
}
