//! Items and their references.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::store::error::DatabaseContext as _;
use crate::store::path_info::PathInfo;
use crate::store::{Realisation, StoreError};
use crate::store_path::StorePath;

use super::Database;

impl Database {
    /// Whether the item is registered.
    pub fn is_registered(&self, path: &StorePath) -> Result<bool, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("select 1 from items where base_name = ?")
            .on("look up an item in", &self.path)?;
        statement.exists([path.base_name()]).on("look up an item in", &self.path)
    }

    /// What is registered about the item.
    pub fn path_info(&self, path: &StorePath) -> Result<Option<PathInfo>, StoreError> {
        let mut connection = self.connection();
        // Of one moment: what is registered may be registered anew in between.
        let transaction = connection.transaction().on("begin a transaction in", &self.path)?;
        let row = transaction
            .prepare_cached("select * from items where base_name = ?")
            .and_then(|mut statement| statement.query_row([path.base_name()], ItemRow::read).optional())
            .on("look up an item in", &self.path)?;
        let Some(row) = row else { return Ok(None) };
        let names =
            names(&transaction, REFERENCES, [path.base_name()]).on("look up references in", &self.path)?;
        row.into_info(path.clone(), parse(&names)?).map(Some)
    }

    /// The base names of all registered items, as they stand there, in order.
    pub fn all(&self) -> Result<Vec<String>, StoreError> {
        names(&self.connection(), "select base_name from items order by base_name", [])
            .on("list the items of", &self.path)
    }

    /// The items that refer to `path`.
    pub fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        let sql = "select source.base_name from items target
            join refs on refs.reference = target.id join items source on source.id = refs.referrer
            where target.base_name = ?";
        self.paths(sql, [path.base_name()])
    }

    /// The items `path` refers to, directly or not, and itself: in one query, whatever the size.
    pub fn requisites(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        let sql = "with recursive closure (id) as (
                select id from items where base_name = ?
                union select refs.reference from closure join refs on refs.referrer = closure.id)
            select base_name from closure join items using (id)";
        self.paths(sql, [path.base_name()])
    }

    /// Registers items, which may refer to each other, with the records of how they came to be: all or none. What was
    /// registered about an item before, whose contents were lost, no longer counts.
    pub fn register(&self, items: &[&PathInfo], records: &[Realisation]) -> Result<(), StoreError> {
        self.change(|transaction| self.insert_all(transaction, items, records))
    }

    /// Registers items in place of everything that was registered before.
    pub fn refill(&self, items: &[&PathInfo], records: &[Realisation]) -> Result<(), StoreError> {
        self.change(|transaction| {
            transaction
                .execute_batch("delete from refs; delete from items; delete from realisations;")
                .on("empty the tables of", &self.path)?;
            self.insert_all(transaction, items, records)
        })
    }

    /// Makes changes that happen all or not at all.
    fn change(
        &self,
        changes: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .on("begin a transaction in", &self.path)?;
        changes(&transaction)?;
        transaction.commit().on("commit to", &self.path)
    }

    fn insert_all(
        &self,
        transaction: &Transaction<'_>,
        items: &[&PathInfo],
        records: &[Realisation],
    ) -> Result<(), StoreError> {
        let mut ids = Vec::new();
        for item in items {
            ids.push(self.insert_item(transaction, item)?);
        }
        for (id, item) in ids.into_iter().zip(items) {
            self.insert_references(transaction, id, item)?;
        }
        records.iter().try_for_each(|record| self.insert_realisation(transaction, record))
    }

    /// The item's number in the tables.
    fn insert_item(&self, transaction: &Transaction<'_>, item: &PathInfo) -> Result<i64, StoreError> {
        let mut statement = transaction
            .prepare_cached(
                "insert into items (base_name, nar_hash, nar_size, deriver, content_address, registered)
                values (?, ?, ?, ?, ?, ?)
                on conflict (base_name) do update set nar_hash = excluded.nar_hash,
                    nar_size = excluded.nar_size, deriver = excluded.deriver,
                    content_address = excluded.content_address, registered = excluded.registered
                returning id",
            )
            .on("register an item in", &self.path)?;
        statement
            .query_row(
                params![
                    item.path.base_name(),
                    item.nar_hash.to_string(),
                    item.nar_size,
                    item.deriver.as_ref().map(StorePath::base_name),
                    item.content_address.map(|address| address.to_string()),
                    item.registration_time,
                ],
                |row| row.get(0),
            )
            .on("register an item in", &self.path)
    }

    fn insert_references(
        &self,
        transaction: &Transaction<'_>,
        id: i64,
        item: &PathInfo,
    ) -> Result<(), StoreError> {
        transaction
            .prepare_cached("delete from refs where referrer = ?")
            .and_then(|mut statement| statement.execute([id]))
            .on("register a reference in", &self.path)?;
        let mut statement = transaction
            .prepare_cached(
                "insert into refs (referrer, reference) select ?, id from items where base_name = ?",
            )
            .on("register a reference in", &self.path)?;
        for reference in &item.references {
            let inserted = statement
                .execute(params![id, reference.base_name()])
                .on("register a reference in", &self.path)?;
            if inserted == 0 {
                let (path, reference) = (item.path.clone(), reference.clone());
                return Err(StoreError::MissingReference { path, reference });
            }
        }
        Ok(())
    }

    fn paths(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<BTreeSet<StorePath>, StoreError> {
        parse(&names(&self.connection(), sql, parameters).on("look up references in", &self.path)?)
    }
}

/// The items that an item refers to.
const REFERENCES: &str = "select target.base_name from items source
    join refs on refs.referrer = source.id join items target on target.id = refs.reference
    where source.base_name = ?";

/// The base names that a query gives.
fn names(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<Vec<String>> {
    connection.prepare_cached(sql)?.query_map(parameters, |row| row.get(0))?.collect()
}

fn parse(names: &[String]) -> Result<BTreeSet<StorePath>, StoreError> {
    let path = |name: &String| {
        StorePath::from_base_name(name)
            .map_err(|error| StoreError::DamagedEntry { base_name: name.clone(), problem: error.to_string() })
    };
    names.iter().map(path).collect()
}

/// A row of `items`, its texts not yet read.
struct ItemRow {
    nar_hash: String,
    nar_size: u64,
    deriver: Option<String>,
    content_address: Option<String>,
    registered: u64,
}

impl ItemRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ItemRow {
            nar_hash: row.get("nar_hash")?,
            nar_size: row.get("nar_size")?,
            deriver: row.get("deriver")?,
            content_address: row.get("content_address")?,
            registered: row.get("registered")?,
        })
    }

    fn into_info(self, path: StorePath, references: BTreeSet<StorePath>) -> Result<PathInfo, StoreError> {
        let damaged =
            |problem: String| StoreError::DamagedEntry { base_name: path.base_name().to_owned(), problem };
        let deriver = self.deriver.as_deref().map(StorePath::from_base_name).transpose();
        let content_address = self.content_address.as_deref().map(str::parse).transpose();
        Ok(PathInfo {
            nar_hash: self.nar_hash.parse().map_err(|e: crate::hash::HashError| damaged(e.to_string()))?,
            nar_size: self.nar_size,
            references,
            deriver: deriver.map_err(|e| damaged(e.to_string()))?,
            content_address: content_address
                .map_err(|e: crate::content_address::ContentAddressError| damaged(e.to_string()))?,
            registration_time: self.registered,
            path,
        })
    }
}
