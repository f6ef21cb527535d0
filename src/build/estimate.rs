//! How long a build will take: as long as the last of its kind.
//!
//! A kind is a builder and the name of what it builds, so that a new KERNCONF finds the time of the last
//! kernel though its derivation is another. One small file per kind; a lost one costs an estimate, no more.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    derivation::Derivation,
    hash::Sha256,
    store_path::StorePath,
    util::fs::{self as paths, FsError},
};

/// How long a build took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// What it is the time of, for a human reader of the file.
    kind: String,
    pub seconds: f64,
    /// Phases in order, with how long each took, in seconds.
    pub phases: Vec<(String, f64)>,
}

impl Timing {
    /// The whole time.
    pub fn total(&self) -> Duration {
        Duration::try_from_secs_f64(self.seconds).unwrap_or_default()
    }
}

/// What a build has in common with earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind(String);

impl Kind {
    /// The kind of this derivation.
    pub fn of(drv: &StorePath, derivation: &Derivation) -> Self {
        let name = Derivation::name_of(drv);
        // The program's store path changes with every update of it; what it builds says enough.
        let builder = derivation.builder.strip_prefix(crate::builders::PREFIX).unwrap_or("program");
        Self(format!("{builder} {name}"))
    }

    /// The last timing of this kind, if it is known.
    pub fn recall(&self, directory: &Path) -> Option<Timing> {
        serde_json::from_slice(&paths::read(&self.path(directory)).ok()?).ok()
    }

    /// Keeps the timing for the next build of this kind.
    pub fn remember(
        &self,
        directory: &Path,
        total: Duration,
        phases: &[(String, Duration)],
    ) -> Result<(), FsError> {
        let phases = phases.iter().map(|(name, time)| (name.clone(), time.as_secs_f64())).collect();
        let timing = Timing { kind: self.0.clone(), seconds: total.as_secs_f64(), phases };
        paths::create_dir_all(directory)?;
        let text = serde_json::to_vec(&timing).unwrap_or_default();
        paths::write_atomic(&self.path(directory), &text, false)
    }

    fn path(&self, directory: &Path) -> PathBuf {
        directory.join(format!("{}.json", Sha256::of(&self.0).hex()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(hash: char, name: &str, builder: &str) -> Kind {
        let drv = StorePath::from_base_name(&format!("{}-{name}.drv", hash.to_string().repeat(32))).unwrap();
        Kind::of(&drv, &Derivation { builder: builder.to_owned(), ..Derivation::default() })
    }

    #[test]
    fn another_derivation_of_the_same_kind_finds_the_time() {
        let directory = tempfile::tempdir().unwrap();
        let phases = [("buildkernel".to_owned(), Duration::from_secs(90))];
        let first = kind('a', "kernel", "builtin:freebsd-kernel");
        first.remember(directory.path(), Duration::from_millis(100_500), &phases).unwrap();
        let timing = kind('b', "kernel", "builtin:freebsd-kernel").recall(directory.path()).unwrap();
        assert_eq!(timing.total(), Duration::from_millis(100_500));
        assert_eq!(timing.phases, [("buildkernel".to_owned(), 90.0)]);
        assert_eq!(kind('a', "world", "builtin:freebsd-world").recall(directory.path()), None);
    }

    #[test]
    fn a_damaged_file_is_no_estimate() {
        let directory = tempfile::tempdir().unwrap();
        let kind = kind('a', "x", "/frx/store/y/bin/sh");
        std::fs::write(kind.path(directory.path()), "{").unwrap();
        assert_eq!(kind.recall(directory.path()), None);
    }
}
