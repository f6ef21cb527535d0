//! The Steel host: from a declaration to plain data.
//!
//! ```text
//! file ─▶ modules (read all, no interpreter) ─▶ reader (rewrite, with a map back) ─▶ engine (locked down)
//!      ─▶ primitives, records (derivations, texts, problems) ─▶ convert ─▶ Evaluation │ EvalError
//! ```
//!
//! The engine does not compile Fruix's modules each time: what came of that is kept ([`image`]).
//!
//! A user's declaration runs in a process of its own ([`child`]), and if nothing it depends on has changed since it ran
//! last, not at all ([`cache`]).
//!
//! No other layer names a Steel type. What goes in is a path and a way to the machine's [`Inputs`]; what comes
//! out is an [`Evaluation`] or an [`EvalError`], both plain data.

mod blame;
mod cache;
pub mod child;
mod clock;
mod code;
pub mod computed;
mod convert;
mod engine;
mod evaluation;
mod evaluator;
mod host;
mod image;
mod inputs;
mod interpreter;
mod limits;
mod lockdown;
mod modules;
mod outside;
mod primitives;
mod problem;
mod reader;
mod records;
pub mod reference;
mod repairs;
mod running;
mod serial;
pub mod session;
mod store_object;
mod tokens;
mod value;
mod values;
mod worker;

use std::path::Path;

pub use code::Code;
pub use evaluation::{Caveat, Evaluation, FileRead, FormPlace, Root, Text};
pub use evaluator::Evaluator;
pub use inputs::{Fault, InputError, Inputs, NoInputs, Question, ReleaseSets};
pub use limits::EvaluationLimits;
pub use lockdown::Purity;
pub use outside::Request;
pub use problem::{EvalError, Failure, Label, Problem, SourceText};
pub use reader::FORMS;
pub use tokens::{Token, TokenKind, tokens};
pub use value::Value;

/// The text of a file with Scheme in it; a pipe, a huge file, or one that is no text is refused.
///
/// # Errors
/// Why the file cannot be read.
pub fn read_source(path: &Path) -> Result<SourceText, EvalError> {
    Ok(modules::read_source(path)?)
}

/// Whether a text is a sequence of expressions; nothing is evaluated.
///
/// # Errors
/// The first place where it is not.
pub fn check_syntax(text: &str) -> Result<(), Problem> {
    reader::parse(text).map(drop)
}
