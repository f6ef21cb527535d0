//! From the text a user wrote to the text Steel runs.
//!
//! Reading happens before the interpreter exists, so that a syntax error costs no start-up, and so that no input
//! reaches Steel's recursive parser before its nesting is known to be bounded.

mod datum;
mod definition;
mod field_form;
mod gexp;
mod imports;
mod names;
mod paths;
#[cfg(test)]
mod properties;
mod record_form;
mod refused;
mod rewrite;
mod rewritten;

pub use datum::{Bytes, Datum, Kind, Parsed, parse};
pub use field_form::{FieldForm, Laziness};
pub use gexp::{FORM, disguise, interpreter_line, literal, values as inserted};
pub use imports::scheme_name;
pub use record_form::{RecordForm, names as record_names};
pub use rewrite::{Context, Implied, rewrite};
pub use rewritten::{Import, Rewritten};

/// Forms of the language, which no module provides.
pub const FORMS: &[&str] = &[
    "and",
    "begin",
    "case",
    "cond",
    "define",
    "define-record-type*",
    "define-syntax",
    "if",
    "lambda",
    "let",
    "let*",
    "letrec",
    "or",
    "provide",
    "quasiquote",
    "quote",
    "require",
    "set!",
    "unless",
    "use-modules",
    "when",
];
