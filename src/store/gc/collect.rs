//! Deleting what is dead, beside others who build.
//!
//! A chunk at a time, with the lock of [`crate::store::hold`] alone and the right to move items:
//!
//! 1. what was held, linked or registered since the last chunk is alive, and stays;
//! 2. the names of the rest are written to the journal, and forgotten by the database in one transaction;
//! 3. trees are moved to temporary names, files removed, and the facts about both.
//!
//! Then, with no lock, the trees are removed. Whatever ends the process in between, what is registered is whole, and
//! the next command removes what is left. The first chunk is small: on a full disk it must do with the reserve.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store::{Layout, Store, StoreError, reserve};
use crate::store_path::StorePath;
use crate::sys::processes::ProcessTable;
use crate::util::fs::{exists, remove_file};
use crate::util::lock::FileLock;

use super::graph::Node;
use super::order::referrers_first;
use super::roots::Links;
use super::round::{Outcome, Round};
use super::{Snapshot, Spare, find_spares, leftovers, remove_spares};

/// How often a collection begins again because something changed that it did not see coming.
const ATTEMPTS: usize = 10;

/// What a collection did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// How many items were deleted.
    pub items: usize,
    /// The sizes of their archives, in bytes.
    pub bytes: u64,
    /// Sizes of the files that items had shared which are all deleted now, in bytes.
    pub unshared: u64,
    /// How many caches and other leavings were removed that nobody had used for long.
    pub spares: usize,
    /// How much of the disk they took, in bytes.
    pub spare_bytes: u64,
    /// How many things were removed that had the name of an item and were none.
    pub leftovers: usize,
    /// Indirect roots that led nowhere: where they led to. They are roots no more.
    pub stale_roots: Vec<PathBuf>,
    /// Whether the user ended it before all was deleted.
    pub interrupted: bool,
}

impl Collected {
    /// Removes what may go of caches and other leavings, until so many bytes are freed. Gives how many are then still to
    /// be freed.
    pub fn remove_spares(&mut self, spares: Vec<Spare>, limit: Option<u64>) -> Option<u64> {
        let removed = remove_spares(spares, limit);
        let bytes = removed.iter().map(|spare| spare.size).sum();
        self.spares += removed.len();
        self.spare_bytes += bytes;
        limit.map(|limit| limit.saturating_sub(bytes))
    }
}

impl Store {
    /// Opens a store that is there, to delete from it, also on a full disk.
    pub fn open_to_collect(layout: Layout) -> Result<Self, StoreError> {
        if !exists(&layout.db())? {
            // Says what is missing: the store, or its database.
            return Self::open_to_read(layout);
        }
        reserve::release(&layout)?;
        Self::open_to_write(layout)
    }

    /// Deletes what is dead, until so many bytes are freed or the user interrupts.
    pub fn collect(&self, table: &dyn ProcessTable, limit: Option<u64>) -> Result<Collected, StoreError> {
        let _collector = self.collector_lock()?;
        let mut collected = Collected { stale_roots: self.remove_stale_roots()?, ..Collected::default() };
        let limit = collected.remove_spares(self.spares(table)?, limit);
        self.in_rounds(table, |round| {
            collected.leftovers += leftovers::remove(round)?;
            let groups =
                referrers_first(&round.snapshot.graph, |node| !round.snapshot.liveness.is_live(node));
            round.delete(&groups, limit, &mut collected)
        })?;
        collected.unshared = self.prune_pool()?;
        Ok(collected)
    }

    /// What of caches and other leavings a collection would remove now.
    pub fn spares(&self, table: &dyn ProcessTable) -> Result<Vec<Spare>, StoreError> {
        find_spares(&self.layout, &self.settings, table)
    }

    /// Deletes some items, if all are dead and no other item refers to them.
    pub fn delete(
        &self,
        table: &dyn ProcessTable,
        items: &BTreeSet<StorePath>,
    ) -> Result<Collected, StoreError> {
        let _collector = self.collector_lock()?;
        for item in items {
            if !self.database.is_registered(item)? {
                return Err(StoreError::NotValid { path: item.clone() });
            }
        }
        let mut collected = Collected::default();
        self.in_rounds(table, |round| {
            let groups = round.snapshot.deletable(items)?;
            round.delete(&groups, None, &mut collected)
        })?;
        // Something has come to need one of them in the last moment.
        if collected.items < items.len() { Err(StoreError::Restless) } else { Ok(collected) }
    }

    fn in_rounds(
        &self,
        table: &dyn ProcessTable,
        mut work: impl FnMut(&mut Round<'_>) -> Result<Outcome, StoreError>,
    ) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            if let Outcome::Done = work(&mut Round::new(self, table)?)? {
                reserve::keep(&self.layout);
                return Ok(());
            }
        }
        Err(StoreError::Restless)
    }

    /// Removes the indirect roots that lead nowhere, and tells where they led to.
    fn remove_stale_roots(&self) -> Result<Vec<PathBuf>, StoreError> {
        // So that none is being made meanwhile (see `Store::register_root`).
        let _alone = self.hold_lock()?;
        let mut removed = Vec::new();
        for (link, outside) in Links::read(&self.layout)?.stale {
            remove_file(&link)?;
            removed.push(outside);
        }
        Ok(removed)
    }

    /// Waits until nobody is about to say what they need; nobody does while the result lives.
    pub(super) fn hold_lock(&self) -> Result<FileLock, StoreError> {
        let waiting = || tracing::debug!("waiting for a process that says what it needs");
        FileLock::acquire(&self.layout.hold_lock(), waiting, &|| self.is_interrupted())?
            .ok_or_else(|| StoreError::Interrupted { what: "the other users of the store".to_owned() })
    }
}

impl Snapshot {
    /// The items, those that refer to others first; an error if one is alive, or something else refers to it.
    fn deletable(&self, items: &BTreeSet<StorePath>) -> Result<Vec<Vec<Node>>, StoreError> {
        let nodes: BTreeSet<Node> =
            items.iter().filter_map(|item| self.graph.find(item.base_name())).collect();
        for item in items {
            if let Some(chain) = self.why_live(item) {
                return Err(StoreError::Live { path: item.clone(), chain: chain.to_string() });
            }
        }
        for referrer in self.graph.nodes().filter(|node| !nodes.contains(node)) {
            let needed = self.graph.references(referrer).iter().find(|reference| nodes.contains(reference));
            if let Some((path, referrer)) =
                needed.and_then(|needed| self.graph.path(*needed).zip(self.graph.path(referrer)))
            {
                return Err(StoreError::Needed { path, referrer });
            }
        }
        Ok(referrers_first(&self.graph, |node| nodes.contains(&node)))
    }
}
