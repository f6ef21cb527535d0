//! How the items of a closure came to be, written beside an image.
//!
//! An image says what a system is, and is the same wherever it was made. When, where and how long its parts were built
//! differs from one machine to the next, and so lies in a file of its own: `IMAGE.realisations.json`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::store::{Realisation, StoreAccess, StoreError};
use crate::store_path::StorePath;
use crate::util::fs::{FsError, write_atomic};

/// The version of the form of the file: higher when a field changes its meaning or goes.
const VERSION: u32 = 1;

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
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    system: &'a StorePath,
    /// One for each item that was built or substituted; items that were merely added have none.
    realisations: Vec<Realisation>,
}

/// The file beside an image.
pub fn beside(image: &Path) -> PathBuf {
    let mut name = OsString::from(image);
    name.push(".realisations.json");
    PathBuf::from(name)
}

/// Writes the records of all items of the system's closure to the file beside the image.
///
/// # Errors
/// The store cannot be read, or the file not be written.
pub fn write_beside(
    store: &dyn StoreAccess,
    system: &StorePath,
    image: &Path,
) -> Result<PathBuf, RealisationsError> {
    let file = beside(image);
    let document = Document { version: VERSION, system, realisations: records(store, system)? };
    let mut text = serde_json::to_vec_pretty(&document)
        .map_err(|source| RealisationsError::Json { system: system.clone(), source })?;
    text.push(b'\n');
    write_atomic(&file, &text, false)?;
    Ok(file)
}

fn records(store: &dyn StoreAccess, system: &StorePath) -> Result<Vec<Realisation>, StoreError> {
    let items: BTreeSet<StorePath> = store.closure(&[system])?;
    let mut records = Vec::new();
    for item in &items {
        records.extend(store.realisation(item)?);
    }
    Ok(records)
}
