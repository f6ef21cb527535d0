//! Provenance as a tree of lines, for people.

use serde_json::Value;

use super::{Report, parts};
use crate::store::{Origin, Program, Realisation};
use crate::util::printable::printable;

/// A line and those that belong to it.
struct Node {
    text: String,
    below: Vec<Node>,
}

impl Node {
    fn new(text: impl Into<String>, below: Vec<Node>) -> Self {
        Self { text: text.into(), below }
    }

    fn leaf(text: impl Into<String>) -> Self {
        Self::new(text, Vec::new())
    }
}

/// The lines of the tree. `time` says when something was, given in seconds since 1970.
pub fn tree(report: &Report, time: &dyn Fn(u64) -> String) -> Vec<String> {
    let provenance = &report.provenance;
    let label = provenance["system"]["label"].as_str().unwrap_or(report.system.name());
    let mut below = vec![Node::leaf(format!("item {}", report.system))];
    below.extend(declaration(provenance));
    below.push(base(provenance));
    below.push(items(report));
    below.extend(records(report, time));
    let mut lines = Vec::new();
    draw(&Node::new(label, below), "", "", &mut lines);
    lines
}

fn declaration(provenance: &Value) -> Option<Node> {
    let declaration = provenance["declaration"].as_object()?;
    let digest = declaration.get("sha256").and_then(Value::as_str).unwrap_or_default();
    let impure = declaration
        .contains_key("impure")
        .then(|| Node::leaf("evaluated with --impure: it may depend on the machine and the moment"));
    Some(Node::new(format!("declaration sha256:{digest}"), impure.into_iter().collect()))
}

fn base(provenance: &Value) -> Node {
    let version = provenance["base"]["version"].as_str().unwrap_or_default();
    let part = |(name, part): (&String, &Value)| {
        let word = |field: &str| part[field].as_str().unwrap_or_default();
        let below = fields(part, &["class", "version"]);
        Node::new([name, word("class"), word("version")].join(" ").trim_end(), below)
    };
    Node::new(format!("base {version}"), parts(provenance).map(part).collect())
}

/// What is said of a part besides `shown`, a line for each field and each line of a text.
fn fields(value: &Value, shown: &[&str]) -> Vec<Node> {
    let members = value.as_object().into_iter().flatten();
    let field = |(name, value): (&String, &Value)| match value {
        Value::Object(_) => Some(Node::new(name, fields(value, &[]))),
        Value::String(text) if text.contains('\n') => {
            Some(Node::new(name, text.lines().map(Node::leaf).collect()))
        }
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(Node::leaf(format!("{name} {text}"))),
        Value::Array(elements) if elements.is_empty() => None,
        Value::Array(elements) => {
            let text = |element: &Value| element.as_str().map_or_else(|| element.to_string(), str::to_owned);
            Some(Node::new(name, elements.iter().map(|element| Node::leaf(text(element))).collect()))
        }
        other => Some(Node::leaf(format!("{name} {other}"))),
    };
    members.filter(|(name, _)| !shown.contains(&name.as_str())).filter_map(field).collect()
}

fn items(report: &Report) -> Node {
    let bytes = report.items.iter().fold(0u64, |bytes, item| bytes.saturating_add(item.nar_size));
    match report.items.len() {
        0 => Node::leaf("items unknown: the system is not in the store yet"),
        number => Node::leaf(format!("items {number}, {} MiB", bytes.div_ceil(1 << 20))),
    }
}

fn records(report: &Report, time: &dyn Fn(u64) -> String) -> Vec<Node> {
    let Some(records) = &report.records else { return vec![Node::leaf("no realisation records")] };
    let mut below: Vec<_> = records.realisations.iter().map(|record| realisation(record, time)).collect();
    if below.is_empty() {
        below.push(Node::leaf("none: nothing of it was built here"));
    }
    if let Some(declaration) = &records.declaration {
        let revision = declaration.revision.iter().map(|revision| Node::leaf(format!("commit {revision}")));
        below.insert(0, Node::new(format!("declared in {}", declaration.file), revision.collect()));
    }
    let signature = match &report.signed_by {
        Some(key) => format!("signed by {key}: the records and the image are as they were signed"),
        None => "not checked by a signature".to_owned(),
    };
    vec![Node::new("realisations", below), Node::leaf(signature)]
}

fn realisation(record: &Realisation, time: &dyn Fn(u64) -> String) -> Node {
    let how = match record.origin {
        Origin::Built => "built",
        Origin::Substituted => "substituted",
        Origin::Added => "added",
    };
    let mut below = vec![Node::leaf(format!("{how} {}, in {} s", time(record.started), record.duration()))];
    let machine = record.machine.as_ref();
    let release = machine.and_then(|machine| machine.release.as_ref());
    below.push(Node::leaf(match release {
        Some(release) => format!("on {}, {release}", record.host),
        None => format!("on {}", record.host),
    }));
    below.extend(machine.map(|machine| Node::leaf(machine.uname.clone())));
    below.extend(record.fruix.as_ref().map(|program| Node::leaf(by(program))));
    if !record.sandboxed {
        below.push(Node::leaf("without a sandbox"));
    }
    Node::new(record.output.base_name(), below)
}

fn by(program: &Program) -> String {
    match &program.revision {
        Some(revision) => format!("by fruix {} of commit {revision}", program.version),
        None => format!("by fruix {}", program.version),
    }
}

/// `first` precedes the line, `rest` those below it.
fn draw(node: &Node, first: &str, rest: &str, lines: &mut Vec<String>) {
    // What an image says may hold anything.
    lines.push(format!("{first}{}", printable(&node.text)));
    for (index, below) in node.below.iter().enumerate() {
        let (branch, trunk) =
            if index + 1 == node.below.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        draw(below, &format!("{rest}{branch}"), &format!("{rest}{trunk}"), lines);
    }
}
