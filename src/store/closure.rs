//! Who refers to whom.

use std::collections::BTreeSet;

use crate::store_path::StorePath;
use crate::util::fs::exists;

use super::{Store, StoreError};

impl Store {
    /// The closure of an item: what it refers to, directly or not, and itself.
    pub fn requisites(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        self.require_valid(path)?;
        self.database.requisites(path)
    }

    /// The union of the closures of several items.
    pub fn closure<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a StorePath>,
    ) -> Result<BTreeSet<StorePath>, StoreError> {
        let mut closure = BTreeSet::new();
        for path in paths {
            if !closure.contains(path) {
                closure.extend(self.requisites(path)?);
            }
        }
        Ok(closure)
    }

    /// Whether an item and all it refers to, directly or not, is there.
    pub fn is_whole(&self, path: &StorePath) -> Result<bool, StoreError> {
        if !self.is_valid(path)? {
            return Ok(false);
        }
        for item in self.database.requisites(path)? {
            if !exists(&self.layout.physical(&item))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The items that refer to an item directly.
    pub fn referrers(&self, path: &StorePath) -> Result<BTreeSet<StorePath>, StoreError> {
        self.require_valid(path)?;
        self.database.referrers(path)
    }

    pub(super) fn require_valid(&self, path: &StorePath) -> Result<(), StoreError> {
        if self.is_valid(path)? {
            return Ok(());
        }
        match self.database.is_registered(path)? {
            true => Err(StoreError::Gone { path: path.clone() }),
            false => Err(StoreError::NotValid { path: path.clone() }),
        }
    }
}
