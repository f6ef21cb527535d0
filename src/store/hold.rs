//! Temporary roots: what a running process needs, valid or about to be, is not collected.
//!
//! Each process writes what it needs to the file of its session, whose lock dies with it. Between the two sides stands
//! one lock: those who say what they need share it, and a collector has it alone while it makes items invalid, having
//! read, under that lock, what everyone needs. So there are two cases only. Whoever asks first whether an item is
//! valid and then builds with it has *held* it before: then the collector has seen that. Or the collector was first:
//! then the item is not valid, and is made again.
//!
//! No one waits longer than one chunk of a collection takes to be struck out (see [`super::gc`]).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use crate::store_path::StorePath;
use crate::util::fs::{FsError, Operation, PathContext as _, entries_if_there};
use crate::util::lock::FileLock;

use super::layout::Layout;
use super::session;
use super::{Store, StoreError};

/// While it lives, no item becomes invalid.
#[derive(Debug)]
pub struct Pause {
    _lock: Option<FileLock>,
}

impl Store {
    /// Keeps items, and what they refer to, from being collected while this store is open. They need not be valid yet.
    ///
    /// To be asked for before [`Store::is_valid`]: then what is valid stays so. A store that was opened to read holds
    /// nothing.
    pub fn hold<'a>(&self, paths: impl IntoIterator<Item = &'a StorePath>) -> Result<(), StoreError> {
        if self.is_read_only {
            return Ok(());
        }
        let session = self.session()?;
        let new = session.not_held(paths);
        if new.is_empty() {
            return Ok(());
        }
        let _pause = self.pause_collection()?;
        Ok(session.hold(new)?)
    }

    /// Holds the item, and tells whether it is valid.
    pub(super) fn hold_valid(&self, path: &StorePath) -> Result<bool, StoreError> {
        self.hold([path])?;
        self.is_valid(path)
    }

    /// Keeps every item valid for a moment, in which to find out which are to be held.
    pub fn pause_collection(&self) -> Result<Pause, StoreError> {
        if self.is_read_only {
            return Ok(Pause { _lock: None });
        }
        let waiting = || tracing::debug!("waiting for a collection of garbage");
        let lock = FileLock::acquire_shared(&self.layout.hold_lock(), waiting, &|| self.is_interrupted())?;
        match lock {
            None => Err(StoreError::Interrupted { what: "a collection of garbage".to_owned() }),
            lock => Ok(Pause { _lock: lock }),
        }
    }
}

/// What all processes hold, as far as it was read.
#[derive(Debug, Default)]
pub struct Holds {
    /// By session: how much of its file was read.
    read: BTreeMap<PathBuf, u64>,
}

impl Holds {
    /// What was held since the last time, with the session that holds it. The caller has the lock alone, or can do with
    /// less than all.
    pub fn news(&mut self, layout: &Layout) -> Result<Vec<(StorePath, String)>, FsError> {
        let mut news = Vec::new();
        let directory = layout.sessions_dir();
        for entry in entries_if_there(&directory)? {
            let name = entry?.file_name();
            let Some(id) = name.to_str().filter(|name| session::owner(name) == Some(*name)) else { continue };
            let file = directory.join(id);
            let offset = self.read.get(&file).copied().unwrap_or(0);
            let Some(lines) = lines_from(&file, offset)? else { continue };
            let items: BTreeSet<_> =
                lines.lines().filter_map(|line| StorePath::from_base_name(line).ok()).collect();
            news.extend(items.into_iter().map(|item| (item, id.to_owned())));
            self.read.insert(file, offset + lines.len() as u64);
        }
        Ok(news)
    }
}

/// The whole lines of a file from a place on; nothing if it has gone, as it does with its session.
fn lines_from(path: &std::path::Path, offset: u64) -> Result<Option<String>, FsError> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.at(Operation::Open, path)?,
    };
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_to_end(&mut text)).at(Operation::Read, path)?;
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    Ok(Some(String::from_utf8_lossy(&text[..end]).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::session::Session;
    use super::*;
    use crate::util::fs::create_dir_all;

    #[test]
    fn what_is_held_is_known_until_the_session_ends() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        create_dir_all(&layout.store_dir()).unwrap();
        let item = |digit: &str| StorePath::from_base_name(&format!("{}-x", digit.repeat(32))).unwrap();
        let (one, two) = (item("1"), item("2"));
        let session = Session::begin(&layout).unwrap();
        let mut holds = Holds::default();
        let mut news =
            || -> Vec<StorePath> { holds.news(&layout).unwrap().into_iter().map(|(item, _)| item).collect() };
        assert_eq!(news(), []);
        session.hold(session.not_held([&one])).unwrap();
        assert_eq!(news(), std::slice::from_ref(&one));
        assert_eq!(news(), []);
        let new = session.not_held([&one, &two, &two]);
        assert_eq!(new.len(), 1, "what is held is not written again");
        session.hold(new).unwrap();
        assert_eq!(news(), std::slice::from_ref(&two));
        // Nobody is kept from working by half a line of one who was killed.
        fs::write(layout.sessions_dir().join("1f.0123456789abcdef"), format!("{}\n1111", one.base_name()))
            .unwrap();
        assert_eq!(news(), [one]);
        drop(session);
        assert_eq!(Holds::default().news(&layout).unwrap().len(), 1);
    }
}
