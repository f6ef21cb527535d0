//! The builders that run inside the sandbox.

pub mod freebsd;
pub mod image;
pub mod system;
