//! All items and what keeps what, in memory: each item is a small number, so that a hundred thousand of them and their
//! references take a few megabytes.

use std::ops::Range;

use crate::store::db::GraphRows;
use crate::store_path::StorePath;

/// An item, by its place in the graph.
pub type Node = u32;

/// No node.
const NONE: Node = Node::MAX;

/// The items that were registered at one moment.
#[derive(Debug, Default)]
pub struct Graph {
    /// Their numbers in the database, ascending.
    ids: Vec<i64>,
    names: Vec<Box<str>>,
    /// Sizes of their archives in bytes.
    sizes: Vec<u64>,
    references: Edges,
    /// The derivation that made the item, or [`NONE`].
    derivers: Vec<Node>,
    /// All nodes, in the order of the names.
    by_name: Vec<Node>,
}

/// Of each node, those it leads to.
#[derive(Debug, Default)]
struct Edges {
    /// By node: where its targets begin. One more than there are nodes.
    starts: Vec<u32>,
    targets: Vec<Node>,
}

impl Graph {
    /// The graph of what the database holds.
    pub fn new(rows: GraphRows) -> Self {
        let mut graph = Graph::default();
        for (id, name, size) in rows.items {
            graph.ids.push(id);
            graph.names.push(name);
            graph.sizes.push(size);
        }
        let number = graph.ids.len();
        let mut by_name: Vec<Node> = (0..).take(number).collect();
        by_name.sort_unstable_by(|a, b| graph.name(*a).cmp(graph.name(*b)));
        graph.by_name = by_name;
        graph.derivers = vec![NONE; number];
        for (item, deriver) in rows.derivers {
            if let (Some(item), Some(deriver)) = (graph.of_id(item), graph.of_id(deriver)) {
                graph.derivers[item as usize] = deriver;
            }
        }
        let pairs = rows.references.iter().filter_map(|(from, to)| graph.of_id(*from).zip(graph.of_id(*to)));
        graph.references = Edges::new(number, pairs);
        graph
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn nodes(&self) -> Range<Node> {
        0..self.ids.len() as Node
    }

    /// The node of an item that was registered.
    pub fn find(&self, base_name: &str) -> Option<Node> {
        let found = self.by_name.binary_search_by(|node| self.name(*node).cmp(base_name));
        found.ok().map(|place| self.by_name[place])
    }

    /// The node of the item with this hash part.
    pub fn find_by_hash_part(&self, hash_part: &str) -> Option<Node> {
        let place = self.by_name.partition_point(|node| self.name(*node) < hash_part);
        let node = *self.by_name.get(place)?;
        self.name(node).starts_with(hash_part).then_some(node)
    }

    pub fn name(&self, node: Node) -> &str {
        &self.names[node as usize]
    }

    pub fn id(&self, node: Node) -> i64 {
        self.ids[node as usize]
    }

    pub fn size(&self, node: Node) -> u64 {
        self.sizes[node as usize]
    }

    /// What the item refers to.
    pub fn references(&self, node: Node) -> &[Node] {
        self.references.of(node)
    }

    /// The derivation that made the item.
    pub fn deriver(&self, node: Node) -> Option<Node> {
        Some(self.derivers[node as usize]).filter(|deriver| *deriver != NONE)
    }

    /// The item's path; `None` if its name in the database is none.
    pub fn path(&self, node: Node) -> Option<StorePath> {
        StorePath::from_base_name(self.name(node)).ok()
    }

    pub fn is_derivation(&self, node: Node) -> bool {
        self.name(node).ends_with(".drv")
    }

    /// The node of the item with this number in the database.
    pub fn of_id(&self, id: i64) -> Option<Node> {
        self.ids.binary_search(&id).ok().map(|place| place as Node)
    }
}

impl Edges {
    /// `pairs` come in the order of their first node.
    fn new(nodes: usize, pairs: impl Iterator<Item = (Node, Node)>) -> Self {
        let mut edges = Edges { starts: vec![0; nodes + 1], targets: Vec::new() };
        for (from, to) in pairs {
            edges.targets.push(to);
            edges.starts[from as usize + 1] = edges.targets.len() as u32;
        }
        // A node without edges ends where the one before it does.
        for node in 1..edges.starts.len() {
            edges.starts[node] = edges.starts[node].max(edges.starts[node - 1]);
        }
        edges
    }

    fn of(&self, node: Node) -> &[Node] {
        let node = node as usize;
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A graph of items that are called by single letters, as in `["a", "b"]`, `["ab"]`.
    pub fn graph(items: &[&str], references: &[&str], derivers: &[&str]) -> Graph {
        let id = |name: char| {
            let place = items.iter().position(|item| item.starts_with(name)).unwrap();
            10 * place as i64 + 5
        };
        let pairs = |edges: &[&str]| {
            let mut pairs: Vec<(i64, i64)> = edges
                .iter()
                .map(|edge| (id(edge.chars().next().unwrap()), id(edge.chars().last().unwrap())))
                .collect();
            pairs.sort_unstable();
            pairs
        };
        Graph::new(GraphRows {
            items: items.iter().map(|item| (id(item.chars().next().unwrap()), Box::from(*item), 1)).collect(),
            references: pairs(references),
            derivers: pairs(derivers),
        })
    }

    #[test]
    fn edges_and_names_are_those_of_the_rows() {
        let graph = graph(&["c", "a", "d.drv", "b"], &["cb", "aa", "ab", "bb"], &["cd"]);
        let names = |nodes: &[Node]| nodes.iter().map(|node| graph.name(*node)).collect::<Vec<_>>();
        let node = |name| graph.find(name).unwrap();
        assert_eq!(names(graph.references(node("a"))), ["a", "b"]);
        assert_eq!(names(graph.references(node("c"))), ["b"]);
        assert_eq!(names(graph.references(node("b"))), ["b"]);
        assert_eq!(names(graph.references(node("d.drv"))), [""; 0]);
        assert_eq!(graph.deriver(node("c")), Some(node("d.drv")));
        assert_eq!((graph.deriver(node("a")), graph.find("x")), (None, None));
        assert!(graph.is_derivation(node("d.drv")) && graph.id(node("b")) == 35);
    }
}
