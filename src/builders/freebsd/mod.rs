//! Building FreeBSD: patched source, world, kernel, boot assets, and slices of an installed tree or a release set.
//!
//! World and kernel are builders of their own, and a kernel never looks at a world: it builds just the tools
//! it needs (`kernel-toolchain`), so that a changed KERNCONF rebuilds no world. Both run the tree's own make
//! rules ([`make`]), install as an ordinary user (`-DNO_ROOT`) and write what is installed to the outputs `out`,
//! `dev` and `debug` ([`split`]), each with its part of the METALOG ([`metalog`]).
//!
//! FreeBSD compiles the paths of source and object tree into its binaries. So the sandbox shows them at the
//! same place on every machine: [`SOURCE_DIR`] and [`OBJECT_DIR`].

use miette::Diagnostic;
use thiserror::Error;

pub(super) mod boot;
pub mod import;
pub(super) mod installed;
pub mod item;
mod kernconf;
pub(super) mod kernel;
pub mod make;
pub mod metalog;
pub(super) mod mixed_world;
mod object_tree;
mod outputs;
pub mod release_set;
pub(super) mod source;
pub mod source_tree;
pub mod split;
pub mod src_conf;
mod workplace;
pub(super) mod world;

/// Where the sandbox shows the source tree, read-only.
pub const SOURCE_DIR: &str = "/usr/src";

/// Where the sandbox has an empty, writable directory for objects.
pub const OBJECT_DIR: &str = "/usr/obj";

/// Why a FreeBSD builder made no outputs.
#[derive(Debug, Error, Diagnostic)]
pub enum FreebsdError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    SourceTree(#[from] source_tree::SourceTreeError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    ObjectTree(#[from] object_tree::ObjectTreeError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Workplace(#[from] workplace::WorkplaceError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    SrcConf(#[from] src_conf::SrcConfError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Make(#[from] make::MakeError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Kernconf(#[from] kernconf::KernconfError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Metalog(#[from] metalog::MetalogError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Item(#[from] item::ItemError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Patch(#[from] source::PatchError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    ReleaseSet(#[from] release_set::ReleaseSetError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Installed(#[from] installed::InstalledError),
}
