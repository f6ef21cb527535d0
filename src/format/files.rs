//! Which files to format, and writing them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::eval::{self, EvalError, SourceText};
use crate::util::fs::{FsError, Operation, PathContext as _, replace_contents};

/// What formatting a text comes to.
#[derive(Debug)]
pub struct Formatted {
    pub before: SourceText,
    pub after: String,
}

impl Formatted {
    /// Formats a text.
    ///
    /// # Errors
    /// It is no sequence of expressions.
    pub fn of(source: SourceText) -> Result<Self, EvalError> {
        match super::format(&source.text) {
            Ok(after) => Ok(Self { before: source, after }),
            Err(problem) => Err(source.fault(problem)),
        }
    }

    /// Reads and formats a file; nothing is written.
    ///
    /// # Errors
    /// The file cannot be read, or is no sequence of expressions.
    pub fn of_file(path: &Path) -> Result<Self, EvalError> {
        Self::of(eval::read_source(path)?)
    }

    pub fn changes(&self) -> bool {
        self.before.text != self.after
    }

    /// Writes the new text, if there is one, to the file that the old one was read from.
    ///
    /// # Errors
    /// The file cannot be replaced.
    pub fn write(&self, path: &Path) -> Result<(), FsError> {
        if self.changes() { replace_contents(path, self.after.as_bytes()) } else { Ok(()) }
    }
}

/// The files that paths stand for, in order: a file for itself, a directory for the `.scm` files below it. Symbolic
/// links and hidden names are left out of the latter.
///
/// # Errors
/// A directory cannot be read.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FsError> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() { below(path, &mut found)? } else { found.push(path.clone()) }
    }
    Ok(found)
}

fn below(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), FsError> {
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.at(Operation::List, directory)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type().at(Operation::Inspect, &path)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            below(&path, found)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "scm") {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn directories_stand_for_their_scheme_files() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir_all(at("b/.hidden")).unwrap();
        for name in ["a.scm", "b/c.scm", "b/.hidden/d.scm", "b/e.txt"] {
            fs::write(at(name), "").unwrap();
        }
        symlink("a.scm", at("link.scm")).unwrap();
        let found = find(&[directory.path().to_owned(), at("b/e.txt")]).unwrap();
        assert_eq!(found, [at("a.scm"), at("b/c.scm"), at("b/e.txt")]);
    }

    #[test]
    fn a_file_in_style_is_not_touched() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.scm");
        fs::write(&path, "(a)\n").unwrap();
        let before = fs::metadata(&path).unwrap();
        Formatted::of_file(&path).unwrap().write(&path).unwrap();
        let after = fs::metadata(&path).unwrap();
        use std::os::unix::fs::MetadataExt as _;
        assert_eq!(before.ino(), after.ino());
        fs::write(&path, "(a").unwrap();
        assert!(Formatted::of_file(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "(a");
    }
}
