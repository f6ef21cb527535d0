//! Is what is registered still there, and still the same?

use std::fmt;

use crate::hash::Hasher;
use crate::nar::NarError;
use crate::store_path::StorePath;
use crate::util::fs::exists;

use super::tree::Tree;
use super::{Store, StoreError};

/// An item that is not what it was registered as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub path: StorePath,
    pub fault: Fault,
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is there.
    Missing,
    /// Its contents are not those that were registered.
    Modified,
    /// It cannot be read, or holds what no item can; with the reason.
    Unreadable(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Missing => write!(out, "missing {}", self.path),
            Fault::Modified => write!(out, "modified {}", self.path),
            Fault::Unreadable(reason) => write!(out, "unreadable {}: {reason}", self.path),
        }
    }
}

impl Store {
    /// Reads an item again, whole, and compares it with what was registered.
    pub fn verify(&self, path: &StorePath) -> Result<Option<Problem>, StoreError> {
        let info = self.path_info(path)?;
        let place = self.layout.physical(path);
        let problem = |fault| Ok(Some(Problem { path: path.clone(), fault }));
        if !exists(&place)? {
            return problem(Fault::Missing);
        }
        let mut hasher = Hasher::new();
        match Tree::walk(&place).and_then(|tree| tree.archive(&mut hasher)) {
            Err(error @ (NarError::Fs(_) | NarError::Unsupported { .. })) => {
                problem(Fault::Unreadable(error.to_string()))
            }
            Err(error) => Err(error.into()),
            Ok(()) if hasher.finish() != info.nar_hash => problem(Fault::Modified),
            Ok(()) => Ok(None),
        }
    }

    /// All valid items, by base name.
    pub fn all_valid(&self) -> Result<Vec<StorePath>, StoreError> {
        self.database.all()
    }
}
