//! What a declaration takes from this machine, by way of its store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;

use super::git;
use crate::build::toolchain;
use crate::builders::freebsd::import;
use crate::eval::{InputError, Inputs};
use crate::hash::Sha256;
use crate::store::Store;
use crate::store_path::StorePath;

/// The name of the item that is an installed FreeBSD.
const INSTALLED: &str = "freebsd-installed";

/// The name of the item that is the tree of a git commit.
const GIT_TREE: &str = "git-tree";

/// "Where the declaration says this directory, take that one": how one declaration serves machines whose sources
/// lie elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub declared: PathBuf,
    pub actual: PathBuf,
}

/// Adds what a declaration names to a store.
pub struct StoreInputs {
    store: Arc<Store>,
    replacements: Vec<Replacement>,
}

impl StoreInputs {
    pub fn new(store: Arc<Store>, replacements: Vec<Replacement>) -> Self {
        Self { store, replacements }
    }

    /// Where the directory that the declaration names lies on this machine.
    fn actual<'a>(&'a self, declared: &'a Path) -> &'a Path {
        let replaced = self.replacements.iter().find(|replacement| replacement.declared == declared);
        replaced.map_or(declared, |replacement| &replacement.actual)
    }

    /// The remembered item, or the one that `make` gives. Without a key nothing is remembered.
    fn remembered(
        &self,
        kind: &str,
        key: Option<Sha256>,
        make: impl FnOnce() -> Result<StorePath, InputError>,
    ) -> Result<StorePath, InputError> {
        let Some(key) = key else { return make() };
        if let Some(item) = self.store.recall(kind, &key).map_err(explain)? {
            return Ok(item);
        }
        let item = make()?;
        self.store.remember(kind, &key, &item).map_err(explain)?;
        Ok(item)
    }

    /// Adds a directory that `fill` writes, under a name of the store's.
    fn add_scratch(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), InputError>,
    ) -> Result<StorePath, InputError> {
        let scratch = self.store.temporary().map_err(explain)?;
        fill(scratch.path())?;
        self.store.add_tree(name, scratch.path()).map_err(explain)
    }
}

fn explain(error: impl Diagnostic) -> InputError {
    InputError::from_diagnostic(&error)
}

impl Inputs for StoreInputs {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.store.add_tree(name, self.actual(path)).map_err(explain)
    }

    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.store.add_tree(name, path).map_err(explain)
    }

    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        toolchain::import(&self.store, packages).map_err(explain)
    }

    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        git::check_commit(commit).map_err(explain)?;
        let cache = self.store.layout().cache_dir().join("git");
        self.remembered("git-trees", Some(Sha256::of(commit)), || {
            self.add_scratch(GIT_TREE, |tree| {
                std::fs::create_dir(tree)
                    .map_err(|source| explain(git::GitError::Directory { path: tree.to_owned(), source }))?;
                git::export(url, commit, &cache, tree).map_err(explain)
            })
        })
    }

    fn installed_tree(&self, path: &Path) -> Result<StorePath, InputError> {
        let path = self.actual(path);
        let key = self.store.tree_fingerprint(path).map_err(explain)?;
        self.remembered(INSTALLED, key, || {
            self.add_scratch(INSTALLED, |item| import::import(path, item).map(drop).map_err(explain))
        })
    }
}
