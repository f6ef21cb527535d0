//! One round of a collection: what was dead when it began is deleted, chunk by chunk, as far as it still is.

use std::mem;
use std::sync::Arc;

use crate::store::db::Forgotten;
use crate::store::hold::Holds;
use crate::store::session::Session;
use crate::store::{Store, StoreError};
use crate::store_path::StorePath;
use crate::sys::processes::ProcessTable;
use crate::util::crew;

use super::collect::Collected;
use super::graph::Node;
use super::moving::{MovedOut, Mover};
use super::trash::Trash;
use super::{Origin, Root, Snapshot};

/// How many items the first chunk has; each has twice as many as the one before.
const FIRST_CHUNK: usize = 64;
/// The most that a chunk has, for which others wait.
const LARGEST_CHUNK: usize = 4096;
/// In so many parts a chunk is forgotten: while the first is, nothing is taken out, and while the last is, nothing is
/// forgotten.
const PARTS: usize = 8;

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
                let (deleted, outcome) = self.delete_chunk(chunk, trash)?;
                collected.items += deleted.len();
                collected.bytes += self.bytes(&deleted);
                if outcome == Outcome::Outdated {
                    return Ok(outcome);
                }
                size = (size * 2).min(LARGEST_CHUNK);
            }
            Ok(Outcome::Done)
        })
    }

    /// Takes whole groups until they have so many items, or bytes, in parts of whole groups.
    fn next_chunk<'g>(
        &self,
        groups: &mut impl Iterator<Item = &'g Vec<Node>>,
        size: usize,
        wanted: u64,
    ) -> Vec<Vec<Node>> {
        let (mut chunk, mut part, mut len, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
        while len < size && bytes < wanted {
            let Some(group) = groups.next() else { break };
            len += group.len();
            bytes += self.bytes(group);
            part.extend_from_slice(group);
            if part.len() >= size / PARTS {
                chunk.push(mem::take(&mut part));
            }
        }
        chunk.push(part);
        chunk
    }

    /// Deletes what is still dead of a chunk. Gives what was deleted, and whether that is all that was to be.
    fn delete_chunk(
        &mut self,
        mut chunk: Vec<Vec<Node>>,
        trash: &Trash,
    ) -> Result<(Vec<Node>, Outcome), StoreError> {
        let alone = self.store.hold_lock()?;
        let journal = self.store.journal()?;
        self.learn()?;
        for part in &mut chunk {
            part.retain(|node| !self.snapshot.liveness.is_live(*node));
        }
        chunk.retain(|part| !part.is_empty());
        if chunk.is_empty() {
            return Ok((Vec::new(), Outcome::Done));
        }
        journal.begin_removal(chunk.iter().flatten().map(|node| self.snapshot.graph.name(*node)))?;
        let (deleted, outcome, moved) = self.delete_parts(&chunk)?;
        // What stays of an item stays in the list: whoever takes the journal next tries again.
        if moved.is_all {
            journal.end();
        }
        // Whoever registers something from now on gets a higher number.
        self.last = self.store.database.last_number()?;
        drop((alone, journal));
        trash.take(moved.trees);
        Ok((deleted, outcome))
    }

    /// Has the database forget one part after the other, and takes each out of the store while the next is forgotten: the
    /// one keeps a processor busy, the other mostly a disk.
    fn delete_parts(&self, parts: &[Vec<Node>]) -> Result<(Vec<Node>, Outcome, MovedOut), StoreError> {
        let Round { store, snapshot, session, .. } = self;
        let mover = Mover::new(&store.layout, session);
        let (mut deleted, mut outcome, mut forgotten) = (Vec::new(), Outcome::Done, Vec::new());
        for part in parts {
            let items: Vec<_> =
                part.iter().map(|node| (snapshot.graph.id(*node), snapshot.graph.name(*node))).collect();
            // Of the first part, nothing is there to be done beside.
            let result = if forgotten.is_empty() {
                store.database.forget(&items)
            } else {
                crew::both(|| mover.move_out(&forgotten), || store.database.forget(&items)).1
            };
            forgotten.clear();
            if result? == Forgotten::None {
                outcome = Outcome::Outdated;
                break;
            }
            // An entry of the database whose name is none stands for nothing that lies anywhere.
            forgotten.extend(part.iter().filter_map(|node| snapshot.graph.path(*node)));
            deleted.extend_from_slice(part);
        }
        mover.move_out(&forgotten);
        Ok((deleted, outcome, mover.end()?))
    }

    /// What items take.
    fn bytes(&self, items: &[Node]) -> u64 {
        items.iter().map(|node| self.snapshot.graph.size(*node)).sum()
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
