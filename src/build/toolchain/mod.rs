//! The host tool chain: the machine's own programs, headers and libraries as a store item.
//!
//! A sandbox shows no host file that its derivation does not declare. So the compiler and its kin become an
//! item like any other, `host-toolchain`, copied from the files of the installed Debian packages that were
//! asked for and of those they depend on. Machines with the same packages get the same item:
//! what is the machine's own (configuration in `/etc`, caches made by maintainer scripts, the choice of
//! alternatives) is left out or decided anew.
//!
//! Copying is slow, so the item is remembered under a fingerprint of what `lstat` says about each file.

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

mod alternatives;
mod collect;
mod dpkg;
mod glance;
mod import;

pub use import::import;

/// The name of the item.
pub const NAME: &str = "host-toolchain";

/// The file of the item that says which packages it stands for.
pub const MANIFEST: &str = "MANIFEST.json";

/// Why there is no tool chain.
#[derive(Debug, Error, Diagnostic)]
pub enum ToolchainError {
    #[error("the package database `{}` cannot be read: {error}", path.display())]
    #[diagnostic(help(
        "the host tool chain is made of Debian packages: build on Debian, or bring a tool-chain item from there"
    ))]
    Database { path: PathBuf, error: std::io::Error },

    #[error("the tool chain lacks {}: not installed", names.join(", "))]
    #[diagnostic(help("install what is missing: apt-get install {}", names.join(" ")))]
    NotInstalled { names: Vec<String> },

    #[error("cannot {what} `{}` for the tool chain: {error}", path.display())]
    Io { what: &'static str, path: PathBuf, error: std::io::Error },

    #[error("the tool chain's packages changed while they were copied")]
    #[diagnostic(help("wait until apt has finished, then run the command again"))]
    Changed,

    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] crate::store::StoreError),
}

impl ToolchainError {
    fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io { what, path: path.to_owned(), error }
    }
}
