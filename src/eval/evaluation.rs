//! The result of an evaluation: plain data, free of Steel, that a child process can hand over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::problem::{EvalError, Failure, Problem, SourceText};
use crate::derivation::Derivation;
use crate::store_path::StorePath;

/// What a declaration evaluates to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The value of the last expression.
    pub value: Value,
    /// What the value lowers to: the outputs to build. Empty if the value is nothing that can be built.
    pub roots: Vec<Root>,
    /// Every derivation made on the way, by the path of its `.drv`.
    #[serde(with = "as_aterm")]
    pub derivations: BTreeMap<StorePath, Derivation>,
    /// Every text made on the way.
    pub texts: Vec<Text>,
    /// The user's files that were read, in the order of their reading; the declaration itself is the last.
    pub files: Vec<FileRead>,
    /// Where the last expression of the declaration stands.
    pub result_at: Option<std::ops::Range<usize>>,
    /// The text of the declaration.
    pub declaration: SourceText,
}

/// One output to build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    #[serde(with = "as_text")]
    pub drv: StorePath,
    pub output: String,
    /// Where the output will lie.
    #[serde(with = "as_text")]
    pub path: StorePath,
}

/// A text to add to the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    #[serde(with = "as_text")]
    pub path: StorePath,
    pub name: String,
    pub contents: String,
    #[serde(with = "as_texts")]
    pub references: BTreeSet<StorePath>,
}

/// A file of the user's that took part in the evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// Its absolute path, or a name in angle brackets for an expression of the command line.
    pub path: String,
    /// The SHA-256 digest of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A Scheme value as plain data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// No value, such as that of a definition.
    Nothing,
    Boolean(bool),
    Integer(i64),
    Number(f64),
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

impl Evaluation {
    /// Makes sure that the declaration is a record of a type, such as `operating-system`.
    ///
    /// # Errors
    /// It is something else; points at the last expression.
    pub fn expect_record(&self, kind: &str) -> Result<(), EvalError> {
        let found = match &self.value {
            Value::Record { kind: found, .. } if found == kind => return Ok(()),
            Value::Record { kind: found, .. } => format!("a `{found}` record"),
            Value::Nothing => "nothing".into(),
            other => format!("the {}", other.kind()),
        };
        let message = format!("{} gives {found}, not an `{kind}`", self.declaration.name);
        let problem = match self.result_at.clone() {
            Some(at) => Problem::at(at, message).label("this is its last expression").in_file(0),
            None => Problem::new(message),
        };
        let problem = problem.help(format!("end the file with ({kind} …), or with the name of one"));
        Err(Failure { problems: vec![problem], sources: vec![self.declaration.clone()] }.into())
    }
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

/// Store paths as their text.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::store_path::StorePath;

    pub fn serialize<S: Serializer>(path: &StorePath, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(path)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StorePath, D::Error> {
        let text = String::deserialize(deserializer)?;
        StorePath::from_absolute(&text).map_err(D::Error::custom)
    }
}

/// Sets of store paths as lists of their texts.
mod as_texts {
    use std::collections::BTreeSet;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::store_path::StorePath;

    pub fn serialize<S: Serializer>(paths: &BTreeSet<StorePath>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<StorePath>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| StorePath::from_absolute(text).map_err(D::Error::custom)).collect()
    }
}

/// Derivations as the ATerm that the store holds.
mod as_aterm {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::derivation::Derivation;
    use crate::store_path::StorePath;

    type Derivations = BTreeMap<StorePath, Derivation>;

    pub fn serialize<S: Serializer>(derivations: &Derivations, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(derivations.iter().map(|(path, drv)| (path.to_string(), drv.to_aterm())))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Derivations, D::Error> {
        let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
        let read = |(path, aterm): (&String, &String)| {
            let path = StorePath::from_absolute(path).map_err(D::Error::custom)?;
            Ok((path, Derivation::parse(aterm).map_err(D::Error::custom)?))
        };
        texts.iter().map(read).collect()
    }
}
