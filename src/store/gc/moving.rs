//! Taking items out of the store that the database has forgotten.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::session::{Session, Temporary};
use crate::store::{Layout, facts};
use crate::store_path::StorePath;
use crate::util::crew;
use crate::util::fs::{
    FsError, Operation, PathContext as _, remove_file_if_there, remove_tree, rename, sync_dir,
};

/// Takes items out, some at a time.
pub struct Mover<'a> {
    layout: &'a Layout,
    session: &'a Arc<Session>,
    is_all: AtomicBool,
    trees: Mutex<Vec<Temporary>>,
}

/// What came of it.
pub struct MovedOut {
    /// The trees that are still to be removed.
    pub trees: Vec<Temporary>,
    /// Whether nothing else of any item has its name.
    pub is_all: bool,
}

impl<'a> Mover<'a> {
    pub fn new(layout: &'a Layout, session: &'a Arc<Session>) -> Self {
        Mover { layout, session, is_all: AtomicBool::new(true), trees: Mutex::default() }
    }

    /// Takes items out of the store directory, and the facts about them out of theirs, and their logs. What cannot be taken
    /// out is named in a warning: it is no item any more, and the next one tries again.
    pub fn move_out(&self, items: &[StorePath]) {
        crew::for_each(items, |item| {
            let tree = self.or_warn(self.move_item_out(&self.layout.physical(item))).flatten();
            self.or_warn(remove_file_if_there(&facts::file(self.layout, item)));
            if item.is_derivation() {
                self.or_warn(remove_file_if_there(&self.layout.log_file(item)));
            }
            if let Some(tree) = tree {
                self.trees.lock().unwrap_or_else(PoisonError::into_inner).push(tree);
            }
        });
    }

    /// Has the disk know.
    pub fn end(self) -> Result<MovedOut, FsError> {
        sync_dir(&self.layout.store_dir())?;
        sync_dir(&self.layout.facts_dir())?;
        let trees = self.trees.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(MovedOut { trees, is_all: self.is_all.into_inner() })
    }

    /// Removes a file or link, or gives a tree another name.
    fn move_item_out(&self, place: &Path) -> Result<Option<Temporary>, FsError> {
        // Systems differ in what they say of a directory.
        if remove_file_if_there(place).is_ok() {
            return Ok(None);
        }
        if !fs::symlink_metadata(place).at(Operation::Inspect, place)?.is_dir() {
            return remove_tree(place).map(|()| None);
        }
        let tree = self.session.temporary();
        rename(place, tree.path())?;
        Ok(Some(tree))
    }

    fn or_warn<T>(&self, result: Result<T, FsError>) -> Option<T> {
        let failed = |error| {
            self.is_all.store(false, Ordering::Relaxed);
            tracing::warn!("the next collection has to try again: {error}");
        };
        result.map_err(failed).ok()
    }
}
