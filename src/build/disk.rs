//! Watching that a build does not fill the disk.
//!
//! A full disk is everybody's: databases, logs and other builds stop with the one that filled it. So a build ends
//! before: what is free then is enough for all others to go on, and comes back with the directory of the build.

use std::{
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use nix::sys::statvfs::statvfs;

/// What stays free, in bytes, on a file system that is large enough.
const LEAST_FREE: u64 = 256 << 20;

/// Of smaller ones, this part stays free.
const LEAST_PART: u64 = 50;

/// How often it is looked. A fast disk takes some 2 GB/s.
const INTERVAL: Duration = Duration::from_millis(100);

/// Waits until `end` is dropped, or the file system that `directory` is on gets full; tells whether it did.
pub fn fills_up(directory: &Path, end: &Receiver<()>) -> bool {
    while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        if is_full(directory) {
            return true;
        }
    }
    false
}

fn is_full(directory: &Path) -> bool {
    // What cannot be asked, the build itself will find out.
    let Ok(found) = statvfs(directory) else { return false };
    let unit = found.fragment_size();
    let (free, size) = (found.blocks_available() * unit, found.blocks() * unit);
    free < LEAST_FREE.min(size / LEAST_PART)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn watching_ends_with_the_build() {
        let (build, end) = channel::<()>();
        drop(build);
        assert!(!fills_up(Path::new("/"), &end));
        assert!(!is_full(Path::new("/nowhere")), "what is not known is no reason");
    }
}
