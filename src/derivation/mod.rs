//! Derivations: what to build, from which inputs, with which program.
//!
//! A [`Derivation`] is complete in itself: whoever holds it and its inputs can build it. It is written to the
//! store as an ATerm (`.drv`), byte for byte as Nix writes it, and its output paths follow from it by
//! hashing *modulo* fixed outputs: a fetched source may change its URL without renaming all that is built
//! from it.

mod aterm;
mod check;
mod hashes;
mod instantiate;
mod json;
mod parse;

use std::collections::{BTreeMap, BTreeSet};

use miette::Diagnostic;
use thiserror::Error;

use crate::content_address::{Method, output_name};
use crate::hash::Sha256;
use crate::store_path::{StorePath, StorePathError};

pub use hashes::Hashes;
pub use parse::ParseError;

/// What a builder makes, from what, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// What it makes, by output name; never empty in a derivation that can be built.
    pub outputs: BTreeMap<String, Output>,
    /// Derivations it needs built first, each with the names of the outputs it uses.
    pub input_drvs: BTreeMap<StorePath, BTreeSet<String>>,
    /// Store items it uses that are no one's output.
    pub input_srcs: BTreeSet<StorePath>,
    /// What kind of machine builds it: `builtin`, or a platform such as `x86_64-linux`.
    pub system: String,
    /// `builtin:NAME`, or the absolute path of a program.
    pub builder: String,
    /// The arguments of the program.
    pub args: Vec<String>,
    /// The whole environment of the build.
    pub env: BTreeMap<String, String>,
}

/// One output of a derivation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// Where it will lie; `None` before [`Derivation::instantiate`].
    pub path: Option<StorePath>,
    /// What it must contain, if that is known beforehand. Only such an output may use the network.
    pub fixed: Option<FixedOutput>,
}

/// The contents an output must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedOutput {
    /// What is hashed.
    pub method: Method,
    /// The SHA-256 digest it must have.
    pub digest: Sha256,
}

/// Why a derivation has no paths.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DerivationError {
    #[error("derivation `{name}` has no output")]
    NoOutput { name: String },
    #[error("derivation `{name}` declares the contents of an output, but that is not its only one, `out`")]
    #[diagnostic(help("give the derivation one output called `out`, or do not fix its contents"))]
    FixedAmongOthers { name: String },
    #[error("derivation `{name}` uses `{input}`, which is not known")]
    #[diagnostic(help("a derivation can be instantiated only after its inputs"))]
    UnknownInput { name: String, input: StorePath },
    #[error("derivation `{name}` uses output `{output}` of `{input}`, which has no such output")]
    UnknownOutput { name: String, input: StorePath, output: String },
    #[error("output `{output}` of `{input}` has no path yet")]
    #[diagnostic(help("the derivation was not instantiated before it was used"))]
    NoOutputPath { input: StorePath, output: String },
    #[error("derivation `{name}` cannot have an output called `{output}`")]
    #[diagnostic(help("output names are made of letters, digits and + - . _ ? =, and `drv` is taken"))]
    BadOutputName { name: String, output: String },
    #[error("output `{output}` of `{path}` does not lie where it says: by its contents it is `{expected}`")]
    #[diagnostic(help("neither fruix nor nix wrote this derivation; nothing is built from it"))]
    WrongOutput { path: StorePath, output: String, expected: StorePath },
    #[error("the derivation at `{path}` is not that of its path: by its contents it is `{own}`")]
    #[diagnostic(help("derivations are made by evaluating a declaration; a file cannot be added as one"))]
    Misplaced { path: StorePath, own: StorePath },
    #[error(transparent)]
    #[diagnostic(transparent)]
    BadPath(#[from] StorePathError),
}

impl Derivation {
    /// The contents the only output must have, if this is a fixed-output derivation.
    pub fn fixed_output(&self) -> Option<&FixedOutput> {
        match self.outputs.len() {
            1 => self.outputs.get("out")?.fixed.as_ref(),
            _ => None,
        }
    }

    /// All store paths its `.drv` file names as inputs: the references of that file.
    pub fn references(&self) -> BTreeSet<StorePath> {
        self.input_srcs.iter().chain(self.input_drvs.keys()).cloned().collect()
    }

    /// The name of the item of output `output`, for a derivation called `name`.
    pub fn output_name(name: &str, output: &str) -> String {
        output_name(name, output)
    }

    /// The name of a derivation, by the path of its `.drv` file.
    pub fn name_of(path: &StorePath) -> &str {
        path.name().strip_suffix(".drv").unwrap_or(path.name())
    }
}

#[cfg(test)]
mod tests;
