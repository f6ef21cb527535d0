//! Fruix: a declarative FreeBSD system builder.
//!
//! A Scheme file declares a FreeBSD system; Fruix lowers it to derivations, realises them into the
//! content-addressed store `/frx/store`, assembles a bootable closure and deploys it as a numbered
//! generation.
//!
//! The modules form layers, listed here from the bottom up: a module imports only from modules above it
//! in this list (`tests/architecture.rs` checks it).

// Layer 0: path-context I/O, locks, messages between processes, digests.
pub mod hash;
pub mod util;

// Layer 1: pure formats; no file system but what a caller hands in, no network.
pub mod content_address;
pub mod derivation;
pub mod nar;
pub mod reference_scan;
pub mod signature;
pub mod store_path;

// Layer 2: what is valid, who refers to whom; the one place that talks to the kernel.
pub mod profile;
pub mod store;
pub mod sys;

// Layer 3: realise one normalised request.
pub mod build;
pub mod builders;

// Layer 4: the privilege boundary.
pub mod daemon;

// Layer 5: meaning and effects.
pub mod eval;
pub mod format;
pub mod system;
pub mod vm;

// Layer 6: the user.
pub mod cli;
