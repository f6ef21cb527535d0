//! The Steel host: from a declaration to plain data.
//!
//! ```text
//! file ─▶ modules (read all, no interpreter) ─▶ reader (rewrite, with a map back) ─▶ engine (locked down)
//!      ─▶ primitives, records (derivations, texts, problems) ─▶ convert ─▶ Evaluation │ EvalError
//! ```
//!
//! No other layer names a Steel type. What goes in is a path and a way to the machine's [`Inputs`]; what comes
//! out is an [`Evaluation`] or an [`EvalError`], both plain data.

mod blame;
mod clock;
mod convert;
mod engine;
mod evaluation;
mod evaluator;
mod host;
mod inputs;
mod lockdown;
mod modules;
mod primitives;
mod problem;
mod reader;
mod records;
pub mod reference;
mod repairs;
mod serial;
mod store_object;
mod value;
mod values;

pub use evaluation::{Evaluation, FileRead, Root, Text};
pub use evaluator::Evaluator;
pub use inputs::{InputError, Inputs, NoInputs};
pub use problem::{EvalError, Failure, Label, Problem, SourceText};
pub use value::Value;
