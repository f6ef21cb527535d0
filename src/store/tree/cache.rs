//! The stat cache: an unchanged tree is recognised by its fingerprint, and its digest need not be computed again.
//!
//! One small file per tree that was added, named after the tree's absolute path. Losing it costs time only.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::hash::Sha256;
use crate::store::{Layout, StoreError};
use crate::util::fs as paths;

use super::{Contents, Tree};

/// The file of one tree.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    fingerprint: Sha256,
    #[serde(flatten)]
    contents: Contents,
}

/// The cache of one store.
#[derive(Debug)]
pub struct TreeCache {
    directory: PathBuf,
}

impl TreeCache {
    /// The cache in `directory`, which is made when something is remembered.
    pub fn new(directory: PathBuf) -> Self {
        TreeCache { directory }
    }

    /// The one among the caches of a store, or of a user.
    pub fn of(layout: &Layout) -> Self {
        Self::new(layout.cache_dir().join("trees"))
    }

    /// The contents of a tree that has not changed since it was last read. What cannot be read counts as
    /// unknown.
    pub fn look_up(&self, tree: &Tree) -> Option<Contents> {
        let fingerprint = tree.fingerprint();
        let text = fs::read(self.file(tree.root())).ok()?;
        let record: Record = serde_json::from_slice(&text).ok()?;
        (fingerprint.settled && record.fingerprint == fingerprint.digest).then_some(record.contents)
    }

    /// Remembers the contents of a tree, unless its fingerprint proves nothing. That they cannot be remembered is no
    /// failure.
    pub fn remember(&self, tree: &Tree, contents: Contents) {
        if let Err(error) = self.write(tree, contents) {
            tracing::warn!("the next command will read `{}` again: {error}", tree.root().display());
        }
    }

    fn write(&self, tree: &Tree, contents: Contents) -> Result<(), StoreError> {
        let fingerprint = tree.fingerprint();
        if !fingerprint.settled {
            return Ok(());
        }
        paths::create_dir_all(&self.directory)?;
        let record = Record { fingerprint: fingerprint.digest, contents };
        let text = serde_json::to_vec(&record).map_err(|error| StoreError::Cache { error })?;
        Ok(paths::write_atomic(&self.file(tree.root()), &text, false)?)
    }

    /// The file about the tree at `root`, also the name by which a tree that is being added is locked.
    fn file(&self, root: &Path) -> PathBuf {
        self.directory.join(key(root))
    }
}

/// A file name that stands for the tree at `root`.
pub fn key(root: &Path) -> String {
    Sha256::of(root.as_os_str().as_bytes()).base32()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    use super::*;

    const CONTENTS: Contents = Contents { nar_hash: Sha256::from_bytes([7; 32]), nar_size: 42 };

    #[test]
    fn settled_trees_are_remembered_until_they_change() {
        let cache_dir = tempfile::tempdir().unwrap();
        let cache = TreeCache::new(cache_dir.path().join("trees"));
        let tree = || Tree::walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/hash")).unwrap();
        assert_eq!(cache.look_up(&tree()), None);
        cache.write(&tree(), CONTENTS).unwrap();
        assert_eq!(cache.look_up(&tree()), Some(CONTENTS));

        let other = Tree::walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nar")).unwrap();
        assert_eq!(cache.look_up(&other), None, "each tree has its own entry");
    }

    #[test]
    fn a_tree_that_changed_just_now_is_not_trusted() {
        let cache_dir = tempfile::tempdir().unwrap();
        let cache = TreeCache::new(cache_dir.path().to_owned());
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join("file");
        fs::write(&file, "contents").unwrap();
        // An old modification time does not make an old change time.
        let old = SystemTime::now() - Duration::from_secs(1000);
        File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
        cache.write(&Tree::walk(tree.path()).unwrap(), CONTENTS).unwrap();
        assert_eq!(cache.look_up(&Tree::walk(tree.path()).unwrap()), None);
    }

    #[test]
    fn a_damaged_cache_is_no_cache() {
        let cache_dir = tempfile::tempdir().unwrap();
        let cache = TreeCache::new(cache_dir.path().to_owned());
        let tree = Tree::walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/hash")).unwrap();
        cache.write(&tree, CONTENTS).unwrap();
        fs::write(cache.file(tree.root()), "{").unwrap();
        assert_eq!(cache.look_up(&tree), None);
    }
}
