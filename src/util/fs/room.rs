//! How much may be written before a file system is nearly full.
//!
//! A full disk is everybody's: databases, logs and builds stop with the one that filled it. So some of it stays free: what
//! is enough for all others to go on.

use std::path::Path;

use nix::sys::statvfs::statvfs;

/// What stays free, in bytes, on a file system that is large enough.
const LEAST_FREE: u64 = 256 << 20;

/// Of smaller ones, this part stays free.
const LEAST_PART: u64 = 50;

/// How many bytes may still be written to the file system that a directory is on; `None` where that cannot be known.
pub fn room(directory: &Path) -> Option<u64> {
    let found = statvfs(directory).ok()?;
    let unit = found.fragment_size();
    Some(spare(found.blocks_available() * unit, found.blocks() * unit))
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
}
