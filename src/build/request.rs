//! From the outputs somebody wants to the derivations that have to be built for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{BuildError, scheduler::Graph};
use crate::{derivation::Derivation, store::Store, store_path::StorePath};

/// By derivation: the outputs wanted of it.
pub type Wanted = BTreeMap<StorePath, BTreeSet<String>>;

/// What has to be built, and in which order.
#[derive(Debug, Default)]
pub struct Plan {
    /// The derivations to build; those whose outputs are valid are not among them.
    pub derivations: BTreeMap<StorePath, Derivation>,
}

impl Plan {
    /// Finds out what is missing. `read` gives the derivation of a path, which need not be in the store.
    pub fn new(
        store: &Store,
        wanted: &Wanted,
        read: impl Fn(&StorePath) -> Result<Derivation, BuildError>,
    ) -> Result<Self, BuildError> {
        let mut derivations = BTreeMap::new();
        let mut open = wanted.clone();
        while let Some((drv, outputs)) = open.pop_first() {
            if derivations.contains_key(&drv) {
                continue;
            }
            let derivation = read(&drv)?;
            if all_valid(store, &drv, &derivation, &outputs)? {
                continue;
            }
            for (input, outputs) in &derivation.input_drvs {
                open.entry(input.clone()).or_default().extend(outputs.iter().cloned());
            }
            derivations.insert(drv, derivation);
        }
        Ok(Self { derivations })
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

fn all_valid(
    store: &Store,
    drv: &StorePath,
    derivation: &Derivation,
    outputs: &BTreeSet<String>,
) -> Result<bool, BuildError> {
    for output in outputs {
        if !store.is_valid(&output_path(drv, derivation, output)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
