//! Advisory locks on files, which the kernel releases when their owner ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

use super::fs::{FsError, Operation, PathContext as _, open_or_create, remove_file};

/// How long one who waits sleeps before the second try. Each further time is twice as long, up to [`LONGEST_SLEEP`].
const FIRST_SLEEP: Duration = Duration::from_millis(1);
/// So long a wait may outlast the lock, or the wish to wait.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// A lock on a file made for the purpose: its holder's alone, or shared by all who want no more. Dropping it releases the
/// lock and leaves the file; [`FileLock::remove`] takes the file away too.
#[derive(Debug)]
pub struct FileLock {
    file: Flock<File>,
    path: PathBuf,
}

impl FileLock {
    /// Waits for the lock, until `give_up` says so: then there is none. `on_wait` is called once if another holds it.
    ///
    /// It asks again and again instead of sleeping in the kernel, where a signal would not wake it for good.
    pub fn acquire(
        path: &Path,
        on_wait: impl FnOnce(),
        give_up: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, FsError> {
        Self::wait(path, FlockArg::LockExclusiveNonblock, on_wait, give_up)
    }

    /// The same, for a lock that others may share, and nobody may have alone meanwhile.
    pub fn acquire_shared(
        path: &Path,
        on_wait: impl FnOnce(),
        give_up: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, FsError> {
        Self::wait(path, FlockArg::LockSharedNonblock, on_wait, give_up)
    }

    /// Takes the lock if no one holds it.
    pub fn try_acquire(path: &Path) -> Result<Option<Self>, FsError> {
        Self::attempt(path, FlockArg::LockExclusiveNonblock)
    }

    fn wait(
        path: &Path,
        kind: FlockArg,
        on_wait: impl FnOnce(),
        give_up: &dyn Fn() -> bool,
    ) -> Result<Option<Self>, FsError> {
        if let Some(lock) = Self::attempt(path, kind)? {
            return Ok(Some(lock));
        }
        on_wait();
        let mut sleep = FIRST_SLEEP;
        while !give_up() {
            std::thread::sleep(sleep);
            if let Some(lock) = Self::attempt(path, kind)? {
                return Ok(Some(lock));
            }
            sleep = (sleep * 2).min(LONGEST_SLEEP);
        }
        Ok(None)
    }

    fn attempt(path: &Path, kind: FlockArg) -> Result<Option<Self>, FsError> {
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false).mode(0o600);
            let file = open_or_create(&options, path)?;
            match Flock::lock(file, kind) {
                Ok(file) if is_same_file(&file, path)? => {
                    return Ok(Some(FileLock { file, path: path.to_owned() }));
                }
                // The file was removed between being opened and being locked; or a signal came.
                Ok(_) | Err((_, Errno::EINTR)) => {}
                Err((_, Errno::EWOULDBLOCK)) => return Ok(None),
                Err((_, errno)) => return Err(FsError::new(Operation::Lock, path, errno)),
            }
        }
    }

    /// The file, which its holder may write to.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the file and releases the lock, in this order: whoever waited for it sees that the file is
    /// another now, and tries again.
    pub fn remove(self) -> Result<(), FsError> {
        remove_file(&self.path)
    }
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
    use std::cell::Cell;
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
                        let lock = FileLock::acquire(&path, || (), &|| false).unwrap().unwrap();
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
    fn a_held_lock_is_not_taken_and_waiting_for_it_can_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let held = FileLock::acquire(&path, || panic!("no one holds it"), &|| false).unwrap();
        assert!(FileLock::try_acquire(&path).unwrap().is_none());
        let asked = Cell::new(0);
        let give_up = || asked.replace(asked.get() + 1) == 3;
        assert!(FileLock::acquire(&path, || (), &give_up).unwrap().is_none());
        drop(held);
        assert!(FileLock::try_acquire(&path).unwrap().is_some());
    }

    #[test]
    fn a_shared_lock_excludes_only_those_who_want_it_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let share = || FileLock::acquire_shared(&path, || (), &|| true).unwrap();
        let (one, two) = (share(), share());
        assert!(one.is_some() && two.is_some());
        assert!(FileLock::try_acquire(&path).unwrap().is_none());
        drop((one, two));
        let alone = FileLock::try_acquire(&path).unwrap();
        assert!(alone.is_some() && share().is_none());
    }
}
