//! Kernel configurations: one of the tree by name, or a text, usually built on one of the tree.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::source_tree::{SourceTree, SourceTreeError};
use crate::util::spelling;

/// Why a kernel configuration is refused.
#[derive(Debug, Error, Diagnostic)]
pub enum KernconfError {
    #[error("the source tree has no kernel configuration `{name}` for {target}")]
    #[diagnostic(help("{hint}"))]
    Unknown { name: String, target: String, hint: String },

    #[error("`{name}` cannot name a kernel configuration")]
    #[diagnostic(help("use letters, digits, `-`, `_` and `.`, as in GENERIC-NODEBUG"))]
    BadName { name: String },

    #[error("the kernel configuration `{name}` includes itself")]
    #[diagnostic(help("give the text a name of its own, so that it can be built on the tree's `{name}`"))]
    IncludesItself { name: String },

    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, source: io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    SourceTree(#[from] SourceTreeError),
}

/// Files beside the configurations that are none.
const OTHER_FILES: [&str; 3] = ["DEFAULTS", "Makefile", "NOTES"];

/// Checks the configuration and gives the variables that name it to make. A text is written below `scratch`,
/// as the source is read-only.
pub(super) fn variables(
    tree: &SourceTree,
    target: &str,
    name: &str,
    text: Option<&str>,
    scratch: &Path,
) -> Result<Vec<String>, KernconfError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
        return Err(KernconfError::BadName { name: name.to_owned() });
    }
    let mut variables = vec![format!("KERNCONF={name}")];
    match text {
        None => require(tree, target, name)?,
        Some(text) => {
            for included in includes(text) {
                if included == name {
                    return Err(KernconfError::IncludesItself { name: name.to_owned() });
                }
                // config(8) looks there as well: for `std.nodebug`, say.
                if !tree.shared_configurations().join(included).is_file() {
                    require(tree, target, included)?;
                }
            }
            let directory = scratch.join("kernconf");
            let path = directory.join(name);
            fs::create_dir_all(&directory)
                .and_then(|()| fs::write(&path, text))
                .map_err(|source| KernconfError::Write { path, source })?;
            variables.push(format!("KERNCONFDIR={}", directory.display()));
        }
    }
    Ok(variables)
}

/// Fails where the tree has no such configuration.
fn require(tree: &SourceTree, target: &str, name: &str) -> Result<(), KernconfError> {
    let directory = tree.kernel_configurations(target);
    if directory.join(name).is_file() {
        return Ok(());
    }
    let names = tree.names_in(&directory)?;
    let known: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !OTHER_FILES.contains(name) && !name.contains('.'))
        .collect();
    let hint = match spelling::nearest(name, known.iter().copied()) {
        _ if known.is_empty() => format!("it has no configurations for `{target}` at all: check the target"),
        Some(near) => format!("did you mean `{near}`? It has: {}", known.join(", ")),
        None => format!("it has: {}", known.join(", ")),
    };
    Err(KernconfError::Unknown { name: name.to_owned(), target: target.to_owned(), hint })
}

/// The configurations that the text is built on: what its `include` lines name.
fn includes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let is_include = words.next() == Some("include");
        words.next().filter(|_| is_include).map(|name| name.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builders::freebsd::source_tree;

    fn sample() -> (tempfile::TempDir, SourceTree) {
        let directory = source_tree::tests::sample();
        let configurations = directory.path().join("sys/amd64/conf");
        fs::create_dir_all(&configurations).unwrap();
        for name in ["GENERIC", "GENERIC-NODEBUG", "MINIMAL", "NOTES", "GENERIC.hints"] {
            fs::write(configurations.join(name), "").unwrap();
        }
        let tree = SourceTree::open(directory.path()).unwrap();
        (directory, tree)
    }

    fn hint(error: &KernconfError) -> String {
        error.help().unwrap().to_string()
    }

    #[test]
    fn a_configuration_of_the_tree_is_named() {
        let (scratch, tree) = sample();
        let variables = variables(&tree, "amd64", "GENERIC", None, scratch.path()).unwrap();
        assert_eq!(variables, ["KERNCONF=GENERIC"]);
    }

    #[test]
    fn a_text_is_written_to_a_directory_of_its_own() {
        let (scratch, tree) = sample();
        let text = "include GENERIC\nident MINE\noptions KTR\n";
        let variables = variables(&tree, "amd64", "MINE", Some(text), scratch.path()).unwrap();
        let directory = scratch.path().join("kernconf");
        assert_eq!(variables, ["KERNCONF=MINE".to_owned(), format!("KERNCONFDIR={}", directory.display())]);
        assert_eq!(fs::read_to_string(directory.join("MINE")).unwrap(), text);
    }

    #[test]
    fn a_text_may_include_what_all_targets_share() {
        let (scratch, tree) = sample();
        fs::write(tree.shared_configurations().join("std.nodebug"), "nooptions WITNESS\n").unwrap();
        let text = "include GENERIC\ninclude \"std.nodebug\"\n";
        variables(&tree, "amd64", "MINE", Some(text), scratch.path()).unwrap();
        let error = variables(&tree, "amd64", "std.nodebug", None, scratch.path()).unwrap_err();
        assert!(matches!(error, KernconfError::Unknown { .. }), "it is no configuration itself");
    }

    #[test]
    fn an_absent_configuration_lists_the_near_ones() {
        let (scratch, tree) = sample();
        let error = variables(&tree, "amd64", "GENERIK", None, scratch.path()).unwrap_err();
        assert!(error.to_string().contains("`GENERIK` for amd64"));
        assert_eq!(hint(&error), "did you mean `GENERIC`? It has: GENERIC, GENERIC-NODEBUG, MINIMAL");
        let based = variables(&tree, "amd64", "MINE", Some("include MINIMAAL"), scratch.path()).unwrap_err();
        assert!(hint(&based).starts_with("did you mean `MINIMAL`"));
        let error = variables(&tree, "vax", "GENERIC", None, scratch.path()).unwrap_err();
        assert!(hint(&error).contains("check the target"));
    }

    #[test]
    fn names_that_lead_elsewhere_and_texts_that_include_themselves_are_refused() {
        let (scratch, tree) = sample();
        for name in ["", "../GENERIC", ".hidden", "A B"] {
            let error = variables(&tree, "amd64", name, None, scratch.path()).unwrap_err();
            assert!(matches!(error, KernconfError::BadName { .. }), "{name}");
        }
        let text = "include\tGENERIC\n";
        let error = variables(&tree, "amd64", "GENERIC", Some(text), scratch.path()).unwrap_err();
        assert!(matches!(error, KernconfError::IncludesItself { .. }));
    }
}
