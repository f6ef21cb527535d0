//! Systems: closure, image and boot.

pub mod git;
pub mod image;
pub mod inputs;
