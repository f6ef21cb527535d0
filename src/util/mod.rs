//! Small tools without meaning of their own: path-context I/O, locks, messages between processes.

pub mod frames;
pub mod fs;
pub mod host;
pub mod lock;
pub mod ownership;
mod remove;
pub mod report;
pub mod spelling;
