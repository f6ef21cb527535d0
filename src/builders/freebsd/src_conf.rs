//! `src.conf`: the options of a build, checked before anything is built.
//!
//! `make` takes a `WITHOUT_` of something that does not exist without a word, and hours later the thing is
//! still there. So every `WITH_` and `WITHOUT_` name must be one that the tree knows: each option has a file in
//! `tools/build/options`, and a few newer ones only a line in `share/mk/*.opts.mk`.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::source_tree::{SourceTree, SourceTreeError};
use crate::util::spelling;

/// Why a `src.conf` is refused.
#[derive(Debug, Error, Diagnostic)]
pub enum SrcConfError {
    #[error("the source tree has no option `{name}`")]
    #[diagnostic(help("{hint}"))]
    UnknownOption { name: String, hint: String },

    #[error("src.conf has a line that sets nothing: `{line}`")]
    #[diagnostic(help("write options as WITHOUT_NAME=yes or WITH_NAME=yes, one to a line"))]
    NoAssignment { line: String },

    #[error("src.conf sets both `WITH_{name}` and `WITHOUT_{name}`")]
    #[diagnostic(help("leave one of them out"))]
    Contradiction { name: String },

    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, source: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    SourceTree(#[from] SourceTreeError),
}

/// Checks every line against what the tree knows; gives the names of the options that are set, without `WITH_`
/// and `WITHOUT_`.
pub fn check(tree: &SourceTree, text: &str) -> Result<BTreeSet<String>, SrcConfError> {
    check_lines(text, &known_options(tree)?)
}

/// Checks the text and writes it to `path`, with an option that asks for reproducible binaries unless the
/// text speaks of that itself.
pub(super) fn write(tree: &SourceTree, text: &str, path: &Path) -> Result<(), SrcConfError> {
    let set = check(tree, text)?;
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    if !set.contains("REPRODUCIBLE_BUILD") {
        // On by default in releases only. It keeps user, host, path and time out of kernel and loader.
        text.push_str("WITH_REPRODUCIBLE_BUILD=yes\n");
    }
    fs::write(path, text).map_err(|source| SrcConfError::Write { path: path.to_owned(), source })
}

fn check_lines(text: &str, known: &BTreeSet<String>) -> Result<BTreeSet<String>, SrcConfError> {
    let mut set: BTreeSet<(String, bool)> = BTreeSet::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (variable, _) =
            line.split_once('=').ok_or_else(|| SrcConfError::NoAssignment { line: line.to_owned() })?;
        let variable = variable.trim_end_matches(['?', '+', ':']).trim();
        let (option, on) = match (variable.strip_prefix("WITHOUT_"), variable.strip_prefix("WITH_")) {
            (Some(option), _) => (option, false),
            (None, Some(option)) => (option, true),
            // Other variables of make, such as CPUTYPE, have no list to check against.
            (None, None) => continue,
        };
        if !known.contains(option) {
            return Err(unknown(variable, option, known));
        }
        if set.contains(&(option.to_owned(), !on)) {
            return Err(SrcConfError::Contradiction { name: option.to_owned() });
        }
        set.insert((option.to_owned(), on));
    }
    Ok(set.into_iter().map(|(option, _)| option).collect())
}

fn unknown(variable: &str, option: &str, known: &BTreeSet<String>) -> SrcConfError {
    let prefix = variable.strip_suffix(option).unwrap_or_default();
    let hint = match spelling::nearest(option, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{prefix}{near}`?"),
        None => format!(
            "it knows {} options; each has a file in its tools/build/options that says what it does",
            known.len()
        ),
    };
    SrcConfError::UnknownOption { name: variable.to_owned(), hint }
}

/// The names of all options of the tree, without `WITH_` and `WITHOUT_`.
fn known_options(tree: &SourceTree) -> Result<BTreeSet<String>, SourceTreeError> {
    let mut known: BTreeSet<String> = tree
        .names_in(&tree.path().join("tools/build/options"))?
        .iter()
        .filter_map(|name| name.strip_prefix("WITHOUT_").or_else(|| name.strip_prefix("WITH_")))
        .map(str::to_owned)
        .collect();
    for file in ["share/mk/src.opts.mk", "share/mk/bsd.opts.mk", "sys/conf/kern.opts.mk"] {
        let path = tree.path().join(file);
        match fs::read(&path) {
            Ok(text) => known.extend(listed_options(&String::from_utf8_lossy(&text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(SourceTreeError::Read { path, source }),
        }
    }
    Ok(known)
}

/// The options in the lists of a makefile: lines that consist of one name, or of two as in
/// `CLANG_FULL/CLANG`, and perhaps a backslash.
fn listed_options(makefile: &str) -> impl Iterator<Item = String> {
    makefile
        .lines()
        .filter(|line| line.starts_with([' ', '\t']))
        .map(|line| line.trim_end_matches('\\').trim())
        .filter(|line| !line.is_empty() && line.chars().all(is_option_or_slash))
        .flat_map(|line| line.split('/'))
        .map(str::to_owned)
}

fn is_option_or_slash(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '/'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builders::freebsd::source_tree;

    fn known() -> BTreeSet<String> {
        ["MAN", "KERBEROS", "REPRODUCIBLE_BUILD"].map(str::to_owned).into()
    }

    #[test]
    fn options_come_from_files_and_from_lists() {
        let sample = source_tree::tests::sample();
        let options = sample.path().join("tools/build/options");
        fs::create_dir_all(&options).unwrap();
        fs::write(options.join("WITHOUT_MAN"), "").unwrap();
        fs::write(options.join("WITH_BEARSSL"), "").unwrap();
        fs::create_dir_all(sample.path().join("share/mk")).unwrap();
        let lists =
            "__DEFAULT_YES_OPTIONS = \\\n    ACCT \\\n    ZONEINFO\n\nX=y\n\tCLANG_FULL/CLANG \\\n\tan a.b\n";
        fs::write(sample.path().join("share/mk/src.opts.mk"), lists).unwrap();
        let tree = SourceTree::open(sample.path()).unwrap();
        let expected = ["ACCT", "BEARSSL", "CLANG", "CLANG_FULL", "MAN", "ZONEINFO"];
        assert_eq!(known_options(&tree).unwrap(), expected.map(str::to_owned).into());
    }

    #[test]
    fn an_unknown_option_is_refused_and_the_nearest_named() {
        let error = check_lines("WITHOUT_MAN=yes\nWITHOUT_KERBROS=yes\n", &known()).unwrap_err();
        assert!(error.to_string().contains("WITHOUT_KERBROS"));
        let hint = miette::Diagnostic::help(&error).unwrap().to_string();
        assert_eq!(hint, "did you mean `WITHOUT_KERBEROS`?");
        assert!(matches!(
            check_lines("WITH_TELEPORTATION=1", &known()),
            Err(SrcConfError::UnknownOption { .. })
        ));
    }

    #[test]
    fn other_variables_and_comments_pass_but_not_nonsense() {
        assert!(check_lines("# x\n\nCPUTYPE?=skylake\nWITH_MAN+=yes\n", &known()).unwrap().contains("MAN"));
        assert!(matches!(check_lines("WITHOUT_MAN", &known()), Err(SrcConfError::NoAssignment { .. })));
        let both = check_lines("WITHOUT_MAN=yes\nWITH_MAN=yes", &known());
        assert!(matches!(both, Err(SrcConfError::Contradiction { .. })));
    }

    #[test]
    fn a_reproducible_build_is_asked_for_unless_the_text_decides() {
        let sample = source_tree::tests::sample();
        let options = sample.path().join("tools/build/options");
        fs::create_dir_all(&options).unwrap();
        fs::write(options.join("WITHOUT_REPRODUCIBLE_BUILD"), "").unwrap();
        let tree = SourceTree::open(sample.path()).unwrap();
        let path = sample.path().join("src.conf");
        write(&tree, "", &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "\nWITH_REPRODUCIBLE_BUILD=yes\n");
        write(&tree, "WITHOUT_REPRODUCIBLE_BUILD=yes", &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "WITHOUT_REPRODUCIBLE_BUILD=yes\n");
    }
}
