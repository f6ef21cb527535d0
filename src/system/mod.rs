//! Systems: closure, image and boot.

pub mod git;
