//! Profiles: the generations of something, one of which is the current one.
//!
//! A generation is a link `NAME-N-link` to an item, and `NAME` a link to the one that is current; both lie in
//! `/frx/var/fruix/profiles`, where they are roots of the garbage collector. Numbers are not given again as long as a
//! higher one is there.

mod selection;
mod target;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use miette::Diagnostic;
use thiserror::Error;

use crate::store::Layout;
use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::util::fs::{
    FsError, Operation, PathContext as _, create_dir_all, entries_if_there, remove_file, replace_symlink,
    sync_dir,
};
use crate::util::lock::FileLock;

pub use selection::{Selection, age};
pub use target::Target;

/// The profile of the machine's system.
pub const SYSTEM: &str = "system";

/// A profile, which need not be there yet.
#[derive(Debug, Clone)]
pub struct Profile {
    directory: PathBuf,
    name: String,
}

/// One generation of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    pub number: u32,
    /// The link that is the generation.
    pub link: PathBuf,
    /// When it was made.
    pub created: SystemTime,
    pub is_current: bool,
}

/// Why nothing was done to a profile.
#[derive(Debug, Error, Diagnostic)]
pub enum ProfileError {
    #[error("there is no generation {number} of `{profile}`")]
    #[diagnostic(help("{}", list(there)))]
    NoSuchGeneration { profile: String, number: u32, there: Vec<u32> },
    #[error("there is no generation {by} from the current one of `{profile}`")]
    #[diagnostic(help("{}", list(there)))]
    NoSuchPlace { profile: String, by: Target, there: Vec<u32> },
    #[error("generation {number} of `{profile}` is the current one")]
    #[diagnostic(help("it cannot be deleted: switch to another first"))]
    Current { profile: String, number: u32 },
    #[error("interrupted while waiting for another process that changes `{profile}`")]
    Interrupted { profile: String },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
}

impl Generation {
    /// The item that it is. `None`: its link leads elsewhere.
    pub fn item(&self) -> Result<Option<StorePath>, ProfileError> {
        let target = fs::read_link(&self.link).at(Operation::Read, &self.link)?;
        Ok(target.to_str().and_then(|target| StorePath::from_absolute(target).ok()))
    }
}

/// Numbers of generations as people write them: `1, 2, 5`.
pub fn enumerate(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn list(numbers: &[u32]) -> String {
    match numbers {
        [] => "there are none yet".to_owned(),
        numbers => format!("there are: {}", enumerate(numbers)),
    }
}

impl Profile {
    /// The profile called `name`.
    pub fn new(layout: &Layout, name: &str) -> Self {
        Profile { directory: layout.profiles_dir(), name: name.to_owned() }
    }

    /// The profile of the machine's system.
    pub fn system(layout: &Layout) -> Self {
        Self::new(layout, SYSTEM)
    }

    /// Its generations, the oldest first.
    pub fn generations(&self) -> Result<Vec<Generation>, ProfileError> {
        let entries = entries_if_there(&self.directory)?;
        let current = self.current()?;
        let mut generations = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let Some(number) = name.to_str().and_then(|name| self.number_of(name)) else { continue };
            let link = self.directory.join(&name);
            let metadata = fs::symlink_metadata(&link).at(Operation::Inspect, &link)?;
            let created = metadata.modified().at(Operation::Inspect, &link)?;
            generations.push(Generation { number, link, created, is_current: current == Some(number) });
        }
        generations.sort_by_key(|generation| generation.number);
        Ok(generations)
    }

    /// The number of the current generation.
    pub fn current(&self) -> Result<Option<u32>, ProfileError> {
        match fs::read_link(self.link()) {
            Ok(target) => Ok(target.file_name().and_then(|name| self.number_of(name.to_str()?))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FsError::new(Operation::Read, self.link(), error).into()),
        }
    }

    /// The generation that is meant.
    pub fn find(&self, target: Target) -> Result<Generation, ProfileError> {
        let generations = self.generations()?;
        let Some(number) = target.of(&generations) else {
            let there = generations.iter().map(|generation| generation.number).collect();
            return Err(ProfileError::NoSuchPlace { profile: self.name.clone(), by: target, there });
        };
        self.require(number, &generations).cloned()
    }

    /// Makes a new generation of an item, which is not the current one yet. The caller holds the item.
    pub fn add(&self, item: &StorePath) -> Result<Generation, ProfileError> {
        create_dir_all(&self.directory)?;
        let _lock = self.lock()?;
        self.add_locked(item)
    }

    /// Makes an item the current generation: a new one, unless the current one is of that item already. Gives also
    /// whether it is new. The caller holds the item.
    pub fn make_current(&self, item: &StorePath) -> Result<(Generation, bool), ProfileError> {
        create_dir_all(&self.directory)?;
        let _lock = self.lock()?;
        let current = self.generations()?.into_iter().find(|generation| generation.is_current);
        if let Some(current) = current
            && current.item()?.as_ref() == Some(item)
        {
            return Ok((current, false));
        }
        let generation = self.add_locked(item)?;
        self.switch_locked(generation.number)?;
        Ok((Generation { is_current: true, ..generation }, true))
    }

    /// The newest generation of an item, and a new one where there is none. Gives also whether it is new. Which one is
    /// current does not change. The caller holds the item.
    pub fn newest_of(&self, item: &StorePath) -> Result<(Generation, bool), ProfileError> {
        create_dir_all(&self.directory)?;
        let _lock = self.lock()?;
        for generation in self.generations()?.into_iter().rev() {
            if generation.item()?.as_ref() == Some(item) {
                return Ok((generation, false));
            }
        }
        Ok((self.add_locked(item)?, true))
    }

    fn add_locked(&self, item: &StorePath) -> Result<Generation, ProfileError> {
        let number = self.generations()?.last().map_or(1, |last| last.number + 1);
        let link = self.generation_link(number);
        // By its logical path: a system sees its own store there.
        replace_symlink(Path::new(&item.to_string()), &link)?;
        Ok(Generation { number, link, created: SystemTime::now(), is_current: false })
    }

    /// Makes a generation the current one, in one step.
    pub fn switch(&self, number: u32) -> Result<(), ProfileError> {
        let _lock = self.lock()?;
        self.require(number, &self.generations()?)?;
        self.switch_locked(number)
    }

    fn switch_locked(&self, number: u32) -> Result<(), ProfileError> {
        Ok(replace_symlink(Path::new(&self.generation_name(number)), &self.link())?)
    }

    /// Deletes generations: all, or none where one of them cannot be. What only they kept is garbage then.
    pub fn delete(&self, numbers: &[u32]) -> Result<(), ProfileError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.check_deletable(numbers)?;
        for &number in numbers {
            remove_file(&self.generation_link(number))?;
        }
        Ok(sync_dir(&self.directory)?)
    }

    /// Refuses numbers of which one is that of the current generation, or of none.
    pub fn check_deletable(&self, numbers: &[u32]) -> Result<(), ProfileError> {
        let generations = self.generations()?;
        for &number in numbers {
            if self.require(number, &generations)?.is_current {
                return Err(ProfileError::Current { profile: self.name.clone(), number });
            }
        }
        Ok(())
    }

    fn require<'a>(&self, number: u32, there: &'a [Generation]) -> Result<&'a Generation, ProfileError> {
        there.iter().find(|generation| generation.number == number).ok_or_else(|| {
            let there = there.iter().map(|generation| generation.number).collect();
            ProfileError::NoSuchGeneration { profile: self.name.clone(), number, there }
        })
    }

    fn lock(&self) -> Result<FileLock, ProfileError> {
        let waiting = || tracing::info!("waiting for another process that changes the profile");
        FileLock::acquire(
            &self.directory.join(format!(".{}.lock", self.name)),
            waiting,
            &interrupt::requested,
        )?
        .ok_or_else(|| ProfileError::Interrupted { profile: self.name.clone() })
    }

    /// The link to the current generation.
    pub fn link(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    fn generation_link(&self, number: u32) -> PathBuf {
        self.directory.join(self.generation_name(number))
    }

    fn generation_name(&self, number: u32) -> String {
        format!("{}-{number}-link", self.name)
    }

    fn number_of(&self, name: &str) -> Option<u32> {
        let number = name.strip_prefix(&self.name)?.strip_prefix('-')?.strip_suffix("-link")?.parse().ok()?;
        // `+1` and `01` are numbers to Rust.
        (self.generation_name(number) == name).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> (tempfile::TempDir, Profile) {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        (directory, Profile::system(&layout))
    }

    fn item(digit: &str) -> StorePath {
        StorePath::from_base_name(&format!("{}-system", digit.repeat(32))).unwrap()
    }

    fn numbers(profile: &Profile) -> Vec<u32> {
        profile.generations().unwrap().iter().map(|generation| generation.number).collect()
    }

    #[test]
    fn generations_come_are_switched_to_and_go() {
        let (_directory, profile) = profile();
        assert_eq!((numbers(&profile), profile.current().unwrap()), (vec![], None));
        for digit in ["1", "2", "3"] {
            profile.add(&item(digit)).unwrap();
        }
        assert_eq!((numbers(&profile), profile.current().unwrap()), (vec![1, 2, 3], None));
        profile.switch(3).unwrap();
        profile.switch(2).unwrap();
        assert_eq!(profile.current().unwrap(), Some(2));
        assert_eq!(fs::read_link(profile.link()).unwrap(), Path::new("system-2-link"));
        profile.delete(&[1]).unwrap();
        assert_eq!(numbers(&profile), [2, 3]);
        assert_eq!(profile.add(&item("4")).unwrap().number, 4);
    }

    #[test]
    fn the_same_item_makes_no_new_generation() {
        let (_directory, profile) = profile();
        let make = |digit: &str| {
            let (generation, is_new) = profile.make_current(&item(digit)).unwrap();
            assert!(generation.is_current);
            assert_eq!(profile.current().unwrap(), Some(generation.number));
            (generation.number, is_new)
        };
        assert_eq!(make("1"), (1, true));
        assert_eq!(make("1"), (1, false));
        assert_eq!(make("2"), (2, true));
        profile.switch(1).unwrap();
        assert_eq!(make("1"), (1, false), "what is current counts, not what came last");
        assert_eq!(make("2"), (3, true));
        assert_eq!(profile.find(Target::Earlier(1)).unwrap().item().unwrap(), Some(item("2")));
        assert!(matches!(profile.find(Target::Later(1)), Err(ProfileError::NoSuchPlace { .. })));
    }

    #[test]
    fn an_item_is_found_again_without_becoming_current() {
        let (_directory, profile) = profile();
        profile.make_current(&item("1")).unwrap();
        let find = |digit: &str| {
            let (generation, is_new) = profile.newest_of(&item(digit)).unwrap();
            (generation.number, is_new)
        };
        assert_eq!((find("2"), find("2"), find("1")), ((2, true), (2, false), (1, false)));
        assert_eq!(profile.current().unwrap(), Some(1));
    }

    #[test]
    fn what_cannot_be_done_changes_nothing() {
        let (_directory, profile) = profile();
        profile.add(&item("1")).unwrap();
        profile.add(&item("2")).unwrap();
        profile.switch(2).unwrap();
        assert!(matches!(profile.delete(&[1, 2]), Err(ProfileError::Current { number: 2, .. })));
        assert!(matches!(profile.delete(&[1, 7]), Err(ProfileError::NoSuchGeneration { number: 7, .. })));
        assert!(matches!(profile.switch(7), Err(ProfileError::NoSuchGeneration { .. })));
        assert_eq!((numbers(&profile), profile.current().unwrap()), (vec![1, 2], Some(2)));
    }

    #[test]
    fn other_names_are_no_generations() {
        let (_directory, profile) = profile();
        for name in ["system-+1-link", "system-01-link", "systems-1-link", "system-1-link-", "system--link"] {
            assert_eq!(profile.number_of(name), None, "{name}");
        }
        assert_eq!(profile.number_of("system-10-link"), Some(10));
    }
}
