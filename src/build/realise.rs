//! Building what is missing.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use super::{
    BuildError, Cancellation, Plan, Progress, Wanted,
    job::{ANY_SYSTEM, Job, SYSTEM},
    scheduler::{self, Outcome, Workers},
};
use crate::{derivation::Derivation, store::Store, store_path::StorePath};

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
    /// By derivation: a line about it for the top of its log. No part of the build, and nothing depends on it.
    pub notes: BTreeMap<StorePath, String>,
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
    // Before anything is built for one that cannot be.
    plan.derivations.iter().try_for_each(|(drv, derivation)| check_system(drv, derivation))?;
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

fn check_system(drv: &StorePath, derivation: &Derivation) -> Result<(), BuildError> {
    if [SYSTEM, ANY_SYSTEM].contains(&derivation.system.as_str()) {
        return Ok(());
    }
    Err(BuildError::WrongSystem { drv: drv.clone(), system: derivation.system.clone() })
}

/// What was built, or why not all of it. That the user ended the rest hides no failure before.
fn summarise(outcomes: BTreeMap<StorePath, Outcome<bool, BuildError>>) -> Result<Vec<StorePath>, BuildError> {
    let mut built = Vec::new();
    let mut failures = Vec::new();
    let mut cancelled = false;
    for (drv, outcome) in outcomes {
        match outcome {
            Outcome::Done(true) => built.push(drv),
            Outcome::Failed(BuildError::Cancelled) => cancelled = true,
            Outcome::Failed(failure) => failures.push(failure),
            Outcome::Done(false) | Outcome::NotStarted => {}
        }
    }
    match (failures.pop(), failures.is_empty()) {
        (None, _) if cancelled => Err(BuildError::Cancelled),
        (None, _) => Ok(built),
        (Some(failure), true) => Err(failure),
        (Some(failure), false) => {
            failures.push(failure);
            Err(BuildError::Several { failures })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_hides_no_failure() {
        let drv = |digit: char| {
            StorePath::from_base_name(&format!("{}-x.drv", digit.to_string().repeat(32))).unwrap()
        };
        let failed = || Outcome::Failed(BuildError::NoOutput { drv: drv('b'), output: "out".to_owned() });
        let cancelled = || Outcome::Failed(BuildError::Cancelled);
        let summary =
            |b, c| summarise([(drv('a'), Outcome::Done(true)), (drv('b'), b), (drv('c'), c)].into());
        assert!(matches!(summary(cancelled(), failed()), Err(BuildError::NoOutput { .. })));
        assert!(matches!(summary(failed(), failed()), Err(BuildError::Several { .. })));
        assert!(matches!(summary(cancelled(), Outcome::NotStarted), Err(BuildError::Cancelled)));
        assert_eq!(summary(Outcome::Done(false), Outcome::NotStarted).unwrap(), [drv('a')]);
    }
}
