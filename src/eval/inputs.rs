//! What a declaration may take from the machine it is evaluated on.

use std::collections::BTreeMap;
use std::path::Path;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;

/// Why an input cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputError {
    /// What failed, for which path, and why.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl InputError {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// The words of any diagnostic.
    pub fn from_diagnostic(error: &dyn Diagnostic) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_message = cause.to_string();
            // Most messages end with their cause already.
            if !message.contains(&cause_message) {
                message.push_str(&format!(": {cause_message}"));
            }
            source = cause.source();
        }
        Self { message, help: error.help().map(|help| help.to_string()) }
    }
}

/// What a declaration asks about something of the machine, so that a mistake is shown where it was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    /// Is the directory a FreeBSD source tree?
    SourceTree,
    /// Has the source tree the kernel configuration?
    KernelConfiguration { target: String, name: String },
    /// Has the source tree the options of src.conf(5)?
    Options { names: Vec<String> },
    /// Is a FreeBSD installed in the directory, with this slice?
    Installed { slice: String },
    /// Does the file hold public keys?
    PublicKeys,
}

/// What is wrong with something of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub message: String,
    /// What to say at the place in the declaration.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    /// Which element of the question's list it is about.
    pub element: Option<usize>,
    /// It keeps nothing from being built.
    pub only_warning: bool,
}

/// The sets that the MANIFEST of a release lists: by file name, the SHA-256 in hexadecimal.
pub type ReleaseSets = BTreeMap<String, String>;

/// Turns things outside of the declaration into store items. Evaluation has no other way to read the host.
///
/// Paths are absolute. An implementation may add to the store, or only compute where the item would lie.
pub trait Inputs: Send + Sync {
    /// A directory, as the item `name`.
    ///
    /// # Errors
    /// The directory cannot be read or added.
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError>;

    /// A file, as the item `name`.
    ///
    /// # Errors
    /// The file cannot be read or added.
    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError>;

    /// The files of the host's packages that a build uses as its tool chain.
    ///
    /// # Errors
    /// A package is not installed, or the item cannot be made.
    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError>;

    /// The tree of a commit.
    ///
    /// # Errors
    /// The repository or the commit cannot be had.
    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError>;

    /// A slice of the tree of an installed FreeBSD, with its METALOG.
    ///
    /// # Errors
    /// The tree cannot be read or added, or does not have the slice.
    fn installed_tree(&self, path: &Path, slice: &str) -> Result<StorePath, InputError>;

    /// What the MANIFEST at `url` lists, which has this digest. `None`: nobody has looked, as where a declaration is
    /// only checked; then any set may be in it.
    ///
    /// # Errors
    /// It cannot be had, has another digest, or is no MANIFEST.
    fn release_manifest(&self, _url: &str, _sha256: &str) -> Result<Option<ReleaseSets>, InputError> {
        Ok(None)
    }

    /// What is wrong with a file or directory. Answers show mistakes early, and change nothing else: where nothing is
    /// known of the machine, there is nothing wrong with it.
    fn examine(&self, _path: &Path, _question: &Question) -> Vec<Fault> {
        Vec::new()
    }
}

/// No inputs at all: for evaluations that need none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoInputs;

impl NoInputs {
    fn refuse(what: &str) -> InputError {
        InputError::new(format!("{what} is not available here"))
    }
}

impl Inputs for NoInputs {
    fn local_tree(&self, _: &str, _: &Path) -> Result<StorePath, InputError> {
        Err(Self::refuse("a local tree"))
    }

    fn local_file(&self, _: &str, _: &Path) -> Result<StorePath, InputError> {
        Err(Self::refuse("a local file"))
    }

    fn host_toolchain(&self, _: &[String]) -> Result<StorePath, InputError> {
        Err(Self::refuse("the host's tool chain"))
    }

    fn git_tree(&self, _: &str, _: &str) -> Result<StorePath, InputError> {
        Err(Self::refuse("a git tree"))
    }

    fn installed_tree(&self, _: &Path, _: &str) -> Result<StorePath, InputError> {
        Err(Self::refuse("an installed tree"))
    }
}
