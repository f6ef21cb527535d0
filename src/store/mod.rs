//! The store: what is valid and who refers to whom.
//!
//! An item is *valid* when it is registered in the database and there, and it is registered only after it is complete,
//! canonical and on disk. On its way there it lies under a temporary name, which nobody takes for an item:
//!
//! 1. written under a temporary name in the store directory ([`session`]), hashed on the way ([`tree`]);
//! 2. made read-only, with canonical times;
//! 3. flushed to disk, together with the file of facts from which the database can be made again ([`facts`]);
//! 4. written down as about to be moved ([`journal`]), and renamed to its store path, and the facts to theirs;
//! 5. registered, all items of one build in one transaction ([`db`]).
//!
//! Whatever happens between two steps, what is registered is whole. What is not is removed by whoever next wants to
//! write there: temporary names when a session begins ([`sweep`]), renamed items when the journal is taken ([`publish`]).

mod access;
mod add;
mod adopt;
mod closure;
mod db;
mod derivations;
mod error;
mod examination;
mod facts;
pub mod gc;
mod hold;
mod interruption;
mod journal;
pub mod layout;
mod memo;
mod optimise;
mod outputs;
mod path_info;
mod publish;
mod realisation;
mod rebuild;
mod receive;
mod reserve;
mod session;
pub mod settings;
mod sweep;
pub mod tree;
mod upkeep;
mod upload;
mod verify;
pub mod why;
mod workplace;

use std::sync::{Arc, OnceLock};

use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::util::fs::{create_dir_all, exists};
use crate::util::lock::FileLock;

use db::Database;
use interruption::Interruption;
use journal::Journal;
use session::Session;
use tree::cache::TreeCache;

pub use access::StoreAccess;
pub use add::Text;
pub use derivations::CheckedDerivations;
pub use error::StoreError;
pub use examination::{Examination, Examined, Finding};
pub use facts::preset as preset_facts;
pub use gc::link_root;
pub use hold::Pause;
pub use layout::Layout;
pub use memo::tree_fingerprint;
pub use optimise::Optimised;
pub use outputs::{SealRequest, Sealed};
pub use path_info::{PathInfo, now};
pub use realisation::{Machine, Origin, Program, Realisation};
pub use rebuild::Rebuilt;
pub use session::Temporary;
pub use settings::Settings;
pub use upkeep::Upkeep;
pub use upload::Upload;
pub use verify::{Fault, Problem, Repair};
pub use workplace::Workplace;

/// The lock of the process that makes the database of a new store.
const MAKING: &str = "making-database";

/// An open store. It may be used from several threads and several processes at once.
#[derive(Debug)]
pub struct Store {
    layout: Layout,
    database: Database,
    settings: Settings,
    interruption: Interruption,
    /// Whether it was opened for commands that only look.
    is_read_only: bool,
    /// Begun when first something is written.
    session: OnceLock<Arc<Session>>,
    checked: CheckedDerivations,
}

impl Store {
    /// Opens the store for reading and writing, and makes its directories and its database where there are none.
    pub fn open(layout: Layout) -> Result<Self, StoreError> {
        let store = Self::open_to_write(layout)?;
        reserve::keep(&store.layout);
        Ok(store)
    }

    fn open_to_write(layout: Layout) -> Result<Self, StoreError> {
        for directory in [layout.store_dir(), layout.facts_dir(), layout.locks_dir()] {
            create_dir_all(&directory)?;
        }
        let database = match Database::open(&layout.db())? {
            Some(database) => database,
            None => Self::make_database(&layout)?,
        };
        Self::with(layout, database, false)
    }

    /// Makes the database of a new store, unless another process has by then. Where items were registered it was lost, or
    /// they came without one, as in an image: it is made again from the facts.
    fn make_database(layout: &Layout) -> Result<Database, StoreError> {
        let waiting = || tracing::debug!("waiting for another process that makes the database");
        let making = FileLock::acquire(&layout.locks_dir().join(MAKING), waiting, &interrupt::requested)?;
        let Some(making) = making else {
            return Err(StoreError::Interrupted { what: "the database of the store".to_owned() });
        };
        let path = layout.db();
        let database = match Database::open(&path)? {
            Some(database) => database,
            None if facts::any(layout)? => Self::make_again(layout)?,
            None => Database::make(&path)?,
        };
        making.remove()?;
        Ok(database)
    }

    fn make_again(layout: &Layout) -> Result<Database, StoreError> {
        let rebuilt = Self::rebuild_database(layout)?;
        tracing::warn!("the store had no database: it was made again, with {} items", rebuilt.registered);
        rebuilt.left_out.iter().for_each(|why| tracing::warn!("not registered: {why}"));
        Database::open(&layout.db())?.ok_or_else(|| StoreError::DatabaseLost { path: layout.db() })
    }

    /// Opens a store that is there, to read only: neither it nor anything else is made or changed, but for a database
    /// that is lost where this user can make it again. That needs no right to write.
    pub fn open_to_read(layout: Layout) -> Result<Self, StoreError> {
        match Database::open_to_read(&layout.db())? {
            Some(database) => Self::with(layout, database, true),
            None if facts::any(&layout)? => match layout.is_writable() {
                true => Ok(Self { is_read_only: true, ..Self::open_to_write(layout)? }),
                false => Err(StoreError::DatabaseLost { path: layout.db() }),
            },
            None => Err(StoreError::NoStore { root: layout.root().to_owned() }),
        }
    }

    fn with(layout: Layout, database: Database, is_read_only: bool) -> Result<Self, StoreError> {
        let settings = Settings::load(&layout)?;
        let (session, checked) = (OnceLock::new(), CheckedDerivations::default());
        let interruption = Interruption::default();
        Ok(Store { layout, database, settings, interruption, is_read_only, session, checked })
    }

    /// Where its parts lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Whether an item is registered, and there.
    pub fn is_valid(&self, path: &StorePath) -> Result<bool, StoreError> {
        Ok(self.database.is_registered(path)? && exists(&self.layout.physical(path))?)
    }

    /// What is known about a valid item.
    pub fn path_info(&self, path: &StorePath) -> Result<PathInfo, StoreError> {
        self.require_valid(path)?;
        self.database.path_info(path)?.ok_or_else(|| StoreError::NotValid { path: path.clone() })
    }

    /// The last record of how an output came to be.
    pub fn realisation(&self, output: &StorePath) -> Result<Option<Realisation>, StoreError> {
        self.database.realisation(output)
    }

    /// The record of the last work of a kind (see [`Realisation::kind`]), to estimate how long the next takes.
    pub fn last_of_kind(&self, kind: &str) -> Result<Option<Realisation>, StoreError> {
        self.database.last_of_kind(kind)
    }

    /// Waits until no other process or thread is making the item `path`, and keeps them from it while the
    /// result lives. Then look whether the item has become valid meanwhile. `give_up` is asked while waiting.
    pub fn lock_path(&self, path: &StorePath, give_up: &dyn Fn() -> bool) -> Result<PathLock, StoreError> {
        self.lock(path.base_name(), &path.to_string(), give_up)
    }

    /// An unused place in the store directory, for a build and its outputs, say: on the same file system as the
    /// items, and removed when dropped, or by the next writer if this process dies.
    pub fn temporary(&self) -> Result<Temporary, StoreError> {
        Ok(self.session()?.temporary())
    }

    fn lock(&self, name: &str, what: &str, give_up: &dyn Fn() -> bool) -> Result<PathLock, StoreError> {
        let file = self.layout.locks_dir().join(name);
        let mut was_waited_for = false;
        let waiting = || {
            was_waited_for = true;
            tracing::info!("waiting for another process that is making {what}");
        };
        match FileLock::acquire(&file, waiting, give_up)? {
            None => Err(StoreError::Interrupted { what: what.to_owned() }),
            lock => Ok(PathLock { lock, was_waited_for }),
        }
    }

    /// The session of this value. When it begins, what dead processes left is removed.
    fn session(&self) -> Result<Arc<Session>, StoreError> {
        if let Some(session) = self.session.get() {
            return Ok(Arc::clone(session));
        }
        sweep::sweep(&self.layout);
        if let Some(journal) = Journal::try_acquire(&self.layout)? {
            self.recover(&journal)?;
        }
        let session = Session::begin(&self.layout)?;
        // Another thread may have begun one meanwhile: then this one ends unused.
        let session = Arc::clone(self.session.get_or_init(|| session));
        self.end_optimising()?;
        Ok(session)
    }

    fn tree_cache(&self) -> TreeCache {
        TreeCache::of(&self.layout)
    }
}

/// A lock on a store path, held until dropped, or until the process ends.
#[derive(Debug)]
pub struct PathLock {
    lock: Option<FileLock>,
    was_waited_for: bool,
}

impl PathLock {
    /// Whether somebody else had it first.
    fn was_waited_for(&self) -> bool {
        self.was_waited_for
    }
}

impl Drop for PathLock {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.lock.take().map(FileLock::remove) {
            tracing::debug!("a lock's file stays: {error}");
        }
    }
}

#[cfg(test)]
mod tests;
