//! The NAR archive: one byte sequence per file, directory or symbolic link.
//!
//! It holds what a store item *is*: names in byte order, contents, one executable bit, link targets. It knows no
//! owner, mode, time, flag, hard link or inode number. Strings are a 64-bit little-endian length, the bytes,
//! and zeros up to a multiple of eight.

mod reader;
mod restore;
mod writer;

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::util::fs::FsError;

pub use reader::{Entry, Event, NarReader, Node};
pub use restore::restore;
pub use writer::NarWriter;

/// The first string of every archive.
pub(crate) const MAGIC: &[u8] = b"nix-archive-1";

/// The longest file name either system has.
const MAX_NAME_LEN: usize = 255;

/// The longest target of a symbolic link (`PATH_MAX` less its end, on Linux; FreeBSD allows 1023).
const MAX_TARGET_LEN: usize = 4095;

/// How many directories may lie in each other: far more than anyone makes on purpose.
const MAX_DEPTH: usize = 1024;

/// Why a tree could not be archived, or an archive not be read.
#[derive(Debug, Error, Diagnostic)]
pub enum NarError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error("cannot archive `{}`: it is {kind}", path.display())]
    #[diagnostic(help("an archive holds regular files, directories and symbolic links: leave it out"))]
    Unsupported { path: PathBuf, kind: &'static str },
    #[error("`{}` changed while it was read", path.display())]
    #[diagnostic(help("run the command again when nothing else writes there"))]
    Changed { path: PathBuf },
    #[error("`{}` gives bytes, but says that it has none", path.display())]
    #[diagnostic(help(
        "it is made while it is read, as are the files of /proc: copy it to a file, and take that"
    ))]
    NoSize { path: PathBuf },
    #[error("cannot write the archive: {0}")]
    Write(io::Error),
    #[error("cannot read the archive: {0}")]
    Read(io::Error),
    #[error("not a NAR archive: at byte {offset}, {problem}")]
    #[diagnostic(help("the archive was damaged or cut off; fetch or dump it again"))]
    Malformed { offset: u64, problem: String },
}

/// How many zeros follow a string of `len` bytes.
const fn padding(len: u64) -> usize {
    ((8 - len % 8) % 8) as usize
}
