//! What the store knows about a valid item.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::content_address::{ContentAddress, Method};
use crate::hash::Sha256;
use crate::store_path::StorePath;

use super::StoreError;

/// The facts about one valid item: what the database holds, and what lies beside it in one file per item. As
/// JSON, the fields are those of `nix path-info --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PathInfo {
    pub path: StorePath,
    /// Digest of its NAR.
    pub nar_hash: Sha256,
    /// Size of its NAR in bytes.
    pub nar_size: u64,
    /// The items it refers to, itself included where it does.
    pub references: BTreeSet<StorePath>,
    /// The derivation that was built to make it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deriver: Option<StorePath>,
    /// By what contents it got its path, unless it is the output of a build.
    #[serde(rename = "ca", skip_serializing_if = "Option::is_none")]
    pub content_address: Option<ContentAddress>,
    /// When it became valid here, in seconds since 1970.
    pub registration_time: u64,
}

impl PathInfo {
    /// Refuses an item that was named by its contents and is not what its name says.
    pub fn check_content_address(&self) -> Result<(), StoreError> {
        let Some(address) = self.content_address else { return Ok(()) };
        let path = self.path.clone();
        match address {
            ContentAddress::Fixed(..) if !self.references.is_empty() => {
                let references = self.references.iter().map(|reference| format!("\n  {reference}")).collect();
                Err(StoreError::FixedWithReferences { path, references })
            }
            ContentAddress::Fixed(Method::Recursive, digest) if digest != self.nar_hash => {
                Err(StoreError::WrongContents { path, declared: digest, found: self.nar_hash })
            }
            _ => {
                let expected = address.path(self.path.name(), &self.references)?;
                if expected == path { Ok(()) } else { Err(StoreError::WrongPath { path, expected }) }
            }
        }
    }
}

/// Seconds since 1970, for records of what happened when.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}
