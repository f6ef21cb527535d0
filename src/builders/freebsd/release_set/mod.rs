//! `builtin:freebsd-release-set`: world, kernel or boot assets of a distribution set of a release.
//!
//! A set (`base.txz`, `kernel.txz`) is a tar archive whose entries say what a tree on disk made by an ordinary user cannot:
//! owners, all mode bits and, in the extended header `SCHILY.fflags`, file flags. So a METALOG is made of them, and from
//! there on a set is as a tree that make installed.
//!
//! Environment: `set`, the archive; `slice`, one of `world`, `kernel` and `boot`. Outputs as those of the builder that
//! would have built the slice. [`mod@pack`] makes such sets of items.

mod pack;
mod unpack;

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use super::installed::Slice;
use super::metalog::{Accounts, Attributes, Metalog, MetalogError};
use super::{FreebsdError, split};
use crate::builders::fetch::UnpackError;
use crate::builders::{Builder, BuilderContext, BuilderError, phase};

pub use pack::{Packed, pack};

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(in crate::builders) const BUILDER: Builder =
    Builder { name: "freebsd-release-set", version: VERSION, run };

/// The extended header in which tar(1) of FreeBSD keeps file flags.
const FLAGS_HEADER: &str = "SCHILY.fflags";

/// Why a set was not taken, or not made.
#[derive(Debug, Error, Diagnostic)]
pub enum ReleaseSetError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Unpack(#[from] UnpackError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Metalog(#[from] MetalogError),

    #[error("cannot make `{}` of a release set: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Place { path: PathBuf, source: io::Error },

    #[error("cannot read `{}` for a release set: {source}", path.display())]
    #[diagnostic(help("the item is damaged; `fruix store verify --check-contents` says more"))]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot write the release set: {source}")]
    #[diagnostic(help("see whether the disk is full"))]
    Write { source: io::Error },
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let slice = Slice::from_name(context.required("slice")?).map_err(FreebsdError::from)?;
    phase("unpack");
    let tree = context.build_dir.join("tree");
    let log = unpack::unpack(context.path("set")?, &tree).map_err(FreebsdError::from)?;
    phase("slice");
    let metalog = Accounts::of_trees(&[&tree])
        .and_then(|accounts| Metalog::of_tree(&tree, Attributes::Log(&log), &accounts, &|_| true))
        .map_err(FreebsdError::from)?;
    let part = slice.of(&metalog, &tree).map_err(FreebsdError::from)?;
    split::write_outputs(&tree, &part, context)
}

#[cfg(test)]
mod tests;
