//! Making roots: links that keep an item.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::hash::Sha256;
use crate::store::{Store, StoreAccess, StoreError};
use crate::store_path::StorePath;
use crate::util::fs::{
    FsError, Operation, PathContext as _, create_dir_all, directory_of, exists, replace_symlink,
};

/// Makes `link`, anywhere, a symbolic link to an item, which it keeps as long as it is there. A link that was there is
/// replaced, and nothing else is.
pub fn link_root(store: &dyn StoreAccess, link: &Path, item: &StorePath) -> Result<(), StoreError> {
    store.hold(&[item])?;
    if !store.is_valid(item)? {
        return Err(StoreError::NotValid { path: item.clone() });
    }
    let name = link.file_name().ok_or_else(|| {
        FsError::new(Operation::Link, link, io::Error::new(io::ErrorKind::InvalidInput, "it ends in no name"))
    })?;
    if exists(link)? && !fs::symlink_metadata(link).at(Operation::Inspect, link)?.is_symlink() {
        return Err(StoreError::NoLink { path: link.to_owned() });
    }
    let link = directory_of(link).canonicalize().at(Operation::Open, link)?.join(name);
    replace_symlink(&store.layout().physical(item), &link)?;
    store.register_root(&link)
}

impl Store {
    /// Has a link outside of the store keep the item that it leads to. The link comes first, and its item is held: a
    /// collection that finds the link missing removes what is made here.
    pub fn register_root(&self, link: &Path) -> Result<(), StoreError> {
        let _pause = self.pause_collection()?;
        let roots = self.layout.indirect_roots_dir();
        create_dir_all(&roots)?;
        let root = roots.join(Sha256::of(link.as_os_str().as_bytes()).base32());
        Ok(replace_symlink(link, &root)?)
    }
}
