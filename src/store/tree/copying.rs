//! The copy of a tree that is made while the tree is read: canonical modes and times, and nothing else that the original
//! has.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::nar::NarError;
use crate::util::crew;
use crate::util::fs::{
    Anchor, Cursor, FsError, Operation, PathContext as _, below, set_open_mode, set_open_times, write_all_at,
};

use super::canonical::{MTIME, canonical_mode, canonical_time};
use super::listing::Walked;
use super::stream::{THREADS, stream};
use super::{Kind, Tree, TreeEntry};

impl Tree {
    /// Copies the tree to `destination`, where nothing may be yet, with canonical modes and times, and writes its
    /// archive to `sink`. On an error, what was copied so far is left for the caller to remove.
    pub fn copy(&self, destination: &Path, sink: impl Write) -> Result<(), NarError> {
        let destination = Destination { anchor: Anchor::of(destination)?, path: destination.to_owned() };
        self.make_directories(&destination)?;
        stream(&self.root, &self.anchor, Walked::new(self), Some(&destination), sink)?;
        Ok(self.finish_directories(&destination)?)
    }

    fn directories(&self) -> impl DoubleEndedIterator<Item = &TreeEntry> {
        self.entries.iter().filter(|entry| entry.kind == Kind::Directory)
    }

    /// Makes all directories, each after the one that it lies in.
    fn make_directories(&self, destination: &Destination) -> Result<(), FsError> {
        let within = self.directories_within();
        crew::exhaust(THREADS, self.directories().take(1).map(|_| 0).collect(), || {
            let (within, mut cursor) = (&within, Cursor::new(&destination.anchor));
            move |index: usize| {
                let entry = &self.entries[index];
                let made =
                    cursor.locate(&entry.path).and_then(|(above, name)| above.create_directory(name, 0o700));
                made.at_place(Operation::Create, || destination.place(&entry.path))?;
                Ok(within.get(&index).cloned().unwrap_or_default())
            }
        })
    }

    /// By the place of a directory among the entries: those of the directories in it, if there are any.
    fn directories_within(&self) -> HashMap<usize, Vec<usize>> {
        let mut within: HashMap<usize, Vec<usize>> = HashMap::new();
        // The directories that the entry lies in.
        let mut above: Vec<usize> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if entry.kind == Kind::Directory {
                above.truncate(entry.depth);
                if let Some(directory) = above.last() {
                    within.entry(*directory).or_default().push(index);
                }
                above.push(index);
            }
        }
        within
    }

    /// Gives the directories their modes and times, the innermost first: before, nothing could be put in them.
    fn finish_directories(&self, destination: &Destination) -> Result<(), FsError> {
        let mut cursor = Cursor::new(&destination.anchor);
        for entry in self.directories().rev() {
            let place = || destination.place(&entry.path);
            let directory = cursor.directory(&entry.path).at_place(Operation::Open, place)?;
            directory.set_own_mode(canonical_mode(true)).at_place(Operation::SetMode, place)?;
            directory.set_own_times(MTIME).at_place(Operation::SetTimes, place)?;
        }
        Ok(())
    }
}

/// Where a copy is made.
pub struct Destination {
    pub anchor: Anchor,
    path: PathBuf,
}

impl Destination {
    /// Where the copy of an entry lies, for people.
    pub fn place(&self, entry: &Path) -> PathBuf {
        below(&self.path, entry)
    }
}

/// The copy of a file, being written.
pub struct FileCopy<'a> {
    destination: &'a Destination,
    /// Where it lies in the tree.
    entry: &'a Path,
    file: File,
    /// How many bytes it has.
    length: u64,
    mode: u32,
}

impl<'a> FileCopy<'a> {
    /// Makes it, without contents.
    pub fn create(
        destination: &'a Destination,
        cursor: &mut Cursor<'_>,
        entry: &'a Path,
        executable: bool,
    ) -> Result<Self, FsError> {
        let mode = canonical_mode(executable);
        let created = cursor.locate(entry).and_then(|(above, name)| above.create_file(name, mode));
        let file = created.at_place(Operation::Create, || destination.place(entry))?;
        Ok(FileCopy { destination, entry, file, length: 0, mode })
    }

    /// Writes the next bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FsError> {
        if !bytes.is_empty() {
            write_all_at(&self.file, bytes, self.length).at_place(Operation::Write, || self.place())?;
            self.length += bytes.len() as u64;
        }
        Ok(())
    }

    /// Gives it the mode and times of all items.
    pub fn finish(self) -> Result<(), FsError> {
        // The umask may have taken some of it. Looking is cheaper than setting.
        let metadata = self.file.metadata().at_place(Operation::Inspect, || self.place())?;
        if metadata.permissions().mode() & 0o7777 != self.mode {
            set_open_mode(&self.file, self.mode).at_place(Operation::SetMode, || self.place())?;
        }
        set_open_times(&self.file, canonical_time()).at_place(Operation::SetTimes, || self.place())
    }

    fn place(&self) -> PathBuf {
        self.destination.place(self.entry)
    }
}
