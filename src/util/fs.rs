//! File-system operations whose errors say what was tried on which path, and the few compound ones that must
//! not be got wrong twice: atomic replacement, symbolic-link swap, removal of trees (`remove.rs`).

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown, symlink};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

pub use super::remove::remove_tree;

/// What the names of files begin with that are being written beside those they will replace.
pub const TEMPORARY_PREFIX: &str = ".new-";

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
}

impl<T, E: Into<io::Error>> PathContext<T> for Result<T, E> {
    fn at(self, operation: Operation, path: &Path) -> Result<T, FsError> {
        self.map_err(|error| FsError::new(operation, path, error))
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

/// Makes a directory and those above it; no error where it exists.
pub fn create_dir_all(path: &Path) -> Result<(), FsError> {
    fs::create_dir_all(path).at(Operation::Create, path)
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

/// Replaces a file by `contents`: readers, and whoever comes after a crash, see the old or the new file whole.
/// With `durable`, the new one is on disk before this returns.
pub fn write_atomic(path: &Path, contents: &[u8], durable: bool) -> Result<(), FsError> {
    let directory = directory_of(path);
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(directory)
        .at(Operation::Create, path)?;
    file.write_all(contents).at(Operation::Write, path)?;
    if durable {
        file.as_file().sync_all().at(Operation::Sync, path)?;
    }
    file.persist(path).map_err(|error| error.error).at(Operation::Rename, path)?;
    if durable { sync_dir(directory) } else { Ok(()) }
}

/// Replaces what a file holds, in one step as [`write_atomic`] does, and keeps whose it is and who may use it. Where
/// `path` is a symbolic link, it stays one: what it leads to is replaced.
pub fn replace_contents(path: &Path, contents: &[u8]) -> Result<(), FsError> {
    let path = &path.canonicalize().at(Operation::Open, path)?;
    let directory = directory_of(path);
    let before = fs::metadata(path).at(Operation::Inspect, path)?;
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .tempfile_in(directory)
        .at(Operation::Create, path)?;
    file.write_all(contents).at(Operation::Write, path)?;
    let after = file.as_file().metadata().at(Operation::Inspect, path)?;
    if (before.uid(), before.gid()) != (after.uid(), after.gid()) {
        fchown(file.as_file(), Some(before.uid()), Some(before.gid())).at(Operation::SetMode, path)?;
    }
    file.as_file().set_permissions(before.permissions()).at(Operation::SetMode, path)?;
    file.persist(path).map_err(|error| error.error).at(Operation::Rename, path)?;
    Ok(())
}

/// Makes `link` a symbolic link to `target`, in one step where it was one before, and durable.
pub fn replace_symlink(target: &Path, link: &Path) -> Result<(), FsError> {
    let directory = directory_of(link);
    let temporary = tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .make_in(directory, |path| symlink(target, path))
        .at(Operation::Link, link)?;
    fs::rename(temporary.path(), link).at(Operation::Rename, link)?;
    // The name is gone by the rename: there is nothing left to remove.
    std::mem::forget(temporary.into_temp_path());
    sync_dir(directory)
}

/// Makes the names in a directory durable.
pub fn sync_dir(directory: &Path) -> Result<(), FsError> {
    File::open(directory).and_then(|handle| handle.sync_all()).at(Operation::Sync, directory)
}

#[cfg(test)]
mod tests {
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
