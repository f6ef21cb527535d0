//! Comparing derivations, and those they are made from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::tree::{Change, Tree, What, compare};
use crate::derivation::Derivation;
use crate::store_path::{HASH_PART_LEN, STORE_DIR, StorePath};

/// What stands for a digest: paths that differ in it alone differ because of what they are made from.
const ELIDED: &str = "…";

/// What differs between two derivations, and between those that they depend on: for each pair the name and the changes.
/// Only what is the cause: a path that changed because an input changed is no change of its own.
pub fn derivations(
    from: &StorePath,
    to: &StorePath,
    find: impl Fn(&StorePath) -> Option<Derivation>,
) -> Vec<(String, Vec<Change>)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut pending = vec![(from.clone(), to.clone())];
    while let Some((old, new)) = pending.pop() {
        if old == new || !seen.insert((old.clone(), new.clone())) {
            continue;
        }
        let (name, other) = (Derivation::name_of(&old).to_string(), Derivation::name_of(&new).to_string());
        let title = if name == other { name } else { format!("{name} → {other}") };
        let (Some(a), Some(b)) = (find(&old), find(&new)) else {
            let what = What::Note("not in the store: cannot be compared".into());
            found.push((title, vec![Change { path: Vec::new(), what }]));
            continue;
        };
        let mut changes = compare(&tree(&a), &tree(&b));
        let (pairs, others) = inputs(&a, &b);
        changes.extend(others);
        if !changes.is_empty() {
            found.push((title, changes));
        }
        // The last one is looked at first.
        pending.extend(pairs.into_iter().rev());
    }
    found
}

/// What a derivation itself says, without what its inputs are.
fn tree(derivation: &Derivation) -> Tree {
    let texts = |texts: &[String]| Tree::Listed {
        parts: texts.iter().map(|text| text_tree(text)).collect(),
        shown: format!("{texts:?}"),
    };
    let env = derivation.env.iter().map(|(name, value)| (name.clone(), text_tree(value)));
    let outputs = derivation.outputs.iter().map(|(name, output)| {
        let fixed = output.fixed.map(|fixed| format!("sha256:{}", fixed.digest.hex()));
        (name.clone(), Tree::Leaf(fixed.unwrap_or_else(|| "an output".into())))
    });
    let part = |name: &str, tree| (name.to_string(), tree);
    group(vec![
        part("system", Tree::Leaf(derivation.system.clone())),
        part("builder", text_tree(&derivation.builder)),
        part("args", texts(&derivation.args)),
        part("env", group(env.collect())),
        part("outputs", group(outputs.collect())),
    ])
}

fn group(parts: Vec<(String, Tree)>) -> Tree {
    Tree::Named { kind: String::new(), parts, shown: "(…)".into() }
}

/// A text; JSON by its parts.
fn text_tree(text: &str) -> Tree {
    let structured = text.starts_with(['{', '[']);
    match serde_json::from_str::<Json>(text).ok().filter(|_| structured) {
        Some(json) => json_tree(&json),
        None => Tree::Leaf(format!("{:?}", elide(text))),
    }
}

fn json_tree(json: &Json) -> Tree {
    let shown = elide(&json.to_string());
    match json {
        Json::Object(members) => {
            let parts = members.iter().map(|(name, value)| (name.clone(), json_tree(value))).collect();
            Tree::Named { kind: String::new(), parts, shown }
        }
        Json::Array(items) => Tree::Listed { parts: items.iter().map(json_tree).collect(), shown },
        _ => Tree::Leaf(shown),
    }
}

/// A text whose store paths have no digests.
fn elide(text: &str) -> String {
    let start = format!("{STORE_DIR}/");
    let mut parts = text.split(start.as_str());
    let mut elided = parts.next().unwrap_or_default().to_string();
    for part in parts {
        elided.push_str(&start);
        match part.get(..HASH_PART_LEN).filter(|digest| digest.bytes().all(|b| b.is_ascii_alphanumeric())) {
            Some(_) => {
                elided.push_str(ELIDED);
                elided.push_str(&part[HASH_PART_LEN..]);
            }
            None => elided.push_str(part),
        }
    }
    elided
}

/// Pairs of input derivations that go by the same name and differ, and all else that differs between the inputs.
fn inputs(from: &Derivation, to: &Derivation) -> (Vec<(StorePath, StorePath)>, Vec<Change>) {
    let mut changes = Vec::new();
    let [old, new] = [from, to].map(|side| by_name(side.input_drvs.keys(), Derivation::name_of));
    let pairs = pair(&old, &new, &mut changes);
    let [old, new] = [from, to].map(|side| by_name(side.input_srcs.iter(), StorePath::name));
    for (old, new) in pair(&old, &new, &mut changes) {
        let what = What::Changed { from: old.to_string(), to: new.to_string() };
        changes.push(Change { path: vec!["inputs".into()], what });
    }
    (pairs, changes)
}

type Named<'a> = BTreeMap<&'a str, Vec<&'a StorePath>>;

fn by_name<'a>(
    paths: impl Iterator<Item = &'a StorePath>,
    name: impl Fn(&'a StorePath) -> &'a str,
) -> Named<'a> {
    let mut named = Named::new();
    for path in paths {
        named.entry(name(path)).or_default().push(path);
    }
    named
}

/// Pairs the paths of one name that only one side has; what is left over was added or removed.
fn pair(from: &Named<'_>, to: &Named<'_>, changes: &mut Vec<Change>) -> Vec<(StorePath, StorePath)> {
    let none = Vec::new();
    let names: BTreeSet<&str> = from.keys().chain(to.keys()).copied().collect();
    let mut pairs = Vec::new();
    for name in names {
        let (old, new) = (from.get(name).unwrap_or(&none), to.get(name).unwrap_or(&none));
        let mut old_alone = old.iter().filter(|path| !new.contains(path));
        let mut new_alone = new.iter().filter(|path| !old.contains(path));
        loop {
            let what = match (old_alone.next(), new_alone.next()) {
                (Some(old), Some(new)) => {
                    pairs.push(((*old).clone(), (*new).clone()));
                    continue;
                }
                (Some(old), None) => What::Removed(old.to_string()),
                (None, Some(new)) => What::Added(new.to_string()),
                (None, None) => break,
            };
            changes.push(Change { path: vec!["inputs".into()], what });
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::Hashes;

    /// A derivation and its path, made into `known`.
    fn make(
        name: &str,
        env: &[(&str, &str)],
        input: Option<&StorePath>,
        known: &mut (BTreeMap<StorePath, Derivation>, Hashes),
    ) -> StorePath {
        let env = env.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let input_drvs = input.map(|drv| (drv.clone(), BTreeSet::from(["out".to_string()])));
        let mut derivation = Derivation {
            outputs: BTreeMap::from([("out".to_string(), Default::default())]),
            env: env.collect(),
            input_drvs: input_drvs.into_iter().collect(),
            builder: "builtin:text".into(),
            ..Derivation::default()
        };
        let path = derivation.instantiate(name, &mut known.1).unwrap();
        known.0.insert(path.clone(), derivation);
        path
    }

    #[test]
    fn causes_are_told_and_consequences_are_not() {
        let mut known = Default::default();
        let [old, new] = ["1", "2"].map(|value| make("base", &[("value", value)], None, &mut known));
        let [from, to] = [&old, &new].map(|base| {
            let output = known.0[base].outputs["out"].path.clone().unwrap();
            let spec =
                format!("{{\"base\":\"{output}\",\"name\":\"{}\"}}", if base == &old { "a" } else { "b" });
            make("system", &[("spec", spec.as_str())], Some(base), &mut known)
        });
        let found = derivations(&from, &to, |path| known.0.get(path).cloned());
        let shown: Vec<_> = found
            .iter()
            .map(|(name, changes)| {
                (name.as_str(), changes.iter().map(|change| change.path.join(".")).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            shown,
            [("system", vec!["env.spec.name".to_string()]), ("base", vec!["env.value".to_string()])]
        );
        assert!(derivations(&from, &from, |path| known.0.get(path).cloned()).is_empty());
    }

    #[test]
    fn inputs_on_one_side_alone_were_added() {
        let mut known = Default::default();
        let base = make("base", &[], None, &mut known);
        let from = make("system", &[], None, &mut known);
        let to = make("system", &[], Some(&base), &mut known);
        let found = derivations(&from, &to, |path| known.0.get(path).cloned());
        assert_eq!(found[0].1, [Change { path: vec!["inputs".into()], what: What::Added(base.to_string()) }]);
    }

    #[test]
    fn digests_are_elided() {
        let digest = "0".repeat(32);
        assert_eq!(elide(&format!("a {STORE_DIR}/{digest}-x b")), format!("a {STORE_DIR}/…-x b"));
        assert_eq!(elide(&format!("{STORE_DIR}/short")), format!("{STORE_DIR}/short"));
    }
}
