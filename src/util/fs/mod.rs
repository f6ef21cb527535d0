//! File-system operations whose errors say what was tried on which path: changes one by one (`change.rs`), in
//! directories that are held open (`directory.rs`), and the few compound ones that must not be got wrong twice: atomic
//! replacement, symbolic-link swap (`replace.rs`), removal of trees (`remove.rs`), comparison of contents
//! (`difference.rs`). `room.rs` says how much may be written.

mod change;
mod difference;
mod directory;
mod remove;
mod replace;
mod room;

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

pub use change::{
    OutFile, allocate, create_dir, create_dir_all, create_symlink, hard_link, open_or_create, remove_file,
    remove_file_if_there, rename, set_len, set_mode, set_open_mode, set_open_owner, set_open_times, sync,
    sync_data, sync_dir, write_all_at, write_new,
};
pub use difference::first_difference;
pub use directory::{Anchor, Cursor, Directory, FileKind, Status, Visited, below, status_of_open, visit};
pub use remove::remove_tree;
pub use replace::{
    TEMPORARY_PREFIX, Unfinished, random_name, replace_contents, replace_symlink, with_fresh_name,
    write_atomic,
};
pub use room::{free, room};

/// What was tried; its `Display` completes “cannot … `PATH`”.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Open,
    Read,
    Write,
    Create,
    List,
    Inspect,
    Rename,
    Remove,
    Link,
    Lock,
    Sync,
    SetMode,
    SetOwner,
    SetTimes,
}

impl Operation {
    fn verb(self) -> &'static str {
        match self {
            Operation::Open => "open",
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Create => "create",
            Operation::List => "list",
            Operation::Inspect => "inspect",
            Operation::Rename => "move",
            Operation::Remove => "remove",
            Operation::Link => "link",
            Operation::Lock => "lock",
            Operation::Sync => "flush to disk",
            Operation::SetMode => "change the mode of",
            Operation::SetOwner => "change the owner of",
            Operation::SetTimes => "change the times of",
        }
    }
}

/// An operation that failed, on which path, and why.
#[derive(Debug, Error)]
#[error("cannot {} `{}`: {}", operation.verb(), path.display(), reason(error))]
pub struct FsError {
    pub operation: Operation,
    pub path: PathBuf,
    /// What the system said; already part of the message, so no further cause.
    pub error: io::Error,
}

impl FsError {
    /// Wraps the error of an operation on `path`.
    pub fn new(operation: Operation, path: impl Into<PathBuf>, error: impl Into<io::Error>) -> Self {
        FsError { operation, path: path.into(), error: error.into() }
    }

    /// What kind of error the system reported.
    pub fn kind(&self) -> io::ErrorKind {
        self.error.kind()
    }
}

impl Diagnostic for FsError {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let hint = match self.kind() {
            io::ErrorKind::NotFound => "check the spelling of the path",
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "check who owns the path, and that its file system is not read-only"
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free some space and run the command again: nothing half-written is kept"
            }
            _ => return None,
        };
        Some(Box::new(hint))
    }
}

/// The system's words for an error, without the number Rust adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Adds operation and path to the errors of the system.
pub trait PathContext<T> {
    /// Says what was tried on which path.
    fn at(self, operation: Operation, path: &Path) -> Result<T, FsError>;

    /// The same, where the path is put together only for an error.
    fn at_place(self, operation: Operation, path: impl FnOnce() -> PathBuf) -> Result<T, FsError>;
}

impl<T, E: Into<io::Error>> PathContext<T> for Result<T, E> {
    fn at(self, operation: Operation, path: &Path) -> Result<T, FsError> {
        self.map_err(|error| FsError::new(operation, path, error))
    }

    fn at_place(self, operation: Operation, path: impl FnOnce() -> PathBuf) -> Result<T, FsError> {
        self.map_err(|error| FsError::new(operation, path(), error))
    }
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, FsError> {
    fs::read(path).at(Operation::Read, path)
}

/// Reads a whole file of UTF-8 text.
pub fn read_to_string(path: &Path) -> Result<String, FsError> {
    fs::read_to_string(path).at(Operation::Read, path)
}

/// What a directory holds, in no order.
pub fn entries(directory: &Path) -> Result<impl Iterator<Item = Result<DirEntry, FsError>>, FsError> {
    let entries = fs::read_dir(directory).at(Operation::List, directory)?;
    Ok(entries.map(move |entry| entry.at(Operation::List, directory)))
}

/// The same; nothing where there is no such directory.
pub fn entries_if_there(
    directory: &Path,
) -> Result<impl Iterator<Item = Result<DirEntry, FsError>>, FsError> {
    let entries = match entries(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        entries => Some(entries?),
    };
    Ok(entries.into_iter().flatten())
}

/// Whether anything, even a dangling symbolic link, has this name.
pub fn exists(path: &Path) -> Result<bool, FsError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FsError::new(Operation::Inspect, path, error)),
    }
}

/// The directory that holds what `path` names: the current one for a bare name.
pub fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        // `/` has none and lies in itself.
        Some(_) => Path::new("."),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn errors_name_operation_path_and_reason() {
        let error = read(Path::new("/nonexistent/file")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `/nonexistent/file`: No such file or directory");
        assert!(error.help().is_some());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        write_atomic(&path, b"one", true).unwrap();
        write_atomic(&path, b"two", false).unwrap();
        assert_eq!(read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_bare_name_lies_in_the_current_directory() {
        assert_eq!(directory_of(Path::new("name")), Path::new("."));
        assert_eq!(directory_of(Path::new("a/name")), Path::new("a"));
        assert_eq!(directory_of(Path::new("/name")), Path::new("/"));
        assert_eq!(directory_of(Path::new("/")), Path::new("/"));
    }

    #[test]
    fn replaced_contents_keep_mode_and_links() {
        let directory = tempfile::tempdir().unwrap();
        let (path, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        replace_contents(&link, b"two").unwrap();
        assert_eq!(read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn a_link_is_swapped_even_where_it_dangles() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link");
        for target in ["one", "two"] {
            replace_symlink(Path::new(target), &link).unwrap();
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(target));
        }
        assert!(exists(&link).unwrap());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no temporary link is left");
    }
}
