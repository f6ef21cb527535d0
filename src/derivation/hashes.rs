//! The hash of a derivation modulo its fixed outputs.
//!
//! A fixed-output derivation is known by its output alone; any other by its own text, in which each input
//! derivation is replaced by that input's hash. Computed bottom-up and remembered, so that a graph costs one
//! hash per derivation.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::hash::Sha256;
use crate::store_path::StorePath;

use super::aterm::{self, Inputs};
use super::{Derivation, DerivationError};

/// The hashes and output paths of all derivations seen so far.
#[derive(Debug, Default, Clone)]
pub struct Hashes {
    known: HashMap<StorePath, Known>,
}

#[derive(Debug, Clone)]
struct Known {
    /// Hexadecimal: the form in which it is used.
    modulo: String,
    outputs: BTreeMap<String, StorePath>,
}

impl Hashes {
    /// Knows no derivation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether `path` can be used as an input.
    pub fn knows(&self, path: &StorePath) -> bool {
        self.known.contains_key(path)
    }

    /// Where an output of a known derivation will lie.
    pub fn output_path(&self, path: &StorePath, output: &str) -> Option<&StorePath> {
        self.known.get(path)?.outputs.get(output)
    }

    /// Takes note of the instantiated derivation at `path`; its inputs must be known.
    pub fn insert(&mut self, path: &StorePath, derivation: &Derivation) -> Result<(), DerivationError> {
        let mut outputs = BTreeMap::new();
        for (name, output) in &derivation.outputs {
            let place = output
                .path
                .clone()
                .ok_or_else(|| DerivationError::NoOutputPath { input: path.clone(), output: name.clone() })?;
            outputs.insert(name.clone(), place);
        }
        let modulo = match (derivation.fixed_output(), outputs.get("out")) {
            (Some(fixed), Some(place)) => {
                let method = fixed.method.prefix();
                Sha256::of(format!("fixed:out:{method}sha256:{}:{place}", fixed.digest.hex()))
            }
            _ => self.digest(Derivation::name_of(path), derivation, false)?,
        };
        self.known.insert(path.clone(), Known { modulo: modulo.hex(), outputs });
        Ok(())
    }

    /// Takes note of the derivation at `path` and all it needs, fetching each one unknown with `read`, and checks each
    /// (see [`Derivation::check`]).
    pub fn load<E: From<DerivationError>>(
        &mut self,
        path: &StorePath,
        mut read: impl FnMut(&StorePath) -> Result<Derivation, E>,
    ) -> Result<(), E> {
        // An explicit stack: the depth of a graph is the user's, that of our stack is not.
        let mut pending: Vec<(_, Option<Derivation>)> = vec![(path.clone(), None)];
        // Paths hash their inputs, so only a damaged store has a cycle: its second visit finds an unknown input.
        let mut read_before = HashSet::new();
        while let Some((path, derivation)) = pending.pop() {
            if self.knows(&path) {
                continue;
            }
            match derivation {
                Some(derivation) => derivation.check(&path, self)?,
                None if !read_before.insert(path.clone()) => {}
                None => {
                    let derivation = read(&path)?;
                    let inputs: Vec<_> = derivation.input_drvs.keys().cloned().collect();
                    pending.push((path, Some(derivation)));
                    pending.extend(inputs.into_iter().map(|input| (input, None)));
                }
            }
        }
        Ok(())
    }

    /// The hash of `derivation` with its inputs replaced by their hashes; with `mask`, and its output paths
    /// left blank.
    pub(super) fn digest(
        &self,
        name: &str,
        derivation: &Derivation,
        mask: bool,
    ) -> Result<Sha256, DerivationError> {
        let mut inputs = Inputs::new();
        for (path, outputs) in &derivation.input_drvs {
            let known = self.known.get(path).ok_or_else(|| DerivationError::UnknownInput {
                name: name.to_owned(),
                input: path.clone(),
            })?;
            // Two inputs with one hash differ in fixed outputs' fetching only: they count as one.
            let used = inputs.entry(known.modulo.clone()).or_default();
            for output in outputs {
                if !known.outputs.contains_key(output) {
                    return Err(DerivationError::UnknownOutput {
                        name: name.to_owned(),
                        input: path.clone(),
                        output: output.clone(),
                    });
                }
                used.push(output.as_str());
            }
            used.sort_unstable();
            used.dedup();
        }
        Ok(aterm::digest(derivation, &inputs, mask))
    }
}
