//! Building again what is there, to see whether the same comes out. The store stays as it is.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{
    BuildError, Cancellation, Event, Options, Progress, Wanted,
    compare::{self, Difference},
    job::Job,
    realise::{self, sum_up},
    request::output_path,
};
use crate::{derivation::Derivation, store::Store, store_path::StorePath};

/// So many differences of an output are told of: whoever has more has seen enough.
const MOST: usize = 10_000;

/// What came of building a derivation again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub drv: StorePath,
    /// The outputs that came out in another way. Of all others, the same came out.
    pub differing: Vec<Differing>,
}

/// An output that came out in another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Differing {
    pub drv: StorePath,
    pub output: StorePath,
    /// In what it differs: what is in the store, then what came out now.
    pub differences: Vec<Difference>,
    /// How many more differences there are than those.
    pub more: usize,
    /// Where what came out now is kept, if it is.
    pub kept: Option<PathBuf>,
}

/// Builds derivations again, one after the other, whose outputs are in the store, and compares all of their outputs.
/// Each is told of ([`Event::Checked`]) as soon as it was compared. Outputs that are missing are built before.
///
/// # Errors
/// A build fails, or something cannot be read. Where the options say so, the rest is checked all the same.
pub fn check(
    store: &Store,
    drvs: &BTreeSet<StorePath>,
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<(), BuildError> {
    let make = |wanted: &Wanted| realise::realise(store, wanted, options, progress, cancellation).map(drop);
    let again = |drv: &StorePath, derivation: &Derivation| {
        check_one(store, (drv, derivation), options, progress, cancellation)
    };
    check_each(store, drvs, options, make, again)
}

/// The same, with `make` to build what is missing, and `again` to build once more and compare.
pub fn check_each(
    store: &Store,
    drvs: &BTreeSet<StorePath>,
    options: &Options,
    make: impl Fn(&Wanted) -> Result<(), BuildError>,
    again: impl Fn(&StorePath, &Derivation) -> Result<(), BuildError>,
) -> Result<(), BuildError> {
    if !options.isolated {
        return Err(BuildError::CheckNeedsSandbox);
    }
    let mut wanted = Wanted::new();
    for drv in drvs {
        wanted.insert(drv.clone(), store.derivation(drv)?.outputs.into_keys().collect());
    }
    let mut failures: Vec<_> = make(&wanted).err().into_iter().collect();
    for drv in drvs {
        let is_over = |failure: &BuildError| !options.keep_going || matches!(failure, BuildError::Cancelled);
        if failures.last().is_some_and(is_over) {
            break;
        }
        let derivation = store.derivation(drv)?;
        // What could not be built was told of.
        if is_there(store, drv, &derivation)? {
            // The inputs may be garbage that was collected.
            failures.extend(make(&derivation.input_drvs).and_then(|()| again(drv, &derivation)).err());
        }
    }
    sum_up(failures)
}

/// Builds a derivation again that is in the store with its inputs, compares, and tells.
pub fn check_one(
    store: &Store,
    (drv, derivation): (&StorePath, &Derivation),
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<(), BuildError> {
    let logs = store.layout().log_dir().join("check");
    let job = Job { store, options, progress, cancellation, drv, derivation, logs };
    let mut differing = Vec::new();
    job.build_again(|output, again| {
        let mut differences = compare::compare(&store.layout().physical(output), again)?;
        if differences.is_empty() {
            return Ok(None);
        }
        let more = differences.len().saturating_sub(MOST);
        differences.truncate(MOST);
        let kept = options.keep_differing.as_ref().map(|keep| keep.join(output.base_name()));
        let (drv, output) = (drv.clone(), output.clone());
        differing.push(Differing { drv, output, differences, more, kept: kept.clone() });
        Ok(kept)
    })?;
    progress.event(Event::Checked(Checked { drv: drv.clone(), differing }));
    Ok(())
}

/// Whether all outputs are in the store.
fn is_there(store: &Store, drv: &StorePath, derivation: &Derivation) -> Result<bool, BuildError> {
    for output in derivation.outputs.keys() {
        if !store.is_valid(&output_path(drv, derivation, output)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}
