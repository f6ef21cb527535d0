//! Systems: closure, image and boot.

pub mod declaration;
pub mod deploy;
pub mod description;
pub mod difference;
pub mod downgrade;
pub mod drift;
mod examine;
pub mod generations;
pub mod git;
pub mod image;
pub mod inputs;
pub mod keys;
pub mod live;
pub mod loader;
pub mod provenance;
pub mod realisations;
pub mod release;
pub mod release_manifest;
pub mod release_sets;
pub mod ssh;
pub mod status;
pub mod survey;
#[cfg(test)]
mod testing;
