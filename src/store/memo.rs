//! Items remembered by what they were made from, where making them again would be slow.
//!
//! A memo is one small file under the cache directory, named by a digest of everything the item depends on. It is
//! never more than a hint: what is absent, damaged, or names an item that is no longer valid is made again
//! (see [`super::StoreAccess::recall`]).

use std::path::{Path, PathBuf};

use crate::hash::Sha256;
use crate::store_path::StorePath;
use crate::util::fs::{create_dir_all, directory_of, write_atomic};

use super::tree::{Tree, Wanted};
use super::{Layout, StoreError};

/// The item that a memo names, valid or not.
pub(super) fn read(own: &Layout, kind: &str, key: &Sha256) -> Option<StorePath> {
    let text = std::fs::read_to_string(file(own, kind, key)).ok()?;
    StorePath::from_absolute(text.trim()).ok()
}

/// Writes a memo. That it cannot be written is no failure.
pub(super) fn write(own: &Layout, kind: &str, key: &Sha256, item: &StorePath) {
    let file = file(own, kind, key);
    let written = create_dir_all(directory_of(&file))
        .and_then(|()| write_atomic(&file, format!("{item}\n").as_bytes(), false));
    if let Err(error) = written {
        tracing::warn!("{item} will be made again when it is next wanted: {error}");
    }
}

/// A digest that changes whenever anything in the tree does, save what `wanted` refuses (paths are relative to the
/// tree; what is below a refused one is not looked at); `None` while it changed so recently that a further change
/// could go unnoticed.
pub fn tree_fingerprint(path: &Path, wanted: Wanted<'_>) -> Result<Option<Sha256>, StoreError> {
    let fingerprint = Tree::walk_where(path, wanted)?.fingerprint();
    Ok(fingerprint.settled.then_some(fingerprint.digest))
}

fn file(own: &Layout, kind: &str, key: &Sha256) -> PathBuf {
    own.cache_dir().join(kind).join(key.hex())
}
