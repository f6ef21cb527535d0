//! What can go wrong in the store.

use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

use crate::derivation::{DerivationError, ParseError};
use crate::nar::NarError;
use crate::store_path::{StorePath, StorePathError};
use crate::util::fs::FsError;

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
    #[error(
        "no place for the store is known: `/frx` cannot be written, and neither XDG_DATA_HOME nor HOME is set"
    )]
    #[diagnostic(help("name a directory with --root"))]
    NoRoot,
    #[error("cannot {action} in the database `{}`: {error}", path.display())]
    #[diagnostic(help(
        "check free space and permissions; `sqlite3 FILE 'pragma integrity_check'` examines it"
    ))]
    Database { action: &'static str, path: PathBuf, error: rusqlite::Error },
    #[error("the database `{}` has format {found}; this program knows {known}", path.display())]
    #[diagnostic(help("a newer fruix wrote it: use that one"))]
    NewerDatabase { path: PathBuf, found: i64, known: i64 },
    #[error("the database has a damaged entry for `{base_name}`: {problem}")]
    #[diagnostic(help("the database was changed by another program"))]
    DamagedEntry { base_name: String, problem: String },
    #[error("`{path}` is not in the store")]
    #[diagnostic(help("build or add it first; `fruix store path-info` says what is there"))]
    NotValid { path: StorePath },
    #[error("`{path}` refers to `{reference}`, which is not in the store")]
    #[diagnostic(help("add or build what an item refers to before the item"))]
    MissingReference { path: StorePath, reference: StorePath },
    #[error("the builder made no output `{path}`: nothing is at `{}`", place.display())]
    #[diagnostic(help("the builder has to make every output the derivation declares"))]
    OutputMissing { path: StorePath, place: PathBuf },
    #[error("`{path}` is no derivation: {error}")]
    #[diagnostic(help("paths of derivations end in .drv; `fruix store verify` finds damaged ones"))]
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
}

/// Adds what was tried to the errors of the database.
pub(super) trait DatabaseContext<T> {
    /// `action` completes “cannot … in the database”.
    fn on(self, action: &'static str, path: &std::path::Path) -> Result<T, StoreError>;
}

impl<T> DatabaseContext<T> for rusqlite::Result<T> {
    fn on(self, action: &'static str, path: &std::path::Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Database { action, path: path.to_owned(), error })
    }
}
