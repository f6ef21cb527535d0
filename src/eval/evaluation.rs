//! The result of an evaluation: plain data, free of Steel, that a child process can hand over.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::problem::{EvalError, Failure, Problem, SourceText};
use super::serial::{as_aterm, as_text, as_texts};
use super::value::Value;
use crate::derivation::Derivation;
use crate::eval::code::Code;
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
    /// Where the forms of computed files stand.
    pub forms: Vec<FormPlace>,
    /// The user's files that were read, in the order of their reading; the declaration itself is the last.
    pub files: Vec<FileRead>,
    /// Where the last expression of the declaration stands.
    pub result_at: Option<std::ops::Range<usize>>,
    /// The text of the declaration.
    pub declaration: SourceText,
    /// What to know about the declaration, although it is sound.
    pub caveats: Vec<Caveat>,
    /// The texts that the caveats point into; none if there are no caveats.
    pub sources: Vec<SourceText>,
}

/// Something about a sound declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caveat {
    /// The use of the declaration that it forbids, such as `image`; empty if it forbids none.
    pub topic: String,
    pub problem: Problem,
}

impl Caveat {
    /// The same where its sources follow so many others.
    fn moved(mut self, sources: usize) -> Self {
        for file in self.problem.labels.iter_mut().filter_map(|label| label.file.as_mut()) {
            *file += sources;
        }
        self
    }
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

/// Where the form stands that a computed file is made by. It is no part of the derivation, which would change with
/// each line above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPlace {
    #[serde(with = "as_text")]
    pub drv: StorePath,
    /// As the user would name it.
    pub file: String,
    /// From 1 on.
    pub line: usize,
}

/// A file of the user's that took part in the evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRead {
    /// Its absolute path, or a name in angle brackets for an expression of the command line.
    pub path: String,
    /// The SHA-256 digest of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Evaluation {
    /// Both, as one that builds what either does.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.roots
            .extend(other.roots.into_iter().filter(|root| !self.roots.contains(root)).collect::<Vec<_>>());
        self.derivations.extend(other.derivations);
        self.texts
            .extend(other.texts.into_iter().filter(|text| !self.texts.contains(text)).collect::<Vec<_>>());
        self.files.extend(other.files);
        let sources = self.sources.len();
        self.sources.extend(other.sources);
        self.caveats.extend(other.caveats.into_iter().map(|caveat| caveat.moved(sources)));
        self
    }

    /// Makes sure that nothing forbids a use of the declaration.
    ///
    /// # Errors
    /// What forbids it.
    pub fn expect_fit_for(&self, topic: &str) -> Result<(), EvalError> {
        let problems: Vec<Problem> = self
            .caveats
            .iter()
            .filter(|caveat| caveat.topic == topic)
            .map(|caveat| caveat.problem.clone())
            .collect();
        if problems.is_empty() {
            return Ok(());
        }
        Err(Failure { problems, sources: self.sources.clone() }.into())
    }

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
            Some(at) => {
                Problem::at(Code::WrongResult, at, message).label("this is its last expression").in_file(0)
            }
            None => Problem::new(Code::WrongResult, message),
        };
        let problem = problem.help(format!("end the file with ({kind} …), or with the name of one"));
        Err(Failure { problems: vec![problem], sources: vec![self.declaration.clone()] }.into())
    }
}
