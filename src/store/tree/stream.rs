//! From a tree to its archive, and at the same time to a copy of it, reading every file once.
//!
//! Several threads read (and write the copy); the calling thread sees the archive in order and hashes it. The
//! entries are cut into segments of some hundred kilobytes; of small files many are handed over at once, of large
//! ones a piece at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::num::NonZero;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::nar::{self, NarError, NarWriter};
use crate::util::fs::{FsError, Operation, PathContext as _};

use super::canonical::{canonical_mode, canonical_time, set_symlink_times};
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
/// More threads than this wait for the disk or for the hash.
const MAX_THREADS: usize = 8;

impl Tree {
    /// Writes the archive of the tree to `sink`.
    pub fn archive(&self, sink: impl Write) -> Result<(), NarError> {
        self.stream(None, sink)
    }

    /// Copies the tree to `destination`, where nothing may be yet, with canonical modes and times, and writes its
    /// archive to `sink`. On an error, what was copied so far is left for the caller to remove.
    pub fn copy(&self, destination: &Path, sink: impl Write) -> Result<(), NarError> {
        self.make_directories(destination)?;
        self.stream(Some(destination), sink)?;
        Ok(self.finish_directories(destination)?)
    }

    fn stream(&self, destination: Option<&Path>, mut sink: impl Write) -> Result<(), NarError> {
        let segments = self.segments();
        let window = Window::new(segments.len(), WINDOW_LEN);
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(2, MAX_THREADS).min(segments.len()) {
                scope.spawn(|| {
                    let _stop = window.stop_on_panic();
                    while let Some(number) = window.take() {
                        let mut producer = Producer::new(self, destination, &window, number);
                        match producer.produce(segments[number].clone()) {
                            Ok(()) => window.finish(number),
                            Err(error) => window.fail(error),
                        }
                    }
                });
            }
            while let Some(bytes) = window.next()? {
                if let Err(error) = sink.write_all(&bytes) {
                    window.abandon();
                    return Err(NarError::Write(error));
                }
                window.give_back(bytes);
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

    fn make_directories(&self, destination: &Path) -> Result<(), FsError> {
        for entry in self.directories() {
            let place = entry.below(destination);
            fs::create_dir(&place).at(Operation::Create, &place)?;
        }
        Ok(())
    }

    /// Gives the directories their modes and times, the innermost first: before, nothing could be put in them.
    fn finish_directories(&self, destination: &Path) -> Result<(), FsError> {
        for entry in self.directories().rev() {
            let place = entry.below(destination);
            let handle = File::open(&place).at(Operation::Open, &place)?;
            handle.set_permissions(canonical_mode(true)).at(Operation::SetMode, &place)?;
            handle.set_times(canonical_time()).at(Operation::SetTimes, &place)?;
        }
        Ok(())
    }
}

/// Makes the bytes of one segment.
struct Producer<'a> {
    tree: &'a Tree,
    destination: Option<&'a Path>,
    window: &'a Window<NarError>,
    number: usize,
    /// What was not handed over yet.
    writer: NarWriter<Vec<u8>>,
}

impl<'a> Producer<'a> {
    fn new(
        tree: &'a Tree,
        destination: Option<&'a Path>,
        window: &'a Window<NarError>,
        number: usize,
    ) -> Self {
        let writer = NarWriter::resume(window.buffer(BUFFER_LEN));
        Producer { tree, destination, window, number, writer }
    }

    fn produce(&mut self, range: Range<usize>) -> Result<(), NarError> {
        let tree = self.tree;
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
        self.hand_over();
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
        let source = entry.below(&self.tree.root);
        let target = fs::read_link(&source).at(Operation::Read, &source)?;
        if let Some(place) = self.place(entry) {
            symlink(&target, &place).at(Operation::Link, &place)?;
            set_symlink_times(&place)?;
        }
        self.writer.symlink(target.as_os_str().as_bytes()).map_err(NarError::Write)
    }

    fn file(&mut self, entry: &TreeEntry, size: u64, executable: bool) -> Result<(), NarError> {
        let source = entry.below(&self.tree.root);
        let (mut reader, before) = nar::open_regular(&source)?;
        let mut copy = self.place(entry).map(|place| FileCopy::create(place, executable)).transpose()?;
        self.writer.file(executable, size).map_err(NarError::Write)?;
        let mut left = size;
        loop {
            let len = usize::try_from(left).map_or(PIECE_LEN, |left| left.min(PIECE_LEN));
            let last = len as u64 == left;
            let bytes = self.writer.get_mut();
            let start = bytes.len();
            // One byte more than there should be: the same call that reads the end of a file finds it.
            bytes.resize(start + len + usize::from(last), 0);
            let count = read_full(&mut reader, &mut bytes[start..]).at(Operation::Read, &source)?;
            if count != len {
                return Err(nar::other_size(source, size, &before, &reader));
            }
            bytes.truncate(start + len);
            if let Some(copy) = &mut copy {
                copy.write(&bytes[start..])?;
            }
            if last {
                break;
            }
            left -= len as u64;
            if bytes.len() >= PIECE_LEN && !self.hand_over() {
                return Ok(());
            }
        }
        nar::check_unchanged(&source, &before, &reader)?;
        if let Some(copy) = copy {
            copy.finish()?;
        }
        self.writer.end_file(size).map_err(NarError::Write)
    }

    /// Where an entry is copied to.
    fn place(&self, entry: &TreeEntry) -> Option<PathBuf> {
        self.destination.map(|destination| entry.below(destination))
    }

    /// Gives what is written so far to the consumer; returns whether to go on.
    fn hand_over(&mut self) -> bool {
        let bytes = std::mem::replace(self.writer.get_mut(), self.window.buffer(BUFFER_LEN));
        self.window.put(self.number, bytes)
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

/// The copy of a file, being written.
struct FileCopy {
    place: PathBuf,
    file: File,
    executable: bool,
}

impl FileCopy {
    fn create(place: PathBuf, executable: bool) -> Result<Self, FsError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(canonical_mode(executable).mode());
        let file = options.open(&place).at(Operation::Create, &place)?;
        Ok(FileCopy { place, file, executable })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), FsError> {
        self.file.write_all(bytes).at(Operation::Write, &self.place)
    }

    fn finish(self) -> Result<(), FsError> {
        let mode = canonical_mode(self.executable);
        // The umask may have taken some of it. Looking is cheaper than setting.
        let metadata = self.file.metadata().at(Operation::Inspect, &self.place)?;
        if metadata.permissions().mode() & 0o7777 != mode.mode() {
            self.file.set_permissions(mode).at(Operation::SetMode, &self.place)?;
        }
        self.file.set_times(canonical_time()).at(Operation::SetTimes, &self.place)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;
    use crate::nar;

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
        nar::dump(&source, &mut expected).unwrap();

        let tree = Tree::walk(&source).unwrap();
        assert!(tree.segments().len() > 3);
        let mut archive = Vec::new();
        tree.archive(&mut archive).unwrap();
        assert!(archive == expected);

        let mut archive = Vec::new();
        tree.copy(&copy, &mut archive).unwrap();
        assert!(archive == expected);
        let mut copied = Vec::new();
        nar::dump(&copy, &mut copied).unwrap();
        assert!(copied == expected);

        for entry in Tree::walk(&copy).unwrap().entries {
            let metadata = fs::symlink_metadata(entry.below(&copy)).unwrap();
            assert_eq!(metadata.mtime(), 1, "{:?}", entry.path);
            let expected = match entry.kind {
                Kind::Directory => 0o555,
                Kind::File { executable, .. } => canonical_mode(executable).mode(),
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
        nar::dump(&copy, &mut expected).unwrap();
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
