//! The directories in which builds happen, and what is left of those whose fruix was killed.
//!
//! Each lies in `builds/` and is locked by the process that made it. A directory whose lock is free belongs
//! to no one: the next build removes it.

use std::{
    fs::{self, DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg},
};

use crate::{
    store_path::StorePath,
    util::fs::{self as paths, FsError, Operation},
};

/// Held while a directory is made or leftovers are looked for: in between, a directory is not yet locked.
const GATE: &str = ".gate";
/// In each directory: what its owner holds.
const LOCK: &str = "lock";

/// The directory of one build. Removed when dropped, unless it is kept.
#[derive(Debug)]
pub struct BuildDirectory {
    path: PathBuf,
    keep: bool,
    _lock: Flock<File>,
}

impl BuildDirectory {
    /// Makes one for a derivation in `builds`.
    pub fn create(builds: &Path, drv: &StorePath) -> Result<Self, FsError> {
        paths::create_dir_all(builds)?;
        let _gate = lock(&builds.join(GATE), FlockArg::LockExclusive)?;
        let name = drv.base_name().trim_end_matches(".drv");
        for number in 0.. {
            let path = builds.join(format!("{name}-{number}"));
            // Nobody else looks in: until it is checked, what a builder writes may be anything.
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(|source| FsError::new(Operation::Create, &path, source))?,
            }
            let lock = lock(&path.join(LOCK), FlockArg::LockExclusive)?;
            return Ok(Self { path, keep: false, _lock: lock });
        }
        unreachable!("some number is free")
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the directory where it is, for the user to look into; `remove_leftovers` passes it over.
    pub fn keep(mut self) -> Result<PathBuf, FsError> {
        let lock = self.path.join(LOCK);
        fs::remove_file(&lock).map_err(|source| FsError::new(Operation::Remove, &lock, source))?;
        self.keep = true;
        Ok(self.path.clone())
    }
}

impl Drop for BuildDirectory {
    fn drop(&mut self) {
        if !self.keep {
            // If it cannot be removed now, it is left over, and the next build tries again.
            let _ = paths::remove_tree(&self.path);
        }
    }
}

/// Removes the directories of builds whose fruix has ended, and gives their paths.
pub fn remove_leftovers(builds: &Path) -> Result<Vec<PathBuf>, FsError> {
    if !paths::exists(builds)? {
        return Ok(Vec::new());
    }
    let _gate = lock(&builds.join(GATE), FlockArg::LockExclusive)?;
    let list =
        || -> io::Result<Vec<PathBuf>> { fs::read_dir(builds)?.map(|entry| Ok(entry?.path())).collect() };
    let mut removed = Vec::new();
    for path in list().map_err(|source| FsError::new(Operation::List, builds, source))? {
        if !path.join(LOCK).exists() {
            continue;
        }
        if let Ok(_lock) = lock(&path.join(LOCK), FlockArg::LockExclusiveNonblock) {
            paths::remove_tree(&path)?;
            removed.push(path);
        }
    }
    removed.sort();
    Ok(removed)
}

fn lock(path: &Path, how: FlockArg) -> Result<Flock<File>, FsError> {
    let failed = |source: io::Error| FsError::new(Operation::Lock, path, source);
    let mut file = File::create(path).map_err(failed)?;
    loop {
        match Flock::lock(file, how) {
            Ok(lock) => return Ok(lock),
            Err((unlocked, Errno::EINTR)) => file = unlocked,
            Err((_, errno)) => return Err(failed(errno.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drv() -> StorePath {
        StorePath::from_base_name("4sb23qrd68rf8hsxc464fdqv72yrx5mc-x.drv").unwrap()
    }

    #[test]
    fn a_directory_goes_with_its_build() {
        let builds = tempfile::tempdir().unwrap();
        let first = BuildDirectory::create(builds.path(), &drv()).unwrap();
        let second = BuildDirectory::create(builds.path(), &drv()).unwrap();
        assert_ne!(first.path(), second.path());
        assert!(remove_leftovers(builds.path()).unwrap().is_empty(), "both are in use");
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists() && second.path().exists());
    }

    #[test]
    fn only_what_nobody_holds_or_keeps_is_left_over() {
        let builds = tempfile::tempdir().unwrap();
        let used = BuildDirectory::create(builds.path(), &drv()).unwrap();
        let kept = BuildDirectory::create(builds.path(), &drv()).unwrap().keep().unwrap();
        let dead = builds.path().join("dead-0");
        fs::create_dir_all(dead.join("store/tree")).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        assert_eq!(remove_leftovers(builds.path()).unwrap(), [dead.as_path()]);
        assert!(used.path().exists() && kept.exists() && !dead.exists());
    }
}
