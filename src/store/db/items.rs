//! Items and their references.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use crate::store::error::DatabaseContext as _;
use crate::store::path_info::PathInfo;
use crate::store::{Realisation, StoreError};
use crate::store_path::StorePath;

use super::Database;

impl Database {
    /// Whether the item is registered.
    pub fn is_valid(&self, path: &StorePath) -> Result<bool, StoreError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("select 1 from items where base_name = ?")
            .on("look up an item", &self.path)?;
        statement.exists([path.base_name()]).on("look up an item", &self.path)
    }

    /// What is registered about the item.
    pub fn path_info(&self, path: &StorePath) -> Result<Option<PathInfo>, StoreError> {
        let row = {
            let connection = self.connection();
            let mut statement = connection
                .prepare_cached("select * from items where base_name = ?")
                .on("look up an item", &self.path)?;
            statement
                .query_row([path.base_name()], ItemRow::read)
                .optional()
                .on("look up an item", &self.path)?
        };
        let Some(row) = row else { return Ok(None) };
        let references = self.references(path)?;
        row.into_info(path.clone(), references).map(Some)
    }

    /// All registered items, by base name.
    pub fn all(&self) -> Result<Vec<StorePath>, StoreError> {
        self.paths("select base_name from items order by base_name", [])
    }

    /// The items that `path` refers to.
    pub fn references(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        let sql = "select target.base_name from items source
            join refs on refs.referrer = source.id join items target on target.id = refs.reference
            where source.base_name = ?";
        Ok(self.paths(sql, [path.base_name()])?.into_iter().collect())
    }

    /// The items that refer to `path`.
    pub fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        let sql = "select source.base_name from items target
            join refs on refs.reference = target.id join items source on source.id = refs.referrer
            where target.base_name = ?";
        Ok(self.paths(sql, [path.base_name()])?.into_iter().collect())
    }

    /// The items `path` refers to, directly or not, and itself: in one query, whatever the size.
    pub fn requisites(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        let sql = "with recursive closure (id) as (
                select id from items where base_name = ?
                union select refs.reference from closure join refs on refs.referrer = closure.id)
            select base_name from closure join items using (id)";
        Ok(self.paths(sql, [path.base_name()])?.into_iter().collect())
    }

    /// Registers items, which may refer to each other, with the records of how they came to be: all or none. An
    /// item that is registered already stays as it is.
    pub fn register(&self, items: &[PathInfo], records: &[Realisation]) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .on("begin a transaction", &self.path)?;
        let mut new = BTreeMap::new();
        for item in items {
            if let Some(id) = self.insert_item(&transaction, item)? {
                new.insert(id, item);
            }
        }
        for (id, item) in new {
            self.insert_references(&transaction, id, item)?;
        }
        for record in records {
            self.insert_realisation(&transaction, record)?;
        }
        transaction.commit().on("commit", &self.path)
    }

    /// The new item's number; `None` where it was registered before.
    fn insert_item(&self, transaction: &Transaction<'_>, item: &PathInfo) -> Result<Option<i64>, StoreError> {
        let mut statement = transaction
            .prepare_cached(
                "insert into items (base_name, nar_hash, nar_size, deriver, content_address, registered)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing returning id",
            )
            .on("register an item", &self.path)?;
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
            .optional()
            .on("register an item", &self.path)
    }

    fn insert_references(
        &self,
        transaction: &Transaction<'_>,
        id: i64,
        item: &PathInfo,
    ) -> Result<(), StoreError> {
        let mut statement = transaction
            .prepare_cached(
                "insert or ignore into refs (referrer, reference) select ?, id from items where base_name = ?",
            )
            .on("register a reference", &self.path)?;
        for reference in &item.references {
            let inserted = statement
                .execute(params![id, reference.base_name()])
                .on("register a reference", &self.path)?;
            if inserted == 0 {
                let (path, reference) = (item.path.clone(), reference.clone());
                return Err(StoreError::MissingReference { path, reference });
            }
        }
        Ok(())
    }

    fn paths(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<StorePath>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(sql).on("look up references", &self.path)?;
        let names: Vec<String> = statement
            .query_map(parameters, |row| row.get(0))
            .and_then(Iterator::collect)
            .on("look up references", &self.path)?;
        names.iter().map(|name| Ok(StorePath::from_base_name(name)?)).collect()
    }
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
