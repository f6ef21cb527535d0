//! Making the database again from the facts beside the items.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::util::fs::{FsError, directory_of, exists, remove_tree, rename, sync_dir};

use super::db::Database;
use super::facts::{self, Facts};
use super::gc::collector_lock;
use super::journal::Journal;
use super::verify::{Problem, find_fault};
use super::{Layout, Store, StoreError};

/// What became of the database.
#[derive(Debug)]
pub struct Rebuilt {
    /// How many items are registered.
    pub registered: usize,
    /// What is not, each with the reason: for people.
    pub left_out: Vec<String>,
    /// Where the old database lies, if it could not be filled again where it was.
    pub replaced: Option<PathBuf>,
}

impl Store {
    /// Makes the database again. What the facts speak of is registered if it is there, whole, and all that it refers to
    /// is registered too.
    pub fn rebuild_database(layout: &Layout) -> Result<Rebuilt, StoreError> {
        for directory in [layout.store_dir(), layout.facts_dir()] {
            if !exists(&directory)? {
                return Err(StoreError::NoStore { root: layout.root().to_owned() });
            }
        }
        let _collector = collector_lock(layout, &interrupt::requested)?;
        // Until it is released, nobody registers anything.
        let _journal = Journal::acquire(layout, &interrupt::requested)?
            .ok_or_else(|| StoreError::Interrupted { what: "the store".to_owned() })?;
        let (facts, mut left_out) = usable_facts(layout)?;
        let facts = whole_closures(facts, &mut left_out);
        let infos: Vec<_> = facts.iter().map(|facts| &facts.info).collect();
        let mut records: Vec<_> = facts.iter().flat_map(|facts| facts.realisations.clone()).collect();
        records.sort_by_key(|record| record.ended);
        let refill = |path: &Path| {
            let database = Database::open(path)?.map_or_else(|| Database::make(path), Ok)?;
            database.refill(&infos, &records)
        };
        // In place, where that can be: others may have it open.
        let replaced = match refill(&layout.db()) {
            Ok(()) => None,
            Err(in_place) => {
                tracing::debug!("another database is made, to replace the old one: {in_place}");
                let new = make_beside(&layout.db(), refill)?;
                tracing::warn!("the database is beyond use, and is replaced: {in_place}");
                Some(put_in_place(&new, &layout.db())?)
            }
        };
        Ok(Rebuilt { registered: infos.len(), left_out: left_out.into_values().collect(), replaced })
    }
}

/// By item, why it is not registered.
type LeftOut = BTreeMap<String, String>;

/// The facts that are true of what lies in the store, and why others are not.
fn usable_facts(layout: &Layout) -> Result<(Vec<Facts>, LeftOut), StoreError> {
    let (mut usable, mut left_out) = (Vec::new(), LeftOut::new());
    for file in facts::files(layout)? {
        if interrupt::requested() {
            return Err(StoreError::Interrupted { what: "the items".to_owned() });
        }
        match Facts::read(&file) {
            Ok(facts) => match find_fault(layout, &facts.info)? {
                None => usable.push(facts),
                Some(fault) => {
                    let base_name = facts.info.path.base_name().to_owned();
                    left_out.insert(base_name.clone(), Problem { base_name, fault }.to_string());
                }
            },
            Err(reason) => {
                let name = file.display();
                left_out.insert(name.to_string(), format!("unusable facts in {name}: {reason}"));
            }
        }
    }
    Ok((usable, left_out))
}

/// Leaves out, again and again, what refers to something that is left out.
fn whole_closures(facts: Vec<Facts>, left_out: &mut LeftOut) -> Vec<Facts> {
    let mut kept: BTreeMap<StorePath, Facts> =
        facts.into_iter().map(|facts| (facts.info.path.clone(), facts)).collect();
    loop {
        let known: BTreeSet<&StorePath> = kept.keys().collect();
        let dangling: Vec<(StorePath, StorePath)> = kept
            .values()
            .filter_map(|facts| {
                let missing = facts.info.references.iter().find(|reference| !known.contains(reference))?;
                Some((facts.info.path.clone(), missing.clone()))
            })
            .collect();
        if dangling.is_empty() {
            return kept.into_values().collect();
        }
        for (path, missing) in dangling {
            kept.remove(&path);
            left_out
                .insert(path.base_name().to_owned(), format!("incomplete {path}: it refers to {missing}"));
        }
    }
}

/// Makes another database beside the one there is, and fills it. Where that cannot be done, on a full disk say, the one
/// there is was hardly at fault before: it stays, and nothing else does.
fn make_beside(
    database: &Path,
    fill: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<PathBuf, StoreError> {
    let new = with_suffix(database, ".new");
    remove_database(&new)?;
    match fill(&new) {
        Ok(()) => Ok(new),
        Err(error) => {
            if let Err(error) = remove_database(&new) {
                tracing::debug!("an unfinished database stays until the next one is made: {error}");
            }
            Err(StoreError::NotRebuilt { error: Box::new(error) })
        }
    }
}

/// Gives the new database its name, once the old one has another. In between there is none, which everyone takes for a
/// lost one.
fn put_in_place(new: &Path, database: &Path) -> Result<PathBuf, FsError> {
    let old = with_suffix(database, ".old");
    remove_database(&old)?;
    for part in PARTS {
        let (from, to) = (with_suffix(database, part), with_suffix(&old, part));
        if exists(&from)? {
            rename(&from, &to)?;
        }
    }
    rename(new, database)?;
    sync_dir(directory_of(database))?;
    Ok(old)
}

/// What the names of a database's files end with: itself, its log of changes and the index of that.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

fn remove_database(path: &Path) -> Result<(), FsError> {
    PARTS.iter().try_for_each(|part| remove_tree(&with_suffix(path, part)))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
