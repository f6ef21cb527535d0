//! Reading files out of a disk image, without root and without mounting.
//!
//! An image may come from anywhere, so nothing in it is believed: every number is checked before it is used, what is
//! read has a limit that the caller sets, and no symbolic link is followed.

mod table;
mod volume;

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use super::container::SourceError;

pub use volume::{Directory, Volume};

/// Why a file of an image cannot be read.
#[derive(Debug, Error, Diagnostic)]
pub enum ReadError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Source(#[from] SourceError),

    #[error("`{}` is no disk image: it has no partition table", image.display())]
    #[diagnostic(help("an image of `fruix system image` is expected: raw, qcow2, vhd or vmdk"))]
    NoTable { image: PathBuf },

    #[error("`{}` has no UFS2 file system", image.display())]
    #[diagnostic(help(
        "an image of `fruix system image` has its root in a partition of the type freebsd-ufs"
    ))]
    NoFileSystem { image: PathBuf },

    #[error("the file system of `{}` is damaged: {reason}", image.display())]
    #[diagnostic(help(
        "it may have been cut short when it was copied; make the image again, or copy it again"
    ))]
    Damaged { image: PathBuf, reason: String },

    #[error("there is no `{path}` in `{}`", image.display())]
    #[diagnostic(help("an image of `fruix system image` has it"))]
    Missing { image: PathBuf, path: String },

    #[error("`{path}` in `{}` is {found} where {expected} was expected", image.display())]
    Kind { image: PathBuf, path: String, found: &'static str, expected: &'static str },

    #[error("`{path}` in `{}` has {size} bytes, and at most {limit} are read", image.display())]
    #[diagnostic(help("no fruix wrote that; the image is damaged or not to be trusted"))]
    TooLarge { image: PathBuf, path: String, size: u64, limit: u64 },
}
