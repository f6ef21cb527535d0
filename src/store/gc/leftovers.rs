//! What has the name of an item in the store directory and is none: a build without a sandbox was killed, or the database
//! was made again without it.

use crate::store::StoreError;
use crate::store_path::StorePath;
use crate::util::fs::entries;
use crate::util::lock::FileLock;

use super::moving::{MovedOut, Mover};
use super::round::Round;
use super::trash::Trash;

/// How many are removed at a time: each is locked meanwhile, which takes an open file.
pub(super) const CHUNK: usize = 256;

/// Removes what nobody is making and no root names. Tells how many there were.
pub fn remove(round: &mut Round<'_>) -> Result<usize, StoreError> {
    let mut removed = 0;
    for candidates in unregistered(round)?.chunks(CHUNK) {
        removed += remove_some(round, candidates)?;
    }
    Ok(removed)
}

fn remove_some(round: &mut Round<'_>, candidates: &[StorePath]) -> Result<usize, StoreError> {
    let store = round.store;
    let alone = store.hold_lock()?;
    let journal = store.journal()?;
    round.learn()?;
    let (mut removed, mut locks) = (Vec::new(), Vec::new());
    for item in candidates {
        if round.is_kept(item) || store.database.is_registered(item)? {
            continue;
        }
        // Whoever is making the item has this lock.
        if let Some(lock) = FileLock::try_acquire(&store.layout.locks_dir().join(item.base_name()))? {
            removed.push(item.clone());
            locks.push(lock);
        }
    }
    let mover = Mover::new(&store.layout, &round.session);
    mover.move_out(&removed);
    let MovedOut { trees, .. } = mover.end()?;
    for lock in locks {
        lock.remove()?;
    }
    drop((alone, journal));
    Trash::while_open(|trash| trash.take(trees));
    Ok(removed.len())
}

/// The names of items in the store directory that were not registered when the round began.
fn unregistered(round: &Round<'_>) -> Result<Vec<StorePath>, StoreError> {
    let mut found = Vec::new();
    for entry in entries(&round.store.layout.store_dir())? {
        let name = entry?.file_name();
        let item = name.to_str().and_then(|name| StorePath::from_base_name(name).ok());
        found.extend(item.filter(|item| round.snapshot.graph.find(item.base_name()).is_none()));
    }
    Ok(found)
}
