//! Scheme values as plain data.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::serial::{as_number, as_text};
use crate::store_path::StorePath;

/// A Scheme value as plain data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// No value, such as that of a definition.
    Nothing,
    Boolean(bool),
    Integer(i64),
    Number(#[serde(with = "as_number")] f64),
    Text(String),
    Symbol(String),
    List(Vec<Value>),
    /// A record: its type, and its fields in the order of their definition.
    Record {
        kind: String,
        fields: Vec<(String, Value)>,
    },
    /// A path in the store.
    #[serde(with = "as_text")]
    StorePath(StorePath),
    /// Anything else, as Scheme prints it.
    Opaque(String),
}

impl Value {
    /// What kind of value this is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) | Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Symbol(_) => "symbol",
            Self::List(_) => "list",
            Self::Record { .. } => "record",
            Self::StorePath(_) => "store object",
            Self::Opaque(_) => "value",
        }
    }
}

/// As Scheme would read it, where it can be read.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("void"),
            Self::Boolean(value) => f.write_str(if *value { "#t" } else { "#f" }),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value:?}"),
            Self::Text(text) => write_text(f, text),
            Self::Symbol(name) | Self::Opaque(name) => f.write_str(name),
            Self::List(items) => write_list(f, items.iter()),
            Self::Record { kind, fields } => {
                write!(f, "({kind}")?;
                for (name, value) in fields {
                    write!(f, " ({name} {value})")?;
                }
                f.write_str(")")
            }
            Self::StorePath(path) => write!(f, "#<store-object {path}>"),
        }
    }
}

fn write_list<'a>(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = &'a Value>) -> fmt::Result {
    f.write_str("(")?;
    for (index, item) in items.enumerate() {
        if index > 0 {
            f.write_str(" ")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str(")")
}

/// A string literal with the escapes that Scheme knows.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\x{:x};", c as u32)?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
