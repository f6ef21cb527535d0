//! What is no item and that nobody has used for long: caches, the directories of machines that ran, and what failed builds,
//! damaged items and replaced databases left.
//!
//! All of it lies below `/frx/var/fruix`. What is in a cache can be made again; the rest is there to be looked at. So each
//! goes when it has not been used for as long as `keep-unused` says, and of caches the least recently used when all
//! together are larger than `max-cache-size`. What a running process uses stays, and so does what was used just now:
//! somebody may be about to open it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use crate::store::{Layout, Settings, StoreError};
use crate::sys::processes::ProcessTable;
use crate::util::fs::{FsError, Operation, PathContext as _, directory_of, entries_if_there, remove_tree};

/// What was used within this time stays in any case.
const JUST_NOW: Duration = Duration::from_secs(60 * 60);

/// Something that may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spare {
    pub path: PathBuf,
    /// How much of the disk it takes, in bytes.
    pub size: u64,
    /// When it was last read or written, as far as the file system notes that.
    pub used: SystemTime,
}

/// What may go now, the least recently used first.
pub fn find(
    layout: &Layout,
    settings: &Settings,
    table: &dyn ProcessTable,
) -> Result<Vec<Spare>, StoreError> {
    let now = SystemTime::now();
    let (mut cached, mut left) = (cached(layout)?, left(layout)?);
    cached.sort_by_key(|spare| spare.used);
    let age = |spare: &Spare| now.duration_since(spare.used).unwrap_or_default();
    let mut size: u64 = cached.iter().map(|spare| spare.size).sum();
    cached.retain(|spare| {
        let is_too_much = size > settings.max_cache_size && age(spare) > JUST_NOW;
        let goes = is_too_much || is_old(age(spare), settings);
        size -= if goes { spare.size } else { 0 };
        goes
    });
    left.retain(|spare| is_old(age(spare), settings));
    let mut spares = [cached, left].concat();
    if !spares.is_empty() {
        let used = used_by_processes(layout, &spares, table)?;
        spares.retain(|spare| !used.contains(&spare.path));
    }
    spares.sort_by_key(|spare| spare.used);
    Ok(spares)
}

/// Removes what may go, until so many bytes are free. Gives what went; that something stays hinders nobody.
pub fn remove(spares: Vec<Spare>, limit: Option<u64>) -> Vec<Spare> {
    let mut removed: Vec<Spare> = Vec::new();
    let mut size = 0;
    for spare in spares {
        if limit.is_some_and(|limit| size >= limit) {
            break;
        }
        match remove_tree(&spare.path) {
            Ok(()) => {
                size += spare.size;
                removed.push(spare);
            }
            Err(error) => tracing::warn!("the next collection has to try again: {error}"),
        }
    }
    removed
}

fn is_old(age: Duration, settings: &Settings) -> bool {
    age > settings.keep_unused.max(JUST_NOW)
}

/// What lies in the caches, of which each is a directory.
fn cached(layout: &Layout) -> Result<Vec<Spare>, FsError> {
    let mut spares = Vec::new();
    for cache in entries_if_there(&layout.cache_dir())? {
        let cache = cache?;
        let path = cache.path();
        if cache.file_type().at(Operation::Inspect, &path)?.is_dir() {
            spares.extend(spares_in(&path, |_| true)?);
        }
    }
    Ok(spares)
}

/// What was left to be looked at.
fn left(layout: &Layout) -> Result<Vec<Spare>, FsError> {
    let mut spares = Vec::new();
    for directory in [layout.runs_dir(), layout.failed_dir(), layout.damaged_dir()] {
        spares.extend(spares_in(&directory, |_| true)?);
    }
    let database = layout.db();
    let replaced = [database.file_name().unwrap_or_default().as_bytes(), b".old"].concat();
    let is_replaced = |name: &OsStr| name.as_bytes().starts_with(&replaced);
    spares.extend(spares_in(directory_of(&database), is_replaced)?);
    Ok(spares)
}

fn spares_in(directory: &Path, wanted: impl Fn(&OsStr) -> bool) -> Result<Vec<Spare>, FsError> {
    let mut spares = Vec::new();
    for entry in entries_if_there(directory)? {
        let entry = entry?;
        if wanted(&entry.file_name()) {
            // It may have gone meanwhile.
            spares.extend(spare(entry.path()));
        }
    }
    Ok(spares)
}

/// What is known of a file or directory, which counts as used when something directly in it was.
fn spare(path: PathBuf) -> Option<Spare> {
    let status = fs::symlink_metadata(&path).ok()?;
    let mut spare = Spare { used: last_use(&status), size: size(&status), path };
    if status.is_dir() {
        for entry in fs::read_dir(&spare.path).ok()?.flatten() {
            if let Ok(status) = entry.metadata() {
                spare.used = spare.used.max(last_use(&status));
                spare.size += if status.is_dir() { size_below(&entry.path()) } else { size(&status) };
            }
        }
    }
    Some(spare)
}

fn last_use(status: &fs::Metadata) -> SystemTime {
    let modified = status.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    // Of a directory, whoever looks what is in it is noted as its reader: a collection before this one, say.
    match status.accessed() {
        Ok(accessed) if !status.is_dir() => accessed.max(modified),
        _ => modified,
    }
}

fn size(status: &fs::Metadata) -> u64 {
    status.blocks() * 512
}

/// The size of a directory and all below. What cannot be looked at counts as nothing.
fn size_below(directory: &Path) -> u64 {
    let mut bytes = 0;
    let mut open = vec![directory.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
            let Ok(status) = entry.metadata() else { continue };
            bytes += size(&status);
            if status.is_dir() {
                open.push(entry.path());
            }
        }
    }
    bytes
}

/// Of the spares, those that a running process names, or has open, or works in.
fn used_by_processes(
    layout: &Layout,
    spares: &[Spare],
    table: &dyn ProcessTable,
) -> Result<BTreeSet<PathBuf>, StoreError> {
    let var = layout.var_dir();
    let canonical = var.canonicalize().unwrap_or_else(|_| var.clone());
    let prefix = |name: &Path| Finder::new(&[name.as_os_str().as_bytes(), b"/"].concat()).into_owned();
    let prefixes = [prefix(&var), prefix(&canonical)];
    let all: BTreeSet<&Path> = spares.iter().map(|spare| spare.path.as_path()).collect();
    let mut used = BTreeSet::new();
    table.read(&mut |trace| {
        for prefix in &prefixes {
            for place in prefix.find_iter(trace.text) {
                let rest = &trace.text[place + prefix.needle().len()..];
                let name = rest.split(|byte| b"\0\n :=".contains(byte)).next().unwrap_or_default();
                let path = var.join(OsStr::from_bytes(name));
                used.extend(path.ancestors().filter(|path| all.contains(path)).map(Path::to_owned));
            }
        }
    })?;
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::processes::recorded::Recorded;
    use crate::util::fs::create_dir_all;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    struct Place {
        _directory: tempfile::TempDir,
        layout: Layout,
    }

    impl Place {
        fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let layout = Layout::new(directory.path()).unwrap();
            Place { _directory: directory, layout }
        }

        /// Makes a file of so many bytes, last used so many days ago.
        fn file(&self, path: &str, size: usize, days: u32) {
            let path = self.layout.var_dir().join(path);
            create_dir_all(directory_of(&path)).unwrap();
            fs::write(&path, vec![1; size]).unwrap();
            self.age(&path, days);
        }

        fn age(&self, path: &Path, days: u32) {
            let then = SystemTime::now() - DAY * days;
            let times = fs::FileTimes::new().set_accessed(then).set_modified(then);
            fs::File::open(path).unwrap().set_times(times).unwrap();
        }

        /// The names of what may go.
        fn found(&self, settings: &Settings, table: &Recorded) -> Vec<String> {
            let spares = find(&self.layout, settings, table).unwrap();
            let name = |spare: Spare| {
                spare.path.strip_prefix(self.layout.var_dir()).unwrap().to_str().unwrap().to_owned()
            };
            spares.into_iter().map(name).collect()
        }
    }

    #[test]
    fn what_nobody_has_used_for_long_goes() {
        let place = Place::new();
        place.file("cache/images/old.img", 10, 40);
        place.file("cache/images/new.img", 10, 20);
        place.file("db/store.sqlite", 10, 50);
        place.file("db/store.sqlite.old-wal", 10, 50);
        place.file("gcroots/x", 10, 50);
        for (directory, days) in [("failed/a", 33), ("failed/b", 29), ("run/vm-1", 32), ("damaged/x", 31)] {
            place.file(&format!("{directory}/file"), 10, days);
            place.age(&place.layout.var_dir().join(directory), days);
        }
        // Something in it was used since.
        place.file("cache/git/used/index", 10, 1);
        place.age(&place.layout.var_dir().join("cache/git/used"), 50);
        let settings = Settings::default();
        let expected =
            ["db/store.sqlite.old-wal", "cache/images/old.img", "failed/a", "run/vm-1", "damaged/x"];
        for time in ["the first", "the second"] {
            assert_eq!(place.found(&settings, &Recorded::default()), expected, "{time} time");
        }
        let patient = Settings { keep_unused: DAY * 36, ..settings };
        assert_eq!(place.found(&patient, &Recorded::default()), expected[..2]);
        let found = find(&place.layout, &patient, &Recorded::default()).unwrap();
        assert_eq!(remove(found.clone(), Some(1)), found[..1]);
        assert_eq!(place.found(&patient, &Recorded::default()), expected[1..2]);
    }

    #[test]
    fn caches_have_a_largest_size() {
        let place = Place::new();
        for (name, days) in [("a", 3), ("b", 2), ("c", 1), ("d", 0)] {
            place.file(&format!("cache/images/{name}"), 100_000, days);
        }
        let found = |max_cache_size| {
            place.found(&Settings { max_cache_size, ..Settings::default() }, &Recorded::default())
        };
        assert_eq!(found(1_000_000), [""; 0]);
        assert_eq!(found(250_000), ["cache/images/a", "cache/images/b"]);
        assert_eq!(found(0).len(), 3, "what was used just now stays");
        place.file("failed/x", 1_000_000, 5);
        assert_eq!(found(250_000).len(), 2, "that is no cache");
    }

    #[test]
    fn what_runs_keeps_what_it_uses() {
        let place = Place::new();
        place.file("cache/images/x.img", 10, 40);
        place.file("run/vm-1/disk", 10, 40);
        place.file("run/vm-10/disk", 10, 40);
        for directory in ["run/vm-1", "run/vm-10"] {
            place.age(&place.layout.var_dir().join(directory), 40);
        }
        let var = place.layout.var_dir().canonicalize().unwrap();
        let text = |path: &str| format!("x={}/{path}\0", var.display()).into_bytes();
        let traces = vec![(1, "fd", text("run/vm-1/disk")), (2, "cwd", text("cache"))];
        let table = Recorded { traces, fails: false };
        let mut found = place.found(&Settings::default(), &table);
        found.sort();
        assert_eq!(found, ["cache/images/x.img", "run/vm-10"]);
        assert!(find(&place.layout, &Settings::default(), &Recorded { fails: true, ..table }).is_err());
    }
}
