//! How an item came to be. Kept apart from what it is: the same item may be built twice, on two machines.

use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;

/// The record of one realisation of one output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Realisation {
    /// What came to be.
    pub output: StorePath,
    /// The derivation it is an output of.
    pub derivation: Option<StorePath>,
    pub origin: Origin,
    /// What kind of work it was, by which durations are compared: `freebsd-world`, say.
    pub kind: String,
    /// When the work began, in seconds since 1970.
    pub started: u64,
    /// When it ended.
    pub ended: u64,
    /// The name of the machine.
    pub host: String,
    /// Whether the builder saw its declared inputs only.
    pub sandboxed: bool,
    /// The builder, as the derivation names it.
    pub builder: String,
    /// Where the log is kept, below the log directory.
    pub log: Option<String>,
}

/// By which way an item came to this store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Built,
    Substituted,
    Added,
}

impl Realisation {
    /// How long the work took, in seconds.
    pub fn duration(&self) -> u64 {
        self.ended.saturating_sub(self.started)
    }
}
