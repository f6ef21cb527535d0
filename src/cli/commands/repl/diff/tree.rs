//! Comparing trees: what values, derivations and JSON have in common.

/// Something with parts.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// What has no parts: as it is shown.
    Leaf(String),
    /// Parts with names, in an order that means nothing. `shown` is the whole.
    Named { kind: String, parts: Vec<(String, Tree)>, shown: String },
    /// Parts in an order. `shown` is the whole.
    Listed { parts: Vec<Tree>, shown: String },
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, from the outside in, such as `users`, `"ada"`, `shell`.
    pub path: Vec<String>,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Changed {
        from: String,
        to: String,
    },
    Added(String),
    Removed(String),
    /// Something that is said about the place, and has no two sides.
    Note(String),
}

impl Tree {
    pub fn shown(&self) -> &str {
        match self {
            Self::Leaf(shown) | Self::Named { shown, .. } | Self::Listed { shown, .. } => shown,
        }
    }

    /// By what people tell it from its like: the first of its parts that has none itself and is a text.
    fn identity(&self) -> Option<(&str, &str)> {
        let Self::Named { kind, parts, .. } = self else { return None };
        parts.iter().find_map(|(_, part)| match part {
            Self::Leaf(shown) if shown.starts_with('"') => Some((kind.as_str(), shown.as_str())),
            _ => None,
        })
    }
}

/// The differences between two trees.
pub fn compare(from: &Tree, to: &Tree) -> Vec<Change> {
    let mut changes = Vec::new();
    walk(from, to, &mut Vec::new(), &mut changes);
    changes
}

fn walk(from: &Tree, to: &Tree, path: &mut Vec<String>, changes: &mut Vec<Change>) {
    if from == to {
        return;
    }
    match (from, to) {
        (Tree::Named { kind, parts, .. }, Tree::Named { kind: other, parts: others, .. })
            if kind == other =>
        {
            named(parts, others, path, changes);
        }
        (Tree::Listed { parts, .. }, Tree::Listed { parts: others, .. }) => {
            listed(parts, others, path, changes);
        }
        _ => {
            let what = What::Changed { from: from.shown().to_string(), to: to.shown().to_string() };
            changes.push(Change { path: path.clone(), what });
        }
    }
}

fn named(from: &[(String, Tree)], to: &[(String, Tree)], path: &mut Vec<String>, changes: &mut Vec<Change>) {
    let find = |parts: &'_ [(String, Tree)], name: &str| parts.iter().position(|(known, _)| known == name);
    for (name, part) in from {
        path.push(name.clone());
        match find(to, name) {
            Some(index) => walk(part, &to[index].1, path, changes),
            None => {
                changes.push(Change { path: path.clone(), what: What::Removed(part.shown().to_string()) })
            }
        }
        path.pop();
    }
    for (name, part) in to.iter().filter(|(name, _)| find(from, name).is_none()) {
        path.push(name.clone());
        changes.push(Change { path: path.clone(), what: What::Added(part.shown().to_string()) });
        path.pop();
    }
}

/// Parts that are on one side alone were added or removed, unless both sides have one that people would take for the
/// same.
fn listed(from: &[Tree], to: &[Tree], path: &mut Vec<String>, changes: &mut Vec<Change>) {
    let (mut removed, mut added) = alone(from, to);
    let mut pairs = Vec::new();
    removed.retain(|old| {
        let twin = added.iter().position(|new| old.identity().is_some() && old.identity() == new.identity());
        let Some(twin) = twin else { return true };
        pairs.push((*old, added.remove(twin)));
        false
    });
    let nameless = |parts: &[&Tree]| matches!(parts, [only] if only.identity().is_none());
    if from.len() == to.len() && nameless(&removed) && nameless(&added) {
        pairs.push((removed.remove(0), added.remove(0)));
    }
    if removed.is_empty() && added.is_empty() && pairs.is_empty() {
        let what = What::Note("the same elements in another order".into());
        return changes.push(Change { path: path.clone(), what });
    }
    for (old, new) in pairs {
        let name = old.identity().or(new.identity()).map(|(_, name)| name.to_string());
        let index = from.iter().position(|part| part == old).map(|index| format!("[{index}]"));
        path.extend(name.or(index));
        walk(old, new, path, changes);
        path.pop();
    }
    changes.extend(
        removed
            .iter()
            .map(|part| Change { path: path.clone(), what: What::Removed(part.shown().to_string()) }),
    );
    changes.extend(
        added.iter().map(|part| Change { path: path.clone(), what: What::Added(part.shown().to_string()) }),
    );
}

/// The parts that only the one side has, and those that only the other has.
fn alone<'a>(from: &'a [Tree], to: &'a [Tree]) -> (Vec<&'a Tree>, Vec<&'a Tree>) {
    let mut added: Vec<&Tree> = to.iter().collect();
    let mut removed = Vec::new();
    for part in from {
        match added.iter().position(|other| *other == part) {
            Some(index) => {
                added.remove(index);
            }
            None => removed.push(part),
        }
    }
    (removed, added)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(text: &str) -> Tree {
        Tree::Leaf(text.into())
    }

    fn user(name: &str, shell: &str) -> Tree {
        let parts = vec![("name".to_string(), leaf(name)), ("shell".to_string(), leaf(shell))];
        Tree::Named { kind: "user".into(), parts, shown: format!("(user {name} {shell})") }
    }

    fn list(parts: &[Tree]) -> Tree {
        Tree::Listed { parts: parts.to_vec(), shown: "(…)".into() }
    }

    fn changes(from: &Tree, to: &Tree) -> Vec<(String, What)> {
        compare(from, to).into_iter().map(|change| (change.path.join("/"), change.what)).collect()
    }

    #[test]
    fn what_is_equal_is_not_told() {
        assert!(changes(&user("\"a\"", "x"), &user("\"a\"", "x")).is_empty());
    }

    #[test]
    fn elements_are_recognised_by_what_they_are_called() {
        let from = list(&[user("\"a\"", "sh"), user("\"b\"", "sh"), user("\"c\"", "sh")]);
        let to = list(&[user("\"b\"", "csh"), user("\"a\"", "sh"), user("\"d\"", "sh")]);
        assert_eq!(
            changes(&from, &to),
            [
                ("\"b\"/shell".into(), What::Changed { from: "sh".into(), to: "csh".into() }),
                (String::new(), What::Removed("(user \"c\" sh)".into())),
                (String::new(), What::Added("(user \"d\" sh)".into())),
            ]
        );
    }

    #[test]
    fn order_and_single_elements_are_told() {
        let note = What::Note("the same elements in another order".into());
        assert_eq!(
            changes(&list(&[leaf("1"), leaf("2")]), &list(&[leaf("2"), leaf("1")])),
            [(String::new(), note)]
        );
        let changed = What::Changed { from: "2".into(), to: "3".into() };
        assert_eq!(
            changes(&list(&[leaf("1"), leaf("2")]), &list(&[leaf("1"), leaf("3")])),
            [("[1]".into(), changed)]
        );
    }

    #[test]
    fn other_kinds_are_changed_as_a_whole() {
        let changed = What::Changed { from: "1".into(), to: "(user \"a\" sh)".into() };
        assert_eq!(changes(&leaf("1"), &user("\"a\"", "sh")), [(String::new(), changed)]);
    }
}
