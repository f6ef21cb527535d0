//! The last steps on the way into the store, the same for all items: flush, write facts, rename, register.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sys::durability::sync_tree;
use crate::util::fs::{Operation, PathContext as _, remove_tree, sync_dir, write_atomic};

use super::tree::canonical::seal_top;
use super::{PathInfo, Realisation, Store, StoreError};

/// A complete, canonical item that does not lie at its store path yet.
#[derive(Debug)]
pub(super) struct Finished {
    pub info: PathInfo,
    /// Where it lies now, on the same file system as the store.
    pub place: PathBuf,
}

impl Store {
    /// Makes items valid, all or none. The caller holds the locks of their paths; items that are valid already
    /// are left as they are.
    pub(super) fn publish(&self, items: Vec<Finished>, records: &[Realisation]) -> Result<(), StoreError> {
        let mut new = Vec::new();
        for item in items {
            if !self.is_valid(&item.info.path)? {
                new.push(item);
            }
        }
        for item in &new {
            self.write_facts(&item.info)?;
        }
        self.flush(&new)?;
        for Finished { info, place } in &new {
            let target = self.layout.physical(&info.path);
            // What is there is not valid: someone was interrupted between renaming and registering.
            remove_tree(&target)?;
            fs::rename(place, &target).at(Operation::Rename, place)?;
            seal_top(&target)?;
        }
        if !new.is_empty() {
            sync_dir(&self.layout.store_dir())?;
        }
        let infos: Vec<PathInfo> = new.into_iter().map(|item| item.info).collect();
        self.database.register(&infos, records)
    }

    /// Flushes the items and the facts about them.
    fn flush(&self, items: &[Finished]) -> Result<(), StoreError> {
        let Some(Finished { place, .. }) = items.first() else { return Ok(()) };
        if cfg!(target_os = "linux") {
            // One call flushes the file system that holds them all.
            sync_tree(place)?;
        } else {
            for Finished { place, .. } in items {
                sync_tree(place)?;
            }
        }
        let facts = self.layout.facts_dir();
        if !(cfg!(target_os = "linux") && same_file_system(place, &facts)?) {
            sync_tree(&facts)?;
        }
        Ok(())
    }

    /// Writes the file of facts. It is flushed with the item; one about an item that never became valid is
    /// overwritten when that is made again.
    fn write_facts(&self, info: &PathInfo) -> Result<(), StoreError> {
        let text =
            serde_json::to_vec(info).map_err(|error| StoreError::Facts { path: info.path.clone(), error })?;
        let file = self.layout.facts_dir().join(format!("{}.json", info.path.base_name()));
        Ok(write_atomic(&file, &text, false)?)
    }
}

fn same_file_system(one: &Path, other: &Path) -> Result<bool, StoreError> {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::symlink_metadata(path).at(Operation::Inspect, path).map(|m| m.dev());
    Ok(device(one)? == device(other)?)
}
