//! How much may be written before a file system is nearly full.
//!
//! A full disk is everybody's: databases, logs and builds stop with the one that filled it. So some of it stays free: what
//! is enough for all others to go on.

use std::io;
use std::path::Path;

use nix::sys::statvfs::statvfs;

/// What stays free, in bytes, on a file system that is large enough.
const LEAST_FREE: u64 = 256 << 20;

/// Of smaller ones, this part stays free.
const LEAST_PART: u64 = 50;

/// How many bytes users other than root may still write to the file system that a directory is on.
pub fn free(directory: &Path) -> io::Result<u64> {
    Ok(Space::of(directory)?.free)
}

/// The same without those that stay free; `None` where that cannot be known.
pub fn room(directory: &Path) -> Option<u64> {
    let Space { free, size } = Space::of(directory).ok()?;
    Some(spare(free, size))
}

/// What a file system has, in bytes.
struct Space {
    free: u64,
    size: u64,
}

impl Space {
    fn of(directory: &Path) -> io::Result<Self> {
        let found = statvfs(directory)?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.fragment_size());
        let free = available(found.blocks_available(), found.blocks());
        Ok(Self { free: bytes(free), size: bytes(found.blocks()) })
    }
}

/// How many blocks are free for users other than root. On FreeBSD, root may take of those that are kept for it, and
/// then the number is negative, which statvfs(3) gives as one that is too large for the disk.
fn available(told: u64, size: u64) -> u64 {
    if told > size { 0 } else { told }
}

/// What of the free bytes nobody else needs.
fn spare(free: u64, size: u64) -> u64 {
    free.saturating_sub(LEAST_FREE.min(size / LEAST_PART))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_what_is_free_is_left() {
        assert_eq!(spare(1 << 30, 1 << 40), (1 << 30) - LEAST_FREE);
        assert_eq!(spare(10 << 20, 100 << 20), 8 << 20, "of a small disk, a part");
        assert_eq!(spare(1 << 20, 100 << 20), 0);
        assert_eq!(room(Path::new("/nowhere")), None);
    }

    #[test]
    fn less_than_nothing_is_nothing() {
        assert_eq!(available((-5_i64).cast_unsigned(), 100), 0);
        assert_eq!(available(100, 100), 100);
    }
}
