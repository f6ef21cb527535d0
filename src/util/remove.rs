//! Removing trees: of any depth, read-only or not, without ever leaving them by a link.

use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, openat};
use nix::libc;
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, fchmod, fchmodat, fstat, fstatat};
use nix::unistd::{AccessFlags, UnlinkatFlags, faccessat, unlinkat};

use super::fs::{FsError, Operation, PathContext as _, directory_of};

/// How directories are opened: themselves, not what a link leads to.
const DIRECTORY: OFlag =
    OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// Removes a file or tree, also one whose directories are read-only; symbolic links are not followed. No error where
/// nothing is there. A tree whose own name could not be removed is left whole.
///
/// Two directories are open at a time, however deep the tree, and no path is longer than a name.
pub fn remove_tree(path: &Path) -> Result<(), FsError> {
    remove(path).at(Operation::Remove, path)
}

fn remove(path: &Path) -> nix::Result<()> {
    let kind = match fstatat(AT_FDCWD, path, AtFlags::AT_SYMLINK_NOFOLLOW) {
        Ok(status) => kind(status.st_mode),
        Err(Errno::ENOENT) => return Ok(()),
        Err(errno) => return Err(errno),
    };
    if kind != SFlag::S_IFDIR {
        return remove_name(AT_FDCWD, path, UnlinkatFlags::NoRemoveDir);
    }
    let may_remove = AccessFlags::W_OK | AccessFlags::X_OK;
    faccessat(AT_FDCWD, directory_of(path), may_remove, AtFlags::AT_EACCESS)?;
    empty(open_directory(AT_FDCWD, path)?)?;
    remove_name(AT_FDCWD, path, UnlinkatFlags::RemoveDir)
}

/// A directory that is being emptied.
struct Level {
    /// Its name in the directory above; empty for the topmost.
    name: CString,
    /// Device and inode number, to know it by on the way back.
    identity: (libc::dev_t, libc::ino_t),
    /// The directories in it that are still to be removed. All else is.
    directories: Vec<CString>,
}

/// Removes everything in a directory. On the way down the directories above are closed; the way up is `..`, which must
/// lead to where we came from: nobody may move what is being removed.
fn empty(top: OwnedFd) -> nix::Result<()> {
    let mut levels = vec![Level::enter(CString::default(), &top)?];
    let mut here = top;
    while let Some(level) = levels.last_mut() {
        if let Some(name) = level.directories.pop() {
            here = open_directory(&here, name.as_c_str())?;
            levels.push(Level::enter(name, &here)?);
            continue;
        }
        let Some((done, above)) = levels.pop().zip(levels.last()) else { return Ok(()) };
        here = openat(&here, c"..", DIRECTORY, Mode::empty())?;
        if identity(&here)? != above.identity {
            return Err(Errno::ESTALE);
        }
        remove_name(&here, done.name.as_c_str(), UnlinkatFlags::RemoveDir)?;
    }
    Ok(())
}

impl Level {
    /// Removes what is in a directory but directories, and lists these.
    fn enter(name: CString, directory: &OwnedFd) -> nix::Result<Self> {
        let mut directories = Vec::new();
        for entry in Dir::openat(directory, c".", DIRECTORY, Mode::empty())?.iter() {
            let entry = entry?;
            let name = entry.file_name();
            if name == c"." || name == c".." {
                continue;
            }
            match unlinkat(directory, name, UnlinkatFlags::NoRemoveDir) {
                // What Linux says of a directory, and what POSIX does, which may have another reason.
                Err(Errno::EISDIR) => directories.push(name.to_owned()),
                Err(Errno::EPERM | Errno::EACCES) if is_directory(directory, name)? => {
                    directories.push(name.to_owned());
                }
                Ok(()) | Err(Errno::ENOENT) => {}
                Err(_) => remove_name(directory, name, UnlinkatFlags::NoRemoveDir)?,
            }
        }
        Ok(Level { name, identity: identity(directory)?, directories })
    }
}

/// Opens a directory, and makes it one that its owner may list and change.
fn open_directory<P: ?Sized + nix::NixPath>(parent: impl AsFd, name: &P) -> nix::Result<OwnedFd> {
    let open = || openat(parent.as_fd(), name, DIRECTORY, Mode::empty());
    let directory = match open() {
        Err(Errno::EACCES) => {
            fchmodat(parent.as_fd(), name, Mode::S_IRWXU, FchmodatFlags::FollowSymlink)?;
            open()?
        }
        result => result?,
    };
    if Mode::from_bits_truncate(fstat(&directory)?.st_mode) & Mode::S_IRWXU != Mode::S_IRWXU {
        fchmod(&directory, Mode::S_IRWXU)?;
    }
    Ok(directory)
}

/// Removes one name; where flags of the file or of its directory forbid it, after clearing those.
fn remove_name<P: ?Sized + nix::NixPath>(
    directory: impl AsFd,
    name: &P,
    how: UnlinkatFlags,
) -> nix::Result<()> {
    let result = unlinkat(directory.as_fd(), name, how);
    #[cfg(target_os = "freebsd")]
    let result = match result {
        Err(Errno::EPERM) => {
            flags::clear(directory.as_fd(), name)?;
            unlinkat(directory.as_fd(), name, how)
        }
        result => result,
    };
    match result {
        Err(Errno::ENOENT) => Ok(()),
        result => result,
    }
}

/// File flags such as `schg`, which `make installworld` sets.
#[cfg(target_os = "freebsd")]
mod flags {
    use std::os::fd::{AsRawFd, BorrowedFd};

    use nix::fcntl::{OFlag, openat};
    use nix::sys::stat::{FileFlag, Mode};
    use nix::unistd::chflags;

    /// By way of the names that fdescfs gives to open files: `chflags` knows no directory to start from.
    pub fn clear<P: ?Sized + nix::NixPath>(directory: BorrowedFd<'_>, name: &P) -> nix::Result<()> {
        let descriptor = |number: i32| format!("/dev/fd/{number}");
        let file = openat(directory, name, OFlag::O_RDONLY | OFlag::O_NOFOLLOW, Mode::empty())?;
        chflags(descriptor(file.as_raw_fd()).as_str(), FileFlag::empty())?;
        chflags(descriptor(directory.as_raw_fd()).as_str(), FileFlag::empty())
    }
}

fn is_directory(parent: &OwnedFd, name: &CStr) -> nix::Result<bool> {
    match fstatat(parent, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
        Ok(status) => Ok(kind(status.st_mode) == SFlag::S_IFDIR),
        Err(Errno::ENOENT) => Ok(false),
        Err(errno) => Err(errno),
    }
}

fn kind(mode: libc::mode_t) -> SFlag {
    SFlag::from_bits_truncate(mode) & SFlag::S_IFMT
}

fn identity(directory: &OwnedFd) -> nix::Result<(libc::dev_t, libc::ino_t)> {
    let status = fstat(directory)?;
    Ok((status.st_dev, status.st_ino))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use nix::fcntl::open;
    use nix::sys::resource::{Resource, getrlimit};
    use nix::sys::stat::mkdirat;

    use super::*;
    use crate::util::fs::exists;

    #[test]
    fn read_only_trees_are_removed_and_links_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let kept = directory.path().join("kept");
        fs::create_dir(&kept).unwrap();
        let tree = directory.path().join("tree");
        fs::create_dir_all(tree.join("a/b")).unwrap();
        fs::create_dir(tree.join("a/empty")).unwrap();
        fs::write(tree.join("a/b/file"), "x").unwrap();
        symlink(&kept, tree.join("a/link")).unwrap();
        for (below, mode) in [("a/b", 0o300), ("a/empty", 0o000), ("a", 0o555), ("", 0o555)] {
            fs::set_permissions(tree.join(below), Permissions::from_mode(mode)).unwrap();
        }
        remove_tree(&tree).unwrap();
        assert!(!exists(&tree).unwrap());
        assert!(kept.is_dir());
        remove_tree(&tree).unwrap();
        symlink(&kept, &tree).unwrap();
        remove_tree(&tree).unwrap();
        assert!(kept.is_dir() && !exists(&tree).unwrap());
    }

    #[test]
    fn depth_costs_neither_files_nor_length_of_paths() {
        let directory = tempfile::tempdir().unwrap();
        let tree = directory.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let mut here = open(&tree, DIRECTORY, Mode::empty()).unwrap();
        let (open_files, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        for _ in 0..open_files.clamp(1000, 3000) + 500 {
            mkdirat(&here, c"a-name-of-some-length", Mode::S_IRWXU).unwrap();
            here = openat(&here, c"a-name-of-some-length", DIRECTORY, Mode::empty()).unwrap();
        }
        remove_tree(&tree).unwrap();
        assert!(!exists(&tree).unwrap());
    }
}
