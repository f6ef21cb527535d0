//! One round of a collection: what was dead when it began is deleted, chunk by chunk, as far as it still is.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::db::Forgotten;
use crate::store::hold::Holds;
use crate::store::session::{Session, Temporary};
use crate::store::{Layout, Store, StoreError, facts};
use crate::store_path::StorePath;
use crate::sys::processes::ProcessTable;
use crate::util::crew;
use crate::util::fs::{
    FsError, Operation, PathContext as _, remove_file_if_there, remove_tree, rename, sync_dir,
};

use super::collect::Collected;
use super::graph::Node;
use super::trash::Trash;
use super::{Origin, Root, Snapshot};

/// How many items the first chunk has; each has twice as many as the one before.
const FIRST_CHUNK: usize = 64;
/// The most that a chunk has, for which others wait.
const LARGEST_CHUNK: usize = 4096;

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// An item is needed in a way that was not seen coming: what is alive has to be found again.
    Outdated,
}

/// What is known in a round.
pub struct Round<'a> {
    pub store: &'a Store,
    pub session: Arc<Session>,
    pub snapshot: Snapshot,
    holds: Holds,
    /// The database's version when it was last read.
    version: i64,
    /// The highest number of an item that was read or forgotten since.
    last: i64,
}

impl<'a> Round<'a> {
    pub fn new(store: &'a Store, table: &dyn ProcessTable) -> Result<Self, StoreError> {
        let session = store.session()?;
        // What changes from here on is noticed before the first chunk.
        let version = store.database.version()?;
        let mut holds = Holds::default();
        let snapshot = store.snapshot_with(table, Vec::new(), &mut holds)?;
        let last = snapshot.graph.nodes().last().map_or(0, |node| snapshot.graph.id(node));
        Ok(Round { store, session, snapshot, holds, version, last })
    }

    /// Deletes groups of items, in their order, as far as they are dead.
    pub fn delete(
        &mut self,
        groups: &[Vec<Node>],
        limit: Option<u64>,
        collected: &mut Collected,
    ) -> Result<Outcome, StoreError> {
        Trash::while_open(|trash| {
            let mut groups = groups.iter().peekable();
            let mut size = FIRST_CHUNK;
            while groups.peek().is_some() {
                let wanted = limit.map_or(u64::MAX, |limit| limit.saturating_sub(collected.bytes));
                if wanted == 0 {
                    break;
                }
                if self.store.is_interrupted() {
                    collected.interrupted = true;
                    break;
                }
                let chunk = self.next_chunk(&mut groups, size, wanted);
                let Some(deleted) = self.delete_chunk(chunk, trash)? else { return Ok(Outcome::Outdated) };
                collected.items += deleted.len();
                collected.bytes += deleted.iter().map(|node| self.snapshot.graph.size(*node)).sum::<u64>();
                size = (size * 2).min(LARGEST_CHUNK);
            }
            Ok(Outcome::Done)
        })
    }

    /// Takes whole groups until they have so many items, or bytes.
    fn next_chunk<'g>(
        &self,
        groups: &mut impl Iterator<Item = &'g Vec<Node>>,
        size: usize,
        wanted: u64,
    ) -> Vec<Node> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while chunk.len() < size && bytes < wanted {
            let Some(group) = groups.next() else { break };
            bytes += group.iter().map(|node| self.snapshot.graph.size(*node)).sum::<u64>();
            chunk.extend_from_slice(group);
        }
        chunk
    }

    /// Deletes what is still dead of a chunk. Gives what was deleted, or nothing if that could not be.
    fn delete_chunk(&mut self, mut chunk: Vec<Node>, trash: &Trash) -> Result<Option<Vec<Node>>, StoreError> {
        let alone = self.store.hold_lock()?;
        let journal = self.store.journal()?;
        self.learn()?;
        let Round { store, snapshot, .. } = self;
        chunk.retain(|node| !snapshot.liveness.is_live(*node));
        if chunk.is_empty() {
            return Ok(Some(chunk));
        }
        journal.begin_removal(chunk.iter().map(|node| snapshot.graph.name(*node)))?;
        let items: Vec<_> =
            chunk.iter().map(|node| (snapshot.graph.id(*node), snapshot.graph.name(*node))).collect();
        if store.database.forget(&items)? == Forgotten::None {
            journal.end();
            return Ok(None);
        }
        // An entry of the database whose name is none stands for nothing that lies anywhere.
        let paths: Vec<StorePath> = chunk.iter().filter_map(|node| snapshot.graph.path(*node)).collect();
        let MovedOut { trees, is_all } = move_out(&store.layout, &self.session, &paths)?;
        // What stays of an item stays in the list: whoever takes the journal next tries again.
        if is_all {
            journal.end();
        }
        // Whoever registers something from now on gets a higher number.
        self.last = store.database.last_number()?;
        drop((alone, journal));
        trash.take(trees);
        Ok(Some(chunk))
    }

    /// Makes alive what has come to be needed since the last time.
    pub fn learn(&mut self) -> Result<(), StoreError> {
        self.snapshot.add_links_and_holds(self.store, &mut self.holds)?;
        let version = self.store.database.version()?;
        if version != self.version {
            self.version = version;
            let new = self.store.database.graph(self.last)?;
            self.last = new.items.last().map_or(self.last, |(id, ..)| *id);
            for (_, kept) in new.references.into_iter().chain(new.derivers) {
                if let Some(item) =
                    self.snapshot.graph.of_id(kept).and_then(|node| self.snapshot.graph.path(node))
                {
                    self.snapshot.add_root(Root { origin: Origin::New, item });
                }
            }
        }
        self.snapshot.spread(self.store)
    }

    /// Whether a root names it, which need not be registered.
    pub fn is_kept(&self, item: &StorePath) -> bool {
        self.snapshot.unknown.contains(item)
    }
}

/// What came of taking items out of the store.
pub struct MovedOut {
    /// The trees that are still to be removed.
    pub trees: Vec<Temporary>,
    /// Whether nothing else of any item has its name.
    pub is_all: bool,
}

/// Takes items out of the store directory, and the facts about them out of theirs, and their logs: all that the database
/// has forgotten. What cannot be taken out is named in a warning: it is no item any more, and the next one tries again.
pub fn move_out(layout: &Layout, session: &Arc<Session>, items: &[StorePath]) -> Result<MovedOut, FsError> {
    let is_all = AtomicBool::new(true);
    let trees = Mutex::new(Vec::new());
    crew::for_each(items, |item| {
        let tree = or_warn(move_item_out(&layout.physical(item), session), &is_all).flatten();
        or_warn(remove_file_if_there(&facts::file(layout, item)), &is_all);
        if item.is_derivation() {
            or_warn(remove_file_if_there(&layout.log_file(item)), &is_all);
        }
        if let Some(tree) = tree {
            trees.lock().unwrap_or_else(PoisonError::into_inner).push(tree);
        }
    });
    sync_dir(&layout.store_dir())?;
    sync_dir(&layout.facts_dir())?;
    let trees = trees.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(MovedOut { trees, is_all: is_all.into_inner() })
}

/// Removes a file or link, or gives a tree another name.
fn move_item_out(place: &Path, session: &Arc<Session>) -> Result<Option<Temporary>, FsError> {
    // Systems differ in what they say of a directory.
    if remove_file_if_there(place).is_ok() {
        return Ok(None);
    }
    if !fs::symlink_metadata(place).at(Operation::Inspect, place)?.is_dir() {
        return remove_tree(place).map(|()| None);
    }
    let tree = session.temporary();
    rename(place, tree.path())?;
    Ok(Some(tree))
}

fn or_warn<T>(result: Result<T, FsError>, is_all: &AtomicBool) -> Option<T> {
    let failed = |error| {
        is_all.store(false, Ordering::Relaxed);
        tracing::warn!("the next collection has to try again: {error}");
    };
    result.map_err(failed).ok()
}
