//! Temporary names in the store directory, and what becomes of them when their owner dies.
//!
//! Each process that writes holds a lock on a file of its own, its *session*; the temporary names it uses begin
//! with the session's identifier. The kernel releases the lock when the process ends, however it ends, so the
//! next writer knows which names nobody will finish, and removes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::util::fs::{FsError, Operation, PathContext as _, create_dir_all, remove_tree};
use crate::util::lock::FileLock;

use super::layout::Layout;

/// What temporary names in the store directory begin with; no store path does.
const PREFIX: &str = ".tmp-";

/// A process's right to temporary names in one store.
#[derive(Debug)]
pub struct Session {
    store_dir: PathBuf,
    id: String,
    next: AtomicU64,
    lock: Option<FileLock>,
}

impl Session {
    /// Begins a session, and removes what dead processes left.
    pub fn begin(layout: &Layout) -> Result<Self, FsError> {
        let sessions = layout.sessions_dir();
        create_dir_all(&sessions)?;
        remove_leftovers(layout)?;
        let (id, lock) = loop {
            let id = random_id();
            if let Some(lock) = FileLock::try_acquire(&sessions.join(&id))? {
                break (id, lock);
            }
        };
        Ok(Session { store_dir: layout.store_dir(), id, next: AtomicU64::new(0), lock: Some(lock) })
    }

    /// A name in the store directory that nothing has. What is made there is removed when the value is dropped,
    /// or, if the process dies first, by the next writer.
    pub fn temporary(&self) -> Temporary {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Temporary { path: self.store_dir.join(format!("{PREFIX}{}-{number}", self.id)) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A file that stays is removed by the next writer.
        if let Some(Err(error)) = self.lock.take().map(FileLock::remove) {
            tracing::debug!("the session's file stays: {error}");
        }
    }
}

/// A temporary place in the store directory.
#[derive(Debug)]
pub struct Temporary {
    path: PathBuf,
}

impl Temporary {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = remove_tree(&self.path) {
            tracing::warn!("a temporary tree stays until the next run: {error}");
        }
    }
}

/// Removes what lies under temporary names whose session nobody holds, and says so.
fn remove_leftovers(layout: &Layout) -> Result<(), FsError> {
    let store_dir = layout.store_dir();
    let mut leftovers: Vec<(String, PathBuf)> = Vec::new();
    for entry in fs::read_dir(&store_dir).at(Operation::List, &store_dir)? {
        let name = entry.at(Operation::List, &store_dir)?.file_name();
        let session = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        if let Some(session) = session {
            leftovers.push((session.to_owned(), store_dir.join(&name)));
        }
    }
    let mut removed = 0;
    for (session, path) in leftovers {
        // Held while removing, so that two processes do not remove the same tree.
        if let Some(lock) = FileLock::try_acquire(&layout.sessions_dir().join(session))? {
            remove_tree(&path)?;
            lock.remove()?;
            removed += 1;
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

/// Letters and digits that no other session has.
fn random_id() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    // The keys of a `RandomState` come from the system's random numbers.
    format!("{:x}.{:016x}", std::process::id(), RandomState::new().hash_one(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(directory: &tempfile::TempDir) -> Layout {
        let layout = Layout::new(directory.path()).unwrap();
        create_dir_all(&layout.store_dir()).unwrap();
        layout
    }

    #[test]
    fn the_living_keep_their_names_and_the_dead_do_not() {
        let directory = tempfile::tempdir().unwrap();
        let layout = layout(&directory);
        let alive = Session::begin(&layout).unwrap();
        let kept = alive.temporary();
        fs::create_dir(kept.path()).unwrap();
        let dead = layout.store_dir().join(format!("{PREFIX}0.dead-3"));
        fs::create_dir_all(dead.join("sub")).unwrap();
        fs::write(layout.sessions_dir().join("0.dead"), "").unwrap();

        let _next = Session::begin(&layout).unwrap();
        assert!(kept.path().exists());
        assert!(!dead.exists());
        assert!(!layout.sessions_dir().join("0.dead").exists());
    }

    #[test]
    fn nothing_stays_of_a_session_that_ended_well() {
        let directory = tempfile::tempdir().unwrap();
        let layout = layout(&directory);
        let session = Session::begin(&layout).unwrap();
        let temporary = session.temporary();
        fs::create_dir(temporary.path()).unwrap();
        drop(temporary);
        drop(session);
        assert_eq!(fs::read_dir(layout.sessions_dir()).unwrap().count(), 0);
        assert_eq!(fs::read_dir(layout.store_dir()).unwrap().count(), 0);
    }
}
