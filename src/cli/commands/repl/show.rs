//! Answers as text.

use std::fmt::Write as _;

use super::commands::COMMANDS;
use super::diff::{Change, What};
use super::print;
use crate::derivation::Derivation;
use crate::eval::reference::{Field, Kind};
use crate::eval::session::Description;
use crate::eval::{Evaluation, Value};
use crate::store_path::StorePath;

/// What `,help` says.
pub fn help() -> String {
    let usage = |name: &str, arguments: &str| format!(",{name} {arguments}");
    let width = COMMANDS.iter().map(|c| usage(c.name, c.arguments).chars().count()).max().unwrap_or(0);
    let mut text = String::from("Type an expression to see its value, or a definition to use it later.\n");
    text.push_str("`it` is the latest value, `%config` that of the declaration.\n\n");
    for command in COMMANDS {
        let _ = writeln!(text, "{:width$}  {}", usage(command.name, command.arguments), command.help);
    }
    text.push_str("\nTab completes names, fields, modules and files; Ctrl-C stops an evaluation.");
    text
}

/// What a name means.
pub fn description(description: &Description) -> String {
    let export = &description.export;
    let mut text = format!("{}\n  {}, {}", export.signature, export.kind.describe(), description.home);
    if !export.doc.is_empty() {
        let _ = write!(text, "\n\n{}", export.doc);
    }
    if let Kind::RecordType(fields) = &export.kind {
        text.push('\n');
        for one in fields {
            let _ = write!(text, "\n{}", field(one));
        }
    }
    text
}

fn field(field: &Field) -> String {
    let default = match &field.default {
        None => "required".to_string(),
        Some(default) => format!("default {default}"),
    };
    let mut text = format!("({} {})  {default}", field.name, field.type_name);
    for line in field.doc.lines() {
        let _ = write!(text, "\n    {line}");
    }
    text
}

/// What kind of value it is, in words; `kind` is the session's word for it.
pub fn kind(value: &Value, kind: &str) -> String {
    match value {
        Value::List(items) => match items.as_slice() {
            [] => "the empty list".into(),
            [_, Value::Symbol(dot), _] if dot == "." => "pair".into(),
            [first, others @ ..] => {
                let one = element(first);
                let same = others.iter().all(|other| element(other) == one);
                let what = if same { one } else { "element".into() };
                let plural = if others.is_empty() { "" } else { "s" };
                format!("list of {} {what}{plural}", items.len())
            }
        },
        Value::Record { kind, .. } => format!("`{kind}` record"),
        _ => kind.to_string(),
    }
}

fn element(value: &Value) -> String {
    match value {
        Value::Record { kind, .. } => format!("`{kind}` record"),
        other => other.kind().to_string(),
    }
}

/// The derivations and texts that a value stands for.
pub fn lowered(evaluation: &Evaluation) -> String {
    let mut parts = Vec::new();
    for root in &evaluation.roots {
        let mut text = format!("{} (output {})", root.drv, root.output);
        match evaluation.derivations.get(&root.drv) {
            Some(one) => text.push_str(&derivation(one)),
            None => text.push_str("\n  it is in the store"),
        }
        parts.push(text);
    }
    if let (true, Value::StorePath(path)) = (evaluation.roots.is_empty(), &evaluation.value) {
        let text = evaluation.texts.iter().find(|text| text.path == *path);
        parts.push(match text {
            Some(text) => format!("{path}\n{}", indented(&text.contents, 2)),
            None => format!("{path}\n  it is in the store"),
        });
    }
    let others = evaluation.derivations.len().saturating_sub(evaluation.roots.len());
    if others > 0 {
        parts.push(format!("and {others} derivations that it is made from"));
    }
    parts.join("\n")
}

fn derivation(derivation: &Derivation) -> String {
    let mut text = String::new();
    for (name, output) in &derivation.outputs {
        let path = output.path.as_ref().map(StorePath::to_string).unwrap_or_default();
        let _ = write!(text, "\n  output {name}: {path}");
        if let Some(fixed) = output.fixed {
            let _ = write!(text, "\n    must be sha256:{}", fixed.digest.hex());
        }
    }
    let _ = write!(text, "\n  builder: {} on {}", derivation.builder, derivation.system);
    for argument in &derivation.args {
        let _ = write!(text, "\n  argument: {}", multiline(argument));
    }
    for (name, value) in &derivation.env {
        let _ = write!(text, "\n  {name} = {}", multiline(value));
    }
    for (drv, outputs) in &derivation.input_drvs {
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let _ = write!(text, "\n  needs {drv} ({})", outputs.join(", "));
    }
    for source in &derivation.input_srcs {
        let _ = write!(text, "\n  needs {source}");
    }
    text
}

/// A text of the environment; JSON by its parts.
fn multiline(value: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(value).ok();
    let structured = json.filter(|json| json.is_object() || json.is_array());
    let pretty = structured.and_then(|json| serde_json::to_string_pretty(&json).ok());
    let text = pretty.as_deref().unwrap_or(value);
    if text.contains('\n') { format!("\n{}", indented(text, 4)) } else { text.to_string() }
}

fn indented(text: &str, columns: usize) -> String {
    let indent = " ".repeat(columns);
    text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

/// Differences under a title, without it if there are none.
pub fn changes(title: &str, changes: &[Change]) -> String {
    let mut text = title.to_string();
    for Change { path, what } in changes {
        let place = if path.is_empty() { String::new() } else { format!("{}: ", path.join(" ")) };
        let _ = match what {
            What::Changed { from, to } if from.len() + to.len() + place.len() <= ONE_LINE => {
                write!(text, "\n  {place}{from} → {to}")
            }
            What::Changed { from, to } => write!(text, "\n  {place}\n    - {from}\n    + {to}"),
            What::Added(part) => write!(text, "\n  {place}+ {part}"),
            What::Removed(part) => write!(text, "\n  {place}- {part}"),
            What::Note(note) => write!(text, "\n  {place}{note}"),
        };
    }
    text
}

/// Longest difference that is told in one line.
const ONE_LINE: usize = 90;

/// A value as the REPL prints it, cut after `lines` lines if that is given.
pub fn value(value: &Value, width: usize, lines: Option<usize>) -> String {
    let text = print::pretty(value, width);
    let count = text.lines().count();
    match lines.filter(|lines| count > *lines) {
        Some(lines) => {
            let shown: Vec<&str> = text.lines().take(lines).collect();
            format!("{}\n… {} more lines; `,print it` shows all", shown.join("\n"), count - lines)
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_in_words() {
        let text = || Value::Text("a".into());
        for (value, expected) in [
            (Value::List(vec![]), "the empty list"),
            (Value::List(vec![text()]), "list of 1 string"),
            (Value::List(vec![text(), text()]), "list of 2 strings"),
            (Value::List(vec![text(), Value::Integer(1)]), "list of 2 elements"),
            (Value::List(vec![text(), Value::Symbol(".".into()), text()]), "pair"),
            (Value::Record { kind: "user-account".into(), fields: vec![] }, "`user-account` record"),
            (Value::Opaque("#<procedure>".into()), "procedure"),
        ] {
            assert_eq!(kind(&value, "procedure"), expected);
        }
    }

    #[test]
    fn long_values_are_cut() {
        let items = (0..100).map(Value::Integer).collect();
        let shown = value(&Value::List(items), 20, Some(5));
        assert_eq!(shown.lines().count(), 6);
        assert!(shown.ends_with("… 95 more lines; `,print it` shows all"), "{shown}");
        assert_eq!(value(&Value::Integer(1), 20, Some(5)), "1");
    }

    #[test]
    fn differences_say_where() {
        let change =
            |path: &[&str], what| Change { path: path.iter().map(|p| p.to_string()).collect(), what };
        let long = "x".repeat(100);
        let text = changes(
            "system",
            &[
                change(&["users", "\"ada\"", "uid"], What::Changed { from: "1".into(), to: "2".into() }),
                change(&[], What::Added("a".into())),
                change(&["b"], What::Changed { from: long.clone(), to: "c".into() }),
            ],
        );
        assert_eq!(text, format!("system\n  users \"ada\" uid: 1 → 2\n  + a\n  b: \n    - {long}\n    + c"));
    }
}
