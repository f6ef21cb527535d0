//! Trees that Fruix itself made in the store directory, on their way to being items.

use std::collections::BTreeMap;
use std::path::Path;

use crate::content_address::{Method, fixed_output_path};
use crate::store_path::StorePath;
use crate::sys::interrupt;

use super::{SealRequest, Store, StoreError, tree};

impl Store {
    /// Makes the tree at `place`, which lies at or below a place from [`Store::temporary`], a valid item called
    /// `name`: as [`Store::add_tree`] would, but without another copy.
    pub fn adopt_tree(&self, name: &str, place: &Path) -> Result<StorePath, StoreError> {
        let digest = tree::digest(place)?.nar_hash;
        let item = fixed_output_path(name, Method::Recursive, &digest)?;
        let _lock = self.lock_path(&item, &interrupt::requested)?;
        if !self.hold_valid(&item)? {
            let outputs = BTreeMap::from([(item.clone(), place.to_owned())]);
            let fixed = Some((Method::Recursive, digest));
            let sealed = self.seal(SealRequest { outputs, fixed, ..SealRequest::default() })?;
            self.commit(sealed, &[])?;
        }
        Ok(item)
    }
}
