//! Building what is missing.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use super::{
    BuildError, Cancellation, Plan, Progress, Wanted,
    job::Job,
    scheduler::{self, Outcome, Workers},
};
use crate::{store::Store, store_path::StorePath};

/// How to go about it.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many builds run at a time.
    pub max_jobs: NonZeroUsize,
    /// How many jobs each build may run at a time.
    pub cores: NonZeroUsize,
    /// Whether the directory of a failed build stays.
    pub keep_failed: bool,
    /// Whether builds that do not depend on a failed one still start.
    pub keep_going: bool,
    /// Whether builds are isolated.
    pub isolated: bool,
    /// By variable: the proxies that fetches go through.
    pub proxies: BTreeMap<String, String>,
    /// The fruix program, which is run again for each build.
    pub launcher: PathBuf,
}

/// Makes the wanted outputs valid. Gives the derivations that were built.
pub fn realise(
    store: &Store,
    wanted: &Wanted,
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<Vec<StorePath>, BuildError> {
    let plan = Plan::new(store, wanted, |drv| Ok(store.derivation(drv)?))?;
    if plan.derivations.is_empty() {
        return Ok(Vec::new());
    }
    let root = store.layout().root();
    if !options.isolated && root != Path::new("/") {
        return Err(BuildError::NeedsRealRoot { root: root.to_owned() });
    }
    let workers = Workers { number: options.max_jobs, keep_going: options.keep_going };
    let outcomes = scheduler::run(&plan.graph(), workers, |drv| {
        if cancellation.is_cancelled() {
            return Err(BuildError::Cancelled);
        }
        let derivation = &plan.derivations[drv];
        Job { store, options, progress, cancellation, drv, derivation }.realise()
    });
    summarise(outcomes)
}

fn summarise(outcomes: BTreeMap<StorePath, Outcome<bool, BuildError>>) -> Result<Vec<StorePath>, BuildError> {
    let mut built = Vec::new();
    let mut failures = Vec::new();
    for (drv, outcome) in outcomes {
        match outcome {
            Outcome::Done(true) => built.push(drv),
            Outcome::Failed(BuildError::Cancelled) => return Err(BuildError::Cancelled),
            Outcome::Failed(failure) => failures.push(failure),
            Outcome::Done(false) | Outcome::NotStarted => {}
        }
    }
    match (failures.pop(), failures.is_empty()) {
        (None, _) => Ok(built),
        (Some(failure), true) => Err(failure),
        (Some(failure), false) => {
            failures.push(failure);
            Err(BuildError::Several { failures })
        }
    }
}
