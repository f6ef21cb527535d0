//! Systems: closure, image and boot.

pub mod declaration;
pub mod git;
pub mod image;
pub mod inputs;
pub mod realisations;
