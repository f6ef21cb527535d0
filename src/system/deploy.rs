//! Bringing a system to the store of another machine.

use std::collections::{BTreeMap, BTreeSet};

use crate::daemon::Client;
use crate::store::{PathInfo, StoreAccess, StoreError};
use crate::store_path::StorePath;

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    pub items: usize,
    /// Of their archives.
    pub bytes: u64,
}

/// Copies what the other store lacks of the closure of `system`, what is referred to first. One question tells what that
/// is. What the other store has is not collected there while the connection lasts.
pub fn copy_closure(
    from: &dyn StoreAccess,
    to: &Client,
    system: &StorePath,
    tell: &mut dyn FnMut(&PathInfo),
) -> Result<Copied, StoreError> {
    let closure: Vec<StorePath> = from.closure(&[system])?.into_iter().collect();
    to.hold(&closure.iter().collect::<Vec<_>>())?;
    let there = to.valid(&closure)?;
    let mut missing = BTreeMap::new();
    for item in closure.into_iter().filter(|item| !there.contains(item)) {
        let info = from.path_info(&item)?;
        missing.insert(item, info);
    }
    let mut copied = Copied::default();
    for info in references_first(missing) {
        tell(&info);
        copied.items += 1;
        copied.bytes += info.nar_size;
        let place = from.layout().physical(&info.path);
        to.copy_item(info, &place)?;
    }
    Ok(copied)
}

/// The items in an order in which each comes after those that it refers to.
fn references_first(mut items: BTreeMap<StorePath, PathInfo>) -> Vec<PathInfo> {
    let mut ordered = Vec::with_capacity(items.len());
    let mut ready: BTreeSet<StorePath> = BTreeSet::new();
    while !items.is_empty() {
        let is_free = |info: &PathInfo| {
            info.references.iter().all(|other| *other == info.path || !items.contains_key(other))
        };
        ready.extend(items.values().filter(|info| is_free(info)).map(|info| info.path.clone()));
        if ready.is_empty() {
            // Items refer to each other in no circle; one that a damaged database tells of, the other store refuses.
            ready.extend(items.keys().cloned());
        }
        ordered.extend(std::mem::take(&mut ready).iter().filter_map(|path| items.remove(path)));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Sha256;

    fn path(digit: &str) -> StorePath {
        StorePath::from_base_name(&format!("{}-item", digit.repeat(32))).unwrap()
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let item = |digit: &str, references: &[&str]| {
            let info = PathInfo {
                path: path(digit),
                nar_hash: Sha256::of(digit),
                nar_size: 1,
                references: references.iter().map(|digit| path(digit)).collect(),
                deriver: None,
                content_address: None,
                registration_time: 0,
            };
            (info.path.clone(), info)
        };
        // The third refers to itself, and to one that is there already.
        let items = [item("1", &["2", "3"]), item("2", &["3"]), item("3", &["3", "9"]), item("4", &["1"])];
        let ordered: Vec<_> = references_first(items.into()).into_iter().map(|info| info.path).collect();
        assert_eq!(ordered, [path("3"), path("2"), path("1"), path("4")]);
    }
}
