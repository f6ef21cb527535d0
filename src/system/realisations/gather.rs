//! What a store knows of how a closure came to be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Document, Item, Source, VERSION};
use crate::build::machine;
use crate::hash::Sha256;
use crate::store::{PathInfo, Program, Realisation, StoreAccess, StoreError, now};
use crate::store_path::StorePath;
use crate::system::git;

/// The file that declares a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Declaration {
    pub file: String,
    /// Of the file, as `sha256sum` prints it.
    #[serde(with = "super::hex")]
    pub sha256: Sha256,
    /// The commit of the git repository that it lies in, with `-dirty` where something there differs from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

impl Declaration {
    /// That of a file; `None` if it cannot be read any more.
    pub fn of(file: &Path) -> Option<Self> {
        Some(Self {
            file: file.display().to_string(),
            sha256: Sha256::of(std::fs::read(file).ok()?),
            revision: git::revision_at(file),
        })
    }
}

/// What `store` knows of the system and of all that its items were built from.
pub fn document(
    store: &dyn StoreAccess,
    system: &StorePath,
    declaration: Option<Declaration>,
) -> Result<Document, StoreError> {
    let mut found = Found { store, realisations: BTreeMap::new(), sources: BTreeMap::new() };
    let closure = store.closure_infos(system)?;
    for info in &closure {
        found.item(info)?;
    }
    Ok(Document {
        version: VERSION,
        system: system.clone(),
        image: None,
        declaration,
        fruix: Some(Program::this()),
        machine: machine::this(),
        written: Some(now()),
        items: closure.into_iter().map(Item::from).collect(),
        sources: found.sources.into_values().collect(),
        realisations: found.realisations.into_values().collect(),
    })
}

impl From<PathInfo> for Item {
    fn from(info: PathInfo) -> Self {
        Self { path: info.path, nar_hash: info.nar_hash, nar_size: info.nar_size }
    }
}

struct Found<'s> {
    store: &'s dyn StoreAccess,
    realisations: BTreeMap<StorePath, Realisation>,
    sources: BTreeMap<StorePath, Source>,
}

impl Found<'_> {
    /// How the item came to be, and what the derivation that made it was given, directly or not. Of derivations that are
    /// garbage and gone, nothing is known.
    fn item(&mut self, info: &PathInfo) -> Result<(), StoreError> {
        let record = self.store.realisation(&info.path)?;
        let derivation = record.as_ref().and_then(|record| record.derivation.clone());
        let mut pending: Vec<_> = derivation.or_else(|| info.deriver.clone()).into_iter().collect();
        self.realisations.extend(record.map(|record| (info.path.clone(), record)));
        let mut seen = BTreeSet::new();
        while let Some(drv) = pending.pop() {
            if !seen.insert(drv.clone()) || !self.store.is_valid(&drv)? {
                continue;
            }
            let derivation = self.store.derivation(&drv)?;
            for input in &derivation.input_srcs {
                self.source(input)?;
            }
            for output in derivation.outputs.values().filter_map(|output| output.path.as_ref()) {
                if let Some(record) = self.store.realisation(output)? {
                    self.realisations.insert(output.clone(), record);
                }
            }
            pending.extend(derivation.input_drvs.into_keys());
        }
        Ok(())
    }

    fn source(&mut self, path: &StorePath) -> Result<(), StoreError> {
        if self.sources.contains_key(path) || !self.store.is_valid(path)? {
            return Ok(());
        }
        let item = Item::from(self.store.path_info(path)?);
        let store_path_sha256 = Sha256::of(path.to_string());
        self.sources.insert(path.clone(), Source { item, store_path_sha256 });
        Ok(())
    }
}
