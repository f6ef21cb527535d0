//! The operating system: the one place for `unsafe` and `#[cfg(target_os)]`.
