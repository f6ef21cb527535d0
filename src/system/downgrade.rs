//! Whether another system may become the current one.

use std::path::Path;

use miette::Diagnostic;
use serde::Deserialize;
use thiserror::Error;

use crate::store::Layout;
use crate::store_path::StorePath;

use super::description::Description;
use super::generations::{self, Installed};
use super::git;
use super::provenance;
use super::release::Release;

/// A system whose base is older than that of the current one.
#[derive(Debug, Error, Diagnostic)]
#[error("the new system is older than the current one: {new} after {old}")]
#[diagnostic(help(
    "if that is what you want, say --allow-downgrades; `fruix system roll-back` goes back to an earlier generation"
))]
pub struct Downgrade {
    old: String,
    new: String,
}

/// Refuses a system whose base is older than that of the current one: an earlier release of FreeBSD, or an earlier
/// commit of the same repository. What cannot be told is not refused. `commits`: the cache of repositories.
pub fn check(layout: &Layout, system: &StorePath, commits: &Path) -> Result<(), Downgrade> {
    let Ok(Some(current)) = generations::current(layout) else { return Ok(()) };
    let (Some(old), Some(new)) = (Base::of_installed(layout, &current), Base::of(layout, system)) else {
        return Ok(());
    };
    match new.is_older_than(&old, commits) {
        Some((old, new)) => Err(Downgrade { old, new }),
        None => Ok(()),
    }
}

/// What tells which of two bases is the older one.
struct Base {
    release: Option<Release>,
    source: Source,
}

/// Where a world comes from, as provenance says it.
#[derive(Debug, Default, Deserialize)]
struct Source {
    url: Option<String>,
    commit: Option<String>,
}

impl Base {
    fn of_installed(layout: &Layout, installed: &Installed) -> Option<Self> {
        Self::read(layout, &installed.system, &installed.description)
    }

    fn of(layout: &Layout, system: &StorePath) -> Option<Self> {
        let description = Description::read(&layout.physical(system)).ok()?;
        Self::read(layout, system, &description)
    }

    fn read(layout: &Layout, system: &StorePath, description: &Description) -> Option<Self> {
        let base = provenance::base(&layout.physical(system))?;
        let source = Source::deserialize(&base["world"]["source"]).unwrap_or_default();
        Some(Self { release: Release::of(layout, description), source })
    }

    /// If so: what the other one is, and what this one is.
    fn is_older_than(&self, other: &Self, commits: &Path) -> Option<(String, String)> {
        if let (Some(old), Some(new)) = (&other.release, &self.release)
            && old != new
        {
            let is_older = new.is_older_than(old);
            return is_older.then(|| (old.as_str().to_owned(), new.as_str().to_owned()));
        }
        let (url, commit) = (self.source.url.as_ref()?, self.source.commit.as_ref()?);
        let other_commit = other.source.commit.as_ref().filter(|_| other.source.url.as_ref() == Some(url))?;
        let time = |commit| git::commit_time(url, commit, commits);
        (time(commit)? < time(other_commit)?).then(|| (other_commit.clone(), commit.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::profile::Profile;
    use crate::system::testing::Fixture;

    impl Fixture {
        /// A system of a release, with nothing in it but what is looked at.
        fn system(&self, digit: &str, release: &str) -> StorePath {
            let item =
                |name: &str| StorePath::from_base_name(&format!("{}-{name}", digit.repeat(32))).unwrap();
            let (system, world) = (item("system"), item("freebsd-world"));
            let put = |item: &StorePath, path: &str, text: &str| {
                self.put(&format!("frx/store/{}/{path}", item.base_name()), text);
            };
            put(&world, "bin/freebsd-version", &format!("USERLAND_VERSION=\"{release}\"\n"));
            put(&system, "metadata/provenance.json", r#"{"base": {"world": {}}}"#);
            let parameters = serde_json::json!({
                "version": 1, "label": "", "hostName": "", "timezone": "UTC", "kernel": "", "boot": "",
                "world": world.to_string(), "loader": [], "fileSystems": [],
            });
            put(&system, "parameters.json", &parameters.to_string());
            system
        }

        fn make_current(&self, system: &StorePath) {
            Profile::system(&self.layout).make_current(system).unwrap();
        }

        fn check(&self, system: &StorePath) -> Result<(), Downgrade> {
            super::check(&self.layout, system, Path::new("/nonexistent"))
        }
    }

    #[test]
    fn older_releases_are_refused() {
        let machine = Fixture::empty();
        let old = machine.system("1", "13.2-RELEASE-p1");
        let new = machine.system("2", "13.2-RELEASE-p2");
        machine.check(&old).unwrap();
        machine.make_current(&old);
        machine.check(&new).unwrap();
        machine.check(&old).unwrap();
        machine.make_current(&new);
        let error = machine.check(&old).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the new system is older than the current one: 13.2-RELEASE-p1 after 13.2-RELEASE-p2"
        );
    }

    #[test]
    fn a_damaged_generation_is_in_nobodys_way() {
        let machine = Fixture::empty();
        let (one, two) = (machine.system("1", "13.2-RELEASE"), machine.system("2", "13.2-RELEASE"));
        machine.make_current(&one);
        fs::remove_file(machine.layout.physical(&one).join("parameters.json")).unwrap();
        machine.check(&two).unwrap();
    }
}
