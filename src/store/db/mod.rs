//! The database: which items are valid, who refers to whom, how items came to be.
//!
//! SQLite in write-ahead mode: readers never wait, and a transaction that returned survives a power cut. All of
//! it can be made again from the facts beside the items (see [`super::rebuild`]).

mod collection;
mod items;
mod realisations;

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::store::StoreError;
use crate::store::error::DatabaseContext as _;
use crate::util::fs::{FsError, Operation};

pub use collection::{Forgotten, GraphRows};

/// The format of the tables, kept in the database as its `user_version`.
const FORMAT: i64 = 1;

/// How long a writer waits for another before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// An item can be deleted only after the rows of `refs` that name it: a deletion begins with those of the items to be
/// deleted, which may refer to themselves and to each other.
const TABLES: &str = "
    create table items (
        id integer primary key,
        base_name text not null unique,
        nar_hash text not null,
        nar_size integer not null,
        deriver text,
        content_address text,
        registered integer not null
    ) strict;
    create table refs (
        referrer integer not null references items on delete cascade,
        reference integer not null references items on delete restrict,
        primary key (referrer, reference)
    ) strict, without rowid;
    create index refs_by_reference on refs (reference);
    create table realisations (
        id integer primary key,
        output text not null,
        kind text not null,
        ended integer not null,
        record text not null
    ) strict;
    create index realisations_by_output on realisations (output);
    create index realisations_by_kind on realisations (kind, ended);
";

/// An open database, usable from several threads.
#[derive(Debug)]
pub struct Database {
    path: PathBuf,
    connection: Mutex<Connection>,
    /// The file that was opened: device and inode number.
    identity: (u64, u64),
}

/// What is found where a database should be.
enum Found {
    Tables,
    /// No table at all: it was not there, or is empty.
    Nothing,
}

impl Database {
    /// Opens the database at `path` for writing. `None` where there is none, or none yet.
    pub fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let database = Self::connect(path, OpenFlags::default())?;
        match database.look()? {
            Found::Nothing => Ok(None),
            Found::Tables => {
                database.set_up_writing()?;
                Ok(Some(database))
            }
        }
    }

    /// Makes the database at `path`, where none is. For one process at a time: of two that change SQLite's mode of writing
    /// at once, one is refused, however long it would wait.
    pub fn make(path: &Path) -> Result<Self, StoreError> {
        let database = Self::connect(path, OpenFlags::default())?;
        database.set_up_writing()?;
        database.make_tables()?;
        Ok(database)
    }

    /// Opens a database that is there, to read only. `None` if there is none, or none yet: another process may be about to
    /// make its tables.
    pub fn open_to_read(path: &Path) -> Result<Option<Self>, StoreError> {
        if !crate::util::fs::exists(path)? {
            return Ok(None);
        }
        // Where the right is there, SQLite first ends what a process that died had begun.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut database = Self::connect(path, flags)?;
        let mut found = database.look();
        if found.is_err() && !has_log(path) {
            // It may be that the log of changes cannot be opened, because its files cannot be made in this directory.
            // Where there is none, nobody is writing, and what lies there is all.
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let unchanging = Self::connect(&unchanging(path)?, flags)?;
            if let Ok(what) = unchanging.look() {
                (database, found) = (unchanging, Ok(what));
            }
        }
        match found? {
            Found::Tables => {
                let only_read = database.connection().pragma_update(None, "query_only", true);
                only_read.on("read", path)?;
                Ok(Some(database))
            }
            Found::Nothing => Ok(None),
        }
    }

    fn connect(name: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(name, flags).on("open", name)?;
        connection.busy_timeout(BUSY_TIMEOUT).on("set the time-out of", name)?;
        let identity = identity(name).unwrap_or_default();
        Ok(Database { path: name.to_owned(), connection: Mutex::new(connection), identity })
    }

    /// Whether the file that was opened is still the one with the database's name: it may have been made anew.
    pub fn is_current(&self) -> Result<bool, FsError> {
        match identity(&self.path) {
            Ok(identity) => Ok(identity == self.identity),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(FsError::new(Operation::Inspect, &self.path, error)),
        }
    }

    fn set_up_writing(&self) -> Result<(), StoreError> {
        // Full: a registration that was reported must survive a power cut.
        self.connection()
            .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;")
            .on("set the mode of writing of", &self.path)
    }

    fn make_tables(&self) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .on("begin a transaction in", &self.path)?;
        transaction.execute_batch(TABLES).on("create the tables of", &self.path)?;
        transaction.pragma_update(None, "user_version", FORMAT).on("set the format of", &self.path)?;
        transaction.commit().on("commit to", &self.path)
    }

    /// Whether the tables are there; an error where they are not ours, or of another format.
    fn look(&self) -> Result<Found, StoreError> {
        let connection = self.connection();
        // One view for both questions: another process may make the tables between them.
        let view = connection.unchecked_transaction().on("read", &self.path)?;
        let path = || self.path.clone();
        match format_of(&view).on("read the format of", &self.path)? {
            FORMAT => Ok(Found::Tables),
            0 => {
                let tables = view
                    .query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0))
                    .on("list the tables of", &self.path)?;
                if tables == 0 {
                    Ok(Found::Nothing)
                } else {
                    Err(StoreError::ForeignDatabase { path: path() })
                }
            }
            found if found > FORMAT => Err(StoreError::NewerDatabase { path: path(), found, known: FORMAT }),
            found => Err(StoreError::OlderDatabase { path: path(), found, known: FORMAT }),
        }
    }

    /// The connection. A panic while it was held leaves at most an unfinished transaction, which was rolled
    /// back, so a poisoned lock is no reason to stop.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What SQLite says, without the text of the statement.
pub fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

/// What to do about what SQLite says.
pub fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            "free some space, as `fruix store gc` does, and run the command again: nothing half-written is kept"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "see that the disk is neither full nor faulty; `fruix store gc` makes room even where there is none"
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            "see that it is a file, who owns it and its directory, and that its file system is not read-only"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process holds it; run the command again when that has ended"
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "make it again from the facts beside the items: fruix store rebuild-database"
        }
        _ => {
            "`sqlite3 FILE 'pragma integrity_check'` examines it; `fruix store rebuild-database` makes it again"
        }
    }
}

fn format_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Whether changes lie beside the database that are not in it yet, or have to be taken back.
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| {
        let mut log = path.as_os_str().to_owned();
        log.push(suffix);
        fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0)
    })
}

/// The name by which SQLite takes a database for one that nobody changes.
fn unchanging(path: &Path) -> Result<PathBuf, StoreError> {
    let path = path.to_str().ok_or_else(|| {
        FsError::new(
            Operation::Open,
            path,
            io::Error::new(io::ErrorKind::InvalidInput, "its name is no text"),
        )
    })?;
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(PathBuf::from(format!("file:{escaped}?immutable=1")))
}
