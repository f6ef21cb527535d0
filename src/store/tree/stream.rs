//! From a tree to its archive, and at the same time to a copy of it, reading every file once.
//!
//! Several threads read (and write the copy); the calling thread sees the archive in order and hashes it. The
//! entries are cut into segments of some hundred kilobytes; of small files many are handed over at once, of large
//! ones a piece at a time.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::nar::{NarError, NarWriter};
use crate::util::crew;
use crate::util::fs::{
    Anchor, Cursor, FsError, Operation, PathContext as _, set_open_mode, set_open_times, write_all_at,
};

use super::canonical::{MTIME, canonical_mode, canonical_time};
use super::piece::Piece;
use super::window::Window;
use super::{Kind, Tree, TreeEntry};

/// How many bytes of contents make a segment.
const SEGMENT_LEN: u64 = 512 * 1024;
/// How many entries make a segment, however small.
const SEGMENT_ENTRIES: usize = 256;
/// How much of a large file is handed over at once, in bytes.
const PIECE_LEN: usize = 512 * 1024;
/// How much a buffer holds: a piece, and what the archive has around files.
const BUFFER_LEN: usize = PIECE_LEN + 64 * 1024;
/// How many bytes may wait to be hashed.
const WINDOW_LEN: usize = 16 * 1024 * 1024;
/// How many threads read and write, on any machine: where what they read is not in memory, most of them wait for a disk.
const THREADS: usize = 8;

impl Tree {
    /// Writes the archive of the tree to `sink`.
    pub fn archive(&self, sink: impl Write) -> Result<(), NarError> {
        self.stream(None, sink)
    }

    /// Copies the tree to `destination`, where nothing may be yet, with canonical modes and times, and writes its
    /// archive to `sink`. On an error, what was copied so far is left for the caller to remove.
    pub fn copy(&self, destination: &Path, sink: impl Write) -> Result<(), NarError> {
        let destination = Destination { anchor: Anchor::of(destination)?, path: destination.to_owned() };
        self.make_directories(&destination)?;
        self.stream(Some(&destination), sink)?;
        Ok(self.finish_directories(&destination)?)
    }

    fn stream(&self, destination: Option<&Destination>, mut sink: impl Write) -> Result<(), NarError> {
        let segments = self.segments();
        let window = Window::new(segments.len(), WINDOW_LEN);
        std::thread::scope(|scope| {
            for _ in 0..THREADS.min(segments.len()) {
                scope.spawn(|| {
                    let _stop = window.stop_on_panic();
                    let mut producer = Producer::new(self, destination, &window);
                    while let Some(number) = window.take() {
                        match producer.produce(number, segments[number].clone()) {
                            Ok(()) => window.finish(number),
                            Err(error) => window.fail(error),
                        }
                    }
                });
            }
            while let Some(piece) = window.next()? {
                if let Err(error) = sink.write_all(piece.bytes()) {
                    window.abandon();
                    return Err(NarError::Write(error));
                }
                window.give_back(piece);
            }
            Ok(())
        })
    }

    /// Cuts the entries into runs of about [`SEGMENT_LEN`] bytes.
    fn segments(&self) -> Vec<Range<usize>> {
        let mut segments = Vec::new();
        let (mut start, mut bytes) = (0, 0u64);
        for (index, entry) in self.entries.iter().enumerate() {
            let size = if let Kind::File { size, .. } = entry.kind { size } else { 0 };
            let full = bytes.saturating_add(size) > SEGMENT_LEN || index - start == SEGMENT_ENTRIES;
            if full && index > start {
                segments.push(start..index);
                (start, bytes) = (index, 0);
            }
            bytes = bytes.saturating_add(size);
        }
        segments.push(start..self.entries.len());
        segments
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
                made.at_place(Operation::Create, || destination.place(entry))?;
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
            let place = || destination.place(entry);
            let directory = cursor.directory(&entry.path).at_place(Operation::Open, place)?;
            directory.set_own_mode(canonical_mode(true)).at_place(Operation::SetMode, place)?;
            directory.set_own_times(MTIME).at_place(Operation::SetTimes, place)?;
        }
        Ok(())
    }
}

/// Where a copy is made.
struct Destination {
    anchor: Anchor,
    path: PathBuf,
}

impl Destination {
    /// Where the copy of an entry lies, for people.
    fn place(&self, entry: &TreeEntry) -> PathBuf {
        entry.below(&self.path)
    }
}

/// Makes the bytes of one segment after the other.
struct Producer<'a> {
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
    fn new(tree: &'a Tree, destination: Option<&'a Destination>, window: &'a Window<NarError>) -> Self {
        let source = Cursor::new(&tree.anchor);
        let destination = destination.map(|destination| (destination, Cursor::new(&destination.anchor)));
        Producer { tree, source, destination, window, number: 0, writer: NarWriter::resume(Piece::default()) }
    }

    fn produce(&mut self, number: usize, range: Range<usize>) -> Result<(), NarError> {
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

/// The copy of a file, being written.
struct FileCopy<'a> {
    destination: &'a Destination,
    entry: &'a TreeEntry,
    file: File,
    /// How many bytes it has.
    length: u64,
    mode: u32,
}

impl<'a> FileCopy<'a> {
    fn create(
        destination: &'a Destination,
        cursor: &mut Cursor<'_>,
        entry: &'a TreeEntry,
        executable: bool,
    ) -> Result<Self, FsError> {
        let mode = canonical_mode(executable);
        let created = cursor.locate(&entry.path).and_then(|(above, name)| above.create_file(name, mode));
        let file = created.at_place(Operation::Create, || destination.place(entry))?;
        Ok(FileCopy { destination, entry, file, length: 0, mode })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), FsError> {
        if !bytes.is_empty() {
            write_all_at(&self.file, bytes, self.length).at_place(Operation::Write, || self.place())?;
            self.length += bytes.len() as u64;
        }
        Ok(())
    }

    fn finish(self) -> Result<(), FsError> {
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

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions, Permissions};
    use std::os::unix::fs::symlink;

    use super::super::dump;
    use super::*;

    /// Deep, wide, with large and small files: more than one segment, and some that end within directories.
    fn make_tree(root: &Path) {
        for directory in 0..30 {
            let place = root.join(format!("{directory}/{}/x", directory % 3));
            fs::create_dir_all(&place).unwrap();
            for file in 0..20 {
                let size = if (directory, file) == (7, 7) { 5_000_000 } else { directory * file * 37 };
                fs::write(place.join(format!("file {file}")), vec![file as u8; size]).unwrap();
            }
            symlink("x/y", place.join("link")).unwrap();
            fs::set_permissions(place.join("file 3"), Permissions::from_mode(0o700)).unwrap();
        }
    }

    #[test]
    fn archive_and_copy_are_those_of_the_tree() {
        let directory = tempfile::tempdir().unwrap();
        let (source, copy) = (directory.path().join("source"), directory.path().join("copy"));
        fs::create_dir(&source).unwrap();
        make_tree(&source);
        let mut expected = Vec::new();
        dump(&source, &mut expected).unwrap();

        let tree = Tree::walk(&source).unwrap();
        assert!(tree.segments().len() > 3);
        let mut archive = Vec::new();
        tree.archive(&mut archive).unwrap();
        assert!(archive == expected);

        let mut archive = Vec::new();
        tree.copy(&copy, &mut archive).unwrap();
        assert!(archive == expected);
        let mut copied = Vec::new();
        dump(&copy, &mut copied).unwrap();
        assert!(copied == expected);

        for entry in Tree::walk(&copy).unwrap().entries {
            let metadata = fs::symlink_metadata(entry.below(&copy)).unwrap();
            assert_eq!(metadata.mtime(), 1, "{:?}", entry.path);
            let expected = match entry.kind {
                Kind::Directory => 0o555,
                Kind::File { executable, .. } => canonical_mode(executable),
                Kind::Symlink => continue,
            };
            assert_eq!(metadata.mode() & 0o7777, expected, "{:?}", entry.path);
        }
    }

    #[test]
    fn a_file_alone_is_a_tree() {
        let directory = tempfile::tempdir().unwrap();
        let (source, copy) = (directory.path().join("source"), directory.path().join("copy"));
        fs::write(&source, "contents").unwrap();
        let mut archive = Vec::new();
        Tree::walk(&source).unwrap().copy(&copy, &mut archive).unwrap();
        let mut expected = Vec::new();
        dump(&copy, &mut expected).unwrap();
        assert_eq!(archive, expected);
    }

    #[test]
    fn a_file_that_changes_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "contents").unwrap();
        for changed in ["content", "contents!", ""] {
            fs::write(&file, "contents").unwrap();
            let tree = Tree::walk(directory.path()).unwrap();
            fs::write(&file, changed).unwrap();
            assert!(matches!(tree.archive(io::sink()), Err(NarError::Changed { .. })), "{changed}");
        }
        let tree = Tree::walk(directory.path()).unwrap();
        fs::remove_file(&file).unwrap();
        symlink("/etc/passwd", &file).unwrap();
        assert!(tree.archive(io::sink()).is_err(), "a link that took the place of a file is not followed");
        fs::remove_file(&file).unwrap();
        nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(tree.archive(io::sink()).is_err(), "nor is a pipe waited for");
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_noticed_whatever_its_size() {
        /// Writes to the file when its beginning arrives.
        struct Meddler<'a>(&'a Path, bool);
        impl Write for Meddler<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                if !std::mem::replace(&mut self.1, true) {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    let file = OpenOptions::new().write(true).open(self.0)?;
                    std::os::unix::fs::FileExt::write_all_at(&file, b"changed", 0)?;
                }
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        // More than may wait to be consumed.
        fs::write(&file, vec![0; 64 << 20]).unwrap();
        let tree = Tree::walk(directory.path()).unwrap();
        assert!(matches!(tree.archive(Meddler(&file, false)), Err(NarError::Changed { .. })));
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

    #[test]
    fn a_sink_that_fails_ends_the_work() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let directory = tempfile::tempdir().unwrap();
        make_tree(directory.path());
        let tree = Tree::walk(directory.path()).unwrap();
        assert!(matches!(tree.archive(Full), Err(NarError::Write(_))));
    }
}
