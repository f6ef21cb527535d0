//! Releases of FreeBSD in the order of time, so that going back is told from going on.

use std::cmp::Ordering;
use std::path::Path;

use super::description::Description;
use crate::builders::system::provenance::world_version;
use crate::store::Layout;
use crate::store_path::StorePath;

/// The version of a world, as `freebsd-version -u` says it: `13.2-RELEASE-p3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    text: String,
    /// Such as 13 and 2.
    numbers: Vec<u32>,
    stage: Stage,
    /// What follows `-p` after a release, or the name of its stage: `BETA2`.
    patch: u32,
}

/// How far a branch is: in the order of the release engineering of FreeBSD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Current,
    Alpha,
    Prerelease,
    Beta,
    Candidate,
    Release,
    /// What the branch is called between this release and the next.
    Stable,
}

const STAGES: [(&str, Stage); 7] = [
    ("CURRENT", Stage::Current),
    ("ALPHA", Stage::Alpha),
    ("PRERELEASE", Stage::Prerelease),
    ("BETA", Stage::Beta),
    ("RC", Stage::Candidate),
    ("RELEASE", Stage::Release),
    ("STABLE", Stage::Stable),
];

impl Release {
    /// That of a system, by its world; `None` if that does not say.
    pub fn of(layout: &Layout, system: &Description) -> Option<Self> {
        Self::of_world(&layout.physical(&StorePath::from_absolute(&system.world).ok()?))
    }

    fn of_world(world: &Path) -> Option<Self> {
        Self::parse(&world_version(world)?)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let numbers = parts.next()?.split('.').map(|number| number.parse().ok());
        let numbers = numbers.collect::<Option<Vec<u32>>>()?;
        let branch = parts.next()?;
        let (name, stage) = STAGES.into_iter().find(|(name, _)| branch.starts_with(name))?;
        let patch = match branch.strip_prefix(name)? {
            "" => parts.next().and_then(|patch| patch.strip_prefix('p')?.parse().ok()).unwrap_or(0),
            number => number.parse().ok()?,
        };
        Some(Self { text: text.to_owned(), numbers, stage, patch })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it came before the other one.
    pub fn is_older_than(&self, other: &Self) -> bool {
        let order = self.numbers.cmp(&other.numbers);
        order.then(self.stage.cmp(&other.stage)).then(self.patch.cmp(&other.patch)) == Ordering::Less
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn releases_come_in_the_order_of_time() {
        let order = [
            "12.4-RELEASE-p9",
            "13.0-CURRENT",
            "13.0-ALPHA2",
            "13.2-PRERELEASE",
            "13.2-BETA1",
            "13.2-BETA2",
            "13.2-RC1",
            "13.2-RELEASE",
            "13.2-RELEASE-p3",
            "13.2-RELEASE-p11",
            "13.2-STABLE",
            "14.0-CURRENT",
            "14.1-RELEASE",
        ];
        let releases = order.map(|text| Release::parse(text).unwrap_or_else(|| panic!("{text}")));
        for (index, one) in releases.iter().enumerate() {
            for (other_index, other) in releases.iter().enumerate() {
                assert_eq!(one.is_older_than(other), index < other_index, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_is_no_release_is_not_taken_for_one() {
        for text in ["", "13", "13.2", "13.x-RELEASE", "13.2-RELEASED", "-RELEASE", "13.2-GENTLE"] {
            assert_eq!(Release::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_world_says_which_it_is() {
        let world = tempfile::tempdir().unwrap();
        assert_eq!(Release::of_world(world.path()), None);
        fs::create_dir(world.path().join("bin")).unwrap();
        let script = "#!/bin/sh\n\nset -e\n\nUSERLAND_VERSION=\"13.2-RELEASE-p1\"\n";
        fs::write(world.path().join("bin/freebsd-version"), script).unwrap();
        assert_eq!(Release::of_world(world.path()).unwrap().as_str(), "13.2-RELEASE-p1");
    }
}
