//! Collecting garbage: what no root keeps is deleted.
//!
//! What is alive is found in memory ([`graph`], [`liveness`]) from the [`roots`]; what is not is deleted with what refers
//! to it first ([`order`]), in chunks ([`collect`]), so that whoever builds meanwhile waits for one of them at most. What is
//! alive is a matter of one moment only: what was held, linked or registered since is looked at again before each chunk.

mod collect;
mod graph;
mod leftovers;
mod liveness;
mod moving;
mod order;
mod root_links;
mod roots;
mod round;
mod spares;
mod trash;

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;
use crate::sys::processes::ProcessTable;
use crate::util::lock::FileLock;

use super::hold::Holds;
use super::{Layout, Store, StoreError};

use graph::{Graph, Node};
use liveness::{Liveness, Reason};
use roots::Links;

pub use collect::Collected;
pub use root_links::link_root;
pub use roots::{Origin, Root};
use spares::remove as remove_spares;
pub use spares::{Spare, find as find_spares};

/// What is alive, and why, at one moment.
#[derive(Debug)]
pub struct Snapshot {
    graph: Graph,
    roots: Vec<Root>,
    /// Links that do not count.
    ignored: Vec<PathBuf>,
    liveness: Liveness,
    /// What roots name that is not registered.
    unknown: HashSet<StorePath>,
}

/// The way from a root to an item, the shortest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    pub root: Origin,
    /// From what the root names to the item.
    pub steps: Vec<Step>,
}

/// An item on a way from a root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub item: StorePath,
    /// What leads to it from the one before.
    pub by: By,
}

/// Why an item is kept by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A root names it.
    Root,
    /// The other refers to it.
    Reference,
    /// It is the derivation that made the other.
    Deriver,
    /// The other is a derivation, of which it is an output.
    Output,
}

impl fmt::Display for Chain {
    /// In one line: the root, and each item on the way.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.root)?;
        self.steps.iter().try_for_each(|step| write!(out, " -> {}", step.item))
    }
}

impl Store {
    /// Finds out what is alive. `table` tells what processes use.
    pub fn snapshot(&self, table: &dyn ProcessTable) -> Result<Snapshot, StoreError> {
        self.snapshot_without(table, Vec::new())
    }

    /// Finds out what would be alive if some links were not there.
    pub fn snapshot_without(
        &self,
        table: &dyn ProcessTable,
        ignored: Vec<PathBuf>,
    ) -> Result<Snapshot, StoreError> {
        self.snapshot_with(table, ignored, &mut Holds::default())
    }

    fn snapshot_with(
        &self,
        table: &dyn ProcessTable,
        ignored: Vec<PathBuf>,
        holds: &mut Holds,
    ) -> Result<Snapshot, StoreError> {
        let graph = Graph::new(self.database.graph(0)?);
        let liveness = Liveness::new(&graph, &self.settings);
        let mut snapshot = Snapshot { graph, roots: Vec::new(), ignored, liveness, unknown: HashSet::new() };
        snapshot.add_links_and_holds(self, holds)?;
        for (node, root) in roots::of_processes(table, &self.layout, &snapshot.graph)? {
            snapshot.liveness.add_root(node, snapshot.roots.len());
            snapshot.roots.push(root);
        }
        snapshot.spread(self)?;
        Ok(snapshot)
    }

    /// The outputs of a derivation that is in the store.
    fn outputs_of(&self, drv: &StorePath) -> Result<Vec<StorePath>, StoreError> {
        let derivation = self.read_derivation(drv)?;
        Ok(derivation.outputs.into_values().filter_map(|output| output.path).collect())
    }
}

impl Snapshot {
    /// All roots, also of items that are not valid.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// All live items, in the order of their names, with the sizes of their archives.
    pub fn live(&self) -> Vec<(StorePath, u64)> {
        self.sorted(|node| self.liveness.is_live(node))
    }

    /// All dead items, likewise.
    pub fn dead(&self) -> Vec<(StorePath, u64)> {
        self.sorted(|node| !self.liveness.is_live(node))
    }

    /// Why the item is alive; `None` if it is dead, or not valid.
    pub fn why_live(&self, item: &StorePath) -> Option<Chain> {
        let chain = self.liveness.chain(self.graph.find(item.base_name())?);
        let (_, Reason::Root(root)) = chain.first()? else { return None };
        let root = self.roots.get(*root)?.origin.clone();
        let step = |(node, reason)| {
            let by = match reason {
                Reason::Root(_) => By::Root,
                Reason::Reference(_) => By::Reference,
                Reason::Deriver(_) => By::Deriver,
                Reason::Output(_) => By::Output,
            };
            Some(Step { item: self.graph.path(node)?, by })
        };
        Some(Chain { root, steps: chain.into_iter().filter_map(step).collect() })
    }

    fn sorted(&self, wanted: impl Fn(Node) -> bool) -> Vec<(StorePath, u64)> {
        let nodes = self.graph.nodes().filter(|node| wanted(*node));
        let mut items: Vec<_> =
            nodes.filter_map(|node| Some((self.graph.path(node)?, self.graph.size(node)))).collect();
        items.sort_unstable();
        items
    }

    /// Adds the roots that links are, and what processes of fruix have held since `holds` was last asked.
    fn add_links_and_holds(&mut self, store: &Store, holds: &mut Holds) -> Result<(), StoreError> {
        for root in Links::read(&store.layout)?.roots {
            let is_ignored = matches!(&root.origin, Origin::Link { link } if self.ignored.contains(link));
            if !is_ignored {
                self.add_root(root);
            }
        }
        for (item, session) in holds.news(&store.layout)? {
            self.add_root(Root { origin: Origin::Session { session }, item });
        }
        Ok(())
    }

    fn add_root(&mut self, root: Root) {
        match self.graph.find(root.item.base_name()) {
            Some(node) => self.liveness.add_root(node, self.roots.len()),
            None => drop(self.unknown.insert(root.item.clone())),
        }
        self.roots.push(root);
    }

    fn spread(&mut self, store: &Store) -> Result<(), StoreError> {
        self.liveness.spread(&self.graph, &|drv| store.outputs_of(drv))
    }
}

impl Store {
    /// Waits for the right to make items invalid: one process at a time has it.
    pub(super) fn collector_lock(&self) -> Result<FileLock, StoreError> {
        collector_lock(&self.layout, &|| self.is_interrupted())
    }
}

/// The same for a store that is not open.
pub(super) fn collector_lock(layout: &Layout, give_up: &dyn Fn() -> bool) -> Result<FileLock, StoreError> {
    let waiting = || tracing::warn!("waiting for another process that collects garbage");
    FileLock::acquire(&layout.collector_lock(), waiting, give_up)?
        .ok_or_else(|| StoreError::Interrupted { what: "a collection of garbage".to_owned() })
}

#[cfg(test)]
mod tests;
