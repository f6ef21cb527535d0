//! Comparing Scheme values.

use super::tree::{Change, Tree, compare};
use crate::cli::commands::repl::print;
use crate::eval::Value;

/// The differences between two values, down to the fields of records and the elements of lists.
pub fn values(from: &Value, to: &Value) -> Vec<Change> {
    compare(&tree(from), &tree(to))
}

fn tree(value: &Value) -> Tree {
    let shown = print::line(value);
    match value {
        Value::Record { kind, fields } => {
            let parts = fields.iter().map(|(name, value)| (name.clone(), tree(value)));
            Tree::Named { kind: kind.clone(), parts: parts.collect(), shown }
        }
        Value::List(items) if !is_pair(items) => {
            // Settings are associations: their keys name them.
            match items.iter().map(association).collect::<Option<Vec<_>>>() {
                Some(parts) if !parts.is_empty() && distinct(&parts) => {
                    Tree::Named { kind: "alist".into(), parts, shown }
                }
                _ => Tree::Listed { parts: items.iter().map(tree).collect(), shown },
            }
        }
        _ => Tree::Leaf(shown),
    }
}

fn is_pair(items: &[Value]) -> bool {
    matches!(items, [_, Value::Symbol(dot), _] if dot == ".")
}

fn association(value: &Value) -> Option<(String, Tree)> {
    match value {
        Value::List(items) if is_pair(items) => match &items[0] {
            Value::Text(key) | Value::Symbol(key) => Some((key.clone(), tree(&items[2]))),
            _ => None,
        },
        _ => None,
    }
}

fn distinct(parts: &[(String, Tree)]) -> bool {
    let mut names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::super::What;
    use super::*;

    #[test]
    fn fields_and_settings_have_names() {
        let pair = |key: &str, value: &str| {
            Value::List(vec![Value::Text(key.into()), Value::Symbol(".".into()), Value::Text(value.into())])
        };
        let system = |settings: Vec<Value>| Value::Record {
            kind: "system".into(),
            fields: vec![("loader".into(), Value::List(settings))],
        };
        let from = system(vec![pair("a", "1"), pair("b", "2")]);
        let to = system(vec![pair("b", "3"), pair("a", "1"), pair("c", "4")]);
        let found = values(&from, &to);
        let paths: Vec<String> = found.iter().map(|change| change.path.join(".")).collect();
        assert_eq!(paths, ["loader.b", "loader.c"]);
        assert_eq!(found[0].what, What::Changed { from: "\"2\"".into(), to: "\"3\"".into() });
        assert_eq!(found[1].what, What::Added("\"4\"".into()));
    }
}
