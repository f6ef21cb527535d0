//! Puts extents into a sparse file, with few large writes on a few threads.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::error::ImageError;
use super::extent::{Data, Extent};
use crate::util::fs::write_all_at;
use crate::util::threads::spawn_scoped;

/// A write grows to about this many bytes before it is issued: large enough that the cost per call vanishes,
/// small enough for the cache of the processor and for an even share among threads.
const BATCH: u64 = 1 << 20;

/// Zeros are left out in units of this many bytes, the block size of common file systems.
const HOLE: usize = 4096;

/// More threads than this only wait for each other at the one file they write.
const MAX_THREADS: usize = 4;

/// Writes all `extents` to `file`, which must be fresh (all holes) and is called `name` in errors.
///
/// Extents must not overlap; their order does not matter. Before each batch `interrupted` is asked whether to give up.
pub fn write(
    mut extents: Vec<Extent>,
    file: &File,
    name: &Path,
    interrupted: &(dyn Fn() -> bool + Sync),
) -> Result<(), ImageError> {
    extents.sort_by_key(|extent| extent.offset);
    let extents = split_large(extents);
    let batches = batches(&extents);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let work = || {
        let mut buffer = Buffer { bytes: Vec::new(), offset: 0, file, name };
        while !failed.load(Ordering::Relaxed) {
            let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            if interrupted() {
                return Err(ImageError::Interrupted { path: name.to_owned() });
            }
            batch
                .iter()
                .try_for_each(|extent| buffer.add(extent))
                .and_then(|()| buffer.flush())
                .inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        // Where the system gives fewer, those write.
        let workers: Vec<_> = (1..threads).map_while(|_| spawn_scoped(scope, work).ok()).collect();
        let own = work();
        let others = workers.into_iter().map(|worker| match worker.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // Every worker is waited for; of several errors the first one is told.
        others.fold(own, |result, other| result.and(other))
    })
}

/// Cuts extents of host files to at most [`BATCH`] bytes, so that one huge file occupies all threads.
fn split_large(extents: Vec<Extent>) -> Vec<Extent> {
    let mut result = Vec::with_capacity(extents.len());
    for extent in extents {
        let Data::Host { path, start, length, file_size } = extent.data else {
            result.push(extent);
            continue;
        };
        for done in (0..length).step_by(BATCH as usize) {
            let data = Data::Host { path, start: start + done, length: BATCH.min(length - done), file_size };
            result.push(Extent { offset: extent.offset + done, data });
        }
    }
    result
}

/// Consecutive extents of about [`BATCH`] bytes together: the units that threads take.
fn batches<'e, 'a>(extents: &'e [Extent<'a>]) -> Vec<&'e [Extent<'a>]> {
    let mut batches = Vec::new();
    let (mut first, mut bytes) = (0, 0);
    for (index, extent) in extents.iter().enumerate() {
        bytes += extent.length();
        if bytes >= BATCH {
            batches.push(&extents[first..=index]);
            (first, bytes) = (index + 1, 0);
        }
    }
    if first < extents.len() {
        batches.push(&extents[first..]);
    }
    batches
}

/// Adjoining extents, gathered for one write.
struct Buffer<'w> {
    bytes: Vec<u8>,
    /// Where `bytes` belong on the disk.
    offset: u64,
    file: &'w File,
    name: &'w Path,
}

impl Buffer<'_> {
    /// Appends an extent; what cannot be joined with it is written out first.
    fn add(&mut self, extent: &Extent) -> Result<(), ImageError> {
        let end = self.offset + self.bytes.len() as u64;
        let gap = extent.offset.saturating_sub(end);
        debug_assert!(self.bytes.is_empty() || extent.offset >= end, "extents overlap at {end}");
        if self.bytes.is_empty() || gap > HOLE as u64 {
            self.flush()?;
            self.offset = extent.offset;
        } else {
            // Less than a block: the tail of the last fragment of a file.
            self.bytes.resize(self.bytes.len() + gap as usize, 0);
        }
        match &extent.data {
            Data::Owned(bytes) => self.bytes.extend_from_slice(bytes),
            Data::Borrowed(bytes) => self.bytes.extend_from_slice(bytes),
            Data::Host { path, start, length, file_size } => {
                let filled = self.bytes.len();
                self.bytes.resize(filled + *length as usize, 0);
                read_host(path, *start, *file_size, &mut self.bytes[filled..])?;
            }
        }
        Ok(())
    }

    /// Writes what was gathered, without the blocks that are zero throughout.
    fn flush(&mut self) -> Result<(), ImageError> {
        let mut rest = self.bytes.as_slice();
        let mut offset = self.offset;
        while !rest.is_empty() {
            let zeros = run_length(rest, true);
            let data = run_length(&rest[zeros..], false);
            let (start, end) = (zeros, zeros + data);
            write_all_at(self.file, &rest[start..end], offset + start as u64)
                .map_err(|source| ImageError::write(self.name, source))?;
            offset += end as u64;
            rest = &rest[end..];
        }
        self.bytes.clear();
        Ok(())
    }
}

/// How many bytes at the start of `bytes` are blocks that are zero (or, for `false`, are not).
fn run_length(bytes: &[u8], zero: bool) -> usize {
    static ZEROS: [u8; HOLE] = [0; HOLE];
    bytes.chunks(HOLE).take_while(|&block| (block == &ZEROS[..block.len()]) == zero).map(<[u8]>::len).sum()
}

/// Fills `into` from offset `start` of the host file at `path`, which must be of `size` bytes.
fn read_host(path: &Path, start: u64, size: u64, into: &mut [u8]) -> Result<(), ImageError> {
    let changed = || ImageError::SourceChanged { path: path.to_owned(), expected: size };
    let read = |source| ImageError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(read)?;
    if file.metadata().map_err(read)?.len() != size {
        return Err(changed());
    }
    file.read_exact_at(into, start).map_err(|source| match source.kind() {
        io::ErrorKind::UnexpectedEof => changed(),
        _ => read(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::threads::alone;
    use std::fs;

    #[test]
    fn extents_land_where_they_belong_whatever_their_order() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("source");
        let content: Vec<u8> = (0..3_000_000u32).map(|i| (i / 7) as u8).collect();
        fs::write(&source, &content).unwrap();
        let size = content.len() as u64;
        let host = |offset| Extent {
            offset,
            data: Data::Host { path: &source, start: 1, length: size - 1, file_size: size },
        };
        let write = |name: &str| {
            let image = File::create_new(dir.path().join(name)).unwrap();
            let extents =
                vec![host(5_000_000), Extent::owned(100, vec![1; 50]), Extent::owned(0, vec![2; 90])];
            write(extents, &image, Path::new(name), &|| false).unwrap();
            fs::read(dir.path().join(name)).unwrap()
        };
        let written = write("image");
        assert_eq!(written[5_000_000..], content[1..]);
        assert_eq!(written[..100], [[2; 90].as_slice(), &[0; 10]].concat());
        assert_eq!(written[100..150], [1; 50]);
        assert!(written[150..5_000_000].iter().all(|&byte| byte == 0));
        assert!(alone(|| write("of one thread")) == written);
    }

    #[test]
    fn a_file_that_changed_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("source");
        fs::write(&source, b"1234").unwrap();
        let image = File::create_new(dir.path().join("image")).unwrap();
        let data = Data::Host { path: &source, start: 0, length: 3, file_size: 3 };
        let error =
            write(vec![Extent { offset: 0, data }], &image, Path::new("image"), &|| false).unwrap_err();
        assert!(matches!(error, ImageError::SourceChanged { expected: 3, .. }));
    }
}
