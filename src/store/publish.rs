//! The last steps on the way into the store, the same for all items: seal, flush, write down, rename, register.
//!
//! One process (and thread) at a time moves items in: the one that holds the [`Journal`]. What was interrupted between
//! the first rename and the commit is removed by the next that takes it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store_path::StorePath;
use crate::sys::durability::sync_tree;
use crate::util::fs::{exists, remove_tree, rename, sync_dir};
use crate::util::lock::FileLock;

use super::facts::{self, Facts};
use super::journal::{Journal, Unfinished, Way};
use super::session::{Session, Temporary};
use super::tree::canonical::seal_top;
use super::verify::find_fault;
use super::{PathInfo, Realisation, Store, StoreError};

/// A complete, canonical item that does not lie at its store path yet.
#[derive(Debug)]
pub(super) struct Finished {
    pub info: PathInfo,
    /// Where it lies now, on the same file system as the store. It is moved from there.
    pub place: PathBuf,
}

/// An item that is all ready to be moved, with its facts.
struct Ready {
    info: PathInfo,
    place: Temporary,
    facts: Temporary,
    /// Whether the same contents lie at its path already, so that it need not be moved.
    is_there: bool,
}

impl Store {
    /// Makes items valid, all or none; what is valid already is left as it is.
    pub(super) fn publish(&self, items: Vec<Finished>, records: &[Realisation]) -> Result<(), StoreError> {
        let session = self.session()?;
        self.hold(items.iter().flat_map(|item| item.info.references.iter().chain([&item.info.path])))?;
        let mut ready = Vec::new();
        for item in items {
            item.info.check_content_address()?;
            if !self.is_valid(&item.info.path)? {
                ready.push(self.make_ready(&session, item, records)?);
            }
        }
        let places: Vec<&Path> =
            ready.iter().flat_map(|item| [item.place.path(), item.facts.path()]).collect();
        session.flush(&places)?;

        let journal = self.journal()?;
        let mut new = Vec::new();
        for item in ready {
            // Another process may have been first.
            if !self.is_valid(&item.info.path)? {
                new.push(item);
            }
        }
        journal.begin(new.iter().map(|item| &item.info.path))?;
        let registered = self.move_in(&session, &mut new).and_then(|()| {
            let infos: Vec<&PathInfo> = new.iter().map(|item| &item.info).collect();
            self.database.register(&infos, records)
        });
        match registered {
            Ok(()) => journal.end(),
            Err(_) => {
                let stay = new.iter().filter(|item| !self.remove_unless_valid(&item.info.path)).count();
                if stay == 0 {
                    journal.end();
                }
            }
        }
        registered
    }

    /// Whether the item lies at its path, whole and canonical.
    fn is_intact(&self, info: &PathInfo) -> Result<bool, StoreError> {
        Ok(find_fault(&self.layout, info)?.is_none())
    }

    /// Puts an item directly into the store directory, where it can be sealed: a directory that its owner cannot write
    /// to cannot be moved to another one.
    fn make_ready(
        &self,
        session: &Arc<Session>,
        item: Finished,
        records: &[Realisation],
    ) -> Result<Ready, StoreError> {
        let Finished { info, place: from } = item;
        let (place, scratch) = (session.temporary(), session.scratch_file());
        rename(&from, place.path())?;
        if self.settings.auto_optimise_store {
            self.share_files(place.path())?;
        }
        seal_top(place.path())?;
        let mut realisations = self.database.realisations(&info.path)?;
        realisations.extend(records.iter().filter(|record| record.output == info.path).cloned());
        let facts = Facts { info, realisations };
        facts.write(scratch.path())?;
        Ok(Ready { info: facts.info, place, facts: scratch, is_there: false })
    }

    /// Gives the items their names. What has such a name and is not valid was left by one who was interrupted, or by
    /// one whose database is lost: the same contents stay, others go once they are replaced.
    fn move_in(&self, session: &Arc<Session>, items: &mut [Ready]) -> Result<(), StoreError> {
        let mut replaced = Vec::new();
        for item in &mut *items {
            let target = self.layout.physical(&item.info.path);
            if exists(&target)? {
                item.is_there = self.is_intact(&item.info)?;
                if item.is_there {
                    sync_tree(&target)?;
                } else {
                    let aside = session.temporary();
                    rename(&target, aside.path())?;
                    replaced.push(aside);
                }
            }
            if !item.is_there {
                rename(item.place.path(), &target)?;
            }
            let facts = facts::file(&self.layout, &item.info.path);
            rename(item.facts.path(), &facts)?;
        }
        if !items.is_empty() {
            sync_dir(&self.layout.store_dir())?;
            sync_dir(&self.layout.facts_dir())?;
        }
        Ok(())
    }

    /// Waits for the right to move items into the store, and ends what others began and did not.
    pub(super) fn journal(&self) -> Result<Journal, StoreError> {
        let journal = Journal::acquire(&self.layout, &|| self.is_interrupted())?;
        let journal = journal.ok_or_else(|| StoreError::Interrupted { what: "the store".to_owned() })?;
        if !self.database.is_current()? {
            return Err(StoreError::DatabaseReplaced { path: self.layout.db() });
        }
        self.recover(&journal)?;
        Ok(journal)
    }

    /// Removes what was moved into the store and never registered, or forgotten and never moved out of it, by one who
    /// died meanwhile.
    pub(super) fn recover(&self, journal: &Journal) -> Result<(), StoreError> {
        let unfinished = journal.unfinished()?;
        if unfinished.is_empty() {
            return Ok(());
        }
        for Unfinished { path, way } in &unfinished {
            // Nothing has happened yet to an item that was to go and is registered.
            if *way == Way::Out && self.database.is_registered(path)? {
                continue;
            }
            // Whoever is making the item now deals with what is there.
            if let Some(lock) = FileLock::try_acquire(&self.layout.locks_dir().join(path.base_name()))? {
                self.remove_unless_valid(path);
                lock.remove()?;
            }
        }
        journal.end();
        Ok(())
    }

    /// Removes what lies at a path, and the facts about it, unless it is what is registered. Tells whether nothing is
    /// left to do; if something is, a warning says what.
    fn remove_unless_valid(&self, path: &StorePath) -> bool {
        let remove = || -> Result<(), StoreError> {
            let target = self.layout.physical(path);
            match self.database.path_info(path)? {
                // It may have been made anew where only its contents were lost.
                Some(info) if self.is_intact(&info)? => return Ok(()),
                Some(_) => {}
                None => remove_tree(&facts::file(&self.layout, path))?,
            }
            if exists(&target)? {
                remove_tree(&target)?;
                tracing::warn!("removed {path}, which an interrupted run left there unregistered");
            }
            Ok(())
        };
        let removed = remove();
        if let Err(error) = &removed {
            tracing::warn!("something that an interrupted run left stays: {error}");
        }
        removed.is_ok()
    }
}
