//! Removing trees: of any depth, read-only or not, without ever leaving them by a link; large ones by several threads.

mod deep;
mod together;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::unistd::{AccessFlags, faccessat};

use super::{Anchor, Directory, FileKind, FsError, Operation, PathContext as _, Status};

/// What the owner of a directory must be allowed for it to be emptied.
const OWNER: u32 = 0o700;

/// Removes a file or tree, also one whose directories are read-only; symbolic links are not followed. No error where
/// nothing is there. A tree whose own name could not be removed is left whole.
///
/// Few directories are open at a time, however deep the tree, and no path is longer than a name.
pub fn remove_tree(path: &Path) -> Result<(), FsError> {
    match Anchor::of(path) {
        Ok(anchor) => remove(&anchor).at(Operation::Remove, path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn remove(anchor: &Anchor) -> nix::Result<()> {
    let Anchor { directory, name } = anchor;
    let is_tree = match directory.status_of(name) {
        Ok(status) => status.kind == FileKind::Directory,
        Err(Errno::ENOENT) => return Ok(()),
        Err(errno) => return Err(errno),
    };
    if !is_tree {
        return remove_name(directory, name, Directory::remove);
    }
    let may_remove = AccessFlags::W_OK | AccessFlags::X_OK;
    faccessat(directory, c".", may_remove, AtFlags::AT_EACCESS)?;
    together::empty(open_directory(directory, name)?)?;
    remove_name(directory, name, Directory::remove_directory)
}

/// What lies in a directory.
struct Contents {
    directories: Vec<OsString>,
    /// All else.
    files: Vec<OsString>,
}

impl Contents {
    fn of(directory: &Directory) -> nix::Result<Self> {
        let mut contents = Contents { directories: Vec::new(), files: Vec::new() };
        for entry in directory.entries()? {
            let is_directory = match entry.kind.map(|kind| kind == FileKind::Directory) {
                Some(known) => known,
                None => directory.status_of(&entry.name)?.kind == FileKind::Directory,
            };
            if is_directory { &mut contents.directories } else { &mut contents.files }.push(entry.name);
        }
        Ok(contents)
    }
}

/// Opens a directory, and makes it one that its owner may list and change.
fn open_directory(parent: &Directory, name: &OsStr) -> nix::Result<Directory> {
    let directory = match parent.open_directory(name) {
        Err(Errno::EACCES) => {
            parent.set_mode(name, OWNER)?;
            parent.open_directory(name)?
        }
        result => result?,
    };
    if directory.status()?.mode & OWNER != OWNER {
        directory.set_own_mode(OWNER)?;
    }
    Ok(directory)
}

/// Removes one name; where flags of the file or of its directory forbid it, after clearing those.
fn remove_name(
    directory: &Directory,
    name: &OsStr,
    how: impl Fn(&Directory, &OsStr) -> nix::Result<()>,
) -> nix::Result<()> {
    let result = how(directory, name);
    #[cfg(target_os = "freebsd")]
    let result = match result {
        Err(Errno::EPERM) => {
            flags::clear(directory, name)?;
            how(directory, name)
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
    use std::ffi::OsStr;
    use std::os::fd::{AsFd as _, AsRawFd as _};

    use nix::sys::stat::FileFlag;
    use nix::unistd::chflags;

    use super::Directory;

    /// By way of the names that fdescfs gives to open files: `chflags` knows no directory to start from.
    pub fn clear(directory: &Directory, name: &OsStr) -> nix::Result<()> {
        let descriptor = |number: i32| format!("/dev/fd/{number}");
        let file = directory.open_file(name)?;
        chflags(descriptor(file.as_raw_fd()).as_str(), FileFlag::empty())?;
        chflags(descriptor(directory.as_fd().as_raw_fd()).as_str(), FileFlag::empty())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use nix::sys::resource::{Resource, getrlimit};

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
    fn a_tree_of_any_shape_goes_whole() {
        let directory = tempfile::tempdir().unwrap();
        let tree = directory.path().join("tree");
        // Wide enough for several threads to share it, and deeper than they do.
        for number in 0..300 {
            let below = tree.join(format!("{}/{}/{number}", number % 3, number % 7));
            fs::create_dir_all(below.join("1/2/3/4/5/6/7/8/9/10")).unwrap();
            for file in ["a", "1/2/b", "1/2/3/4/5/6/7/8/c", "1/2/3/4/5/6/7/8/9/10/d"] {
                fs::write(below.join(file), "x").unwrap();
            }
        }
        for number in 0..1000 {
            fs::write(tree.join(format!("0/file-{number}")), "x").unwrap();
        }
        remove_tree(&tree).unwrap();
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    }

    #[test]
    fn depth_costs_neither_files_nor_length_of_paths() {
        let directory = tempfile::tempdir().unwrap();
        let tree = directory.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let mut here = Directory::open(&tree).unwrap();
        let name = OsStr::new("a-name-of-some-length");
        let (open_files, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        for _ in 0..open_files.clamp(1000, 3000) + 500 {
            here.create_directory(name, 0o700).unwrap();
            here = here.open_directory(name).unwrap();
        }
        remove_tree(&tree).unwrap();
        assert!(!exists(&tree).unwrap());
    }
}
