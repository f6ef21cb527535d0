//! From a tree to its archive, and at the same time to a copy of it, reading every file once.
//!
//! Several threads read (and write the copy); the calling thread sees the archive in order and hashes it. The
//! entries are cut into segments of some hundred kilobytes; of small files many are handed over at once, of large
//! ones a piece at a time.

use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Scope};

use nix::sys::resource::{UsageWho, getrusage};

use crate::nar::NarError;
use crate::util::crew;

use super::copying::Destination;
use super::producer::Producer;
use super::window::Window;
use super::{Kind, Tree};

/// How many bytes of contents make a segment.
const SEGMENT_LEN: u64 = 512 * 1024;
/// How many entries make a segment, however small.
const SEGMENT_ENTRIES: usize = 256;
/// How many bytes may wait to be hashed.
const WINDOW_LEN: usize = 8 * 1024 * 1024;
/// How many threads read and write at most, on any machine: those that wait for a disk.
pub const THREADS: usize = 8;

impl Tree {
    /// Writes the archive of the tree to `sink`.
    pub fn archive(&self, sink: impl Write) -> Result<(), NarError> {
        self.stream(None, sink)
    }

    pub(super) fn stream(
        &self,
        destination: Option<&Destination>,
        mut sink: impl Write,
    ) -> Result<(), NarError> {
        let segments = self.segments();
        let window = Window::new(segments.len(), WINDOW_LEN);
        let begun = AtomicUsize::new(0);
        let reading =
            Reading { tree: self, destination, segments: &segments, window: &window, begun: &begun };
        thread::scope(|scope| {
            reading.begin(scope);
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
}

/// What those who read a tree, and perhaps write a copy of it, have in common.
#[derive(Clone, Copy)]
struct Reading<'a> {
    tree: &'a Tree,
    destination: Option<&'a Destination>,
    segments: &'a [Range<usize>],
    window: &'a Window<NarError>,
    /// How many have begun.
    begun: &'a AtomicUsize,
}

impl<'a> Reading<'a> {
    /// Has one thread read for each processor but that of the calling thread, which hashes: what is in memory is hashed
    /// soonest when nobody takes its place. Whoever writes a copy waits for a disk, so that all begin.
    fn begin<'scope>(self, scope: &'scope Scope<'scope, '_>)
    where
        'a: 'scope,
    {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let number = match self.destination {
            Some(_) => THREADS,
            None => (processors - 1).clamp(1, THREADS),
        };
        for _ in 0..number.min(self.segments.len()) {
            self.begun.fetch_add(1, Ordering::Relaxed);
            scope.spawn(move || self.read(scope));
        }
    }

    /// Reads segments until there are no more.
    fn read<'scope>(self, scope: &'scope Scope<'scope, '_>)
    where
        'a: 'scope,
    {
        let _stop = self.window.stop_on_panic();
        let mut producer = Producer::new(self.tree, self.destination, self.window);
        let mut reads = disk_reads();
        while let Some(number) = self.window.take() {
            match producer.produce(number, self.segments[number].clone()) {
                Ok(()) => self.window.finish(number),
                Err(error) => self.window.fail(error),
            }
            let reads_now = disk_reads();
            if reads_now != std::mem::replace(&mut reads, reads_now) {
                self.call_help(scope);
            }
        }
    }

    /// Has one more read: while this one waited for the disk, it could have.
    fn call_help<'scope>(self, scope: &'scope Scope<'scope, '_>)
    where
        'a: 'scope,
    {
        let begun = self.begun.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |begun| {
            (begun < THREADS).then_some(begun + 1)
        });
        if begun.is_ok() {
            crew::hire(scope, 1, move || self.read(scope));
        }
    }
}

/// How often this thread has had to read from a disk; 0 where the system does not say.
fn disk_reads() -> i64 {
    getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| usage.block_reads())
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::path::Path;

    use super::super::canonical::canonical_mode;
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
