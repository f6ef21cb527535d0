//! Directories that are held open. What is done in one is done in it, whatever takes the place of a directory on the
//! way: no symbolic link is followed, and no path is longer than a name.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use nix::dir::{Dir, Type};
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, openat, readlinkat, renameat};
use nix::sys::stat::{
    FchmodatFlags, FileStat, Mode, SFlag, UtimensatFlags, fchmod, fchmodat, fstat, fstatat, futimens,
    mkdirat, utimensat,
};
use nix::sys::time::TimeSpec;
use nix::unistd::{Gid, Uid, UnlinkatFlags, fchown, fchownat, symlinkat, unlinkat};

use super::{FsError, Operation, PathContext as _, directory_of};
use crate::util::faults::{Change, Place, change};

/// How directories are opened.
const DIRECTORY: OFlag = OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_CLOEXEC);
/// How files are opened, to be read: what is there, not what a link leads to, and no pipe is waited for.
const READ: OFlag = OFlag::O_RDONLY.union(OFlag::O_NOFOLLOW).union(OFlag::O_NONBLOCK).union(OFlag::O_CLOEXEC);
/// How files are made.
const CREATE: OFlag =
    OFlag::O_RDWR.union(OFlag::O_CREAT).union(OFlag::O_EXCL).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// An open directory.
#[derive(Debug)]
pub struct Directory {
    descriptor: OwnedFd,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: OsString,
    /// What it is, where the file system says so without being asked, and it is nothing special.
    pub kind: Option<FileKind>,
}

/// What the file system knows about something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    pub kind: FileKind,
    /// Who may do what, with the special bits.
    pub mode: u32,
    pub owner: u32,
    /// With the inode number: what tells one file from another.
    pub device: u64,
    pub inode: u64,
    /// How many names it has.
    pub links: u64,
    /// In bytes.
    pub size: u64,
    /// When its contents were last changed: seconds since 1970 and nanoseconds.
    pub modified: (i64, i64),
    /// When anything about it was.
    pub changed: (i64, i64),
}

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Directory,
    File,
    Symlink,
    /// Something else, in words.
    Other(&'static str),
}

impl From<FileStat> for Status {
    #[allow(clippy::useless_conversion, reason = "the types are others on other systems")]
    fn from(status: FileStat) -> Self {
        let kind = match SFlag::from_bits_truncate(status.st_mode) & SFlag::S_IFMT {
            SFlag::S_IFDIR => FileKind::Directory,
            SFlag::S_IFREG => FileKind::File,
            SFlag::S_IFLNK => FileKind::Symlink,
            SFlag::S_IFSOCK => FileKind::Other("a socket"),
            SFlag::S_IFIFO => FileKind::Other("a named pipe"),
            SFlag::S_IFBLK | SFlag::S_IFCHR => FileKind::Other("a device"),
            _ => FileKind::Other("of an unknown type"),
        };
        Status {
            kind,
            mode: u32::from(status.st_mode) & 0o7777,
            owner: status.st_uid,
            device: status.st_dev.into(),
            inode: status.st_ino.into(),
            links: status.st_nlink.into(),
            size: u64::try_from(status.st_size).unwrap_or(0),
            modified: (status.st_mtime.into(), status.st_mtime_nsec.into()),
            changed: (status.st_ctime.into(), status.st_ctime_nsec.into()),
        }
    }
}

impl Directory {
    /// Opens the directory that `path` leads to, by symbolic links too: for where a user, or this program, says.
    pub fn open(path: &Path) -> nix::Result<Self> {
        let descriptor = openat(AT_FDCWD, path, DIRECTORY, Mode::empty())?;
        Ok(Directory { descriptor })
    }

    /// Opens a directory in this one; a symbolic link is none.
    pub fn open_directory(&self, name: &OsStr) -> nix::Result<Self> {
        let descriptor = openat(&self.descriptor, name, DIRECTORY | OFlag::O_NOFOLLOW, Mode::empty())?;
        Ok(Directory { descriptor })
    }

    /// What is in it, in no order.
    pub fn entries(&self) -> nix::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        // Opened again: a listing moves the position of the handle it is made by.
        for entry in Dir::openat(&self.descriptor, c".", DIRECTORY, Mode::empty())? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                let kind = match entry.file_type() {
                    Some(Type::Directory) => Some(FileKind::Directory),
                    Some(Type::File) => Some(FileKind::File),
                    Some(Type::Symlink) => Some(FileKind::Symlink),
                    _ => None,
                };
                entries.push(Entry { name: name.to_owned(), kind });
            }
        }
        Ok(entries)
    }

    /// What is known about the directory itself.
    pub fn status(&self) -> nix::Result<Status> {
        fstat(&self.descriptor).map(Status::from)
    }

    /// What is known about a name in it; a symbolic link is not followed.
    pub fn status_of(&self, name: &OsStr) -> nix::Result<Status> {
        fstatat(&self.descriptor, name, AtFlags::AT_SYMLINK_NOFOLLOW).map(Status::from)
    }

    /// Opens a file to be read. Whoever opens it looks what kind of file it is.
    pub fn open_file(&self, name: &OsStr) -> nix::Result<File> {
        openat(&self.descriptor, name, READ, Mode::empty()).map(File::from)
    }

    /// Opens a regular file to be read, and tells what is known about it. Anything else is an error, whatever it was when
    /// somebody looked.
    pub fn open_regular_file(&self, name: &OsStr) -> io::Result<(File, Metadata)> {
        let file = self.open_file(name)?;
        let metadata = file.metadata()?;
        match metadata.is_file() {
            true => Ok((file, metadata)),
            false => Err(io::Error::other("it is no regular file")),
        }
    }

    /// Where a symbolic link leads.
    pub fn read_link(&self, name: &OsStr) -> nix::Result<OsString> {
        readlinkat(&self.descriptor, name)
    }

    /// Makes a directory.
    pub fn create_directory(&self, name: &OsStr, mode: u32) -> nix::Result<()> {
        change(Change::MakeDirectory, self.place(name), || mkdirat(&self.descriptor, name, bits(mode)))
    }

    /// Makes a file, to be written.
    pub fn create_file(&self, name: &OsStr, mode: u32) -> nix::Result<File> {
        let create = || openat(&self.descriptor, name, CREATE, bits(mode));
        change(Change::Create, self.place(name), create).map(File::from)
    }

    /// Makes a symbolic link.
    pub fn create_symlink(&self, target: &OsStr, name: &OsStr) -> nix::Result<()> {
        change(Change::Symlink, self.place(name), || symlinkat(target, &self.descriptor, name))
    }

    /// Moves what has one name in it to another, in place of what had that.
    pub fn rename(&self, from: &OsStr, to: &OsStr) -> nix::Result<()> {
        change(Change::Rename, self.place(to), || renameat(&self.descriptor, from, &self.descriptor, to))
    }

    /// Removes what is no directory.
    pub fn remove(&self, name: &OsStr) -> nix::Result<()> {
        self.unlink(name, UnlinkatFlags::NoRemoveDir)
    }

    /// Removes an empty directory.
    pub fn remove_directory(&self, name: &OsStr) -> nix::Result<()> {
        self.unlink(name, UnlinkatFlags::RemoveDir)
    }

    fn unlink(&self, name: &OsStr, how: UnlinkatFlags) -> nix::Result<()> {
        change(Change::Remove, self.place(name), || unlinkat(&self.descriptor, name, how))
    }

    /// Sets the permissions of what has a name in it, and is no symbolic link.
    pub fn set_mode(&self, name: &OsStr, mode: u32) -> nix::Result<()> {
        let flags = FchmodatFlags::NoFollowSymlink;
        change(Change::SetMode, self.place(name), || fchmodat(&self.descriptor, name, bits(mode), flags))
    }

    /// Sets the times of what has a name in it, symbolic links included, to so many seconds since 1970.
    pub fn set_times(&self, name: &OsStr, seconds: i64) -> nix::Result<()> {
        let (time, flags) = (TimeSpec::new(seconds, 0), UtimensatFlags::NoFollowSymlink);
        change(Change::SetTimes, self.place(name), || utimensat(&self.descriptor, name, &time, &time, flags))
    }

    /// Gives what has a name in it, symbolic links included, to a user and group.
    pub fn set_owner(&self, name: &OsStr, user: u32, group: u32) -> nix::Result<()> {
        let (user, group) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
        change(Change::SetOwner, self.place(name), || {
            fchownat(&self.descriptor, name, user, group, AtFlags::AT_SYMLINK_NOFOLLOW)
        })
    }

    /// Gives the directory itself to a user and group.
    pub fn set_own_owner(&self, user: u32, group: u32) -> nix::Result<()> {
        let (user, group) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
        change(Change::SetOwner, Place::Open(self.as_fd()), || fchown(&self.descriptor, user, group))
    }

    /// Sets the permissions of the directory itself.
    pub fn set_own_mode(&self, mode: u32) -> nix::Result<()> {
        change(Change::SetMode, Place::Open(self.as_fd()), || fchmod(&self.descriptor, bits(mode)))
    }

    /// Sets the times of the directory itself.
    pub fn set_own_times(&self, seconds: i64) -> nix::Result<()> {
        let time = TimeSpec::new(seconds, 0);
        change(Change::SetTimes, Place::Open(self.as_fd()), || futimens(&self.descriptor, &time, &time))
    }

    fn place<'a>(&'a self, name: &'a OsStr) -> Place<'a> {
        Place::In(self.descriptor.as_fd(), name)
    }
}

impl AsFd for Directory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.descriptor.as_fd()
    }
}

/// What is known about an open file.
pub fn status_of_open(file: &File) -> nix::Result<Status> {
    fstat(file).map(Status::from)
}

/// The bits of a mode; a file's kind, which some sources of modes include, is not for us to set.
fn bits(mode: u32) -> Mode {
    // The type has 16 bits on FreeBSD, of which the permissions are twelve.
    Mode::from_bits_truncate((mode & 0o7777) as nix::libc::mode_t)
}

/// Where something of a tree lies, for people; that of the tree itself is empty.
pub fn below(root: &Path, place: &Path) -> PathBuf {
    // Joining an empty path would add a slash.
    if place.as_os_str().is_empty() { root.to_owned() } else { root.join(place) }
}

/// Where a tree hangs: a name in an open directory.
#[derive(Debug)]
pub struct Anchor {
    pub directory: Directory,
    pub name: OsString,
}

impl Anchor {
    /// Where `path` hangs. Links on the way are followed, one at its end is not.
    pub fn of(path: &Path) -> Result<Self, FsError> {
        let (directory, name) = match path.file_name() {
            Some(name) => (directory_of(path), name),
            // It ends in `..`, or is `/`.
            None => (path, OsStr::new(".")),
        };
        let open = Directory::open(directory).at(Operation::Open, directory)?;
        Ok(Anchor { directory: open, name: name.to_owned() })
    }

    /// Opens what hangs here, which must be a directory.
    pub fn open(&self) -> nix::Result<Directory> {
        self.directory.open_directory(&self.name)
    }

    /// What is known about what hangs here.
    pub fn status(&self) -> nix::Result<Status> {
        self.directory.status_of(&self.name)
    }
}

/// What [`visit`] tells of something in a tree.
pub struct Visited<'a> {
    /// The directory that it lies in.
    pub directory: &'a Directory,
    /// Its name in that.
    pub name: &'a OsStr,
    /// Where it lies in the tree; empty for the tree itself.
    pub place: &'a Path,
    pub status: Status,
}

/// Visits what lies at `root` and all below it, a directory before what is in it, and else in the order of names. Whatever
/// takes the place of something meanwhile, no link in the tree is followed.
pub fn visit<E: From<FsError>>(
    root: &Path,
    mut visitor: impl FnMut(Visited<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let anchor = Anchor::of(root)?;
    let mut cursor = Cursor::new(&anchor);
    let mut pending = vec![PathBuf::new()];
    while let Some(place) = pending.pop() {
        let shown = || below(root, &place);
        let (directory, name) = cursor.locate(&place).at_place(Operation::Open, shown)?;
        let status = directory.status_of(name).at_place(Operation::Inspect, shown)?;
        let is_directory = status.kind == FileKind::Directory;
        visitor(Visited { directory, name, place: &place, status })?;
        if is_directory {
            let directory = cursor.directory(&place).at_place(Operation::Open, shown)?;
            let mut entries = directory.entries().at_place(Operation::List, shown)?;
            // The last that is pending is visited next.
            entries.sort_unstable_by(|a, b| b.name.cmp(&a.name));
            pending.extend(entries.into_iter().map(|entry| place.join(entry.name)));
        }
    }
    Ok(())
}

/// How many directories a [`Cursor`] keeps open at most.
const KEPT_OPEN: usize = 16;

/// Goes from directory to directory of a tree, and keeps those open that lie above the last one.
#[derive(Debug)]
pub struct Cursor<'a> {
    anchor: &'a Anchor,
    /// The root of the tree, once it was needed.
    root: Option<Directory>,
    /// The directory that was asked for last, relative to the root.
    path: PathBuf,
    /// The lowest of those that lead to it, without the root.
    open: VecDeque<Directory>,
}

impl<'a> Cursor<'a> {
    /// For the tree that hangs at `anchor`.
    pub fn new(anchor: &'a Anchor) -> Self {
        Cursor { anchor, root: None, path: PathBuf::new(), open: VecDeque::new() }
    }

    /// The directory at `path`, relative to the tree, with no link on the way.
    pub fn directory(&mut self, path: &Path) -> nix::Result<&Directory> {
        let root = match self.root.take() {
            Some(root) => root,
            None => self.anchor.open()?,
        };
        let root = self.root.insert(root);
        // Mostly it is the same again. To compare the texts is quicker than to compare names, and as good: where they
        // differ in form alone, the names are compared.
        if path.as_os_str() == self.path.as_os_str() {
            return Ok(self.open.back().unwrap_or(root));
        }
        while !path.starts_with(&self.path) {
            self.path.pop();
            self.open.pop_back();
            if self.open.is_empty() {
                self.path.clear();
            }
        }
        for name in path.strip_prefix(&self.path).unwrap_or(path) {
            let next = self.open.back().unwrap_or(root).open_directory(name)?;
            self.open.push_back(next);
            self.path.push(name);
            if self.open.len() > KEPT_OPEN {
                self.open.pop_front();
            }
        }
        Ok(self.open.back().unwrap_or(root))
    }

    /// Where an entry lies: its directory, and its name in that. That of the tree itself is its anchor.
    pub fn locate<'b>(&'b mut self, entry: &'b Path) -> nix::Result<(&'b Directory, &'b OsStr)> {
        match (entry.parent(), entry.file_name()) {
            (Some(parent), Some(name)) => Ok((self.directory(parent)?, name)),
            _ => Ok((&self.anchor.directory, &self.anchor.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use nix::errno::Errno;

    use super::*;

    #[test]
    fn a_cursor_finds_its_way_however_deep_and_follows_no_link() {
        let directory = tempfile::tempdir().unwrap();
        let deep: PathBuf = (0..3 * KEPT_OPEN).map(|level| level.to_string()).collect();
        fs::create_dir_all(directory.path().join(&deep)).unwrap();
        fs::create_dir_all(directory.path().join("0/beside")).unwrap();
        symlink("0", directory.path().join("link")).unwrap();
        let anchor = Anchor::of(directory.path()).unwrap();
        let mut cursor = Cursor::new(&anchor);
        let places = deep.ancestors().chain([Path::new("0/beside"), &deep, Path::new("0"), Path::new("")]);
        for place in places.chain(deep.ancestors()) {
            let found = cursor.directory(place).unwrap().status().unwrap();
            let expected = nix::sys::stat::stat(&directory.path().join(place)).unwrap();
            assert_eq!(found, Status::from(expected), "{}", place.display());
            assert!(cursor.open.len() <= KEPT_OPEN);
        }
        for way in ["link", "link/beside", "0/missing"] {
            let error = cursor.directory(Path::new(way)).err();
            assert!(matches!(error, Some(Errno::ENOTDIR | Errno::ELOOP | Errno::ENOENT)), "{way}: {error:?}");
            cursor.directory(Path::new("0/beside")).unwrap();
        }
    }

    #[test]
    fn what_a_directory_became_meanwhile_is_not_entered() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir_all(at("tree/sub")).unwrap();
        fs::create_dir(at("outside")).unwrap();
        let anchor = Anchor::of(&at("tree")).unwrap();
        let mut cursor = Cursor::new(&anchor);
        let open = cursor.directory(Path::new("sub")).unwrap();
        fs::rename(at("tree/sub"), at("tree/old")).unwrap();
        symlink("../outside", at("tree/sub")).unwrap();
        open.create_file("file".as_ref(), 0o600).unwrap();
        assert!(at("tree/old/file").exists() && !at("outside/file").exists());
        assert!(Cursor::new(&anchor).directory(Path::new("sub")).is_err());
        assert!(anchor.directory.open_directory("tree/sub".as_ref()).is_err());
    }

    #[test]
    fn a_visit_goes_by_name_and_does_not_enter_what_took_the_place_of_a_directory() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        for name in ["tree/a/z", "tree/own/sub", "outside/secret"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        let mut seen = Vec::new();
        let visited = visit(&at("tree"), |Visited { place, .. }| {
            seen.push(place.display().to_string());
            if place == Path::new("own") {
                fs::rename(at("tree/own"), at("aside")).unwrap();
                symlink("../outside", at("tree/own")).unwrap();
            }
            Ok::<_, FsError>(())
        });
        let error = visited.unwrap_err();
        assert_eq!(error.path, at("tree/own"), "{error}");
        assert_eq!(seen, ["", "a", "a/z", "own"]);
    }
}
