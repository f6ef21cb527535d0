//! The operating system: the one place for `unsafe` and `#[cfg(target_os)]`.

mod file_flags;

pub use file_flags::file_flags;
