//! What differs between two systems: options, services, accounts, files, items and sizes.
//!
//! Two closures are compared by what they hold, not by how they were declared, so that systems of other machines, or of
//! other versions of Fruix, can be compared as well.

mod files;
mod items;
mod options;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::store::{StoreAccess, StoreError};
use crate::store_path::StorePath;

use super::description::{Description, DescriptionError};

pub use items::ItemChange;

/// Why two systems cannot be compared.
#[derive(Debug, Error, Diagnostic)]
pub enum DifferenceError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Description(#[from] DescriptionError),
    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help(
        "see that the path is a system closure; `fruix store verify --check-contents` finds damage"
    ))]
    Read { path: PathBuf, source: io::Error },
    #[error("`{}` is not JSON: {source}", path.display())]
    #[diagnostic(help("the closure is damaged; `fruix store verify --check-contents` says more"))]
    Json { path: PathBuf, source: serde_json::Error },
}

/// Everything that differs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    pub from: StorePath,
    pub to: StorePath,
    /// Settings: of the system, its base, `rc.conf` and the loader.
    pub options: Vec<Change>,
    pub services: Vec<Change>,
    pub accounts: Vec<Change>,
    /// Files below `/etc`, special files, and the steps of activation; by the digest of what they hold.
    pub files: Vec<Change>,
    /// Store items.
    pub items: Vec<ItemChange>,
    pub size: SizeChange,
}

/// Something with a name that one system has, or both have and not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub name: String,
    /// What the first has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the second has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Bytes of all items together, as archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SizeChange {
    pub from: u64,
    pub to: u64,
}

/// What is known of things by name.
type Facts = BTreeMap<String, String>;

impl Difference {
    /// Compares the closures `from` and `to` of one store.
    pub fn of(store: &dyn StoreAccess, from: &StorePath, to: &StorePath) -> Result<Self, DifferenceError> {
        let (old, new) = (Side::read(store, from)?, Side::read(store, to)?);
        let (old_items, new_items) = (items::of(store, from)?, items::of(store, to)?);
        Ok(Self {
            from: from.clone(),
            to: to.clone(),
            options: changes(&old.options, &new.options),
            services: changes(&old.services, &new.services),
            accounts: changes(&old.accounts, &new.accounts),
            files: changes(&old.files, &new.files),
            items: items::changes(&old_items, &new_items),
            size: SizeChange { from: items::size(&old_items), to: items::size(&new_items) },
        })
    }

    /// Whether the systems are one.
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }
}

/// One of the two systems.
struct Side {
    options: Facts,
    services: Facts,
    accounts: Facts,
    files: Facts,
}

impl Side {
    fn read(store: &dyn StoreAccess, system: &StorePath) -> Result<Self, DifferenceError> {
        let layout = store.layout();
        let closure = layout.physical(system);
        let description = Description::read(&closure)?;
        let services = description.services.iter().map(|name| (name.clone(), String::new())).collect();
        Ok(Self {
            options: options::of(&closure, &description)?,
            services,
            accounts: options::accounts(&closure)?,
            files: files::of(layout, &closure)?,
        })
    }
}

fn changes(from: &Facts, to: &Facts) -> Vec<Change> {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let changed = names.into_iter().filter(|name| from.get(*name) != to.get(*name));
    changed
        .map(|name| Change { name: name.clone(), from: from.get(name).cloned(), to: to.get(name).cloned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(&str, &str)]) -> Facts {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn what_one_side_lacks_is_added_or_removed() {
        let found = changes(
            &facts(&[("a", "1"), ("b", "1"), ("c", "1")]),
            &facts(&[("b", "2"), ("c", "1"), ("aa", "")]),
        );
        let change = |name: &str, from: Option<&str>, to: Option<&str>| Change {
            name: name.into(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        let expected =
            [change("a", Some("1"), None), change("aa", None, Some("")), change("b", Some("1"), Some("2"))];
        assert_eq!(found, expected);
    }
}
