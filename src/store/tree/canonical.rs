//! What all store items have in common: modes, times, and no name they share with anything outside.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, FileTimes, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{UtimensatFlags, utimensat};
use nix::sys::time::TimeSpec;

use crate::util::fs::{FsError, Operation, PathContext as _, TEMPORARY_PREFIX, directory_of};

use super::{Kind, Links, Tree};

/// Modification time of everything in the store, in seconds since 1970: not 0, which some programs take for
/// “unknown”.
const MTIME: i64 = 1;

/// 0555 for directories and executable files, 0444 for others.
pub fn canonical_mode(executable: bool) -> Permissions {
    Permissions::from_mode(if executable { 0o555 } else { 0o444 })
}

/// The times of everything in the store.
pub fn canonical_time() -> FileTimes {
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(MTIME.unsigned_abs());
    FileTimes::new().set_modified(time).set_accessed(time)
}

/// Gives a symbolic link, or anything else by its name, the canonical times.
pub fn set_symlink_times(path: &Path) -> Result<(), FsError> {
    let time = TimeSpec::new(MTIME, 0);
    utimensat(AT_FDCWD, path, &time, &time, UtimensatFlags::NoFollowSymlink).at(Operation::SetTimes, path)
}

impl Tree {
    /// Gives everything in the tree its canonical mode and times, in place, and makes files that have names
    /// outside of the tree files of their own. The tree must be one that nobody else writes to.
    ///
    /// The topmost directory stays writable by its owner, because an unprivileged user can move it to another
    /// directory only so; [`seal_top`] ends that.
    pub fn make_canonical(&self) -> Result<(), FsError> {
        self.separate_links()?;
        for entry in self.entries.iter().rev() {
            let place = entry.below(&self.root);
            let mode = match entry.kind {
                Kind::Directory if entry.depth == 0 => Some(Permissions::from_mode(0o755)),
                Kind::Directory => Some(canonical_mode(true)),
                Kind::File { executable, .. } => Some(canonical_mode(executable)),
                Kind::Symlink => None,
            };
            if let Some(mode) = mode {
                fs::set_permissions(&place, mode).at(Operation::SetMode, &place)?;
            }
            set_symlink_times(&place)?;
        }
        Ok(())
    }

    /// The first thing in the tree that is not canonical, or not of the user `owner`.
    pub fn find_uncanonical(&self, owner: u32) -> Result<Option<Uncanonical>, FsError> {
        for entry in &self.entries {
            let place = entry.below(&self.root);
            let metadata = fs::symlink_metadata(&place).at(Operation::Inspect, &place)?;
            let mode = metadata.mode() & 0o7777;
            let right_mode = match entry.kind {
                Kind::Directory => canonical_mode(true).mode(),
                Kind::File { executable, .. } => canonical_mode(executable).mode(),
                Kind::Symlink => mode,
            };
            let what = if mode != right_mode {
                format!("the mode {mode:04o}, not {right_mode:04o}")
            } else if (metadata.mtime(), metadata.mtime_nsec()) != (MTIME, 0) {
                format!("the modification time {}, not {MTIME}", metadata.mtime())
            } else if metadata.uid() != owner {
                format!("the owner {}, not {owner}", metadata.uid())
            } else {
                continue;
            };
            let below = if entry.depth == 0 { Path::new(".") } else { &entry.path };
            return Ok(Some(Uncanonical { place: below.to_owned(), what }));
        }
        Ok(None)
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
        for (entry, Links { device, inode, count }) in linked() {
            if inside.get(&(device, inode)) != Some(&count) {
                replace_by_copy(&entry.below(&self.root), entry.depth == 0)?;
            }
        }
        Ok(())
    }
}

/// Something in a tree that has not the attributes it should.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    set_top_mode(place, Permissions::from_mode(0o755))
}

fn set_top_mode(place: &Path, mode: Permissions) -> Result<(), FsError> {
    let metadata = fs::symlink_metadata(place).at(Operation::Inspect, place)?;
    if metadata.is_dir() {
        fs::set_permissions(place, mode).at(Operation::SetMode, place)?;
    }
    Ok(())
}

/// The copy is made under a name that begins like the file's own where that is the tree: whoever removes the file by
/// the beginning of its name, because its owner died, finds the copy too.
fn replace_by_copy(place: &Path, is_root: bool) -> Result<(), FsError> {
    let mut prefix = OsString::new();
    if is_root {
        prefix.push(place.file_name().unwrap_or_default());
    }
    prefix.push(TEMPORARY_PREFIX);
    let directory = directory_of(place);
    let copy =
        tempfile::Builder::new().prefix(&prefix).tempfile_in(directory).at(Operation::Create, place)?;
    fs::copy(place, copy.path()).at(Operation::Read, place)?;
    copy.persist(place).map_err(|error| error.error).at(Operation::Rename, place)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

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
        assert_eq!(
            Tree::walk(&root).unwrap().find_uncanonical(nix::unistd::geteuid().as_raw()).unwrap(),
            None
        );
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
