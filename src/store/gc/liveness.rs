//! What is alive: what a root names, what that refers to, and what the settings keep besides; and by which way, the
//! shortest.

use std::collections::VecDeque;

use crate::store::{Settings, StoreError};
use crate::store_path::StorePath;

use super::graph::{Graph, Node};

/// Why an item is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A root names it; its place in the list of roots.
    Root(usize),
    /// A live item refers to it.
    Reference(Node),
    /// It made a live item (`keep-derivations`).
    Deriver(Node),
    /// A live derivation makes it (`keep-outputs`).
    Output(Node),
}

/// Reads the outputs of a derivation.
pub type Outputs<'a> = &'a dyn Fn(&StorePath) -> Result<Vec<StorePath>, StoreError>;

/// By item: whether it is alive, and why.
#[derive(Debug)]
pub struct Liveness {
    reasons: Vec<Option<Reason>>,
    open: VecDeque<Node>,
    keep_derivations: bool,
    keep_outputs: bool,
}

impl Liveness {
    /// Nothing is alive yet.
    pub fn new(graph: &Graph, settings: &Settings) -> Self {
        let Settings { keep_derivations, keep_outputs, .. } = *settings;
        Liveness { reasons: vec![None; graph.len()], open: VecDeque::new(), keep_derivations, keep_outputs }
    }

    /// Makes an item alive that a root names. What it keeps follows with [`Liveness::spread`].
    pub fn add_root(&mut self, node: Node, root: usize) {
        self.reach(node, Reason::Root(root));
    }

    /// Makes everything alive that what is alive keeps: the nearest to a root first.
    pub fn spread(&mut self, graph: &Graph, outputs: Outputs<'_>) -> Result<(), StoreError> {
        while let Some(node) = self.open.pop_front() {
            for reference in graph.references(node) {
                self.reach(*reference, Reason::Reference(node));
            }
            if let Some(deriver) = graph.deriver(node).filter(|_| self.keep_derivations) {
                self.reach(deriver, Reason::Deriver(node));
            }
            if self.keep_outputs && graph.is_derivation(node) {
                let Some(path) = graph.path(node) else { continue };
                for output in outputs(&path)? {
                    if let Some(output) = graph.find(output.base_name()) {
                        self.reach(output, Reason::Output(node));
                    }
                }
            }
        }
        Ok(())
    }

    pub fn is_live(&self, node: Node) -> bool {
        self.reasons[node as usize].is_some()
    }

    /// The way from a root to an item, the root first. Empty for one that is dead.
    pub fn chain(&self, node: Node) -> Vec<(Node, Reason)> {
        let mut chain = Vec::new();
        let mut next = Some(node);
        while let Some(node) = next {
            let Some(reason) = self.reasons[node as usize] else { break };
            chain.push((node, reason));
            next = match reason {
                Reason::Root(_) => None,
                Reason::Reference(by) | Reason::Deriver(by) | Reason::Output(by) => Some(by),
            };
        }
        chain.reverse();
        chain
    }

    fn reach(&mut self, node: Node, reason: Reason) {
        let known = &mut self.reasons[node as usize];
        if known.is_none() {
            *known = Some(reason);
            self.open.push_back(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph;
    use super::*;

    /// The names of what is alive when `roots` are.
    fn live(graph: &Graph, settings: Settings, roots: &[&str]) -> String {
        let mut liveness = Liveness::new(graph, &settings);
        for (number, root) in roots.iter().enumerate() {
            liveness.add_root(graph.find(root).unwrap(), number);
        }
        liveness.spread(graph, &|_| Ok(Vec::new())).unwrap();
        let alive = graph.nodes().filter(|node| liveness.is_live(*node));
        alive.map(|node| &graph.name(node)[..1]).collect()
    }

    #[test]
    fn what_live_items_need_is_alive_and_what_made_them_if_that_is_wanted() {
        // `out` was made by `d.drv`, from `s`; `x` and `y` refer to each other.
        let items = &["out", "lib", "d.drv", "source", "x", "y"];
        let graph = graph(items, &["ol", "ds", "xy", "yx", "oo"], &["od"]);
        let without = Settings { keep_derivations: false, ..Settings::default() };
        assert_eq!(live(&graph, Settings::default(), &["out"]), "olds");
        assert_eq!(live(&graph, without.clone(), &["out"]), "ol");
        assert_eq!(live(&graph, without.clone(), &["x"]), "xy");
        assert_eq!(live(&graph, without, &[]), "");
    }

    #[test]
    fn the_way_to_an_item_is_the_shortest() {
        let graph = graph(&["a", "b", "c", "d"], &["ab", "bc", "cd", "ac", "da"], &[]);
        let mut liveness = Liveness::new(&graph, &Settings::default());
        let node = |name| graph.find(name).unwrap();
        liveness.add_root(node("a"), 7);
        liveness.spread(&graph, &|_| Ok(Vec::new())).unwrap();
        let expected = [
            (node("a"), Reason::Root(7)),
            (node("c"), Reason::Reference(node("a"))),
            (node("d"), Reason::Reference(node("c"))),
        ];
        assert_eq!(liveness.chain(node("d")), expected);
    }
}
