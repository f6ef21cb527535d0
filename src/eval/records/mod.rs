//! Records: Guix's `define-record-type*` with field types and exact places in every error.
//!
//! [`reader`](super::reader) turns a definition into Scheme; `scheme/fruix/records.scm` holds the constructor's
//! steps; what is checked lies here, in Rust. A record remembers where each of its fields was written.
//!
//! A constructor that finds errors reports them and returns [`Poison`], which fits every type: so that one
//! evaluation shows all independent errors of a declaration.

mod check;
mod lazy;
mod primitives;
mod record_type;
mod type_spec;

pub use primitives::register;
pub use record_type::{Origin, Poison, RecordType, TypeHandle};
pub use type_spec::TypeSpec;
