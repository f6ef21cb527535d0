//! Small tools without meaning of their own: path-context I/O, faults for tests, locks, messages between processes, threads
//! that wait for a disk, text for a terminal.

pub mod crew;
pub mod faults;
pub mod frames;
pub mod fs;
pub mod host;
pub mod lock;
pub mod ownership;
pub mod printable;
pub mod report;
pub mod spelling;
pub mod threads;
