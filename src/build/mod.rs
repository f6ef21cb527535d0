//! Realising derivations.

pub mod sandbox;
