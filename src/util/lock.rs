//! Advisory locks on files, which the kernel releases when their owner ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use super::fs::{FsError, Operation, PathContext as _};

/// An exclusive lock on a file made for the purpose. Dropping it releases the lock and leaves the file;
/// [`FileLock::remove`] takes the file away too.
#[derive(Debug)]
pub struct FileLock {
    _file: Flock<File>,
    path: PathBuf,
}

impl FileLock {
    /// Waits for the lock. `on_wait` is called once if another holds it.
    pub fn acquire(path: &Path, on_wait: impl FnOnce()) -> Result<Self, FsError> {
        if let Some(lock) = Self::try_acquire(path)? {
            return Ok(lock);
        }
        on_wait();
        loop {
            match Self::attempt(path, FlockArg::LockExclusive)? {
                Attempt::Locked(lock) => return Ok(lock),
                Attempt::Held | Attempt::Replaced => {}
            }
        }
    }

    /// Takes the lock if no one holds it.
    pub fn try_acquire(path: &Path) -> Result<Option<Self>, FsError> {
        loop {
            match Self::attempt(path, FlockArg::LockExclusiveNonblock)? {
                Attempt::Locked(lock) => return Ok(Some(lock)),
                Attempt::Held => return Ok(None),
                Attempt::Replaced => {}
            }
        }
    }

    /// Removes the file and releases the lock, in this order: whoever waited for it sees that the file is
    /// another now, and tries again.
    pub fn remove(self) -> Result<(), FsError> {
        fs::remove_file(&self.path).at(Operation::Remove, &self.path)
    }

    fn attempt(path: &Path, how: FlockArg) -> Result<Attempt, FsError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .at(Operation::Open, path)?;
        match Flock::lock(file, how) {
            Ok(file) if is_same_file(&file, path)? => {
                Ok(Attempt::Locked(FileLock { _file: file, path: path.to_owned() }))
            }
            Ok(_) => Ok(Attempt::Replaced),
            Err((_, Errno::EWOULDBLOCK | Errno::EINTR)) => Ok(Attempt::Held),
            Err((_, errno)) => Err(FsError::new(Operation::Lock, path, errno)),
        }
    }
}

/// How a try to take a lock ended.
enum Attempt {
    Locked(FileLock),
    Held,
    /// The file was removed between being opened and being locked.
    Replaced,
}

fn is_same_file(file: &File, path: &Path) -> Result<bool, FsError> {
    let ours = file.metadata().at(Operation::Inspect, path)?;
    match fs::metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (ours.dev(), ours.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FsError::new(Operation::Inspect, path, error)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_holder_at_a_time_even_while_the_file_comes_and_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let holders = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let lock = FileLock::acquire(&path, || ()).unwrap();
                        assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                        holders.fetch_sub(1, Ordering::SeqCst);
                        lock.remove().unwrap();
                    }
                });
            }
        });
        assert!(!path.exists());
    }

    #[test]
    fn a_held_lock_is_not_taken() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let held = FileLock::acquire(&path, || panic!("no one holds it")).unwrap();
        assert!(FileLock::try_acquire(&path).unwrap().is_none());
        drop(held);
        assert!(FileLock::try_acquire(&path).unwrap().is_some());
    }
}
