//! Systems: closure, image and boot.

pub mod declaration;
mod examine;
pub mod git;
pub mod image;
pub mod inputs;
pub mod realisations;
pub mod ssh;
pub mod survey;
