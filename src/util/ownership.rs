//! Giving trees to another user, and taking them back.
//!
//! Whoever a tree was given to may have left an open directory with an accomplice, who changes it while it is taken
//! back: a directory that is looked at is a link the next moment, and leads to a file of the machine. So a tree is taken
//! back from the top down. A directory that is ours, and that nobody else may write to, keeps its entries; only then are
//! they looked at.

use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{getegid, geteuid};

use super::fs::{Anchor, Cursor, FsError, Operation, PathContext as _};

/// The mode of directories that were taken back.
const OWN_DIRECTORY: u32 = 0o700;

/// Gives everything in a tree of this process's to another user.
pub fn hand_over(path: &Path, uid: u32, gid: u32) -> Result<(), FsError> {
    change(path, uid, gid, None)
}

/// Makes everything in a tree this process's own, and its directories such that no one else may enter them. `path` lies
/// in a directory that only this process changes.
pub fn take_over(path: &Path) -> Result<(), FsError> {
    change(path, geteuid().as_raw(), getegid().as_raw(), Some(OWN_DIRECTORY))
}

/// From the top down. Links are not followed.
fn change(path: &Path, uid: u32, gid: u32, directory_mode: Option<u32>) -> Result<(), FsError> {
    let anchor = Anchor::of(path)?;
    let mut cursor = Cursor::new(&anchor);
    let mut pending = vec![PathBuf::new()];
    while let Some(entry) = pending.pop() {
        let place = || path.join(&entry);
        let (above, name) = cursor.locate(&entry).at_place(Operation::Open, place)?;
        let directory = match above.open_directory(name) {
            Ok(directory) => directory,
            // A link is “too many links” to some, and no directory to others.
            Err(Errno::ENOTDIR | Errno::ELOOP | Errno::EMLINK) => {
                above.set_owner(name, uid, gid).at_place(Operation::SetOwner, place)?;
                continue;
            }
            Err(errno) => return Err(errno).at_place(Operation::Open, place),
        };
        directory.set_own_owner(uid, gid).at_place(Operation::SetOwner, place)?;
        if let Some(mode) = directory_mode {
            directory.set_own_mode(mode).at_place(Operation::SetMode, place)?;
        }
        let entries = directory.entries().at_place(Operation::List, place)?;
        pending.extend(entries.into_iter().map(|inside| entry.join(inside.name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_tree_comes_back_whole_and_what_its_links_lead_to_stays() {
        let directory = tempfile::tempdir().unwrap();
        let (tree, outside) = (directory.path().join("tree"), directory.path().join("outside"));
        fs::create_dir_all(tree.join("sub")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "").unwrap();
        fs::write(tree.join("sub/file"), "").unwrap();
        symlink(&outside, tree.join("link")).unwrap();
        fs::set_permissions(tree.join("sub"), Permissions::from_mode(0o777)).unwrap();
        let owners = || {
            ["", "sub", "sub/file", "link"].map(|place| fs::symlink_metadata(tree.join(place)).unwrap().uid())
        };
        let before = fs::metadata(&outside).unwrap();
        let own = geteuid().as_raw();
        // Only root may give anything away.
        let other = if own == 0 { 12345 } else { own };
        hand_over(&tree, other, if own == 0 { other } else { getegid().as_raw() }).unwrap();
        assert_eq!(owners(), [other; 4]);
        take_over(&tree).unwrap();
        assert_eq!(owners(), [own; 4]);
        assert_eq!(fs::metadata(tree.join("sub")).unwrap().mode() & 0o7777, OWN_DIRECTORY);
        let after = fs::metadata(&outside).unwrap();
        assert_eq!((before.mode(), before.ctime_nsec()), (after.mode(), after.ctime_nsec()));
    }
}
