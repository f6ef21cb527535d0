//! Trees of files on their way into the store.
//!
//! [`Tree::walk`] lists a tree once, in the order of an archive; from the list follow the fingerprint by which an
//! unchanged tree is recognised ([`cache`]), the archive and the copy ([`stream`]), and the canonical modes and
//! times ([`canonical`]). All of them go from one open directory to the next: a link that takes the place of something
//! meanwhile leads nowhere.

pub mod cache;
pub mod canonical;
mod copying;
mod listing;
mod piece;
mod producer;
pub mod share;
pub mod stream;
mod walk;
mod window;

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::hash::{Hasher, Sha256};
use crate::nar::NarError;
use crate::util::fs::{Anchor, below};

use listing::{Fresh, Listed, Seen, What};

pub use walk::Wanted;

/// A tree, or a single file or link, as it was when it was walked.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    /// Where the root lies.
    anchor: Anchor,
    /// Everything in it, the root first, in the order of an archive: each directory before its entries, these in
    /// byte order of their names.
    entries: Vec<TreeEntry>,
    fingerprint: Fingerprint,
}

/// What tells an unchanged tree from a changed one without reading it.
#[derive(Debug, Clone, Copy)]
pub struct Fingerprint {
    /// Digest of path, kind, size, modification and change time, inode number and executable bit of everything.
    pub digest: Sha256,
    /// Whether everything had last changed well before the walk began. What changes within the same tick of
    /// the clock as the walk may look unchanged afterwards, so a fingerprint that is not settled proves nothing.
    pub settled: bool,
}

/// One file, directory or symbolic link of a tree.
#[derive(Debug)]
pub struct TreeEntry {
    /// Below the root; empty for the root itself.
    path: PathBuf,
    /// How many directories of the tree it lies in.
    depth: usize,
    kind: Kind,
    attributes: Attributes,
}

/// What the file system knows about an entry, and an archive does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Attributes {
    /// Who may do what, with the special bits.
    mode: u32,
    owner: u32,
    /// The modification time, in seconds since 1970 and nanoseconds.
    modified: (i64, i64),
}

/// What was learnt about a tree by reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Digest of its archive.
    pub nar_hash: Sha256,
    /// Size of its archive in bytes.
    pub nar_size: u64,
}

impl Contents {
    /// Of a tree whose whole archive went through `hasher`.
    pub fn of(hasher: Hasher) -> Self {
        Contents { nar_size: hasher.bytes_seen(), nar_hash: hasher.finish() }
    }
}

/// Writes the archive of the file, directory or symbolic link at `path`; a link is not followed.
pub fn dump(path: &Path, out: impl Write) -> Result<(), NarError> {
    let anchor = Anchor::of(path)?;
    stream::stream(path, &anchor, Fresh::new(path, &anchor)?, None, out)
}

/// What is at `path`, as an archive of it would say.
pub fn digest(path: &Path) -> Result<Contents, NarError> {
    let mut hasher = Hasher::new();
    dump(path, &mut hasher)?;
    Ok(Contents::of(hasher))
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Directory,
    /// A regular file; `size` in bytes.
    File {
        size: u64,
        executable: bool,
        /// Where it has other names: device and inode number, by which they are recognised, and their number.
        links: Option<Links>,
    },
    Symlink,
}

/// The identity of a file with several names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Links {
    pub device: u64,
    pub inode: u64,
    /// How many names it has, in the tree and outside of it.
    pub count: u64,
}

impl Tree {
    /// The file or directory that was walked.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What to recognise the tree by.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Reads the tree.
    pub fn digest(&self) -> Result<Contents, NarError> {
        let mut hasher = Hasher::new();
        self.archive(&mut hasher)?;
        Ok(Contents::of(hasher))
    }
}

impl TreeEntry {
    /// Where it lies in the tree at `root`, for people.
    pub fn below(&self, root: &Path) -> PathBuf {
        below(root, &self.path)
    }

    /// For whoever reads it.
    fn listed(&self) -> Listed<'_> {
        let what = match self.kind {
            Kind::Directory => What::Directory,
            Kind::Symlink => What::Symlink,
            Kind::File { size, executable, .. } => {
                What::File(Some(Seen { size, executable, modified: self.attributes.modified }))
            }
        };
        Listed { path: Cow::Borrowed(&self.path), depth: self.depth, what }
    }
}

#[cfg(test)]
mod tests;
