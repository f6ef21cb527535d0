//! Where a system came from: its `metadata/provenance.json`, its items, and how they came to be.
//!
//! A [`Report`] is made of a closure in a store, of a disk image, or of a declaration whose system was not built yet, and
//! says the same in all of them, as far as each knows it. It is shown as a tree, as JSON, or as a bill of
//! materials (`bom`) in the forms of SPDX and CycloneDX.

mod bom;
mod cyclonedx;
mod image;
mod spdx;
mod tree;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::builders::image::container::SourceError;
use crate::builders::image::reading::ReadError;
use crate::builders::system::provenance::document;
use crate::builders::system::spec::Spec;
use crate::eval::Evaluation;
use crate::hash::Sha256;
use crate::store::{PathInfo, StoreAccess, StoreError};
use crate::store_path::StorePath;
use crate::system::realisations::{self, Document, RealisationsError};

pub use crate::builders::system::provenance::FILE;
pub use cyclonedx::cyclonedx;
pub use image::of_image;
pub use spdx::spdx;
pub use tree::tree;

/// Version of the form of a report: higher when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// Why the provenance of something cannot be told.
#[derive(Debug, Error, Diagnostic)]
pub enum ProvenanceError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Realisations(#[from] RealisationsError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Image(#[from] ReadError),
    #[error("`{}` does not say where it came from: {source}", path.display())]
    #[diagnostic(help("give a system closure, an image, or a declaration (….scm)"))]
    Read { path: PathBuf, source: io::Error },
    #[error("what `{what}` says of where it came from is not understood: {source}")]
    #[diagnostic(help("it is damaged, or was made by another version of fruix"))]
    Json { what: String, source: serde_json::Error },
    #[error("`{}` has no system: {reason}", image.display())]
    #[diagnostic(help(
        "an image of `fruix system image` is expected, or of a machine that was made from one"
    ))]
    NoSystem { image: PathBuf, reason: String },
    #[error("the declaration is not lowered to a system")]
    #[diagnostic(help("its last expression is to be an `operating-system`"))]
    NotASystem,
}

/// All that is known of where a system came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of this form: [`VERSION`].
    pub version: u32,
    pub system: StorePath,
    /// Its `metadata/provenance.json`.
    pub provenance: Value,
    /// The items of its closure; none where it was not built yet.
    pub items: Vec<Item>,
    /// How they came to be, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Document>,
    /// The name of the key that vouches for the records and the image, if that was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// An item of the closure, without what differs from one machine to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub path: StorePath,
    pub nar_hash: Sha256,
    pub nar_size: u64,
    pub references: Vec<StorePath>,
}

impl From<PathInfo> for Item {
    fn from(info: PathInfo) -> Self {
        let references = info.references.into_iter().filter(|reference| *reference != info.path).collect();
        Self { path: info.path, nar_hash: info.nar_hash, nar_size: info.nar_size, references }
    }
}

/// What is known of a system in a store.
pub fn of_closure(store: &dyn StoreAccess, system: &StorePath) -> Result<Report, ProvenanceError> {
    let path = store.layout().physical(system).join(FILE);
    let text = fs::read(&path).map_err(|source| ProvenanceError::Read { path: path.clone(), source })?;
    let provenance = serde_json::from_slice(&text)
        .map_err(|source| ProvenanceError::Json { what: path.display().to_string(), source })?;
    Ok(Report {
        version: VERSION,
        system: system.clone(),
        provenance,
        items: store.closure_infos(system)?.into_iter().map(Item::from).collect(),
        records: Some(realisations::document(store, system, None)?),
        signed_by: None,
    })
}

/// What is known of the system that a declaration comes to: what its closure says, where that is in the store.
pub fn of_evaluation(store: &dyn StoreAccess, evaluation: &Evaluation) -> Result<Report, ProvenanceError> {
    let root = evaluation.roots.first().ok_or(ProvenanceError::NotASystem)?;
    if store.is_whole(&root.path)? {
        return of_closure(store, &root.path);
    }
    let derivation = evaluation.derivations.get(&root.drv).ok_or(ProvenanceError::NotASystem)?;
    let text = derivation.env.get("spec").ok_or(ProvenanceError::NotASystem)?;
    let spec =
        Spec::parse(text).map_err(|source| ProvenanceError::Json { what: root.drv.to_string(), source })?;
    let physical = |item: &str| match StorePath::from_absolute(item) {
        Ok(item) => store.layout().physical(&item),
        Err(_) => PathBuf::from(item),
    };
    Ok(Report {
        version: VERSION,
        system: root.path.clone(),
        provenance: document(&spec, &Sha256::of(text), &physical),
        items: Vec::new(),
        records: None,
        signed_by: None,
    })
}

/// What the closure at `system` says of its base; `None` where that cannot be read.
pub fn base(system: &Path) -> Option<Value> {
    let mut provenance: Value = serde_json::from_slice(&fs::read(system.join(FILE)).ok()?).ok()?;
    Some(provenance["base"].take())
}

/// The name of the kernel's configuration, as far as it is known.
pub fn kernel_name(system: &Path) -> Option<String> {
    base(system)?["kernel"]["kernconf"].as_str().map(str::to_owned)
}

/// The parts of a base: what says its origin class.
fn parts(provenance: &Value) -> impl Iterator<Item = (&String, &Value)> {
    provenance["base"].as_object().into_iter().flatten().filter(|(_, part)| part["class"].is_string())
}
