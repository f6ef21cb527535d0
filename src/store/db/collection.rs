//! What a collection of garbage asks of the database: all items at once, by their numbers, and that some be forgotten.

use rusqlite::{Connection, ErrorCode, TransactionBehavior, params};

use crate::store::StoreError;
use crate::store::error::DatabaseContext as _;

use super::Database;

/// Items and their edges, of one moment. The numbers are those of the tables.
#[derive(Debug, Default)]
pub struct GraphRows {
    /// Number, base name and size of each item, in the order of the numbers.
    pub items: Vec<(i64, Box<str>, u64)>,
    /// Referrer and reference, in the order of the referrers.
    pub references: Vec<(i64, i64)>,
    /// Item and the derivation that made it, where that is registered.
    pub derivers: Vec<(i64, i64)>,
}

/// What came of an attempt to forget items.
#[derive(Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// They are not registered any more.
    All,
    /// Something that stays refers to one of them: nothing has changed.
    None,
}

impl Database {
    /// All items that have a number above `after`, with what they refer to. Numbers that were once given are not given
    /// again as long as an item with a higher one stays; see [`Database::last_number`].
    pub fn graph(&self, after: i64) -> Result<GraphRows, StoreError> {
        let mut connection = self.connection();
        // Of one moment.
        let transaction = connection.transaction().on("begin a transaction in", &self.path)?;
        let read = || -> rusqlite::Result<GraphRows> {
            Ok(GraphRows {
                items: rows(
                    &transaction,
                    "select id, base_name, nar_size from items where id > ? order by id",
                    after,
                    |row| Ok((row.get(0)?, row.get::<_, String>(1)?.into_boxed_str(), row.get(2)?)),
                )?,
                references: rows(
                    &transaction,
                    "select referrer, reference from refs where referrer > ? order by referrer",
                    after,
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?,
                derivers: rows(
                    &transaction,
                    "select items.id, drv.id from items join items drv on drv.base_name = items.deriver
                        where items.id > ? order by items.id",
                    after,
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?,
            })
        };
        read().on("list the items of", &self.path)
    }

    /// Forgets items, all or none: numbers and base names.
    pub fn forget(&self, items: &[(i64, &str)]) -> Result<Forgotten, StoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .on("begin a transaction in", &self.path)?;
        match delete(&transaction, items) {
            // The transaction ends here, and all that it did with it.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                Ok(Forgotten::None)
            }
            result => {
                result.on("forget items in", &self.path)?;
                transaction.commit().on("commit to", &self.path)?;
                Ok(Forgotten::All)
            }
        }
    }

    /// The highest number that an item has. Those that are registered from now on have higher ones.
    pub fn last_number(&self) -> Result<i64, StoreError> {
        self.connection()
            .query_row("select coalesce(max(id), 0) from items", [], |row| row.get(0))
            .on("look up an item in", &self.path)
    }

    /// A number that changes whenever another process, or another thread by its own connection, changes the database.
    pub fn version(&self) -> Result<i64, StoreError> {
        self.connection()
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .on("look for changes of", &self.path)
    }
}

fn delete(connection: &Connection, items: &[(i64, &str)]) -> rusqlite::Result<()> {
    // What lies side by side in the tables is deleted one after the other.
    let mut items = items.to_vec();
    items.sort_unstable();
    let mut references = connection.prepare_cached("delete from refs where referrer = ?")?;
    for (id, _) in &items {
        references.execute([id])?;
    }
    if connection.query_row("select exists (select 1 from realisations)", [], |row| row.get(0))? {
        let mut records = connection.prepare_cached("delete from realisations where output = ?")?;
        for (_, base_name) in &items {
            records.execute([base_name])?;
        }
    }
    let mut item = connection.prepare_cached("delete from items where id = ? and base_name = ?")?;
    for (id, base_name) in items {
        item.execute(params![id, base_name])?;
    }
    Ok(())
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    after: i64,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map([after], read)?.collect()
}
