//! The facts about each valid item, in a file of its own beside the database, which can be made again from them.
//!
//! A file of facts gets its name and goes when its item does, under the same protocol (see [`super::publish`]): where
//! nothing was interrupted, there is one for each valid item and no other.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;
use crate::util::fs::{FsError, entries_if_there, write_new};

use super::layout::Layout;
use super::{PathInfo, Realisation, StoreError};

/// What the ends of the files' names are.
const SUFFIX: &str = ".json";

/// What is known about one valid item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    #[serde(flatten)]
    pub info: PathInfo,
    /// How it came to be, once for each time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub realisations: Vec<Realisation>,
}

impl Facts {
    /// Reads a file of facts. The reason why it cannot be used is for people.
    pub fn read(file: &Path) -> Result<Self, String> {
        let text = fs::read(file).map_err(|error| error.to_string())?;
        let facts: Facts = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
        let named = file.file_name().and_then(|name| name.to_str()?.strip_suffix(SUFFIX));
        match named == Some(facts.info.path.base_name()) {
            true => Ok(facts),
            false => Err(format!("it is about {}", facts.info.path)),
        }
    }

    /// Writes the facts to `file`, which no one reads yet.
    pub fn write(&self, file: &Path) -> Result<(), StoreError> {
        Ok(write_new(file, &self.text()?)?)
    }

    fn text(&self) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(self).map_err(|error| StoreError::Facts { path: self.info.path.clone(), error })
    }
}

/// The file of facts that a store comes with where the item was put into it by other means, as in an image: its place
/// below the root, and its text. What differs from one machine to the next is left out.
pub fn preset(info: &PathInfo, registration_time: u64) -> Result<(PathBuf, Vec<u8>), StoreError> {
    let info = PathInfo { deriver: None, registration_time, ..info.clone() };
    let place = file(&Layout::new(Path::new("/"))?, &info.path);
    Ok((place, Facts { info, realisations: Vec::new() }.text()?))
}

/// Where the facts about an item lie.
pub fn file(layout: &Layout, item: &StorePath) -> PathBuf {
    layout.facts_dir().join(format!("{}{SUFFIX}", item.base_name()))
}

/// The files of facts, by name.
pub fn files(layout: &Layout) -> Result<Vec<PathBuf>, FsError> {
    let mut files = Vec::new();
    for entry in entries_if_there(&layout.facts_dir())? {
        let entry = entry?;
        if is_file_of_facts(&entry.file_name()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Whether there is any file of facts.
pub fn any(layout: &Layout) -> Result<bool, FsError> {
    Ok(!files(layout)?.is_empty())
}

/// Leaves out what was being written when the power failed.
fn is_file_of_facts(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| name.ends_with(SUFFIX) && !name.starts_with('.'))
}
