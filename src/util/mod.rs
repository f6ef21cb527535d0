//! Small tools without meaning of their own: path-context I/O, locks, processes.

pub mod fs;
pub mod host;
pub mod lock;
pub mod spelling;
