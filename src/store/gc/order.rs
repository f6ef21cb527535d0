//! The order in which garbage is deleted: what refers before what is referred to, and what refers to each other at once.

use super::graph::{Graph, Node};

/// Groups of dead items. Nothing in a group is referred to from a later one; the items of a group refer to each other.
///
/// These are the strongly connected components that Tarjan's algorithm finds, references first, turned round. It keeps
/// its own stack: a chain of references may be as long as there are items.
pub fn referrers_first(graph: &Graph, is_dead: impl Fn(Node) -> bool) -> Vec<Vec<Node>> {
    let mut search = Search {
        graph,
        found: vec![0; graph.len()],
        lowest: vec![0; graph.len()],
        is_open: vec![false; graph.len()],
        open: Vec::new(),
        groups: Vec::new(),
        next: 1,
    };
    for node in graph.nodes() {
        if is_dead(node) && search.found[node as usize] == 0 {
            search.from(node, &is_dead);
        }
    }
    search.groups.reverse();
    search.groups
}

struct Search<'a> {
    graph: &'a Graph,
    /// By node: when it was found, from 1 on; 0 before.
    found: Vec<u32>,
    /// By node: the earliest found of the nodes that it leads back to.
    lowest: Vec<u32>,
    is_open: Vec<bool>,
    /// Nodes whose group is not known yet.
    open: Vec<Node>,
    groups: Vec<Vec<Node>>,
    next: u32,
}

impl Search<'_> {
    fn from(&mut self, start: Node, is_dead: &impl Fn(Node) -> bool) {
        // Each with how many of its references have been looked at.
        let mut way = vec![(start, 0)];
        self.find(start);
        while let Some((node, looked_at)) = way.last_mut() {
            let node = *node;
            if let Some(&reference) = self.graph.references(node).get(*looked_at) {
                *looked_at += 1;
                if !is_dead(reference) {
                    continue;
                }
                if self.found[reference as usize] == 0 {
                    self.find(reference);
                    way.push((reference, 0));
                } else if self.is_open[reference as usize] {
                    self.lower(node, self.found[reference as usize]);
                }
                continue;
            }
            way.pop();
            if let Some((before, _)) = way.last() {
                self.lower(*before, self.lowest[node as usize]);
            }
            if self.lowest[node as usize] == self.found[node as usize] {
                self.close(node);
            }
        }
    }

    fn find(&mut self, node: Node) {
        self.found[node as usize] = self.next;
        self.lowest[node as usize] = self.next;
        self.next += 1;
        self.is_open[node as usize] = true;
        self.open.push(node);
    }

    fn lower(&mut self, node: Node, to: u32) {
        let lowest = &mut self.lowest[node as usize];
        *lowest = to.min(*lowest);
    }

    /// Everything that was found since `node`, and is in no group yet, is in one with it.
    fn close(&mut self, node: Node) {
        let start = self.open.iter().rposition(|open| *open == node).unwrap_or_default();
        let group = self.open.split_off(start);
        for member in &group {
            self.is_open[*member as usize] = false;
        }
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph;
    use super::*;

    fn ordered(items: &[&str], references: &[&str], live: &str) -> Vec<String> {
        let graph = graph(items, references, &[]);
        let groups = referrers_first(&graph, |node| !live.contains(graph.name(node)));
        let names = |group: &Vec<Node>| {
            let mut names: Vec<_> = group.iter().map(|node| graph.name(*node)).collect();
            names.sort_unstable();
            names.concat()
        };
        groups.iter().map(names).collect()
    }

    #[test]
    fn referrers_come_first_and_circles_together() {
        assert_eq!(ordered(&["a", "b", "c"], &["cb", "ba"], ""), ["c", "b", "a"]);
        assert_eq!(ordered(&["a", "b", "c"], &["ab", "bc", "aa"], ""), ["a", "b", "c"]);
        assert_eq!(ordered(&["a", "b", "c", "d"], &["ab", "bc", "cb", "cd"], ""), ["a", "bc", "d"]);
        assert_eq!(ordered(&["a", "b", "c"], &["ab", "bc"], "c"), ["a", "b"]);
    }

    #[test]
    fn of_two_ways_the_longer_counts() {
        let order = ordered(&["d", "a", "b", "c"], &["ad", "ab", "bc", "cd"], "");
        assert_eq!(order, ["a", "b", "c", "d"]);
    }
}
