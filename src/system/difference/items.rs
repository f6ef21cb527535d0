//! The items of two closures, matched by name.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::store::{StoreAccess, StoreError};
use crate::store_path::StorePath;

/// An item of one closure that the other has not, or has another of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemChange {
    /// What follows the digest of its path.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Item>,
}

/// An item, with the size of its archive in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub path: StorePath,
    pub nar_size: u64,
}

/// The items of a closure.
pub fn of(store: &dyn StoreAccess, system: &StorePath) -> Result<BTreeSet<Item>, StoreError> {
    let infos = store.closure_infos(system)?.into_iter();
    Ok(infos.map(|info| Item { path: info.path, nar_size: info.nar_size }).collect())
}

/// Bytes of all of them.
pub fn size(items: &BTreeSet<Item>) -> u64 {
    items.iter().map(|item| item.nar_size).sum()
}

/// Those that only one of the closures has; of one name, one beside the other.
pub fn changes(from: &BTreeSet<Item>, to: &BTreeSet<Item>) -> Vec<ItemChange> {
    let mut by_name: BTreeMap<&str, (Vec<&Item>, Vec<&Item>)> = BTreeMap::new();
    for item in from.difference(to) {
        by_name.entry(item.path.name()).or_default().0.push(item);
    }
    for item in to.difference(from) {
        by_name.entry(item.path.name()).or_default().1.push(item);
    }
    let rows = by_name.into_iter().flat_map(|(name, (old, new))| {
        (0..old.len().max(new.len())).map(move |index| ItemChange {
            name: name.to_owned(),
            from: old.get(index).map(|item| (*item).clone()),
            to: new.get(index).map(|item| (*item).clone()),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(digit: &str, name: &str, nar_size: u64) -> Item {
        let path = StorePath::from_base_name(&format!("{}-{name}", digit.repeat(32))).unwrap();
        Item { path, nar_size }
    }

    #[test]
    fn items_of_one_name_stand_beside_each_other() {
        let from = [item("1", "world", 10), item("2", "kernel", 5), item("3", "old", 1)];
        let to = [item("1", "world", 10), item("4", "kernel", 6), item("5", "kernel", 7)];
        let found = changes(&from.clone().into(), &to.clone().into());
        let row = |name: &str, from: Option<&Item>, to: Option<&Item>| ItemChange {
            name: name.into(),
            from: from.cloned(),
            to: to.cloned(),
        };
        let expected = [
            row("kernel", Some(&from[1]), Some(&to[1])),
            row("kernel", None, Some(&to[2])),
            row("old", Some(&from[2]), None),
        ];
        assert_eq!(found, expected);
        assert_eq!(size(&to.into()), 23);
    }
}
