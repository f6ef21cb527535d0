//! Realising derivations: from what somebody wants to valid store items.

pub mod cancel;
pub mod log;
pub mod outputs;
pub mod progress;
pub mod sandbox;
pub mod scheduler;

pub use cancel::Cancellation;
pub use progress::{Event, Progress};
