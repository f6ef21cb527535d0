//! A FreeBSD source tree: knowing one when it is seen, and what it offers.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

/// Why a directory is no source tree to build from.
#[derive(Debug, Error, Diagnostic)]
pub enum SourceTreeError {
    #[error("`{}` is not a FreeBSD source tree: there is no `{missing}`", path.display())]
    #[diagnostic(help("{hint}"))]
    NotFreebsd { path: PathBuf, missing: &'static str, hint: String },

    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("see that it exists and that you may read it"))]
    Read { path: PathBuf, source: io::Error },

    #[error("`{}` does not set `{variable}`", path.display())]
    #[diagnostic(help(
        "the file should be as FreeBSD's sys/conf/newvers.sh: TYPE=, REVISION= and BRANCH= lines"
    ))]
    NoVersion { path: PathBuf, variable: &'static str },
}

/// The files by which a source tree is known, relative to its top. The last drives builds on other systems.
const MARKS: [&str; 3] = ["sys/conf/newvers.sh", "Makefile.inc1", "tools/build/make.py"];

/// Which FreeBSD a tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What the system calls itself: `FreeBSD`, or the name of something that is built in the same way.
    pub system: String,
    /// As in `13.2`.
    pub revision: String,
    /// As in `RELEASE`, `STABLE`, `RELEASE-p3`.
    pub branch: String,
}

impl Version {
    /// As `uname -r` prints it: `13.2-RELEASE`.
    pub fn release(&self) -> String {
        format!("{}-{}", self.revision, self.branch)
    }
}

/// A directory that holds the sources of FreeBSD.
#[derive(Debug, Clone)]
pub struct SourceTree {
    path: PathBuf,
    version: Version,
}

impl SourceTree {
    /// The tree in that directory, if it is one.
    pub fn open(path: &Path) -> Result<SourceTree, SourceTreeError> {
        if let Some(missing) = MARKS.into_iter().find(|mark| !path.join(mark).is_file()) {
            let hint = not_freebsd_hint(path, missing);
            return Err(SourceTreeError::NotFreebsd { path: path.to_owned(), missing, hint });
        }
        let newvers = path.join(MARKS[0]);
        let text =
            fs::read(&newvers).map_err(|source| SourceTreeError::Read { path: newvers.clone(), source })?;
        let version = version(&String::from_utf8_lossy(&text), &newvers)?;
        Ok(SourceTree { path: path.to_owned(), version })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which FreeBSD it is.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The directory of kernel configurations for a `TARGET`.
    pub fn kernel_configurations(&self, target: &str) -> PathBuf {
        self.path.join("sys").join(target).join("conf")
    }

    /// The directory of what the kernel configurations of all targets may include.
    pub fn shared_configurations(&self) -> PathBuf {
        self.path.join("sys/conf")
    }

    /// The names of the files in a directory of the tree; none where it does not exist.
    pub(super) fn names_in(&self, directory: &Path) -> Result<Vec<String>, SourceTreeError> {
        let unreadable = |source| SourceTreeError::Read { path: directory.to_owned(), source };
        let list = match fs::read_dir(directory) {
            Ok(list) => list,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut names = list
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<Result<Vec<_>, io::Error>>()
            .map_err(unreadable)?;
        names.sort_unstable();
        Ok(names)
    }
}

/// What may have gone wrong, seen from what is there.
fn not_freebsd_hint(path: &Path, missing: &str) -> String {
    let source_below = ["usr/src", "src", "freebsd-src"]
        .into_iter()
        .map(|below| path.join(below))
        .find(|below| below.join(MARKS[0]).is_file());
    if let Some(below) = source_below {
        return format!("the sources seem to lie in `{}`: name that directory", below.display());
    }
    if path.join("bin/freebsd-version").is_file() {
        return "this is an installed FreeBSD: declare it as an installed tree, or name its /usr/src"
            .to_owned();
    }
    if missing == MARKS[2] && path.join(MARKS[0]).is_file() {
        return "FreeBSD can be built on other systems from 13.0 on: take a newer tree".to_owned();
    }
    "name the top of a FreeBSD source tree, such as a clone of the src repository or an unpacked src.txz; where it \
     lies elsewhere on this machine, say --with-source DECLARED=ACTUAL"
        .to_owned()
}

fn version(newvers: &str, path: &Path) -> Result<Version, SourceTreeError> {
    let value = |variable: &'static str| {
        newvers
            .lines()
            .find_map(|line| line.strip_prefix(variable)?.strip_prefix('='))
            .map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
            .ok_or_else(|| SourceTreeError::NoVersion { path: path.to_owned(), variable })
    };
    Ok(Version { system: value("TYPE")?, revision: value("REVISION")?, branch: value("BRANCH")? })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A directory with just what a tree is known by.
    pub fn sample() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        let newvers = "#!/bin/sh\nTYPE=\"FreeBSD\"\nREVISION=\"13.2\"\nBRANCH=\"RELEASE\"\n";
        for (path, text) in MARKS.into_iter().zip([newvers, "", ""]) {
            fs::create_dir_all(tree.path().join(path).parent().unwrap()).unwrap();
            fs::write(tree.path().join(path), text).unwrap();
        }
        tree
    }

    #[test]
    fn a_tree_is_known_and_tells_its_version() {
        let tree = sample();
        let source = SourceTree::open(tree.path()).unwrap();
        assert_eq!(source.version().release(), "13.2-RELEASE");
        assert!(source.names_in(Path::new("/nonexistent")).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_tree_is_refused_with_a_hint() {
        let tree = sample();
        let hint = |path: &Path| match SourceTree::open(path).unwrap_err() {
            SourceTreeError::NotFreebsd { hint, .. } => hint,
            other => panic!("{other}"),
        };
        fs::remove_file(tree.path().join(MARKS[2])).unwrap();
        assert!(hint(tree.path()).contains("newer tree"));
        let outer = tempfile::tempdir().unwrap();
        assert!(hint(outer.path()).contains("src.txz"));
        fs::create_dir_all(outer.path().join("usr")).unwrap();
        fs::rename(tree.path(), outer.path().join("usr/src")).unwrap();
        assert!(hint(outer.path()).contains("usr/src"));
        fs::remove_dir_all(outer.path().join("usr")).unwrap();
        fs::create_dir(outer.path().join("bin")).unwrap();
        fs::write(outer.path().join("bin/freebsd-version"), "").unwrap();
        assert!(hint(outer.path()).contains("installed"));
    }

    #[test]
    fn a_version_is_read_with_and_without_quotes() {
        let path = Path::new("newvers.sh");
        let error = version("TYPE=FreeBSD\nREVISION='14.0'\n", path).unwrap_err();
        assert!(error.to_string().contains("BRANCH"));
        assert_eq!(
            version("TYPE=FreeBSD\nREVISION='14.0'\nBRANCH=STABLE\n", path).unwrap().release(),
            "14.0-STABLE"
        );
    }
}
