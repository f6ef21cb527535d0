//! Small tools without meaning of their own: path-context I/O, locks, messages between processes.

pub mod frames;
pub mod fs;
pub mod host;
pub mod lock;
mod remove;
pub mod spelling;
