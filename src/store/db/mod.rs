//! The database: which items are valid, who refers to whom, how items came to be.
//!
//! SQLite in write-ahead mode: readers never wait, and a transaction that returned survives a power cut. All of
//! it but the realisation records can be made again from the facts beside the items.

mod items;
mod realisations;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::store::StoreError;
use crate::store::error::DatabaseContext as _;

/// The format of the tables, kept in the database as its `user_version`.
const FORMAT: i64 = 1;

/// How long a writer waits for another before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

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
}

impl Database {
    /// Opens the database at `path`; makes it where there is none.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).on("open what is", path)?;
        connection.busy_timeout(BUSY_TIMEOUT).on("set the time-out", path)?;
        // Full: a registration that was reported must survive a power cut.
        connection
            .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;")
            .on("set the mode of writing", path)?;
        let database = Database { path: path.to_owned(), connection: Mutex::new(connection) };
        database.prepare_tables()?;
        Ok(database)
    }

    fn prepare_tables(&self) -> Result<(), StoreError> {
        if self.check_format()? {
            return Ok(());
        }
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .on("begin a transaction", &self.path)?;
        // Another process may have been first.
        let format = format_of(&transaction).on("read the format", &self.path)?;
        if format == 0 {
            transaction.execute_batch(TABLES).on("create the tables", &self.path)?;
            transaction.pragma_update(None, "user_version", FORMAT).on("set the format", &self.path)?;
        }
        transaction.commit().on("commit", &self.path)
    }

    /// Whether the tables are there; an error where they are of a format from the future.
    fn check_format(&self) -> Result<bool, StoreError> {
        match format_of(&self.connection()).on("read the format", &self.path)? {
            0 => Ok(false),
            FORMAT => Ok(true),
            found => Err(StoreError::NewerDatabase { path: self.path.clone(), found, known: FORMAT }),
        }
    }

    /// The connection. A panic while it was held leaves at most an unfinished transaction, which was rolled
    /// back, so a poisoned lock is no reason to stop.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn format_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
