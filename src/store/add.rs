//! Adding to the store what was made elsewhere: trees, texts, derivations.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::content_address::{ContentAddress, Method, source_path, text_path};
use crate::derivation::Derivation;
use crate::hash::{Hasher, Sha256};
use crate::store_path::{StorePath, StorePathError, check_name};
use crate::sys::interrupt;
use crate::util::fs::{Operation, PathContext as _, exists, write_new};

use super::path_info::now;
use super::publish::Finished;
use super::tree::{self, Contents, Tree, cache};
use super::{PathInfo, Store, StoreError};

/// A text to be added to the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        let root = self.addable(path)?;
        let mut tree = Tree::walk(&root)?;
        if let Some(path) = self.already_added(name, &tree)? {
            return Ok(path);
        }
        let key = format!("tree-{}", cache::key(&root));
        let lock = self.lock(&key, &root.display().to_string(), &interrupt::requested)?;
        if lock.was_waited_for() {
            // It may have changed meanwhile, and is to be read as it was walked.
            tree = Tree::walk(&root)?;
        }
        // Another process may have added it just now.
        if let Some(path) = self.already_added(name, &tree)? {
            return Ok(path);
        }
        let (session, temporary) = (self.session()?, self.temporary()?);
        let contents = session.flush_while(|written| {
            let mut hasher = CountingHasher { hasher: Hasher::new(), written };
            tree.copy(temporary.path(), &mut hasher)?;
            Ok::<_, StoreError>(Contents::of(hasher.hasher))
        })?;
        let path = tree_path(name, &contents)?;
        let info = source_info(path.clone(), &contents);
        self.publish(vec![Finished { info, place: temporary.path().to_owned() }], &[])?;
        self.tree_cache().remember(&tree, contents);
        Ok(path)
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
        let mut paths = Vec::new();
        for text in &texts {
            paths.push(text.path()?);
        }
        self.hold(texts.iter().flat_map(|text| &text.references).chain(&paths))?;
        let mut new = BTreeMap::new();
        for (path, text) in paths.into_iter().zip(texts) {
            if !self.is_valid(&path)? {
                new.insert(path, text);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let mut temporaries = Vec::new();
        let mut finished = Vec::new();
        for (path, text) in new {
            let temporary = self.temporary()?;
            finished.push(write_text(path, text, temporary.path())?);
            temporaries.push(temporary);
        }
        self.publish(finished, &[])
    }

    /// Where a tree that is to be added lies. It may not hold the store, which would then change while it is read.
    fn addable(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let root = absolute(path)?;
        for part in [self.layout.store_dir(), self.layout.var_dir()] {
            if exists(&part)? && part.canonicalize().at(Operation::Open, &part)?.starts_with(&root) {
                return Err(StoreError::HoldsStore { path: path.to_owned() });
            }
        }
        Ok(root)
    }

    /// The path of a tree whose contents are known and in the store.
    fn already_added(&self, name: &str, tree: &Tree) -> Result<Option<StorePath>, StoreError> {
        let Some(contents) = self.tree_cache().look_up(tree) else { return Ok(None) };
        let path = tree_path(name, &contents)?;
        Ok(self.hold_valid(&path)?.then_some(path))
    }
}

/// Hashes an archive, and tells how much of it there was.
struct CountingHasher<'a> {
    hasher: Hasher,
    written: &'a mut dyn FnMut(usize),
}

impl Write for CountingHasher<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update(bytes);
        (self.written)(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a text as a canonical item at `place`.
fn write_text(path: StorePath, text: Text, place: &Path) -> Result<Finished, StoreError> {
    write_new(place, text.contents.as_bytes())?;
    Tree::walk(place)?.make_canonical()?;
    let Contents { nar_hash, nar_size } = tree::digest(place)?;
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

pub(super) fn tree_path(name: &str, contents: &Contents) -> Result<StorePath, StoreError> {
    Ok(source_path(name, &contents.nar_hash, &BTreeSet::new())?)
}

pub(super) fn source_info(path: StorePath, contents: &Contents) -> PathInfo {
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
pub(super) fn require_name(name: &str) -> Result<(), StoreError> {
    check_name(name).map_err(|fault| StorePathError::BadName { name: name.to_owned(), fault })?;
    match name.ends_with(".drv") {
        true => Err(StoreError::DerivationName { name: name.to_owned() }),
        false => Ok(()),
    }
}

/// The path with its directory resolved: the name by which the cache knows a tree. A link at its end is kept,
/// because it is the link that is added.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            Ok(parent.canonicalize().at(Operation::Open, path)?.join(name))
        }
        _ => Ok(path.canonicalize().at(Operation::Open, path)?),
    }
}
