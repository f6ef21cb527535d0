//! Whether a store lies where a daemon can keep it for others.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use nix::sys::stat::{Mode, umask};
use nix::unistd::geteuid;
use thiserror::Error;

use crate::store::{Layout, Store, StoreError};
use crate::util::fs::{FsError, Operation, PathContext as _, directory_of, set_mode};

/// Only the daemon asks the database itself: whoever may open it could keep it locked.
const PRIVATE: u32 = 0o700;

/// Why a daemon cannot serve a store.
#[derive(Debug, Error, Diagnostic)]
pub enum PremisesError {
    #[error("other users cannot reach the store: `{}` is closed to them", path.display())]
    #[diagnostic(help("builds are users of their own, and so are clients: chmod go+x {}", path.display()))]
    Closed { path: PathBuf },

    #[error("other users may write to `{}`", path.display())]
    #[diagnostic(help("they could put anything into the store: chmod go-w {}", path.display()))]
    Open { path: PathBuf },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),

    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
}

/// Makes the store if there is none, and sees that others can read it and cannot write it.
pub fn prepare(layout: &Layout) -> Result<(), PremisesError> {
    umask(Mode::S_IWGRP | Mode::S_IWOTH);
    drop(Store::open(layout.clone())?);
    set_mode(directory_of(&layout.db()), PRIVATE)?;
    let place = layout.store_dir();
    if mode(&place)? & 0o022 != 0 {
        return Err(PremisesError::Open { path: place });
    }
    // An ordinary user's daemon builds as that user.
    if geteuid().is_root() {
        for path in place.ancestors() {
            if mode(path)? & 0o001 == 0 {
                return Err(PremisesError::Closed { path: path.to_owned() });
            }
        }
    }
    Ok(())
}

fn mode(path: &Path) -> Result<u32, FsError> {
    Ok(fs::metadata(path).at(Operation::Inspect, path)?.mode())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_open_to_readers_and_closed_to_writers() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(&directory.path().join("root")).unwrap();
        set_mode(directory.path(), 0o755).unwrap();
        prepare(&layout).unwrap();
        assert_eq!(mode(directory_of(&layout.db())).unwrap() & 0o7777, PRIVATE);
        set_mode(&layout.store_dir(), 0o775).unwrap();
        assert!(matches!(prepare(&layout), Err(PremisesError::Open { .. })));
        set_mode(&layout.store_dir(), 0o755).unwrap();
        set_mode(directory.path(), 0o700).unwrap();
        let closed = prepare(&layout);
        assert_eq!(closed.is_err(), geteuid().is_root(), "{closed:?}");
    }
}
