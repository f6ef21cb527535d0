//! Listing a tree: one look at each entry, and nothing is opened but directories.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::hash::Hasher;
use crate::nar::NarError;
use crate::util::crew;
use crate::util::fs::{Anchor, Cursor, FileKind, FsError, Operation, PathContext as _, Status};

use super::{Attributes, Fingerprint, Kind, Links, Tree, TreeEntry};

/// How long before a walk the last change must lie for the fingerprint to be trusted. File systems stamp
/// changes by a clock that ticks every few milliseconds, on FAT every two seconds.
const SETTLING_TIME: Duration = Duration::from_secs(2);

/// How many threads list directories: where these are not in memory, most of them wait for a disk.
const THREADS: usize = 8;

/// In the digested form of an entry, what stands for its kind.
const DIRECTORY: u8 = 0;
const PLAIN_FILE: u8 = 1;
const EXECUTABLE_FILE: u8 = 2;
const SYMLINK: u8 = 3;

impl Tree {
    /// Lists what lies at `root`; a symbolic link there is not followed.
    pub fn walk(root: &Path) -> Result<Self, NarError> {
        Self::walk_where(root, &|_| true)
    }

    /// Lists what lies at `root` and `wanted` does not refuse, whatever it is; paths are relative to the root, and
    /// what is below a refused one is not looked at.
    pub fn walk_where(root: &Path, wanted: Wanted<'_>) -> Result<Self, NarError> {
        let anchor = Anchor::of(root)?;
        let mut walk = Walk::new();
        let status = anchor.status().at(Operation::Inspect, root)?;
        let top = Found { path: PathBuf::new(), depth: 0, listing: 0, status };
        let mut listings = match status.kind {
            FileKind::Directory => list_all(root, &anchor, wanted)?,
            _ => Vec::new(),
        };
        let mut pending = vec![top];
        while let Some(found) = pending.pop() {
            if found.status.kind == FileKind::Directory {
                pending.append(&mut listings[found.listing]);
            }
            walk.add(root, found)?;
        }
        Ok(walk.finish(root, anchor))
    }
}

/// Tells what of a tree is to be listed.
pub type Wanted<'a> = &'a (dyn Fn(&Path) -> bool + Sync);

/// An entry that is not yet in the list.
struct Found {
    path: PathBuf,
    depth: usize,
    /// Of a directory: which listing is its own.
    listing: usize,
    status: Status,
}

/// The entries of each directory, the last by name first. The first is that of the root.
type Listings = Vec<Vec<Found>>;

/// Lists all directories of a tree, many at once.
fn list_all(root: &Path, anchor: &Anchor, wanted: Wanted<'_>) -> Result<Listings, NarError> {
    let listings = Mutex::new(vec![Vec::new()]);
    let listings_now = || listings.lock().unwrap_or_else(PoisonError::into_inner);
    crew::exhaust(THREADS, vec![(PathBuf::new(), 0, 0)], || {
        let (mut cursor, listings_now) = (Cursor::new(anchor), &listings_now);
        move |(directory, depth, own): (PathBuf, usize, usize)| -> Result<_, FsError> {
            let mut entries = list(root, &mut cursor, &directory, wanted, depth + 1)?;
            let mut further = Vec::new();
            let mut listings = listings_now();
            for found in entries.iter_mut().filter(|found| found.status.kind == FileKind::Directory) {
                found.listing = listings.len();
                listings.push(Vec::new());
                further.push((found.path.clone(), found.depth, found.listing));
            }
            listings[own] = entries;
            Ok(further)
        }
    })?;
    Ok(listings.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The entries of a directory, the last by name first.
fn list(
    root: &Path,
    cursor: &mut Cursor<'_>,
    directory: &Path,
    wanted: Wanted<'_>,
    depth: usize,
) -> Result<Vec<Found>, FsError> {
    let place = || root.join(directory);
    let mut entries = Vec::new();
    let open = cursor.directory(directory).at_place(Operation::Open, place)?;
    for entry in open.entries().at_place(Operation::List, place)? {
        let path = directory.join(&entry.name);
        if wanted(&path) {
            let status = open.status_of(&entry.name).at_place(Operation::Inspect, || root.join(&path))?;
            entries.push(Found { path, depth, listing: 0, status });
        }
    }
    // They differ in the last component only. Component-wise comparison would be slower.
    entries.sort_unstable_by(|a, b| b.path.as_os_str().cmp(a.path.as_os_str()));
    Ok(entries)
}

/// A walk in progress.
struct Walk {
    began: SystemTime,
    entries: Vec<TreeEntry>,
    hasher: Hasher,
    /// The newest change time seen, since 1970.
    newest: Duration,
}

impl Walk {
    fn new() -> Self {
        Walk { began: SystemTime::now(), entries: Vec::new(), hasher: Hasher::new(), newest: Duration::ZERO }
    }

    fn add(&mut self, root: &Path, found: Found) -> Result<(), NarError> {
        let Found { path, depth, status, .. } = found;
        let Status { mode, owner, device, inode, links, size, modified, .. } = status;
        let (kind, code) = match status.kind {
            FileKind::Directory => (Kind::Directory, DIRECTORY),
            FileKind::Symlink => (Kind::Symlink, SYMLINK),
            FileKind::File => {
                let executable = mode & 0o100 != 0;
                let links = (links > 1).then_some(Links { device, inode, count: links });
                let kind = Kind::File { size, executable, links };
                (kind, if executable { EXECUTABLE_FILE } else { PLAIN_FILE })
            }
            FileKind::Other(kind) => {
                let path = if depth == 0 { root.to_owned() } else { root.join(path) };
                return Err(NarError::Unsupported { path, kind });
            }
        };
        self.digest(&path, code, &status);
        self.entries.push(TreeEntry { path, depth, kind, attributes: Attributes { mode, owner, modified } });
        Ok(())
    }

    fn digest(&mut self, path: &Path, code: u8, status: &Status) {
        let path = path.as_os_str().as_bytes();
        let mut record = Vec::with_capacity(path.len() + 64);
        record.extend_from_slice(&(path.len() as u64).to_le_bytes());
        record.extend_from_slice(path);
        record.push(code);
        for number in [status.size, status.device, status.inode] {
            record.extend_from_slice(&number.to_le_bytes());
        }
        let Status { modified, changed, .. } = status;
        for number in [modified.0, modified.1, changed.0, changed.1] {
            record.extend_from_slice(&number.to_le_bytes());
        }
        self.hasher.update(&record);
        // A time before 1970 settled long ago.
        let seconds = u64::try_from(changed.0).unwrap_or(0);
        let nanoseconds = u64::try_from(changed.1).unwrap_or(0);
        self.newest = self.newest.max(Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds));
    }

    fn finish(self, root: &Path, anchor: Anchor) -> Tree {
        let began = self.began.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let fingerprint =
            Fingerprint { digest: self.hasher.finish(), settled: self.newest + SETTLING_TIME <= began };
        Tree { root: root.to_owned(), anchor, entries: self.entries, fingerprint }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn names(tree: &Tree) -> Vec<String> {
        tree.entries.iter().map(|entry| entry.path.display().to_string()).collect()
    }

    #[test]
    fn lists_in_the_order_of_an_archive() {
        let directory = tempfile::tempdir().unwrap();
        for below in ["a/z", "a.b", "b/c/d"] {
            fs::create_dir_all(directory.path().join(below)).unwrap();
        }
        let tree = Tree::walk(directory.path()).unwrap();
        // `a.b` sorts after `a` by name, though `a.b` comes before `a/z` as a text.
        assert_eq!(names(&tree), ["", "a", "a/z", "a.b", "b", "b/c", "b/c/d"]);
        assert_eq!(tree.entries.iter().map(|entry| entry.depth).collect::<Vec<_>>(), [0, 1, 2, 1, 1, 2, 3]);
    }

    #[test]
    fn any_change_changes_the_fingerprint() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "one").unwrap();
        let fingerprint = || Tree::walk(directory.path()).unwrap().fingerprint().digest;
        let mut seen = vec![fingerprint()];
        assert_eq!(seen[0], fingerprint());

        let mut change = |what: &str, action: &dyn Fn()| {
            // Longer than a tick of the clock that stamps changes.
            std::thread::sleep(Duration::from_millis(20));
            action();
            let now = fingerprint();
            assert!(!seen.contains(&now), "{what}");
            seen.push(now);
        };
        change("contents", &|| fs::write(&file, "two").unwrap());
        change("mode", &|| fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap());
        change("a new file", &|| fs::write(directory.path().join("other"), "").unwrap());
        change("a new name", &|| {
            fs::rename(directory.path().join("other"), directory.path().join("another")).unwrap();
        });
        change("contents with the old time", &|| {
            let time = fs::metadata(&file).unwrap().modified().unwrap();
            fs::write(&file, "six").unwrap();
            File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
        });
    }

    #[test]
    fn a_fresh_tree_is_not_settled() {
        let directory = tempfile::tempdir().unwrap();
        assert!(!Tree::walk(directory.path()).unwrap().fingerprint().settled);
        let old = Tree::walk(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs").as_path()).unwrap();
        assert!(old.fingerprint().settled);
    }
}
