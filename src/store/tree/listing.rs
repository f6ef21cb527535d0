//! What of a tree is read next: a run of entries in the order of its archive, of a tree that was walked before, or of one
//! that is listed while it is read.

use std::borrow::Cow;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::nar::NarError;
use crate::util::fs::{Anchor, Cursor, FileKind, Operation, PathContext as _, Status, below};

use super::{Kind, Tree};

/// How many bytes of contents make a run, where sizes are known.
const RUN_LEN: u64 = 512 * 1024;
/// How many entries make a run then, however small.
const RUN_ENTRIES: usize = 256;
/// How many entries make a run where their sizes are not known.
const UNKNOWN_ENTRIES: usize = 32;

/// Gives the entries of one tree, run by run.
pub trait Listing<'a>: Send {
    /// The next run; `None` after the last.
    fn next(&mut self) -> Result<Option<Run<'a>>, NarError>;

    /// There are no more runs than this.
    fn most(&self) -> usize;
}

/// Some entries that follow each other.
pub struct Run<'a> {
    pub entries: Vec<Listed<'a>>,
    /// In how many directories the entry lies that follows them; 0 after the last of all.
    pub next_depth: usize,
}

/// An entry that is to be read.
pub struct Listed<'a> {
    /// Below the root; empty for the root itself.
    pub path: Cow<'a, Path>,
    /// How many directories of the tree it lies in.
    pub depth: usize,
    pub what: What,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Directory,
    Symlink,
    /// A regular file, and what is known about it, if somebody has looked.
    File(Option<Seen>),
}

/// What was seen of a file before it is read: while it is, nothing of that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub size: u64,
    pub executable: bool,
    /// The modification time, in seconds since 1970 and nanoseconds.
    pub modified: (i64, i64),
}

impl Seen {
    /// Of a regular file; nothing else can be read.
    pub fn of(status: &Status) -> Option<Self> {
        let Status { kind, mode, size, modified, .. } = *status;
        (kind == FileKind::File).then_some(Seen { size, executable: mode & 0o100 != 0, modified })
    }
}

impl Listed<'_> {
    /// Its name in the directory that holds it; empty for the root.
    pub fn name(&self) -> &[u8] {
        self.path.file_name().map_or(&[], |name| name.as_bytes())
    }
}

/// The listing of a tree that was walked.
pub struct Walked<'a> {
    tree: &'a Tree,
    runs: std::vec::IntoIter<Range<usize>>,
}

impl<'a> Walked<'a> {
    /// From the beginning.
    pub fn new(tree: &'a Tree) -> Self {
        Walked { tree, runs: runs(tree).into_iter() }
    }
}

/// Cuts the entries of a tree into runs of about [`RUN_LEN`] bytes.
fn runs(tree: &Tree) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let (mut start, mut bytes) = (0, 0u64);
    for (index, entry) in tree.entries.iter().enumerate() {
        let size = if let Kind::File { size, .. } = entry.kind { size } else { 0 };
        let full = bytes.saturating_add(size) > RUN_LEN || index - start == RUN_ENTRIES;
        if full && index > start {
            runs.push(start..index);
            (start, bytes) = (index, 0);
        }
        bytes = bytes.saturating_add(size);
    }
    runs.push(start..tree.entries.len());
    runs
}

impl<'a> Listing<'a> for Walked<'a> {
    fn next(&mut self) -> Result<Option<Run<'a>>, NarError> {
        let tree = self.tree;
        Ok(self.runs.next().map(|range| Run {
            next_depth: tree.entries.get(range.end).map_or(0, |next| next.depth),
            entries: tree.entries[range].iter().map(|entry| entry.listed()).collect(),
        }))
    }

    fn most(&self) -> usize {
        self.runs.len()
    }
}

/// The listing of a tree of which nobody knows anything yet: a directory is listed when it is its turn, and files are not
/// looked at before they are opened.
pub struct Fresh<'a> {
    root: &'a Path,
    cursor: Cursor<'a>,
    /// What comes next is the last.
    pending: Vec<Listed<'a>>,
}

impl<'a> Fresh<'a> {
    /// Of what lies at `root`, which hangs at `anchor`.
    pub fn new(root: &'a Path, anchor: &'a Anchor) -> Result<Self, NarError> {
        let status = anchor.status().at(Operation::Inspect, root)?;
        let what = what(status.kind, || root.to_owned())?;
        let top = Listed { path: Cow::Owned(PathBuf::new()), depth: 0, what };
        Ok(Fresh { root, cursor: Cursor::new(anchor), pending: vec![top] })
    }

    /// Has the entries of a directory come next.
    fn enter(&mut self, directory: &Path, depth: usize) -> Result<(), NarError> {
        let root = self.root;
        let place = || below(root, directory);
        let open = self.cursor.directory(directory).at_place(Operation::Open, place)?;
        let begin = self.pending.len();
        for entry in open.entries().at_place(Operation::List, place)? {
            let path = directory.join(&entry.name);
            let kind = match entry.kind {
                Some(kind) => kind,
                None => open.status_of(&entry.name).at_place(Operation::Inspect, || below(root, &path))?.kind,
            };
            let what = what(kind, || below(root, &path))?;
            self.pending.push(Listed { path: Cow::Owned(path), depth: depth + 1, what });
        }
        // They differ in the last component only. Component-wise comparison would be slower.
        self.pending[begin..].sort_unstable_by(|a, b| b.path.as_os_str().cmp(a.path.as_os_str()));
        Ok(())
    }
}

/// What an archive takes it for.
fn what(kind: FileKind, path: impl FnOnce() -> PathBuf) -> Result<What, NarError> {
    match kind {
        FileKind::Directory => Ok(What::Directory),
        FileKind::Symlink => Ok(What::Symlink),
        FileKind::File => Ok(What::File(None)),
        FileKind::Other(kind) => Err(NarError::Unsupported { path: path(), kind }),
    }
}

impl<'a> Listing<'a> for Fresh<'a> {
    fn next(&mut self) -> Result<Option<Run<'a>>, NarError> {
        let mut entries = Vec::new();
        while entries.len() < UNKNOWN_ENTRIES {
            let Some(listed) = self.pending.pop() else { break };
            if listed.what == What::Directory {
                self.enter(&listed.path, listed.depth)?;
            }
            entries.push(listed);
        }
        let next_depth = self.pending.last().map_or(0, |next| next.depth);
        Ok((!entries.is_empty()).then_some(Run { entries, next_depth }))
    }

    fn most(&self) -> usize {
        usize::MAX
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What is told of an entry: its depth, its path, and whether it is a directory.
    type Told = (usize, String, bool);

    /// What a listing tells of all; and by where each run ends, the depth of what follows.
    fn told<'a>(mut listing: impl Listing<'a>) -> (Vec<Told>, Vec<(usize, usize)>) {
        let (mut entries, mut ends) = (Vec::new(), Vec::new());
        while let Some(run) = listing.next().unwrap() {
            assert!(!run.entries.is_empty());
            entries.extend(
                run.entries.iter().map(|entry| {
                    (entry.depth, entry.path.display().to_string(), entry.what == What::Directory)
                }),
            );
            ends.push((entries.len(), run.next_depth));
        }
        assert!(listing.next().unwrap().is_none(), "the end is the end");
        (entries, ends)
    }

    #[test]
    fn a_tree_is_the_same_whether_it_was_walked_or_not() {
        let directory = tempfile::tempdir().unwrap();
        for place in 0..40 {
            let place = directory.path().join(format!("{}/{}", place % 7, place % 5));
            fs::create_dir_all(&place).unwrap();
            (0..9).for_each(|file| fs::write(place.join(format!("a.{file}")), "x").unwrap());
        }
        std::os::unix::fs::symlink("0", directory.path().join("0.link")).unwrap();
        let tree = Tree::walk(directory.path()).unwrap();
        let anchor = Anchor::of(directory.path()).unwrap();
        let (walked, _) = told(Walked::new(&tree));
        let (fresh, ends) = told(Fresh::new(directory.path(), &anchor).unwrap());
        assert_eq!(fresh, walked);
        assert!(ends.len() > 2, "one run would prove little");
        for (end, next_depth) in ends {
            assert_eq!(next_depth, fresh.get(end).map_or(0, |(depth, ..)| *depth), "after {end} entries");
        }
    }
}
