//! What keeps a store in order, from whichever side: by who may write it, or by the daemon for somebody else.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::profile::Profile;
use crate::store_path::StorePath;
use crate::sys::processes;

use super::examination::{Examination, Examined, Finding};
use super::gc::{Chain, Collected, Root, Spare};
use super::{Optimised, Store, StoreAccess, StoreError};

/// Looking after a store.
///
/// What is kept is found as if the links of `without` were not there: generations that are about to be deleted, say.
pub trait Upkeep: StoreAccess {
    /// Looks for damage, and tells what it finds.
    fn examine(
        &self,
        examination: &Examination,
        tell: &mut dyn FnMut(Finding),
    ) -> Result<Examined, StoreError>;

    /// Has identical files share their contents.
    fn optimise(&self) -> Result<Optimised, StoreError>;

    /// Deletes what nothing keeps, until so many bytes are freed.
    fn collect(&self, max_freed: Option<u64>) -> Result<Collected, StoreError>;

    /// Deletes some items, if nothing keeps them and no other refers to them.
    fn delete(&self, items: &BTreeSet<StorePath>) -> Result<Collected, StoreError>;

    /// Deletes generations of the system, of which none may be the current one.
    fn delete_generations(&self, numbers: &[u32]) -> Result<(), StoreError>;

    /// All that keeps an item.
    fn roots(&self, without: &[PathBuf]) -> Result<Vec<Root>, StoreError>;

    /// What something keeps, with the sizes of the archives.
    fn live(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError>;

    /// What nothing keeps.
    fn dead(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError>;

    /// What of caches and other leavings a collection would remove: of the store, and of this user's own.
    fn spares(&self) -> Result<Vec<Spare>, StoreError>;

    /// The shortest way to a valid item from a root; nothing if it is garbage.
    fn why_live(&self, item: &StorePath) -> Result<Option<Chain>, StoreError>;
}

impl Upkeep for Store {
    fn examine(
        &self,
        examination: &Examination,
        tell: &mut dyn FnMut(Finding),
    ) -> Result<Examined, StoreError> {
        self.examine(examination, tell)
    }

    fn optimise(&self) -> Result<Optimised, StoreError> {
        self.optimise()
    }

    fn collect(&self, max_freed: Option<u64>) -> Result<Collected, StoreError> {
        self.collect(processes::of_this_machine().as_ref(), max_freed)
    }

    fn delete(&self, items: &BTreeSet<StorePath>) -> Result<Collected, StoreError> {
        self.delete(processes::of_this_machine().as_ref(), items)
    }

    fn delete_generations(&self, numbers: &[u32]) -> Result<(), StoreError> {
        Profile::system(&self.layout).delete(numbers).map_err(|error| StoreError::Profile(Box::new(error)))
    }

    fn roots(&self, without: &[PathBuf]) -> Result<Vec<Root>, StoreError> {
        let snapshot = self.snapshot_without(processes::of_this_machine().as_ref(), without.to_vec())?;
        Ok(snapshot.roots().to_vec())
    }

    fn live(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError> {
        Ok(self.snapshot_without(processes::of_this_machine().as_ref(), without.to_vec())?.live())
    }

    fn dead(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError> {
        Ok(self.snapshot_without(processes::of_this_machine().as_ref(), without.to_vec())?.dead())
    }

    fn spares(&self) -> Result<Vec<Spare>, StoreError> {
        self.spares(processes::of_this_machine().as_ref())
    }

    fn why_live(&self, item: &StorePath) -> Result<Option<Chain>, StoreError> {
        // So that one that was never there is not called garbage.
        self.path_info(item)?;
        Ok(self.snapshot(processes::of_this_machine().as_ref())?.why_live(item))
    }
}
