//! Items remembered by what they were made from, where making them again would be slow.
//!
//! A memo is one small file under the cache directory, named by a digest of everything the item depends on. It is
//! never more than a hint: what is absent, damaged, or names an item that is no longer valid is made again.

use crate::hash::Sha256;
use crate::store_path::StorePath;
use crate::util::fs::{create_dir_all, directory_of, write_atomic};

use super::{Store, StoreError, tree::Tree};
use std::path::{Path, PathBuf};

impl Store {
    /// The item of a `kind` that was made from what `key` stands for, if it is still valid.
    pub fn recall(&self, kind: &str, key: &Sha256) -> Result<Option<StorePath>, StoreError> {
        let Ok(text) = std::fs::read_to_string(self.memo_file(kind, key)) else { return Ok(None) };
        let Ok(item) = StorePath::from_absolute(text.trim()) else { return Ok(None) };
        Ok(self.is_valid(&item)?.then_some(item))
    }

    /// Remembers that `item` was made from what `key` stands for. That it cannot be remembered is no failure.
    pub fn remember(&self, kind: &str, key: &Sha256, item: &StorePath) {
        let file = self.memo_file(kind, key);
        let written = create_dir_all(directory_of(&file))
            .and_then(|()| write_atomic(&file, format!("{item}\n").as_bytes(), false));
        if let Err(error) = written {
            tracing::warn!("{item} will be made again when it is next wanted: {error}");
        }
    }

    /// A digest that changes whenever anything in the tree does, save what `wanted` refuses (paths are relative to the
    /// tree; what is below a refused one is not looked at); `None` while it changed so recently that a further change
    /// could go unnoticed.
    pub fn tree_fingerprint(
        &self,
        path: &Path,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<Option<Sha256>, StoreError> {
        let fingerprint = Tree::walk_where(path, wanted)?.fingerprint();
        Ok(fingerprint.settled.then_some(fingerprint.digest))
    }

    fn memo_file(&self, kind: &str, key: &Sha256) -> PathBuf {
        self.layout().cache_dir().join(kind).join(key.hex())
    }
}
