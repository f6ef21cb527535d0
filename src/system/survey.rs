//! What a declaration takes from this machine, looked at without taking it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use super::inputs::{Replacement, actual, explain};
use super::release_manifest::Pin;
use super::{examine, git};
use crate::builders::fetch;
use crate::content_address;
use crate::eval::{Fault, InputError, Inputs, Question, ReleaseSets};
use crate::hash::Sha256;
use crate::store_path::StorePath;
use crate::util::fs::{Operation, PathContext as _};

/// Sees whether things are there and can be read. The store paths that it gives are stand-ins, so what is evaluated
/// with it can be checked, and not built.
pub struct Survey {
    replacements: Vec<Replacement>,
}

impl Survey {
    pub fn new(replacements: Vec<Replacement>) -> Self {
        Self { replacements }
    }
}

/// A store path that follows from what was asked for.
fn stand_in(name: &str, what: &str) -> Result<StorePath, InputError> {
    content_address::source_path(name, &Sha256::of(what), &BTreeSet::new()).map_err(explain)
}

/// Whether a directory, or whatever else has this name, can be read.
fn look(path: &Path) -> Result<(), InputError> {
    let metadata = fs::metadata(path).at(Operation::Open, path).map_err(explain)?;
    let opened = if metadata.is_dir() {
        fs::read_dir(path).map(drop).at(Operation::List, path)
    } else if metadata.is_file() {
        File::open(path).map(drop).at(Operation::Open, path)
    } else {
        // Opening a pipe would wait for the one at its other end.
        Ok(())
    };
    opened.map_err(explain)
}

impl Inputs for Survey {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        look(actual(&self.replacements, path))?;
        stand_in(name, &path.display().to_string())
    }

    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        look(path)?;
        examine::refuse_secrets(path)?;
        stand_in(name, &path.display().to_string())
    }

    /// Whether the packages are installed is a question for `fruix doctor`, and no fault of the declaration.
    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        stand_in("toolchain", &packages.join(" "))
    }

    fn examine(&self, path: &Path, question: &Question) -> Vec<Fault> {
        examine::examine(actual(&self.replacements, path), question)
    }

    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        git::check_commit(commit).map_err(explain)?;
        stand_in("git-tree", &format!("{url} {commit}"))
    }

    /// What is elsewhere is not fetched for a look.
    fn release_manifest(&self, url: &str, sha256: &str) -> Result<Option<ReleaseSets>, InputError> {
        let pin = Pin { url, sha256: Sha256::parse(sha256).map_err(explain)? };
        fetch::local_file(url).map(|path| pin.read(path)).transpose().map_err(explain)
    }

    fn installed_tree(&self, path: &Path, slice: &str) -> Result<StorePath, InputError> {
        look(actual(&self.replacements, path))?;
        stand_in("freebsd-installed", &format!("{} {slice}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_is_not_there_is_missed_and_what_is_replaced_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let nowhere = Path::new("/nonexistent/src");
        let error = Survey::new(Vec::new()).local_tree("src", nowhere).unwrap_err();
        assert_eq!(error.message, "cannot open `/nonexistent/src`: No such file or directory");
        assert!(error.help.is_some());
        let replacement = Replacement::new(nowhere, directory.path()).unwrap();
        let survey = Survey::new(vec![replacement]);
        let item = survey.local_tree("src", nowhere).unwrap();
        assert_eq!(item.name(), "src");
        assert_ne!(survey.local_tree("src", &PathBuf::from("/")).unwrap(), item);
    }
}
