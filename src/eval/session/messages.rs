//! What a session is asked, and what it answers: plain data.

use std::ops::Range;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Description};
use crate::eval::evaluation::Evaluation;
use crate::eval::lockdown::Purity;
use crate::eval::modules::Declaration;
use crate::eval::outside;
use crate::eval::problem::{Failure, SourceText};

/// A piece of what a user types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// How messages call the text.
    pub name: String,
    /// All of it, to be shown in messages.
    pub text: String,
    /// The part to evaluate.
    pub at: Range<usize>,
    /// That part ends with an expression, whose value counts.
    pub has_value: bool,
}

/// What goes to the process of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToSession {
    /// The first one: how the session is to be.
    Begin(Terms),
    Request(Request),
    /// The answer to what it asked.
    Outside(outside::Answer),
    /// Stop the evaluation.
    Interrupt,
}

/// What comes from the process of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromSession {
    /// The first one: the interpreter has started, and what follows takes the time of evaluations.
    Ready,
    /// A question about the machine.
    Ask(outside::Request),
    Answer(Answer),
}

/// What holds for all evaluations of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The directories of `-L`.
    pub search: Vec<PathBuf>,
    pub purity: Purity,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Evaluate a file: what it defines is known afterwards, and its value is that of `%config`.
    Load(Declaration),
    /// Evaluate a piece, and lower its value if that is asked for.
    Evaluate { typed: Typed, lower: bool },
    /// Say what names there are.
    Catalogue,
    /// Say what a name stands for.
    Describe(String),
    /// Say where a name is defined.
    Source(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    Evaluated(Box<Result<Evaluated, Failure>>),
    Catalogue(Catalogue),
    Description(Option<Description>),
    Source(Option<(SourceText, Range<usize>)>),
}

/// What evaluation gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluated {
    /// The value; the roots are those of its lowering, if that was asked for, and derivations and texts those that
    /// the roots need.
    pub evaluation: Evaluation,
    /// What kind of value it is, such as `procedure`.
    pub kind: String,
    /// What it displayed.
    pub displayed: String,
}
