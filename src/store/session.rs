//! Temporary names in the store directory, and how the next writer knows that their owner has died.
//!
//! Each process that writes holds a lock on a file of its own, its *session*; the temporary names it uses begin
//! with the session's identifier. The kernel releases the lock when the process ends, however it ends, so the
//! next writer knows which names nobody will finish, and removes them (see [`super::sweep`]).
//!
//! The file itself lists what the process needs to stay valid (see [`super::hold`]).

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, Builder};

use crate::store_path::StorePath;
use crate::sys::durability::Flusher;
use crate::util::fs::{
    FsError, Operation, PathContext as _, create_dir_all, random_name, remove_tree, write_all_at,
};
use crate::util::lock::FileLock;

use super::layout::Layout;

/// What temporary names in the store directory begin with; no store path does.
pub(super) const PREFIX: &str = ".tmp-";

/// How many bytes are worth a flush while more are being written.
const FLUSHED_AT_ONCE: usize = 96 << 20;

/// How many digits the random part of an identifier has.
const RANDOM_DIGITS: usize = 16;

/// A process's right to temporary names in one store.
#[derive(Debug)]
pub struct Session {
    store_dir: PathBuf,
    sessions_dir: PathBuf,
    id: String,
    next: AtomicU64,
    /// Made before anything is written, so that it learns of every write that fails.
    flusher: Flusher,
    held: Mutex<Held>,
    lock: Option<FileLock>,
}

/// What the session's file lists.
#[derive(Debug, Default)]
struct Held {
    items: HashSet<StorePath>,
    /// Length of the file.
    written: u64,
}

impl Session {
    /// Begins a session.
    pub fn begin(layout: &Layout) -> Result<Arc<Self>, FsError> {
        let (store_dir, sessions_dir) = (layout.store_dir(), layout.sessions_dir());
        create_dir_all(&sessions_dir)?;
        let flusher = Flusher::new(&[&store_dir, &sessions_dir])?;
        let (id, lock) = loop {
            let id = random_id();
            if let Some(lock) = FileLock::try_acquire(&sessions_dir.join(&id))? {
                break (id, Some(lock));
            }
        };
        Ok(Arc::new(Session {
            store_dir,
            sessions_dir,
            id,
            next: AtomicU64::new(0),
            flusher,
            held: Mutex::default(),
            lock,
        }))
    }

    /// A name in the store directory that nothing has.
    pub fn temporary(self: &Arc<Self>) -> Temporary {
        let path = self.store_dir.join(format!("{PREFIX}{}-{}", self.id, self.number()));
        Temporary { path, _session: Arc::clone(self) }
    }

    /// A name that nothing has, on the file system of the database.
    pub fn scratch_file(self: &Arc<Self>) -> Temporary {
        let path = self.sessions_dir.join(format!("{}-{}", self.id, self.number()));
        Temporary { path, _session: Arc::clone(self) }
    }

    /// Brings to disk what this session wrote at or below `places`.
    pub fn flush(&self, places: &[&Path]) -> Result<(), FsError> {
        self.flusher.flush(places)
    }

    /// Does some work, which says again and again how many bytes it has written, and has the disk begin with them
    /// meanwhile. Otherwise a gigabyte would wait in memory until all of it is to be flushed, and the disk with it.
    pub fn flush_while<T>(&self, work: impl FnOnce(&mut dyn FnMut(usize)) -> T) -> T {
        let (sender, receiver) = mpsc::sync_channel(1);
        let flush = move || receiver.iter().for_each(|()| self.flusher.flush_early());
        thread::scope(|scope| {
            // Where no thread can be had, all is flushed at the end.
            if let Err(error) = Builder::new().spawn_scoped(scope, flush) {
                tracing::debug!("nothing is flushed early: {error}");
            }
            // Owned here, so that the thread ends when the work does.
            let sender = sender;
            let mut unflushed = 0;
            work(&mut |bytes| {
                unflushed += bytes;
                // If the disk is busy with what came before, the next bytes ask again.
                if unflushed >= FLUSHED_AT_ONCE && sender.try_send(()).is_ok() {
                    unflushed = 0;
                }
            })
        })
    }

    /// Of the items, those that are not held yet.
    pub fn not_held<'a>(&self, items: impl IntoIterator<Item = &'a StorePath>) -> BTreeSet<StorePath> {
        let held = self.held();
        items.into_iter().filter(|item| !held.items.contains(item)).cloned().collect()
    }

    /// Lists items as needed. The caller keeps collectors away meanwhile.
    pub fn hold(&self, items: BTreeSet<StorePath>) -> Result<(), FsError> {
        let Some(lock) = &self.lock else { return Ok(()) };
        let text: String = items.iter().map(|item| format!("{}\n", item.base_name())).collect();
        let mut held = self.held();
        // At the known end: what an earlier call could not write whole is overwritten.
        write_all_at(lock.file(), text.as_bytes(), held.written).at(Operation::Write, lock.path())?;
        held.written += text.len() as u64;
        held.items.extend(items);
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
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

/// A temporary place. What is made there is removed when the value is dropped, or, if the process dies first, by the
/// next writer. It keeps the session alive by which others know that it is in use.
#[derive(Debug)]
pub struct Temporary {
    path: PathBuf,
    _session: Arc<Session>,
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

/// The session that a name like `ID` or `ID-NUMBER…` belongs to; `None` for any other name.
pub(super) fn owner(name: &str) -> Option<&str> {
    let id = name.split('-').next()?;
    let (process, random) = id.split_once('.')?;
    let hexadecimal = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hexadecimal(process) && hexadecimal(random) && random.len() == RANDOM_DIGITS).then_some(id)
}

/// Letters and digits that no other session has.
fn random_id() -> String {
    format!("{:x}.{}", std::process::id(), random_name())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nothing_stays_of_a_session_that_ended_well() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        create_dir_all(&layout.store_dir()).unwrap();
        let session = Session::begin(&layout).unwrap();
        let temporary = session.temporary();
        fs::create_dir(temporary.path()).unwrap();
        drop(session);
        assert_eq!(fs::read_dir(layout.sessions_dir()).unwrap().count(), 1, "the temporary place needs it");
        drop(temporary);
        assert_eq!(fs::read_dir(layout.sessions_dir()).unwrap().count(), 0);
        assert_eq!(fs::read_dir(layout.store_dir()).unwrap().count(), 0);
    }

    #[test]
    fn only_names_of_sessions_have_an_owner() {
        let id = random_id();
        assert_eq!(owner(&id), Some(id.as_str()));
        assert_eq!(owner(&format!("{id}-7.new-x")), Some(id.as_str()));
        for name in ["", "-x", "..-1", "1.2-3", "../x", "aXyZ12"] {
            assert_eq!(owner(name), None, "{name}");
        }
    }
}
