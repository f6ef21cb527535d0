//! From a tree to its archive, and at the same time to a copy of it, reading every file once.
//!
//! Several threads read (and write the copy); the calling thread sees the archive in order and hashes it, and reads
//! too while there is nothing to hash: where the system gives no further thread, all of it. What is read at a time is a
//! [run](Run) of entries, which makes a segment of the archive; of small files many are handed over at once, of large ones a
//! piece at a time.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Scope};

use nix::sys::resource::{UsageWho, getrusage};

use crate::nar::NarError;
use crate::util::fs::Anchor;
use crate::util::threads::spawn_scoped;

use super::Tree;
use super::copying::Destination;
use super::listing::{Listing, Run, Walked};
use super::piece::Piece;
use super::producer::{Outlet, Producer};
use super::window::{Next, Window};

/// How many bytes may wait to be hashed.
const WINDOW_LEN: usize = 8 * 1024 * 1024;
/// How large a file the thread reads that hashes, where another can: nobody hashes meanwhile.
const LARGEST_OWN: u64 = 1024 * 1024;
/// How many threads read and write at most, on any machine: those that wait for a disk.
pub const THREADS: usize = 8;

impl Tree {
    /// Writes the archive of the tree to `sink`.
    pub fn archive(&self, sink: impl Write) -> Result<(), NarError> {
        stream(&self.root, &self.anchor, Walked::new(self), None, sink)
    }
}

/// Writes the archive of the tree at `root`, which hangs at `anchor`, to `sink`, and perhaps a copy of it. What is in the
/// tree says `listing`.
pub fn stream<'a>(
    root: &'a Path,
    anchor: &'a Anchor,
    listing: impl Listing<'a>,
    destination: Option<&Destination>,
    sink: impl Write,
) -> Result<(), NarError> {
    let most = listing.most();
    let (listing, window, begun) = (Mutex::new(listing), Window::new(WINDOW_LEN), AtomicUsize::new(0));
    let reading = Reading { root, anchor, destination, listing: &listing, window: &window, begun: &begun };
    thread::scope(|scope| {
        let is_alone = !reading.begin(scope, most);
        let _stop = window.stop_on_panic();
        let consumer = Consumer { window: &window, sink, failure: None };
        let mut producer = Producer::new(root, anchor, destination, consumer);
        loop {
            let piece = match window.next_now()? {
                Next::Piece(piece) => Some(piece),
                // Those who read are slower than this thread, which reads too rather than wait; or there are none.
                Next::Later
                    if (is_alone || reading.has_place())
                        && reading.read_one(scope, &mut producer, LARGEST_OWN) =>
                {
                    None
                }
                Next::Later => window.next()?,
                Next::End => return Ok(()),
            };
            let consumer = producer.outlet();
            if let Some(piece) = piece {
                consumer.consume(piece);
            }
            if let Some(error) = consumer.failure.take() {
                window.abandon();
                return Err(error);
            }
        }
    })
}

/// Who sees the archive in order.
struct Consumer<'a, S> {
    window: &'a Window<NarError>,
    sink: S,
    /// Why there is no more of the archive, or nowhere to put it.
    failure: Option<NarError>,
}

impl<S: Write> Consumer<'_, S> {
    fn consume(&mut self, piece: Piece) {
        if self.failure.is_none() {
            self.failure = self.sink.write_all(piece.bytes()).map_err(NarError::Write).err();
        }
        self.window.give_back(piece);
    }
}

impl<S: Write> Outlet for Consumer<'_, S> {
    fn piece(&self, room: usize) -> Piece {
        self.window.piece(room)
    }

    /// What this thread read waits for its turn, as what others read does.
    fn put(&mut self, segment: usize, piece: Piece) -> bool {
        let mut goes_on = self.window.put_at_once(segment, piece);
        while goes_on && !self.window.has_room() {
            match self.window.next() {
                Ok(Some(piece)) => self.consume(piece),
                Ok(None) => goes_on = false,
                Err(error) => self.failure = Some(error),
            }
            goes_on &= self.failure.is_none();
        }
        goes_on
    }
}

/// What those who read a tree, and perhaps write a copy of it, have in common.
struct Reading<'s, 'a, L> {
    root: &'a Path,
    anchor: &'a Anchor,
    destination: Option<&'s Destination>,
    /// Whoever has it takes the next segment too: so these are in the order of the archive.
    listing: &'s Mutex<L>,
    window: &'s Window<NarError>,
    /// How many have begun, without those that read the rest of a segment and have ended.
    begun: &'s AtomicUsize,
}

impl<L> Clone for Reading<'_, '_, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L> Copy for Reading<'_, '_, L> {}

impl<'s, 'a, L: Listing<'a>> Reading<'s, 'a, L> {
    /// Has one thread read for each processor but that of the calling thread, which hashes: what is in memory is hashed
    /// soonest when nobody takes its place. Whoever writes a copy waits for a disk, so that all begin. There are no more
    /// than `most` segments. Returns whether any thread reads.
    fn begin<'scope>(self, scope: &'scope Scope<'scope, '_>, most: usize) -> bool
    where
        's: 'scope,
        'a: 'scope,
        L: 'scope,
    {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let number = match self.destination {
            Some(_) => THREADS,
            None => (processors - 1).clamp(1, THREADS),
        };
        (0..number.min(most)).take_while(|_| self.call_help(scope)).count() > 0
    }

    /// Reads segments until there are no more.
    fn read<'scope>(self, scope: &'scope Scope<'scope, '_>)
    where
        's: 'scope,
        'a: 'scope,
        L: 'scope,
    {
        let _stop = self.window.stop_on_panic();
        let mut producer = Producer::new(self.root, self.anchor, self.destination, self.window);
        let mut reads = disk_reads();
        while self.read_one(scope, &mut producer, u64::MAX) {
            let reads_now = disk_reads();
            if reads_now != std::mem::replace(&mut reads, reads_now) {
                self.call_help(scope);
            }
        }
    }

    /// Whether one more may read. Where a copy of any size is made, all who may have begun with it.
    fn has_place(&self) -> bool {
        self.begun.load(Ordering::Relaxed) < THREADS
    }

    /// Reads one segment, and leaves it to another thread from the first file on that is larger than `largest`; returns
    /// whether there was one.
    fn read_one<'scope>(
        self,
        scope: &'scope Scope<'scope, '_>,
        producer: &mut Producer<'_, impl Outlet>,
        largest: u64,
    ) -> bool
    where
        's: 'scope,
        'a: 'scope,
        L: 'scope,
    {
        match self.take() {
            Ok(Some((number, run))) => {
                if let Some(rest) = self.produce(producer, (number, &run), 0, largest) {
                    self.leave(scope, producer, (number, run), rest);
                }
                true
            }
            Ok(None) => false,
            Err(error) => {
                self.window.fail(error);
                true
            }
        }
    }

    /// Leaves the rest of a segment to another thread, or reads it where there is none to be had.
    fn leave<'scope>(
        self,
        scope: &'scope Scope<'scope, '_>,
        producer: &mut Producer<'_, impl Outlet>,
        (number, run): (usize, Run<'a>),
        from: usize,
    ) where
        's: 'scope,
        'a: 'scope,
        L: 'scope,
    {
        let run = Arc::new(run);
        let left = Arc::clone(&run);
        let read = move || {
            let _stop = self.window.stop_on_panic();
            let mut producer = Producer::new(self.root, self.anchor, self.destination, self.window);
            self.produce(&mut producer, (number, &left), from, u64::MAX);
            self.begun.fetch_sub(1, Ordering::Relaxed);
        };
        if !self.call(scope, read) {
            self.produce(producer, (number, &run), from, u64::MAX);
        }
    }

    /// Reads a segment, or the rest of one. Gives the place of the entry with which another thread has to go on.
    fn produce(
        &self,
        producer: &mut Producer<'_, impl Outlet>,
        (number, run): (usize, &Run<'_>),
        from: usize,
        largest: u64,
    ) -> Option<usize> {
        match producer.produce((number, run), from, largest) {
            Ok(None) => self.window.finish(number),
            Ok(rest) => return rest,
            Err(error) => self.window.fail(error),
        }
        None
    }

    /// What is to be read next, and as which segment.
    fn take(&self) -> Result<Option<(usize, Run<'a>)>, NarError> {
        let mut listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(run) = listing.next()? else {
            self.window.end();
            return Ok(None);
        };
        Ok(self.window.take().map(|number| (number, run)))
    }

    /// Has one more read; returns whether it does. While one waits for the disk, another can read.
    fn call_help<'scope>(self, scope: &'scope Scope<'scope, '_>) -> bool
    where
        's: 'scope,
        'a: 'scope,
        L: 'scope,
    {
        self.call(scope, move || self.read(scope))
    }

    /// Has another thread begin, if there is a place for it, and the system gives one; returns whether it does.
    fn call<'scope>(self, scope: &'scope Scope<'scope, '_>, work: impl FnOnce() + Send + 'scope) -> bool {
        let begun = self.begun.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |begun| {
            (begun < THREADS).then_some(begun + 1)
        });
        if begun.is_err() {
            return false;
        }
        let is_given = spawn_scoped(scope, work).is_ok();
        if !is_given {
            self.begun.fetch_sub(1, Ordering::Relaxed);
        }
        is_given
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
    use super::super::{Kind, dump};
    use super::*;
    use crate::util::threads::{alone, with_refusals};

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
        assert!(Walked::new(&tree).most() > 3);
        // One listed it while it read it, and the other before.
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
    fn where_no_thread_is_given_the_calling_one_does_it_all() {
        let directory = tempfile::tempdir().unwrap();
        let (source, copy) = (directory.path().join("source"), directory.path().join("copy"));
        fs::create_dir(&source).unwrap();
        make_tree(&source);
        // More than may wait to be consumed, in the middle of a run and at its end.
        for name in ["0/0/x/file 10", "29/2/x/zzz"] {
            fs::write(source.join(name), vec![7; 2 * WINDOW_LEN]).unwrap();
        }
        let mut expected = Vec::new();
        dump(&source, &mut expected).unwrap();
        alone(|| {
            let (mut dumped, mut archived) = (Vec::new(), Vec::new());
            dump(&source, &mut dumped).unwrap();
            assert!(dumped == expected);
            Tree::walk(&source).unwrap().copy(&copy, &mut archived).unwrap();
            assert!(archived == expected);
        });
        let mut copied = Vec::new();
        dump(&copy, &mut copied).unwrap();
        assert!(copied == expected);

        // Nobody begins with it, and then there are threads for large files.
        for place in 0..30 {
            fs::write(source.join(format!("{place}/large")), vec![place; 2 << 20]).unwrap();
        }
        let (mut dumped, mut expected) = (Vec::new(), Vec::new());
        with_refusals(1, || dump(&source, &mut dumped).unwrap());
        dump(&source, &mut expected).unwrap();
        assert!(dumped == expected);

        let socket = std::os::unix::net::UnixListener::bind(source.join("29/2/x/socket")).unwrap();
        assert!(matches!(alone(|| dump(&source, io::sink())), Err(NarError::Unsupported { .. })));
        drop(socket);
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
        assert!(matches!(dump(directory.path(), Full), Err(NarError::Write(_))));
        assert!(matches!(alone(|| dump(directory.path(), Full)), Err(NarError::Write(_))));
    }

    #[test]
    fn what_cannot_be_read_ends_the_work_wherever_it_lies() {
        let directory = tempfile::tempdir().unwrap();
        make_tree(directory.path());
        for place in ["0/0/x/socket", "29/2/x/socket"] {
            let place = directory.path().join(place);
            let socket = std::os::unix::net::UnixListener::bind(&place).unwrap();
            let error = dump(directory.path(), io::sink()).unwrap_err();
            assert!(matches!(&error, NarError::Unsupported { path, .. } if *path == place), "{error}");
            drop(socket);
            fs::remove_file(&place).unwrap();
        }
        assert!(matches!(dump(&directory.path().join("missing"), io::sink()), Err(NarError::Fs(_))));
    }
}
