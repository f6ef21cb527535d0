//! Building again what is there, to see whether the same comes out. The store stays as it is.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{
    BuildError, Cancellation, Progress, Wanted,
    compare::{self, Difference},
    job::Job,
    realise::{self, Options},
};
use crate::{store::Store, store_path::StorePath};

/// An output that came out in another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Differing {
    pub drv: StorePath,
    pub output: StorePath,
    /// In what it differs: what is in the store, then what came out now.
    pub differences: Vec<Difference>,
    /// Where what came out now is kept, if it is.
    pub kept: Option<PathBuf>,
}

/// Builds the derivations of `wanted` again, one after the other, whose outputs are in the store, and compares all of
/// their outputs. What differs is kept in the directory `keep`, if one is given.
///
/// # Errors
/// A build fails, or something cannot be read.
pub fn check(
    store: &Store,
    wanted: &Wanted,
    keep: Option<&Path>,
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<Vec<Differing>, BuildError> {
    if !options.isolated {
        return Err(BuildError::CheckNeedsSandbox);
    }
    // What is there stays there until it is compared; what is not is built now.
    realise::realise(store, wanted, options, progress, cancellation)?;
    let mut found = Vec::new();
    for drv in wanted.keys() {
        let derivation = store.derivation(drv)?;
        // They may be garbage that was collected.
        realise::realise(store, &derivation.input_drvs, options, progress, cancellation)?;
        let logs = store.layout().log_dir().join("check");
        let job = Job { store, options, progress, cancellation, drv, derivation: &derivation, logs };
        job.build_again(|output, again| {
            let differences = compare::compare(&store.layout().physical(output), again)?;
            if differences.is_empty() {
                return Ok(None);
            }
            let kept = keep.map(|keep| keep.join(output.base_name()));
            let (drv, output) = (drv.clone(), output.clone());
            found.push(Differing { drv, output, differences, kept: kept.clone() });
            Ok(kept)
        })?;
    }
    Ok(found)
}
