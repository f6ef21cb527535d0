//! Removing what dead processes left: at the beginning of every session.
//!
//! Whatever cannot be removed is named in a warning and left: no leftover may keep anyone from working.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::sys;
use crate::util::fs::{
    FsError, Operation, PathContext as _, TEMPORARY_PREFIX, entries_if_there, exists, remove_tree,
};
use crate::util::lock::FileLock;

use super::layout::Layout;
use super::session::{self, PREFIX};

/// Nothing that is to take the place of something else takes so long to be written.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// What they are called meanwhile, whoever writes them.
const UNFINISHED: [&str; 2] = [TEMPORARY_PREFIX, ".fruix-image-"];

/// Removes what lies under the names of sessions that nobody holds, locks that nobody holds, and files and links that were
/// to take the place of others and that nobody finishes: those of a profile would keep what they lead to for ever.
pub fn sweep(layout: &Layout) {
    for result in [sweep_sessions(layout), sweep_locks(layout), sweep_unfinished(layout)] {
        if let Err(error) = result {
            complain(&error);
        }
    }
}

fn sweep_sessions(layout: &Layout) -> Result<(), FsError> {
    let mut removed = 0;
    for (id, places) in leftovers(layout)? {
        // Held while removing, so that two processes do not remove the same tree.
        let Some(lock) = FileLock::try_acquire(&layout.sessions_dir().join(id))? else { continue };
        let mut all = true;
        for place in places {
            let was_item = place.starts_with(layout.store_dir()) && exists(&place)?;
            // A killed build leaves what the removal must not run into.
            if let Err(error) = sys::release(&place) {
                complain(&error);
                all = false;
                continue;
            }
            match remove_tree(&place) {
                Ok(()) => removed += usize::from(was_item),
                Err(error) => {
                    complain(&error);
                    all = false;
                }
            }
        }
        if all {
            lock.remove()?;
        }
    }
    if removed > 0 {
        tracing::warn!(
            "removed {removed} unfinished {} that an interrupted run left in the store",
            if removed == 1 { "item" } else { "items" }
        );
    }
    Ok(())
}

/// By session, living or dead: what lies under its names, apart from its own file.
fn leftovers(layout: &Layout) -> Result<BTreeMap<String, Vec<PathBuf>>, FsError> {
    let mut leftovers: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let sessions_dir = layout.sessions_dir();
    for name in names(&sessions_dir)? {
        if let Some(id) = name.to_str().and_then(session::owner) {
            let files = leftovers.entry(id.to_owned()).or_default();
            if name != id {
                files.push(sessions_dir.join(&name));
            }
        }
    }
    let store_dir = layout.store_dir();
    for name in names(&store_dir)? {
        if let Some(id) = name.to_str().and_then(|name| session::owner(name.strip_prefix(PREFIX)?)) {
            leftovers.entry(id.to_owned()).or_default().push(store_dir.join(&name));
        }
    }
    Ok(leftovers)
}

fn sweep_locks(layout: &Layout) -> Result<(), FsError> {
    let directory = layout.locks_dir();
    for name in names(&directory)? {
        if let Some(lock) = FileLock::try_acquire(&directory.join(name))? {
            lock.remove()?;
        }
    }
    Ok(())
}

fn sweep_unfinished(layout: &Layout) -> Result<(), FsError> {
    let mut directories = vec![layout.profiles_dir(), layout.indirect_roots_dir(), layout.boot_dir()];
    for cache in names(&layout.cache_dir())? {
        let cache = layout.cache_dir().join(cache);
        if fs::symlink_metadata(&cache).at(Operation::Inspect, &cache)?.is_dir() {
            directories.push(cache);
        }
    }
    for directory in directories {
        for name in names(&directory)? {
            let unfinished = name.to_str().is_some_and(|name| UNFINISHED.iter().any(|p| name.starts_with(p)));
            let file = directory.join(&name);
            if unfinished && is_abandoned(&file) {
                remove_tree(&file)?;
            }
        }
    }
    Ok(())
}

/// Whether nobody has written to a file for so long that nobody will. A file that is gone is not.
fn is_abandoned(file: &Path) -> bool {
    let modified = fs::symlink_metadata(file).and_then(|metadata| metadata.modified());
    let age = modified.ok().and_then(|time| SystemTime::now().duration_since(time).ok());
    age.is_some_and(|age| age > ABANDONED_AFTER)
}

/// The names in a directory; none where there is no such directory.
fn names(directory: &Path) -> Result<Vec<OsString>, FsError> {
    entries_if_there(directory)?.map(|entry| Ok(entry?.file_name())).collect()
}

fn complain(error: &dyn std::error::Error) {
    tracing::warn!("something that an interrupted run left stays: {error}");
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::super::session::Session;
    use super::*;
    use crate::util::fs::create_dir_all;

    fn layout(directory: &tempfile::TempDir) -> Layout {
        let layout = Layout::new(directory.path()).unwrap();
        for part in [layout.store_dir(), layout.sessions_dir(), layout.locks_dir(), layout.cache_dir()] {
            create_dir_all(&part).unwrap();
        }
        layout
    }

    const DEAD: &str = "1f.0123456789abcdef";

    #[test]
    fn the_living_keep_their_names_and_the_dead_do_not() {
        let directory = tempfile::tempdir().unwrap();
        let layout = layout(&directory);
        let alive = Session::begin(&layout).unwrap();
        let (kept, kept_file) = (alive.temporary(), alive.scratch_file());
        fs::create_dir(kept.path()).unwrap();
        fs::write(kept_file.path(), "").unwrap();
        let dead = layout.store_dir().join(format!("{PREFIX}{DEAD}-3"));
        fs::create_dir_all(dead.join("sub")).unwrap();
        fs::write(layout.sessions_dir().join(DEAD), "").unwrap();
        fs::write(layout.sessions_dir().join(format!("{DEAD}-4")), "").unwrap();

        sweep(&layout);
        assert!(kept.path().exists() && kept_file.path().exists());
        assert!(!dead.exists());
        assert_eq!(fs::read_dir(layout.sessions_dir()).unwrap().count(), 2);
    }

    #[test]
    fn names_of_nobody_are_left_alone_and_hinder_nobody() {
        let directory = tempfile::tempdir().unwrap();
        let layout = layout(&directory);
        for name in ["-x", "", "..-1", "strange"] {
            fs::create_dir(layout.store_dir().join(format!("{PREFIX}{name}"))).unwrap();
        }
        sweep(&layout);
        assert_eq!(fs::read_dir(layout.store_dir()).unwrap().count(), 4);
    }

    #[test]
    fn locks_and_unfinished_files_go_when_nobody_needs_them() {
        let directory = tempfile::tempdir().unwrap();
        let layout = layout(&directory);
        let held = FileLock::try_acquire(&layout.locks_dir().join("held")).unwrap();
        fs::write(layout.locks_dir().join("dead"), "").unwrap();
        let directories = [layout.cache_dir().join("trees"), layout.profiles_dir(), layout.boot_dir()];
        for directory in &directories {
            create_dir_all(directory).unwrap();
            for name in [".new-old", ".new-young", ".fruix-image-old", "entry"] {
                let file = File::create(directory.join(name)).unwrap();
                if !name.ends_with("young") {
                    file.set_modified(SystemTime::now() - 2 * ABANDONED_AFTER).unwrap();
                }
            }
        }
        sweep(&layout);
        assert_eq!(names(&layout.locks_dir()).unwrap(), ["held"]);
        for directory in &directories {
            let mut left = names(directory).unwrap();
            left.sort();
            assert_eq!(left, [".new-young", "entry"], "{}", directory.display());
        }
        drop(held);
    }
}
