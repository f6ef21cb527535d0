//! From the outputs somebody wants to the derivations that have to be built for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{BuildError, scheduler::Graph};
use crate::{derivation::Derivation, store::StoreAccess, store_path::StorePath};

/// By derivation: the outputs wanted of it.
pub type Wanted = BTreeMap<StorePath, BTreeSet<String>>;

/// What has to be built, and in which order.
#[derive(Debug, Default)]
pub struct Plan {
    /// The derivations to build; those whose outputs are valid are not among them.
    pub derivations: BTreeMap<StorePath, Derivation>,
    /// The outputs that are wanted, by somebody or for a build, valid or not.
    pub outputs: BTreeSet<StorePath>,
}

impl Plan {
    /// Finds out what is missing. `read` gives the derivation of a path, which need not be in the store.
    pub fn new(
        store: &dyn StoreAccess,
        wanted: &Wanted,
        read: impl Fn(&StorePath) -> Result<Derivation, BuildError>,
    ) -> Result<Self, BuildError> {
        let mut derivations = BTreeMap::new();
        let mut needed = BTreeSet::new();
        // Valid themselves, but something they refer to is lost: it is built where it is somebody's output.
        let mut incomplete = BTreeSet::new();
        let mut open = wanted.clone();
        while let Some((drv, outputs)) = open.pop_first() {
            if derivations.contains_key(&drv) {
                continue;
            }
            let derivation = read(&drv)?;
            for output in &outputs {
                needed.insert(output_path(&drv, &derivation, output)?);
            }
            let is_valid = all(&drv, &derivation, &outputs, |path| Ok(store.is_valid(path)?))?;
            if is_valid {
                let is_whole = all(&drv, &derivation, &outputs, |path| Ok(store.is_whole(path)?))?;
                if is_whole || !incomplete.insert(drv.clone()) {
                    continue;
                }
            }
            for (input, outputs) in &derivation.input_drvs {
                open.entry(input.clone()).or_default().extend(outputs.iter().cloned());
            }
            if !is_valid {
                derivations.insert(drv, derivation);
            }
        }
        Ok(Self { derivations, outputs: needed })
    }

    /// The order: each derivation waits for those of its inputs that are to be built.
    pub fn graph(&self) -> Graph<StorePath> {
        self.derivations
            .iter()
            .map(|(drv, derivation)| (drv.clone(), derivation.input_drvs.keys().cloned().collect()))
            .collect()
    }
}

/// The path of an output, which an instantiated derivation has.
pub fn output_path(drv: &StorePath, derivation: &Derivation, output: &str) -> Result<StorePath, BuildError> {
    let path = derivation.outputs.get(output).and_then(|declared| declared.path.clone());
    path.ok_or_else(|| BuildError::NoOutput { drv: drv.clone(), output: output.to_owned() })
}

/// Whether something holds for all of the outputs.
fn all(
    drv: &StorePath,
    derivation: &Derivation,
    outputs: &BTreeSet<String>,
    holds: impl Fn(&StorePath) -> Result<bool, BuildError>,
) -> Result<bool, BuildError> {
    for output in outputs {
        if !holds(&output_path(drv, derivation, output)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
