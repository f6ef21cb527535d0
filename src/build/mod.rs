//! Realising derivations.

pub mod cancel;
pub mod progress;
pub mod sandbox;
pub mod scheduler;
