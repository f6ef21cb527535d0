//! The users that builders are, where whoever runs fruix must not be one: root, who builds for others.
//!
//! They are numbers without names: a build sees itself as user 1000 in any case. Each belongs to one build at a time, on
//! the whole machine, so that no build can send a signal to another one or look into its memory; a lock says to which.
//! What a build leaves is taken from its user before the next one gets it.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::unistd::geteuid;

use super::BuildError;
use crate::store::Settings;
use crate::sys::Ids;
use crate::util::fs::{FsError, create_dir_all, set_mode};
use crate::util::lock::FileLock;
use crate::util::ownership::{hand_over, take_over};

/// Where the locks are, for all stores of a machine.
const LOCKS: &str = "/var/run/fruix/build-users";

/// How long a build sleeps that waits for a user.
const SLEEP: Duration = Duration::from_millis(50);

/// The users of a machine that builds may be.
#[derive(Debug)]
pub struct BuildUsers {
    ids: RangeInclusive<u32>,
    locks: PathBuf,
}

/// A user that belongs to one build until this is dropped.
#[derive(Debug)]
pub struct BuildUser {
    ids: Ids,
    lock: Option<FileLock>,
}

impl BuildUsers {
    /// The users, and groups, with these numbers; `locks` is a directory for the purpose.
    pub fn new(ids: RangeInclusive<u32>, locks: &Path) -> Result<Self, FsError> {
        create_dir_all(locks)?;
        set_mode(locks, 0o700)?;
        Ok(Self { ids, locks: locks.to_owned() })
    }

    /// The users for builds of root's, as the settings say. Who is not root has none: builds are that user.
    pub fn of_root(settings: &Settings) -> Result<Option<Arc<Self>>, FsError> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        Self::new(settings.build_users.clone(), LOCKS.as_ref()).map(|users| Some(Arc::new(users)))
    }

    /// Waits for a user that no build is, until `give_up` says so.
    pub fn acquire(&self, give_up: &dyn Fn() -> bool) -> Result<BuildUser, BuildError> {
        loop {
            for id in self.ids.clone() {
                if let Some(lock) = FileLock::try_acquire(&self.locks.join(id.to_string()))? {
                    return Ok(BuildUser { ids: Ids { uid: id, gid: id }, lock: Some(lock) });
                }
            }
            if give_up() {
                return Err(BuildError::Cancelled);
            }
            thread::sleep(SLEEP);
        }
    }
}

impl BuildUser {
    /// The numbers.
    pub fn ids(&self) -> Ids {
        self.ids
    }

    /// Gives a tree to the user.
    pub fn receive(&self, tree: &Path) -> Result<(), FsError> {
        hand_over(tree, self.ids.uid, self.ids.gid)
    }

    /// Takes a tree from the user, who has ended all it did, and lets the next build have the user.
    pub fn release(self, tree: &Path) -> Result<(), FsError> {
        take_over(tree)
    }
}

impl Drop for BuildUser {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.lock.take().map(FileLock::remove) {
            tracing::debug!("a build user's lock stays: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn no_two_builds_are_one_user() {
        let locks = tempfile::tempdir().unwrap();
        let users = BuildUsers::new(100..=101, locks.path()).unwrap();
        let elsewhere = BuildUsers::new(100..=101, locks.path()).unwrap();
        let never = || -> bool { panic!("one is free") };
        let (first, second) = (users.acquire(&never).unwrap(), elsewhere.acquire(&never).unwrap());
        assert_ne!(first.ids(), second.ids());
        let asked = Cell::new(0);
        let give_up = || asked.replace(asked.get() + 1) == 2;
        assert!(matches!(users.acquire(&give_up), Err(BuildError::Cancelled)));
        let ids = first.ids();
        drop(first);
        assert_eq!(elsewhere.acquire(&never).unwrap().ids(), ids);
    }
}
