//! Derivations that lie in the store.

use std::sync::{Mutex, PoisonError};

use crate::derivation::{Derivation, Hashes};
use crate::store_path::StorePath;
use crate::util::fs::read_to_string;

use super::{Layout, Store, StoreError};

/// The derivations that are known to be what they say.
#[derive(Debug, Default)]
pub struct CheckedDerivations {
    hashes: Mutex<Hashes>,
}

impl CheckedDerivations {
    /// Reads a derivation from the store at `layout`. What it says of its outputs is not believed but computed, from the
    /// derivations it needs as well; each is read for that once in the life of this value. `require_valid` refuses what
    /// is no valid item.
    pub fn read(
        &self,
        layout: &Layout,
        path: &StorePath,
        require_valid: impl Fn(&StorePath) -> Result<(), StoreError>,
    ) -> Result<Derivation, StoreError> {
        let read = |path: &StorePath| {
            require_valid(path)?;
            read(layout, path)
        };
        let derivation = read(path)?;
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).load(path, read)?;
        Ok(derivation)
    }
}

impl Store {
    /// Reads a derivation that is in the store (see [`CheckedDerivations`]).
    pub fn derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        self.checked.read(&self.layout, path, |path| self.require_valid(path))
    }

    /// The same, where the paths of its outputs do not matter.
    pub(super) fn read_derivation(&self, path: &StorePath) -> Result<Derivation, StoreError> {
        self.require_valid(path)?;
        read(&self.layout, path)
    }
}

fn read(layout: &Layout, path: &StorePath) -> Result<Derivation, StoreError> {
    let text = read_to_string(&layout.physical(path))?;
    let derivation =
        Derivation::parse(&text).map_err(|error| StoreError::NotDerivation { path: path.clone(), error })?;
    derivation.check_place(path)?;
    Ok(derivation)
}
