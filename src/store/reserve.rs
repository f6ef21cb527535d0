//! Some space kept back on the file system of the database, so that garbage can be collected when nothing else is left:
//! to delete an item, a few pages have to be written first.

use crate::util::fs::{FsError, Operation, OutFile, PathContext as _, allocate, exists, remove_tree};

use super::layout::Layout;

/// How many bytes: the log of the database's changes and what a first, small chunk of a collection adds to it.
const SIZE: i64 = 8 << 20;

/// Sees that the reserve is there. That there is no room for it is no failure.
pub fn keep(layout: &Layout) {
    let path = layout.reserve();
    if exists(&path).unwrap_or(true) {
        return;
    }
    let made = OutFile::create_new(&path, 0o600)
        .and_then(|out| allocate(out.file(), SIZE).at(Operation::Write, &path));
    if let Err(error) = made {
        tracing::debug!("no space is kept back for when the disk is full: {error}");
        release(layout).unwrap_or_else(|error| tracing::debug!("{error}"));
    }
}

/// Gives the reserve up.
pub fn release(layout: &Layout) -> Result<(), FsError> {
    remove_tree(&layout.reserve())
}
