//! How the items of a closure came to be, written beside an image and signed.
//!
//! An image says what a system is, and is the same wherever it was made. When, where and how long its parts were built
//! differs from one machine to the next, and so lies in a file of its own: `IMAGE.realisations.json`. A signature of it,
//! `IMAGE.realisations.json.sig`, vouches for the image as well, which the file names by its digest.

mod gather;
mod sidecar;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hash::Sha256;
use crate::signature::{SignatureError, SpellingError};
use crate::store::{Machine, Program, Realisation, StoreError};
use crate::store_path::StorePath;
use crate::util::fs::FsError;

pub use gather::{Declaration, document};
pub use sidecar::{Checked, Sidecar, Writer};

/// The version of the form of the file: higher when a field changes its meaning or goes. Version 1 had `system` and the
/// `realisations` of its items, and nothing else.
pub const VERSION: u32 = 2;

#[derive(Debug, Error, Diagnostic)]
pub enum RealisationsError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error("cannot write the records of `{system}` as JSON")]
    Json {
        system: StorePath,
        #[source]
        source: serde_json::Error,
    },
    #[error("`{}` holds no realisation records: {source}", file.display())]
    #[diagnostic(help(
        "it was damaged, or made by another version of fruix; `fruix system image` writes it anew"
    ))]
    Format { file: PathBuf, source: serde_json::Error },
    #[error("`{}` has version {found} of the format", file.display())]
    #[diagnostic(help(
        "this fruix reads versions 1 to {VERSION}: use one as new as what wrote it; or have `fruix system image` write \
         image and records anew"
    ))]
    Version { file: PathBuf, found: u32 },
    #[error("the realisation records `{}` cannot be trusted", file.display())]
    Signature {
        file: PathBuf,
        #[source]
        #[diagnostic_source]
        source: SignatureError,
    },
    #[error("`{}` holds no signature", file.display())]
    Spelling {
        file: PathBuf,
        #[source]
        #[diagnostic_source]
        source: SpellingError,
    },
    #[error("there are no realisation records beside `{}`", image.display())]
    #[diagnostic(help("expected `{}`: copy it together with the image, and the signature too", file.display()))]
    Missing { image: PathBuf, file: PathBuf },
    #[error("`{}` is not the image that the records beside it are about: it is damaged, or another one", image.display())]
    #[diagnostic(help("its SHA-256 is {found}, and the records name {recorded}"))]
    OtherImage { image: PathBuf, recorded: Sha256, found: Sha256 },
    #[error("the records beside `{}` do not say which image they are about", image.display())]
    #[diagnostic(help(
        "they were written without a key: `fruix system image --sign-with FILE` names the image in them"
    ))]
    NoImage { image: PathBuf },
    #[error("the records beside `{}` are about {recorded}, and it holds {found}", image.display())]
    #[diagnostic(help("an image and its records belong together: copy both of one build"))]
    OtherSystem { image: PathBuf, recorded: StorePath, found: StorePath },
}

/// The file beside an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub version: u32,
    pub system: StorePath,
    /// The image; only where the file is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The file that declares the system, as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<Declaration>,
    /// Who wrote this, where, and when, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fruix: Option<Program>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<u64>,
    /// All items of the closure.
    #[serde(default)]
    pub items: Vec<Item>,
    /// What went into the builds from outside: sources, patches, tool chains, texts.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// One for each item that was built or substituted, and for what they were built from; items that were merely
    /// added have none.
    pub realisations: Vec<Realisation>,
}

/// An image as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    pub format: String,
    /// Of the file, as `sha256sum` prints it.
    #[serde(with = "hex")]
    pub sha256: Sha256,
}

/// An item and its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub path: StorePath,
    pub nar_hash: Sha256,
    pub nar_size: u64,
}

/// An item that nothing built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    #[serde(flatten)]
    pub item: Item,
    /// How `metadata/provenance.json` names it.
    #[serde(with = "hex")]
    pub store_path_sha256: Sha256,
}

/// The file beside an image that holds its records.
pub fn beside(image: &Path) -> PathBuf {
    with_suffix(image, ".realisations.json")
}

/// The file that holds the signatures of a file.
pub fn signatures(file: &Path) -> PathBuf {
    with_suffix(file, ".sig")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Digests as other tools print them.
mod hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::hash::Sha256;

    pub fn serialize<S: Serializer>(digest: &Sha256, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&digest.hex())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sha256, D::Error> {
        Sha256::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
