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
    /// The machine; records of earlier versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// The program that had it made; records of earlier versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fruix: Option<Program>,
    /// Whether the builder saw its declared inputs only.
    pub sandboxed: bool,
    /// The builder, as the derivation names it.
    pub builder: String,
    /// Where the log is kept, below the log directory.
    pub log: Option<String>,
}

/// A machine that things are made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// As `uname -a` says it: system, name of the machine, release, version, kind of machine.
    pub uname: String,
    /// What `freebsd-version -u` says, or the name of the Linux distribution with its release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// A Fruix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Program {
    pub version: String,
    /// The commit of its repository, with `-dirty` where the sources differ from that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Differs between programs that were made of different sources.
    pub build: String,
}

impl Program {
    /// The one that runs.
    pub fn this() -> Self {
        let revision = env!("FRUIX_REVISION");
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision: (!revision.is_empty()).then(|| revision.to_owned()),
            build: env!("FRUIX_BUILD").to_owned(),
        }
    }
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
