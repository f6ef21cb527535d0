//! What an evaluation asks of the machine it runs on, as data: so that another process can answer, and so that it can
//! be asked again later whether the answers are still the same.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::inputs::{Fault, InputError, Inputs, Question, ReleaseSets};
use super::modules::{self, ReadError, SourceFile};
use super::serial::as_text;
use crate::store_path::StorePath;

/// A question. Its answer depends on nothing but the machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Whether there is a module at a path, and its text.
    Module { path: PathBuf },
    /// See [`Inputs::local_tree`].
    LocalTree { name: String, path: PathBuf },
    /// See [`Inputs::local_file`].
    LocalFile { name: String, path: PathBuf },
    /// See [`Inputs::host_toolchain`].
    HostToolchain { packages: Vec<String> },
    /// See [`Inputs::git_tree`].
    GitTree { url: String, commit: String },
    /// See [`Inputs::installed_tree`].
    InstalledTree { path: PathBuf, slice: String },
    /// See [`Inputs::release_manifest`].
    ReleaseManifest { url: String, sha256: String },
    /// See [`Inputs::examine`].
    Examine { path: PathBuf, question: Question },
}

/// An answer, of the kind that the request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// `None`: there is no such file.
    Module(Result<Option<SourceFile>, ReadError>),
    Item(Result<Item, InputError>),
    Sets(Result<Option<ReleaseSets>, InputError>),
    Faults(Vec<Fault>),
}

impl Answer {
    /// The answer to a question that cannot be answered.
    pub fn refusal(request: &Request, reason: &str) -> Self {
        match request {
            Request::Module { .. } => {
                Self::Module(Err(ReadError::System { reason: reason.into(), help: "check the path".into() }))
            }
            // Whatever is wrong with it will show later.
            Request::Examine { .. } => Self::Faults(Vec::new()),
            Request::ReleaseManifest { .. } => Self::Sets(Err(InputError::new(reason))),
            _ => Self::Item(Err(InputError::new(reason))),
        }
    }
}

/// An item of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Item(#[serde(with = "as_text")] StorePath);

/// What an answer of another kind amounts to.
const NO_ANSWER: &str = "no answer to the question";

/// Whoever answers.
pub trait Outside: Send + Sync {
    fn ask(&self, request: &Request) -> Answer;
}

/// This machine, as this process sees it.
pub struct Machine(pub Arc<dyn Inputs>);

impl Outside for Machine {
    fn ask(&self, request: &Request) -> Answer {
        let item = match request {
            Request::Module { path } => return Answer::Module(modules::source(path)),
            Request::LocalTree { name, path } => self.0.local_tree(name, path),
            Request::LocalFile { name, path } => self.0.local_file(name, path),
            Request::HostToolchain { packages } => self.0.host_toolchain(packages),
            Request::GitTree { url, commit } => self.0.git_tree(url, commit),
            Request::InstalledTree { path, slice } => self.0.installed_tree(path, slice),
            Request::ReleaseManifest { url, sha256 } => {
                return Answer::Sets(self.0.release_manifest(url, sha256));
            }
            Request::Examine { path, question } => return Answer::Faults(self.0.examine(path, question)),
        };
        Answer::Item(item.map(Item))
    }
}

/// The questions of an evaluation, put to whoever answers.
#[derive(Clone)]
pub struct Asking {
    outside: Arc<dyn Outside>,
    refused: Arc<Mutex<Option<InputError>>>,
}

impl Asking {
    pub fn new(outside: Arc<dyn Outside>) -> Self {
        Self { outside, refused: Arc::default() }
    }

    /// The first thing that could not be had. A declaration that catches the error must not go on to mean something
    /// else where the thing is missing.
    pub fn refused(&self) -> Option<InputError> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The module at a path, if there is one.
    ///
    /// # Errors
    /// It is there and cannot be read as text.
    pub fn module(&self, path: &Path) -> Result<Option<SourceFile>, ReadError> {
        match self.outside.ask(&Request::Module { path: path.to_owned() }) {
            Answer::Module(result) => result,
            _ => Err(ReadError::System { reason: NO_ANSWER.into(), help: String::new() }),
        }
    }

    fn item(&self, request: &Request) -> Result<StorePath, InputError> {
        let result = match self.outside.ask(request) {
            Answer::Item(result) => result.map(|Item(path)| path),
            _ => Err(InputError::new(NO_ANSWER)),
        };
        self.noted(result)
    }

    /// The result, of which an error is not forgotten.
    fn noted<T>(&self, result: Result<T, InputError>) -> Result<T, InputError> {
        result.inspect_err(|error| {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.get_or_insert_with(|| error.clone());
        })
    }
}

impl Inputs for Asking {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.item(&Request::LocalTree { name: name.into(), path: path.into() })
    }

    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.item(&Request::LocalFile { name: name.into(), path: path.into() })
    }

    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        self.item(&Request::HostToolchain { packages: packages.to_vec() })
    }

    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        self.item(&Request::GitTree { url: url.into(), commit: commit.into() })
    }

    fn installed_tree(&self, path: &Path, slice: &str) -> Result<StorePath, InputError> {
        self.item(&Request::InstalledTree { path: path.into(), slice: slice.into() })
    }

    fn release_manifest(&self, url: &str, sha256: &str) -> Result<Option<ReleaseSets>, InputError> {
        let request = Request::ReleaseManifest { url: url.into(), sha256: sha256.into() };
        let result = match self.outside.ask(&request) {
            Answer::Sets(result) => result,
            _ => Err(InputError::new(NO_ANSWER)),
        };
        self.noted(result)
    }

    fn examine(&self, path: &Path, question: &Question) -> Vec<Fault> {
        let request = Request::Examine { path: path.into(), question: question.clone() };
        match self.outside.ask(&request) {
            Answer::Faults(faults) => faults,
            _ => Vec::new(),
        }
    }
}
