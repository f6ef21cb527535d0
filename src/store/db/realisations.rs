//! Records of how items came to be.

use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::store::error::DatabaseContext as _;
use crate::store::{Realisation, StoreError};
use crate::store_path::StorePath;

use super::Database;

impl Database {
    /// The last record of an output.
    pub fn realisation(&self, output: &StorePath) -> Result<Option<Realisation>, StoreError> {
        self.last_record(
            "select record from realisations where output = ? order by id desc limit 1",
            output.base_name(),
        )
    }

    /// The record of the last work of a kind, by which the duration of the next is estimated.
    pub fn last_of_kind(&self, kind: &str) -> Result<Option<Realisation>, StoreError> {
        self.last_record(
            "select record from realisations where kind = ? order by ended desc, id desc limit 1",
            kind,
        )
    }

    /// All records of an output, in the order in which they were made. One that cannot be read is left out.
    pub fn realisations(&self, output: &StorePath) -> Result<Vec<Realisation>, StoreError> {
        let texts: Vec<String> = self
            .connection()
            .prepare_cached("select record from realisations where output = ? order by id")
            .and_then(|mut statement| statement.query_map([output.base_name()], |row| row.get(0))?.collect())
            .on("look up a realisation in", &self.path)?;
        Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
    }

    fn last_record(&self, sql: &str, key: &str) -> Result<Option<Realisation>, StoreError> {
        let connection = self.connection();
        let text: Option<String> = connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
            .on("look up a realisation in", &self.path)?;
        text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| StoreError::DamagedEntry {
            base_name: key.to_owned(),
            problem: error.to_string(),
        })
    }

    pub(super) fn insert_realisation(
        &self,
        transaction: &Transaction<'_>,
        record: &Realisation,
    ) -> Result<(), StoreError> {
        let text = serde_json::to_string(record)
            .map_err(|error| StoreError::Facts { path: record.output.clone(), error })?;
        transaction
            .prepare_cached("insert into realisations (output, kind, ended, record) values (?, ?, ?, ?)")
            .and_then(|mut statement| {
                statement.execute(params![record.output.base_name(), record.kind, record.ended, text])
            })
            .on("record a realisation in", &self.path)?;
        Ok(())
    }
}
