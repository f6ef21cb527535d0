//! Making what was written survive a power cut.

use std::path::Path;

use crate::util::fs::FsError;

/// Returns when everything below `path`, names and contents, is on disk, or fails when any of it could not be
/// written.
pub fn sync_tree(path: &Path) -> Result<(), FsError> {
    #[cfg(target_os = "linux")]
    return linux::sync_file_system(path);
    #[cfg(not(target_os = "linux"))]
    return portable::sync_each(path);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::path::Path;

    use crate::util::fs::{FsError, Operation, PathContext as _};

    /// One `syncfs` for the whole file system: for thousands of files far cheaper than one `fsync` each, and
    /// since Linux 5.8 it reports failed writes.
    pub fn sync_file_system(path: &Path) -> Result<(), FsError> {
        // The directory that holds it: the item itself may be a symbolic link.
        let directory = path.parent().unwrap_or(path);
        let handle = File::open(directory).at(Operation::Open, directory)?;
        nix::unistd::syncfs(&handle).at(Operation::Sync, path)
    }
}

#[cfg(any(not(target_os = "linux"), test))]
mod portable {
    use std::fs::{self, File};
    use std::path::Path;

    use crate::util::fs::{FsError, Operation, PathContext as _, sync_dir};

    /// `fsync` of every file and directory, and of the directory that holds the tree.
    pub fn sync_each(path: &Path) -> Result<(), FsError> {
        sync_below(path)?;
        sync_dir(path.parent().unwrap_or(path))
    }

    fn sync_below(path: &Path) -> Result<(), FsError> {
        let metadata = fs::symlink_metadata(path).at(Operation::Inspect, path)?;
        if metadata.is_symlink() {
            // Its target is part of the directory's contents, or reaches the disk with its inode.
            return Ok(());
        }
        if metadata.is_dir() {
            for entry in fs::read_dir(path).at(Operation::List, path)? {
                sync_below(&entry.at(Operation::List, path)?.path())?;
            }
        }
        File::open(path).and_then(|handle| handle.sync_all()).at(Operation::Sync, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_accept_every_kind_of_tree_and_name_what_is_missing() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("sub")).unwrap();
        std::fs::write(directory.path().join("sub/file"), "x").unwrap();
        std::os::unix::fs::symlink("nowhere", directory.path().join("sub/link")).unwrap();
        for way in [sync_tree, portable::sync_each] {
            way(&directory.path().join("sub")).unwrap();
            way(&directory.path().join("sub/file")).unwrap();
            way(&directory.path().join("sub/link")).unwrap();
            assert!(way(&directory.path().join("missing/file")).is_err());
        }
    }
}
