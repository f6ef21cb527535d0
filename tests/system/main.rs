//! The whole way from a declaration to a booted machine, by the `fruix` program, on the miniature tree; and what a
//! user sees who asks for what cannot be.
//!
//! Needs what building and booting need: `tests/run.sh` installs it. What only root may do is skipped for others,
//! with a line that says so.

mod bad_input;
mod bases;
mod building;
mod deploying;
mod files;
mod generations;
mod host_slices;
mod images;
mod interruption;
mod machine;
mod menu;
mod place;
#[path = "../support/pool/mod.rs"]
mod pool;
mod pools;
mod provenance;
mod release_sets;
