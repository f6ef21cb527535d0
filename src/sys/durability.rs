//! Making what was written survive a power cut.

use std::path::Path;

use crate::util::fs::FsError;

#[cfg(target_os = "linux")]
pub use linux::Flusher;
#[cfg(not(target_os = "linux"))]
pub use portable::Flusher;

/// Returns when everything at or below `path`, and its name, is on disk, or fails when any of it could not be written.
pub fn sync_tree(path: &Path) -> Result<(), FsError> {
    portable::sync_each(path)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use crate::util::faults::{Change, Place, change};
    use crate::util::fs::{FsError, Operation, PathContext as _};

    /// Flushes whole file systems: for thousands of files far cheaper than one `fsync` each.
    ///
    /// Since Linux 5.8 `syncfs` reports writes that failed, to each open file once, and those alone that failed after it
    /// was opened. So the files are opened before anything is written, and a failure is remembered for whoever flushes
    /// next.
    #[derive(Debug)]
    pub struct Flusher {
        file_systems: Vec<(u64, PathBuf, File)>,
        failed: Mutex<bool>,
    }

    impl Flusher {
        /// For what will be written at or below `directories`.
        pub fn new(directories: &[&Path]) -> Result<Self, FsError> {
            let mut file_systems: Vec<(u64, PathBuf, File)> = Vec::new();
            for &directory in directories {
                let file = File::open(directory).at(Operation::Open, directory)?;
                let device = file.metadata().at(Operation::Inspect, directory)?.dev();
                if file_systems.iter().all(|(known, ..)| *known != device) {
                    file_systems.push((device, directory.to_owned(), file));
                }
            }
            Ok(Flusher { file_systems, failed: Mutex::new(false) })
        }

        /// Returns when `places` and all below them, and their names, are on disk. All that this process wrote before
        /// is then too.
        pub fn flush(&self, places: &[&Path]) -> Result<(), FsError> {
            if places.is_empty() { Ok(()) } else { self.flush_all() }
        }

        /// Has the disk begin with what was written so far, while more is being written. What is said later of a failure
        /// is said by [`Flusher::flush`].
        pub fn flush_early(&self) {
            if let Err(error) = self.flush_all() {
                tracing::debug!("what was written so far cannot be flushed: {error}");
            }
        }

        fn flush_all(&self) -> Result<(), FsError> {
            let mut failed: MutexGuard<'_, bool> = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, directory, file) in &self.file_systems {
                if *failed {
                    return Err(FsError::new(Operation::Sync, directory, nix::errno::Errno::EIO));
                }
                let flushed = change(Change::Sync, Place::Open(file.as_fd()), || nix::unistd::syncfs(file));
                *failed = flushed.is_err();
                flushed.at(Operation::Sync, directory)?;
            }
            Ok(())
        }
    }
}

mod portable {
    use std::fs::{self, File};
    use std::path::Path;

    use crate::util::fs::{FsError, Operation, PathContext as _, directory_of, entries, sync, sync_dir};

    /// Flushes file by file.
    #[cfg(any(not(target_os = "linux"), test))]
    #[derive(Debug)]
    pub struct Flusher;

    #[cfg(any(not(target_os = "linux"), test))]
    impl Flusher {
        /// For what will be written at or below `directories`.
        pub fn new(_directories: &[&Path]) -> Result<Self, FsError> {
            Ok(Flusher)
        }

        /// Returns when `places` and all below them, and their names, are on disk.
        pub fn flush(&self, places: &[&Path]) -> Result<(), FsError> {
            places.iter().try_for_each(|place| sync_each(place))
        }

        /// Nothing: who flushes file by file would not know which are whole.
        pub fn flush_early(&self) {}
    }

    /// `fsync` of every file and directory, and of the directory that holds the tree.
    pub fn sync_each(path: &Path) -> Result<(), FsError> {
        sync_below(path)?;
        sync_dir(directory_of(path))
    }

    fn sync_below(path: &Path) -> Result<(), FsError> {
        let metadata = fs::symlink_metadata(path).at(Operation::Inspect, path)?;
        if metadata.is_symlink() {
            // Its target is part of the directory's contents, or reaches the disk with its inode.
            return Ok(());
        }
        if metadata.is_dir() {
            for entry in entries(path)? {
                sync_below(&entry?.path())?;
            }
        }
        File::open(path).and_then(|handle| sync(&handle)).at(Operation::Sync, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_accepts_every_kind_of_tree() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("sub")).unwrap();
        std::fs::write(directory.path().join("sub/file"), "x").unwrap();
        std::os::unix::fs::symlink("nowhere", directory.path().join("sub/link")).unwrap();
        let places = ["sub", "sub/file", "sub/link"].map(|name| directory.path().join(name));
        let places = places.each_ref().map(|place| place.as_path());
        Flusher::new(&[directory.path(), places[0]]).unwrap().flush(&places).unwrap();
        Flusher::new(&[directory.path()]).unwrap().flush_early();
        let portable = portable::Flusher::new(&[directory.path()]).unwrap();
        portable.flush_early();
        portable.flush(&places).unwrap();
        assert!(sync_tree(&directory.path().join("missing/file")).is_err());
    }
}
