//! One segment of the archive of a tree, which is that of a run of entries, and the copy of what it holds.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::nar::{NarError, NarWriter};
use crate::util::fs::{Anchor, Cursor, Operation, PathContext as _, below, status_of_open};

use super::canonical::MTIME;
use super::copying::{Destination, FileCopy};
use super::listing::{Listed, Run, Seen, What};
use super::piece::Piece;
use super::window::Window;

/// How much of a large file is handed over at once, in bytes.
const PIECE_LEN: usize = 512 * 1024;
/// How much a buffer holds: a piece, and what the archive has around files.
const BUFFER_LEN: usize = PIECE_LEN + 64 * 1024;

/// Takes what is made.
pub trait Outlet {
    /// An empty piece with room for so many bytes.
    fn piece(&self, room: usize) -> Piece;

    /// Takes the next bytes of a segment. Returns whether to go on.
    fn put(&mut self, segment: usize, piece: Piece) -> bool;
}

impl Outlet for &Window<NarError> {
    fn piece(&self, room: usize) -> Piece {
        Window::piece(self, room)
    }

    fn put(&mut self, segment: usize, piece: Piece) -> bool {
        Window::put(self, segment, piece)
    }
}

/// Makes the bytes of one segment after the other.
pub struct Producer<'a, O> {
    /// Where the tree lies, for people.
    root: &'a Path,
    source: Cursor<'a>,
    destination: Option<(&'a Destination, Cursor<'a>)>,
    outlet: O,
    /// Which segment.
    number: usize,
    /// What was not handed over yet.
    writer: NarWriter<Piece>,
}

impl<'a, O: Outlet> Producer<'a, O> {
    /// For the tree at `root`, which hangs at `anchor`.
    pub fn new(root: &'a Path, anchor: &'a Anchor, destination: Option<&'a Destination>, outlet: O) -> Self {
        let source = Cursor::new(anchor);
        let destination = destination.map(|destination| (destination, Cursor::new(&destination.anchor)));
        Producer { root, source, destination, outlet, number: 0, writer: NarWriter::resume(Piece::default()) }
    }

    /// To whom it hands over what it makes.
    pub fn outlet(&mut self) -> &mut O {
        &mut self.outlet
    }

    /// Reads a run of entries, beginning with the one at `from`, and hands over the part of the archive that they are. Gives
    /// the place of an entry that it has left, and all that follow, because its file is larger than `largest`.
    pub fn produce(
        &mut self,
        (number, run): (usize, &Run<'_>),
        from: usize,
        largest: u64,
    ) -> Result<Option<usize>, NarError> {
        self.number = number;
        *self.writer.get_mut() = self.outlet.piece(BUFFER_LEN);
        for (place, entry) in run.entries.iter().enumerate().skip(from) {
            let file = match entry.what {
                What::File(seen) => Some(self.open(entry, seen)?),
                _ => None,
            };
            if file.as_ref().is_some_and(|(_, seen)| seen.size > largest) {
                self.hand_over();
                return Ok(Some(place));
            }
            self.open_entry(entry).map_err(NarError::Write)?;
            let goes_on = match (file, entry.what) {
                (Some((file, seen)), _) => self.file(entry, file, seen)?,
                (None, What::Directory) => self.writer.directory().map(|()| true).map_err(NarError::Write)?,
                (None, _) => self.symlink(entry).map(|()| true)?,
            };
            if !goes_on {
                return Ok(None);
            }
            let next_depth = run.entries.get(place + 1).map_or(run.next_depth, |next| next.depth);
            self.close_entries(entry, next_depth).map_err(NarError::Write)?;
        }
        self.outlet.put(number, std::mem::take(self.writer.get_mut()));
        Ok(None)
    }

    /// What the archive has before a node.
    fn open_entry(&mut self, entry: &Listed<'_>) -> io::Result<()> {
        match entry.depth {
            0 => self.writer.begin(),
            _ => self.writer.entry(entry.name()),
        }
    }

    /// What the archive has after a node, when the next one lies in `next_depth` directories.
    fn close_entries(&mut self, entry: &Listed<'_>, next_depth: usize) -> io::Result<()> {
        let mut open = entry.depth;
        if entry.what == What::Directory {
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

    fn symlink(&mut self, entry: &Listed<'_>) -> Result<(), NarError> {
        let source = || below(self.root, &entry.path);
        let (directory, name) = self.source.locate(&entry.path).at_place(Operation::Open, source)?;
        let target = directory.read_link(name).at_place(Operation::Read, source)?;
        if let Some((destination, cursor)) = &mut self.destination {
            let place = || destination.place(&entry.path);
            let (directory, name) = cursor.locate(&entry.path).at_place(Operation::Open, place)?;
            directory.create_symlink(&target, name).at_place(Operation::Link, place)?;
            directory.set_times(name, MTIME).at_place(Operation::SetTimes, place)?;
        }
        self.writer.symlink(target.as_bytes()).map_err(NarError::Write)
    }

    /// Opens a file, of which something may be known already.
    fn open(&mut self, entry: &Listed<'_>, seen: Option<Seen>) -> Result<(File, Seen), NarError> {
        let source = || below(self.root, &entry.path);
        let (directory, name) = self.source.locate(&entry.path).at_place(Operation::Open, source)?;
        let file = directory.open_file(name).at_place(Operation::Open, source)?;
        let seen = seen.map_or_else(|| look(source, &file), Ok)?;
        Ok((file, seen))
    }

    /// Reads an open file; returns whether to go on.
    fn file(&mut self, entry: &Listed<'_>, mut reader: File, seen: Seen) -> Result<bool, NarError> {
        let source = || below(self.root, &entry.path);
        let Seen { size, executable, .. } = seen;
        if self.writer.get_mut().is_too_full_for(size) && !self.hand_over() {
            return Ok(false);
        }
        let mut copy = match &mut self.destination {
            Some((destination, cursor)) => {
                Some(FileCopy::create(destination, cursor, &entry.path, executable)?)
            }
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
                return Err(other_size(source(), seen, &reader));
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
                return Ok(false);
            }
        }
        check_unchanged(source, seen, &reader)?;
        if let Some(copy) = copy {
            copy.finish()?;
        }
        self.writer.end_file(size).map_err(NarError::Write)?;
        Ok(true)
    }

    /// Gives what is written so far to the consumer; returns whether to go on.
    fn hand_over(&mut self) -> bool {
        let piece = std::mem::replace(self.writer.get_mut(), self.outlet.piece(BUFFER_LEN));
        self.outlet.put(self.number, piece)
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

/// What is known about an open file. Something else may have taken the place of the one that was listed.
fn look(path: impl Fn() -> PathBuf, file: &File) -> Result<Seen, NarError> {
    let status = status_of_open(file).at_place(Operation::Inspect, &path)?;
    Seen::of(&status).ok_or_else(|| NarError::Changed { path: path() })
}

/// Refuses a file that was written to since it was looked at, even if its size is the same, and what took its place.
fn check_unchanged(path: impl Fn() -> PathBuf, seen: Seen, file: &File) -> Result<(), NarError> {
    let now = look(&path, file)?;
    match (now.size, now.modified) == (seen.size, seen.modified) {
        true => Ok(()),
        false => Err(NarError::Changed { path: path() }),
    }
}

/// Why a file gave more or fewer bytes than it had: it changed, or never had a size, as those of `/proc`.
fn other_size(path: PathBuf, seen: Seen, file: &File) -> NarError {
    match look(|| path.clone(), file) {
        Ok(now) if (now.size, seen.size) == (0, 0) => NarError::NoSize { path },
        Ok(_) => NarError::Changed { path },
        Err(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use super::super::dump;
    use super::super::listing::{Fresh, Listing as _};
    use super::*;

    /// Keeps what is made.
    struct Kept<'a>(&'a RefCell<Vec<u8>>);

    impl Outlet for Kept<'_> {
        fn piece(&self, room: usize) -> Piece {
            Piece::with_room(room)
        }

        fn put(&mut self, _: usize, piece: Piece) -> bool {
            self.0.borrow_mut().extend_from_slice(piece.bytes());
            true
        }
    }

    #[test]
    fn another_goes_on_with_a_large_file() {
        let directory = tempfile::tempdir().unwrap();
        for (name, size) in [("a", 10), ("b", 11), ("c", 0), ("d", 2000)] {
            fs::write(directory.path().join(name), vec![7; size]).unwrap();
        }
        let (root, anchor) = (directory.path(), Anchor::of(directory.path()).unwrap());
        let run = Fresh::new(root, &anchor).unwrap().next().unwrap().unwrap();
        let bytes = RefCell::new(Vec::new());
        let produce = |largest, from| {
            Producer::new(root, &anchor, None, Kept(&bytes)).produce((0, &run), from, largest).unwrap()
        };
        // The first is the directory itself.
        assert_eq!(produce(10, 0), Some(2));
        assert_eq!(produce(11, 2), Some(4));
        assert_eq!(produce(u64::MAX, 4), None);
        let mut expected = Vec::new();
        dump(root, &mut expected).unwrap();
        assert!(bytes.into_inner() == expected);
    }

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
