//! Building for real: derivations in the sandbox, with a small tool chain of this machine's packages.
//!
//! Needs what building needs: Debian's package database, and user namespaces.

mod collection;
mod computed;
mod escapes;
mod failures;
mod fetch;
mod fixture;
mod interruption;
mod isolation;
mod outputs;
mod rebuilding;
mod scheduling;
#[path = "../support/mod.rs"]
mod support;
mod users;
