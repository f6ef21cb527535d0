//! One segment of the archive of a tree, and the copy of what it holds.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use crate::nar::{NarError, NarWriter};
use crate::util::fs::{Cursor, FsError, Operation, PathContext as _};

use super::canonical::MTIME;
use super::copying::{Destination, FileCopy};
use super::piece::Piece;
use super::window::Window;
use super::{Kind, Tree, TreeEntry};

/// How much of a large file is handed over at once, in bytes.
const PIECE_LEN: usize = 512 * 1024;
/// How much a buffer holds: a piece, and what the archive has around files.
const BUFFER_LEN: usize = PIECE_LEN + 64 * 1024;

/// Makes the bytes of one segment after the other.
pub struct Producer<'a> {
    tree: &'a Tree,
    source: Cursor<'a>,
    destination: Option<(&'a Destination, Cursor<'a>)>,
    window: &'a Window<NarError>,
    /// Which segment.
    number: usize,
    /// What was not handed over yet.
    writer: NarWriter<Piece>,
}

impl<'a> Producer<'a> {
    pub fn new(tree: &'a Tree, destination: Option<&'a Destination>, window: &'a Window<NarError>) -> Self {
        let source = Cursor::new(&tree.anchor);
        let destination = destination.map(|destination| (destination, Cursor::new(&destination.anchor)));
        Producer { tree, source, destination, window, number: 0, writer: NarWriter::resume(Piece::default()) }
    }

    /// Reads a run of entries, and hands over the part of the archive that they are.
    pub fn produce(&mut self, number: usize, range: Range<usize>) -> Result<(), NarError> {
        let tree = self.tree;
        self.number = number;
        *self.writer.get_mut() = self.window.piece(BUFFER_LEN);
        for index in range {
            let entry = &tree.entries[index];
            self.open_entry(entry).map_err(NarError::Write)?;
            match entry.kind {
                Kind::Directory => self.writer.directory().map_err(NarError::Write)?,
                Kind::Symlink => self.symlink(entry)?,
                Kind::File { size, executable, .. } => self.file(entry, size, executable)?,
            }
            let next_depth = tree.entries.get(index + 1).map_or(0, |next| next.depth);
            self.close_entries(entry, next_depth).map_err(NarError::Write)?;
        }
        self.window.put(number, std::mem::take(self.writer.get_mut()));
        Ok(())
    }

    /// What the archive has before a node.
    fn open_entry(&mut self, entry: &TreeEntry) -> io::Result<()> {
        match entry.depth {
            0 => self.writer.begin(),
            _ => self.writer.entry(entry.name()),
        }
    }

    /// What the archive has after a node, when the next one lies in `next_depth` directories.
    fn close_entries(&mut self, entry: &TreeEntry, next_depth: usize) -> io::Result<()> {
        let mut open = entry.depth;
        if entry.kind == Kind::Directory {
            open += 1;
        } else if entry.depth > 0 {
            self.writer.end_entry()?;
        }
        while open > next_depth {
            open -= 1;
            self.writer.end_directory()?;
            if open > 0 {
                self.writer.end_entry()?;
            }
        }
        Ok(())
    }

    fn symlink(&mut self, entry: &TreeEntry) -> Result<(), NarError> {
        let source = || entry.below(&self.tree.root);
        let (directory, name) = self.source.locate(&entry.path).at_place(Operation::Open, source)?;
        let target = directory.read_link(name).at_place(Operation::Read, source)?;
        if let Some((destination, cursor)) = &mut self.destination {
            let place = || destination.place(entry);
            let (directory, name) = cursor.locate(&entry.path).at_place(Operation::Open, place)?;
            directory.create_symlink(&target, name).at_place(Operation::Link, place)?;
            directory.set_times(name, MTIME).at_place(Operation::SetTimes, place)?;
        }
        self.writer.symlink(target.as_bytes()).map_err(NarError::Write)
    }

    fn file(&mut self, entry: &TreeEntry, size: u64, executable: bool) -> Result<(), NarError> {
        let source = || entry.below(&self.tree.root);
        let (directory, name) = self.source.locate(&entry.path).at_place(Operation::Open, source)?;
        let mut reader = directory.open_file(name).at_place(Operation::Open, source)?;
        let mut copy = match &mut self.destination {
            Some((destination, cursor)) => Some(FileCopy::create(destination, cursor, entry, executable)?),
            None => None,
        };
        self.writer.file(executable, size).map_err(NarError::Write)?;
        let mut left = size;
        loop {
            let len = usize::try_from(left).map_or(PIECE_LEN, |left| left.min(PIECE_LEN));
            let last = len as u64 == left;
            let piece = self.writer.get_mut();
            // A file without a size may have bytes nevertheless. One that is longer now than it was has changed, which its
            // status tells without a further call for the byte after the last.
            let room = piece.room(len + usize::from(size == 0));
            if read_full(&mut reader, room).at_place(Operation::Read, source)? != len {
                return Err(other_size(source(), entry, &reader));
            }
            let bytes = piece.fill(len);
            if let Some(copy) = &mut copy {
                copy.write(bytes)?;
            }
            if last {
                break;
            }
            left -= len as u64;
            if self.writer.get_mut().len() >= PIECE_LEN && !self.hand_over() {
                return Ok(());
            }
        }
        check_unchanged(source, entry, &reader)?;
        if let Some(copy) = copy {
            copy.finish()?;
        }
        self.writer.end_file(size).map_err(NarError::Write)
    }

    /// Gives what is written so far to the consumer; returns whether to go on.
    fn hand_over(&mut self) -> bool {
        let piece = std::mem::replace(self.writer.get_mut(), self.window.piece(BUFFER_LEN));
        self.window.put(self.number, piece)
    }
}

/// Reads until the buffer is full or the file ends, and returns how much was read.
fn read_full(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut full = 0;
    while full < buffer.len() {
        match file.read(&mut buffer[full..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) => break,
            result => full += result?,
        }
    }
    Ok(full)
}

/// Refuses a file that was written to since the tree was walked, even if its size is the same, and what took its place.
fn check_unchanged(path: impl FnOnce() -> PathBuf, entry: &TreeEntry, file: &File) -> Result<(), NarError> {
    let is_same = |found: &Metadata| {
        let Kind::File { size, .. } = entry.kind else { return false };
        found.is_file()
            && found.len() == size
            && (found.mtime(), found.mtime_nsec()) == entry.attributes.modified
    };
    match file.metadata() {
        Ok(found) if is_same(&found) => Ok(()),
        Ok(_) => Err(NarError::Changed { path: path() }),
        Err(error) => Err(FsError::new(Operation::Inspect, path(), error).into()),
    }
}

/// Why a file gave more or fewer bytes than it had: it changed, or never had a size, as those of `/proc`.
fn other_size(path: PathBuf, entry: &TreeEntry, file: &File) -> NarError {
    match file.metadata() {
        Ok(found)
            if found.is_file() && found.len() == 0 && matches!(entry.kind, Kind::File { size: 0, .. }) =>
        {
            NarError::NoSize { path }
        }
        Ok(_) => NarError::Changed { path },
        Err(error) => FsError::new(Operation::Inspect, path, error).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_reads_are_not_the_end() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0.read(&mut buffer[..1])
            }
        }
        let mut buffer = [0; 5];
        assert_eq!(read_full(&mut Slow(b"123456"), &mut buffer).unwrap(), 5);
        assert_eq!(read_full(&mut Slow(b"123"), &mut buffer).unwrap(), 3);
    }
}
