//! What can go wrong in the store.

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::derivation::{DerivationError, ParseError};
use crate::hash::Sha256;
use crate::nar::NarError;
use crate::profile::ProfileError;
use crate::store_path::{StorePath, StorePathError};
use crate::util::fs::FsError;
use crate::util::report::Report;

use super::db;
use super::settings::SettingsError;
use crate::sys::processes::ProcessError;

/// An operation of the store that failed. Nothing was registered by it.
#[derive(Debug, Error, Diagnostic)]
pub enum StoreError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Nar(#[from] NarError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] StorePathError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Settings(#[from] Box<SettingsError>),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Processes(#[from] ProcessError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Profile(#[from] Box<ProfileError>),
    #[error(
        "no place for the store is known: `/frx` cannot be written, and neither XDG_DATA_HOME nor HOME is set"
    )]
    #[diagnostic(help("name a directory with --root"))]
    NoRoot,
    #[error("there is no store below `{}`", root.display())]
    #[diagnostic(help(
        "see that --root names the right directory; adding or building something makes a store"
    ))]
    NoStore { root: PathBuf },
    #[error("cannot {action} the database `{}`: {reason}", path.display())]
    Database {
        action: &'static str,
        path: PathBuf,
        reason: String,
        #[help]
        help: &'static str,
    },
    #[error("the database `{}` is lost or empty, but items have been registered", path.display())]
    #[diagnostic(help(
        "the next command of the store's owner makes it again from the facts beside the items"
    ))]
    DatabaseLost { path: PathBuf },
    #[error("the database was not made again, and nothing is lost by that: {error}")]
    #[diagnostic(transparent)]
    NotRebuilt { error: Box<StoreError> },
    #[error("the database `{}` was replaced while this command ran", path.display())]
    #[diagnostic(help("run the command again"))]
    DatabaseReplaced { path: PathBuf },
    #[error("`{}` is a database, but not of a store", path.display())]
    #[diagnostic(help(
        "move it away; if a store was here, `fruix store rebuild-database` makes its database again"
    ))]
    ForeignDatabase { path: PathBuf },
    #[error("the database `{}` has format {found}; this program knows {known}", path.display())]
    #[diagnostic(help("a newer fruix wrote it: use that one"))]
    NewerDatabase { path: PathBuf, found: i64, known: i64 },
    #[error("the database `{}` has format {found}; this program knows {known}", path.display())]
    #[diagnostic(help(
        "an older fruix wrote it; `fruix store rebuild-database` makes it again as this one does"
    ))]
    OlderDatabase { path: PathBuf, found: i64, known: i64 },
    #[error("the database has a damaged entry for `{base_name}`: {problem}")]
    #[diagnostic(help("something else changed the database; `fruix store rebuild-database` makes it again"))]
    DamagedEntry { base_name: String, problem: String },
    #[error("`{path}` is not in the store")]
    #[diagnostic(help("build or add it first; `fruix store path-info` says what is there"))]
    NotValid { path: StorePath },
    #[error("`{path}` is registered, but nothing is there")]
    #[diagnostic(help(
        "build or add it again; a derivation comes back when the declaration is evaluated that needs it"
    ))]
    Gone { path: StorePath },
    #[error("cannot see what the garbage-collector root `{}` keeps", link.display())]
    #[diagnostic(help(
        "nothing is deleted while a root is not known; if it is not wanted, remove that link"
    ))]
    Root {
        link: PathBuf,
        #[source]
        error: Box<FsError>,
    },
    #[error("`{}` is there, and no symbolic link", path.display())]
    #[diagnostic(help("it is not replaced: move it away, or choose another name"))]
    NoLink { path: PathBuf },
    #[error("`{path}` is in use: {chain}")]
    #[diagnostic(help("what keeps it has to go first; `fruix store why-live {path}` says more"))]
    Live { path: StorePath, chain: String },
    #[error("`{path}` is needed by `{referrer}`")]
    #[diagnostic(help("nothing keeps that either: delete both, or all garbage with `fruix store gc`"))]
    Needed { path: StorePath, referrer: StorePath },
    #[error("other processes change the store faster than garbage can be found in it")]
    #[diagnostic(help("what was deleted until now was garbage; run it again later"))]
    Restless,
    #[error("interrupted while waiting for {what}")]
    Interrupted { what: String },
    #[error("`{}` holds the store itself", path.display())]
    #[diagnostic(help("add something that lies beside the store or in it, not above it"))]
    HoldsStore { path: PathBuf },
    #[error("`{path}` has contents that were fixed beforehand, but refers to{references}")]
    #[diagnostic(help("what is fetched has to be complete in itself: it may name no store path"))]
    FixedWithReferences { path: StorePath, references: String },
    #[error("`{path}` has other contents than its name says: {found}, not {declared}")]
    WrongContents { path: StorePath, declared: Sha256, found: Sha256 },
    #[error("`{path}` is to be one plain file, and what came is none")]
    NotAFile { path: StorePath },
    #[error("`{path}` is not the path of what is to lie there, which is `{expected}`")]
    WrongPath { path: StorePath, expected: StorePath },
    #[error("`{path}` refers to `{reference}`, which is not in the store")]
    #[diagnostic(help("add or build what an item refers to before the item"))]
    MissingReference { path: StorePath, reference: StorePath },
    #[error("the builder made no output `{path}`: nothing is at `{}`", place.display())]
    #[diagnostic(help("the builder has to make every output the derivation declares"))]
    OutputMissing { path: StorePath, place: PathBuf },
    #[error("`{path}` is no derivation: {error}")]
    #[diagnostic(help(
        "paths of derivations end in .drv; `fruix store verify --check-contents` finds damaged ones"
    ))]
    NotDerivation { path: StorePath, error: ParseError },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Derivation(#[from] DerivationError),
    #[error("`{name}` cannot be the name of a file or tree: names ending in .drv are those of derivations")]
    #[diagnostic(help(
        "give another with --name; derivations come into the store by evaluating a declaration"
    ))]
    DerivationName { name: String },
    #[error("cannot write the facts about `{path}`: {error}")]
    Facts { path: StorePath, error: serde_json::Error },
    #[error("cannot write to the cache of trees: {error}")]
    Cache { error: serde_json::Error },
    /// What the daemon says, or why it says nothing.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Daemon(#[from] Report),
}

/// Adds what was tried to the errors of the database.
pub(super) trait DatabaseContext<T> {
    /// `action` completes “cannot … the database”.
    fn on(self, action: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T> DatabaseContext<T> for rusqlite::Result<T> {
    fn on(self, action: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Database {
            action,
            path: path.to_owned(),
            reason: db::words(&error),
            help: db::advice(&error),
        })
    }
}
