//! Derivations that lie in the store.

use std::sync::PoisonError;

use crate::derivation::Derivation;
use crate::store_path::StorePath;
use crate::util::fs::read_to_string;

use super::{Store, StoreError};

impl Store {
    /// Reads a derivation that is in the store. What it says of its outputs is not believed but computed, from the
    /// derivations it needs as well; each is read for that once in the life of this value.
    pub fn derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        let derivation = self.read_derivation(path)?;
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.load(path, |path| self.read_derivation(path))?;
        Ok(derivation)
    }

    pub(super) fn read_derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        self.require_valid(path)?;
        let text = read_to_string(&self.layout.physical(path))?;
        let derivation = Derivation::parse(&text)
            .map_err(|error| StoreError::NotDerivation { path: path.clone(), error })?;
        derivation.check_place(path)?;
        Ok(derivation)
    }
}
