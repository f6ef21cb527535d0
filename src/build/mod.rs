//! Realising derivations: from what somebody wants to valid store items.
//!
//! [`realise()`] is the way in. It plans ([`request`]), starts builds as their inputs become valid
//! ([`scheduler`]), and builds each derivation (`realise.rs`) in a [`sandbox`] of its own, keeping its
//! [`log`]; the [`outputs`] are checked before they are registered. Nothing here prints: who
//! watches is told by [`progress`].
//!
//! The host tool chain, which most derivations have among their inputs, is made by [`toolchain`].

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    nar::NarError,
    store::StoreError,
    store_path::StorePath,
    sys::SysError,
    util::{fs::FsError, report::Report},
};

pub mod cancel;
pub mod check;
pub mod compare;
mod copy;
mod disk;
pub mod estimate;
mod job;
pub mod log;
pub mod machine;
pub mod outputs;
pub mod progress;
mod realise;
pub mod request;
mod run;
pub mod sandbox;
pub mod scheduler;
pub mod toolchain;
pub mod users;

pub use cancel::Cancellation;
pub use progress::{Event, Progress};
pub use realise::{Options, Realise, realise, realise_each, realise_one};
pub use request::{Plan, Wanted};

/// Why something was not built.
#[derive(Debug, Error, Diagnostic)]
pub enum BuildError {
    #[error("building {drv} failed: {reason}\n{}", show_tail(tail))]
    #[diagnostic(help("the whole log: fruix log {drv}\n(kept in {})", log.display()))]
    Failed {
        drv: StorePath,
        reason: String,
        /// The last lines of the log.
        tail: Vec<String>,
        log: PathBuf,
    },

    #[error("building {drv} failed")]
    #[diagnostic(help("what the builder said: fruix log {drv}\n(kept in {})", log.display()))]
    Outputs {
        drv: StorePath,
        #[source]
        #[diagnostic_source]
        source: outputs::OutputError,
        log: PathBuf,
    },

    #[error("{} builds failed", failures.len())]
    Several {
        #[related]
        failures: Vec<BuildError>,
    },

    #[error("cannot make the sandbox of {drv}: {reason}")]
    NotStarted {
        drv: StorePath,
        reason: String,
        #[help]
        help: Option<String>,
    },

    #[error("the build of {drv} nearly filled the disk of `{}`, and was ended", place.display())]
    #[diagnostic(help("free some space, as `fruix store gc` does, or build in another place: --root DIR"))]
    DiskFull { drv: StorePath, place: PathBuf },

    #[error("{drv} is for `{system}`, which this machine is not")]
    #[diagnostic(help("build it on such a machine; this one is `{own}`", own = job::SYSTEM))]
    WrongSystem { drv: StorePath, system: String },

    #[error("{drv} has no output `{output}`")]
    NoOutput { drv: StorePath, output: String },

    #[error("{drv} needs {input}, which is not in the store")]
    #[diagnostic(help("an input that no derivation builds has to be added first"))]
    MissingInput { drv: StorePath, input: StorePath },

    #[error("{drv} disallows references to `{word}`, which is neither a store item nor one of its outputs")]
    #[diagnostic(help(
        "`disallowedReferences` is a list of store paths and names of outputs, with spaces between"
    ))]
    NoReference { drv: StorePath, word: String },

    #[error("without isolation, the build of {drv} would overwrite {output}, which is in the store already")]
    #[diagnostic(help("leave out --no-sandbox: only in a sandbox can a part of the outputs be built"))]
    WouldOverwrite { drv: StorePath, output: StorePath },

    #[error("without isolation, builds need the store at /frx itself, not below `{}`", root.display())]
    #[diagnostic(help("leave out --root, or leave out --no-sandbox"))]
    NeedsRealRoot { root: PathBuf },

    #[error("without isolation, a build writes to where its outputs are, so they cannot be compared")]
    #[diagnostic(help("leave out --no-sandbox, or leave out --check"))]
    CheckNeedsSandbox,

    #[error("there is something at `{}` already", path.display())]
    #[diagnostic(help("what differs is to be kept there: choose another directory, or remove it"))]
    KeptExists { path: PathBuf },

    #[error("the process of the build of {drv} cannot be run: {error}")]
    Process { drv: StorePath, error: std::io::Error },

    #[error("{drv} fetches `{}`, and the daemon reads no files of its clients' choice", file.display())]
    #[diagnostic(help("put it into the store yourself, and name that: fruix store add FILE"))]
    LocalFile { drv: StorePath, file: PathBuf },

    #[error("interrupted")]
    Cancelled,

    /// What the daemon says.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Daemon(#[from] Report),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Nar(#[from] NarError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Sys(#[from] SysError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Skeleton(#[from] sandbox::skeleton::SkeletonError),
}

fn show_tail(tail: &[String]) -> String {
    tail.iter().map(|line| format!("  > {line}\n")).collect()
}
