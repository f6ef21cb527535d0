//! Watching that a build does not fill the disk.
//!
//! A full disk is everybody's: databases, logs and other builds stop with the one that filled it. So a build ends
//! before: what is free then is enough for all others to go on, and comes back with the directory of the build.

use std::{
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use crate::util::fs::room;

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

/// What cannot be asked, the build itself will find out.
fn is_full(directory: &Path) -> bool {
    room(directory) == Some(0)
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
