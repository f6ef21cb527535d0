//! Changes to what the file system holds, one function for each kind: the only ones by which this program makes any in
//! a store, its state, images and profiles, so that a test can let each of them fail (see [`crate::util::faults`]).
//! Changes in an open directory are those of [`Directory`](super::Directory).

use std::fs::{self, File, FileTimes, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown, symlink,
};
use std::path::{Path, PathBuf};

use nix::fcntl::posix_fallocate;

use super::{FsError, Operation, PathContext as _};
use crate::util::faults::{Change, Place, change};

/// Makes a directory, which may not be there, with the permissions `mode` less those of the umask.
pub fn create_dir(path: &Path, mode: u32) -> Result<(), FsError> {
    change(Change::MakeDirectory, Place::Path(path), || fs::DirBuilder::new().mode(mode).create(path))
        .at(Operation::Create, path)
}

/// Makes a directory and those above it; no error where it exists.
pub fn create_dir_all(path: &Path) -> Result<(), FsError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_dir_all(parent)?;
    }
    match create_dir(path, 0o777) {
        // Another process was first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a symbolic link where nothing is.
pub fn create_symlink(target: &Path, link: &Path) -> Result<(), FsError> {
    change(Change::Symlink, Place::Path(link), || symlink(target, link)).at(Operation::Link, link)
}

/// Gives a file another name, in the same file system.
pub fn hard_link(file: &Path, link: &Path) -> Result<(), FsError> {
    change(Change::HardLink, Place::Path(link), || fs::hard_link(file, link)).at(Operation::Link, link)
}

/// Moves what has one name to another, in place of what had that.
pub fn rename(from: &Path, to: &Path) -> Result<(), FsError> {
    change(Change::Rename, Place::Path(to), || fs::rename(from, to)).at(Operation::Rename, from)
}

/// Removes a file or link.
pub fn remove_file(path: &Path) -> Result<(), FsError> {
    change(Change::Remove, Place::Path(path), || fs::remove_file(path)).at(Operation::Remove, path)
}

/// The same; no error where it is gone, or never was.
pub fn remove_file_if_there(path: &Path) -> Result<(), FsError> {
    match remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Sets the permissions of a file or directory.
pub fn set_mode(path: &Path, mode: u32) -> Result<(), FsError> {
    change(Change::SetMode, Place::Path(path), || fs::set_permissions(path, Permissions::from_mode(mode)))
        .at(Operation::SetMode, path)
}

/// Opens a file as `options` say, which make it where it is not there.
pub fn open_or_create(options: &OpenOptions, path: &Path) -> Result<File, FsError> {
    change(Change::Create, Place::Path(path), || options.open(path)).at(Operation::Open, path)
}

/// Writes a file that is not there yet, and is not to be until all of it is: see [`super::write_atomic`] where others
/// look for its name.
pub fn write_new(path: &Path, contents: &[u8]) -> Result<(), FsError> {
    let mut file = OutFile::create_new(path, 0o666)?;
    file.write_all(contents).at(Operation::Write, path)
}

/// Writes to an open file at a place.
pub fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    change(Change::Write, Place::Open(file.as_fd()), || file.write_all_at(bytes, offset))
}

/// Makes an open file so long: it ends earlier, or zeros follow.
pub fn set_len(file: &File, length: u64) -> io::Result<()> {
    change(Change::SetLength, Place::Open(file.as_fd()), || file.set_len(length))
}

/// Has the file system keep so much space for an open file, which is then at least so long.
pub fn allocate(file: &File, length: i64) -> io::Result<()> {
    change(Change::Write, Place::Open(file.as_fd()), || Ok(posix_fallocate(file, 0, length)?))
}

/// Sets the permissions of an open file.
pub fn set_open_mode(file: &File, mode: u32) -> io::Result<()> {
    change(Change::SetMode, Place::Open(file.as_fd()), || file.set_permissions(Permissions::from_mode(mode)))
}

/// Sets the times of an open file.
pub fn set_open_times(file: &File, times: FileTimes) -> io::Result<()> {
    change(Change::SetTimes, Place::Open(file.as_fd()), || file.set_times(times))
}

/// Gives an open file to a user and group.
pub fn set_open_owner(file: &File, user: u32, group: u32) -> io::Result<()> {
    change(Change::SetOwner, Place::Open(file.as_fd()), || fchown(file, Some(user), Some(group)))
}

/// Brings an open file to disk: its contents, and what is known about it; of a directory, the names in it.
pub fn sync(file: &File) -> io::Result<()> {
    change(Change::Sync, Place::Open(file.as_fd()), || file.sync_all())
}

/// Brings the contents of an open file to disk.
pub fn sync_data(file: &File) -> io::Result<()> {
    change(Change::Sync, Place::Open(file.as_fd()), || file.sync_data())
}

/// Makes the names in a directory durable.
pub fn sync_dir(directory: &Path) -> Result<(), FsError> {
    File::open(directory).and_then(|handle| sync(&handle)).at(Operation::Sync, directory)
}

/// A file that is being written from beginning to end.
#[derive(Debug)]
pub struct OutFile {
    file: File,
    path: PathBuf,
}

impl OutFile {
    /// Makes the file, which may not be there.
    pub fn create_new(path: &Path, mode: u32) -> Result<Self, FsError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(mode);
        let file = change(Change::Create, Place::Path(path), || options.open(path));
        Ok(OutFile { file: file.at(Operation::Create, path)?, path: path.to_owned() })
    }

    /// Makes the file, or empties it.
    pub fn create(path: &Path) -> Result<Self, FsError> {
        let file = change(Change::Create, Place::Path(path), || File::create(path));
        Ok(OutFile { file: file.at(Operation::Create, path)?, path: path.to_owned() })
    }

    /// A file that was made and is empty.
    pub fn new(file: File, path: PathBuf) -> Self {
        OutFile { file, path }
    }

    /// The open file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = &mut self.file;
        change(Change::Write, Place::Path(&self.path), || file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
