//! What all store items have in common: modes, times, and no name they share with anything outside.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::FileTimes;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::util::fs::{
    Anchor, Cursor, Directory, FileKind, FsError, Operation, OutFile, PathContext as _, TEMPORARY_PREFIX,
    random_name,
};

use super::{Kind, Links, Tree, TreeEntry};

/// Modification time of everything in the store, in seconds since 1970: not 0, which some programs take for
/// “unknown”.
pub const MTIME: i64 = 1;

/// 0555 for directories and executable files, 0444 for others.
pub fn canonical_mode(executable: bool) -> u32 {
    if executable { 0o555 } else { 0o444 }
}

/// The times of everything in the store.
pub fn canonical_time() -> FileTimes {
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(MTIME.unsigned_abs());
    FileTimes::new().set_modified(time).set_accessed(time)
}

impl Tree {
    /// Gives everything in the tree its canonical mode and times, in place, and makes files that have names
    /// outside of the tree files of their own. The tree must be one that nobody else writes to.
    ///
    /// The topmost directory stays writable by its owner, because an unprivileged user can move it to another
    /// directory only so; [`seal_top`] ends that.
    ///
    /// The tree is not what was walked then, and is to be walked again.
    pub fn make_canonical(self) -> Result<(), FsError> {
        self.separate_links()?;
        let mut cursor = Cursor::new(&self.anchor);
        for entry in self.entries.iter().rev() {
            let place = || entry.below(&self.root);
            let (directory, name) = cursor.locate(&entry.path).at_place(Operation::Open, place)?;
            let mode = match entry.kind {
                Kind::Directory if entry.depth == 0 => Some(0o755),
                Kind::Directory => Some(canonical_mode(true)),
                Kind::File { executable, .. } => Some(canonical_mode(executable)),
                Kind::Symlink => None,
            };
            if let Some(mode) = mode {
                directory.set_mode(name, mode).at_place(Operation::SetMode, place)?;
            }
            directory.set_times(name, MTIME).at_place(Operation::SetTimes, place)?;
        }
        Ok(())
    }

    /// The first thing in the tree that is not canonical, or not of the user `owner`.
    pub fn find_uncanonical(&self, owner: u32) -> Option<Uncanonical> {
        self.entries.iter().find_map(|entry| {
            let below = if entry.depth == 0 { Path::new(".") } else { &entry.path };
            entry.uncanonical(owner).map(|what| Uncanonical { place: below.to_owned(), what })
        })
    }

    /// Copies each file that has a name outside of the tree, through which its contents could change.
    fn separate_links(&self) -> Result<(), FsError> {
        let mut inside: HashMap<(u64, u64), u64> = HashMap::new();
        let linked = || {
            self.entries.iter().filter_map(|entry| match entry.kind {
                Kind::File { links: Some(links), .. } => Some((entry, links)),
                _ => None,
            })
        };
        for (_, Links { device, inode, .. }) in linked() {
            *inside.entry((device, inode)).or_default() += 1;
        }
        let mut cursor = Cursor::new(&self.anchor);
        for (entry, Links { device, inode, count }) in linked() {
            if inside.get(&(device, inode)) != Some(&count) {
                let place = entry.below(&self.root);
                let (directory, name) = cursor.locate(&entry.path).at(Operation::Open, &place)?;
                replace_by_copy(directory, name, &place, entry.depth == 0)?;
            }
        }
        Ok(())
    }
}

impl TreeEntry {
    /// Which attribute it has that it should not have.
    pub(super) fn uncanonical(&self, user: u32) -> Option<String> {
        let super::Attributes { mode, owner, modified } = self.attributes;
        let right_mode = match self.kind {
            Kind::Directory => canonical_mode(true),
            Kind::File { executable, .. } => canonical_mode(executable),
            Kind::Symlink => mode,
        };
        if mode != right_mode {
            Some(format!("the mode {mode:04o}, not {right_mode:04o}"))
        } else if modified != (MTIME, 0) {
            Some(format!("the modification time {}, not {MTIME}", modified.0))
        } else if owner != user {
            Some(format!("the owner {owner}, not {user}"))
        } else {
            None
        }
    }
}

/// Something in a tree that has not the attributes it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncanonical {
    /// Relative to the tree, which itself is `.`.
    pub place: PathBuf,
    /// Which attribute it has.
    pub what: String,
}

impl fmt::Display for Uncanonical {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` has {}", self.place.display(), self.what)
    }
}

/// Makes the topmost directory read-only, once it lies in the directory where it stays.
pub fn seal_top(place: &Path) -> Result<(), FsError> {
    set_top_mode(place, canonical_mode(true))
}

/// Makes the topmost directory one that can be moved to another directory.
pub fn unseal_top(place: &Path) -> Result<(), FsError> {
    set_top_mode(place, 0o755)
}

fn set_top_mode(place: &Path, mode: u32) -> Result<(), FsError> {
    let anchor = Anchor::of(place)?;
    let status = anchor.status().at(Operation::Inspect, place)?;
    if status.kind == FileKind::Directory {
        anchor.directory.set_mode(&anchor.name, mode).at(Operation::SetMode, place)?;
    }
    Ok(())
}

/// The copy is made under a name that begins like the file's own where that is the tree: whoever removes the file by
/// the beginning of its name, because its owner died, finds the copy too.
fn replace_by_copy(directory: &Directory, name: &OsStr, place: &Path, is_root: bool) -> Result<(), FsError> {
    let mut copied = OsString::new();
    if is_root {
        copied.push(name);
    }
    copied.push(TEMPORARY_PREFIX);
    copied.push(random_name());
    let mut original = directory.open_file(name).at(Operation::Open, place)?;
    let copy = directory.create_file(&copied, 0o600).at(Operation::Create, place)?;
    let written = io::copy(&mut original, &mut OutFile::new(copy, place.with_file_name(&copied)));
    written.at(Operation::Write, place)?;
    directory.rename(&copied, name).at(Operation::Rename, place)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn modes_and_times_become_canonical_and_outside_links_are_cut() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("tree");
        fs::create_dir_all(root.join("sub")).unwrap();
        let outside = directory.path().join("outside");
        fs::write(&outside, "shared").unwrap();
        fs::hard_link(&outside, root.join("shared")).unwrap();
        fs::write(root.join("one"), "twice").unwrap();
        fs::hard_link(root.join("one"), root.join("sub/two")).unwrap();
        fs::write(root.join("setuid"), "").unwrap();
        fs::set_permissions(root.join("setuid"), Permissions::from_mode(0o4711)).unwrap();
        symlink(&outside, root.join("link")).unwrap();

        Tree::walk(&root).unwrap().make_canonical().unwrap();
        seal_top(&root).unwrap();

        let mode = |name: &str| fs::symlink_metadata(root.join(name)).unwrap().mode() & 0o7777;
        assert_eq!(Tree::walk(&root).unwrap().find_uncanonical(nix::unistd::geteuid().as_raw()), None);
        assert_eq!([mode("."), mode("sub"), mode("setuid"), mode("one")], [0o555, 0o555, 0o555, 0o444]);
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        assert_eq!(inode(&root.join("one")), inode(&root.join("sub/two")));
        assert_ne!(inode(&outside), inode(&root.join("shared")));
        assert_eq!(fs::read(root.join("shared")).unwrap(), b"shared");
        for name in ["sub", "one", "link", "shared"] {
            assert_eq!(fs::symlink_metadata(root.join(name)).unwrap().mtime(), 1, "{name}");
        }
        assert_ne!(fs::metadata(&outside).unwrap().mtime(), 1, "links are not followed");
        // So that the temporary directory can be removed by any user.
        crate::util::fs::remove_tree(&root).unwrap();
    }
}
