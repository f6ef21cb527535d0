//! Building what is missing.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    BuildError, Cancellation, Plan, Progress, Wanted, check,
    job::{ANY_SYSTEM, Job, SYSTEM},
    scheduler::{self, Outcome, Workers},
    users::BuildUsers,
};
use crate::{
    derivation::Derivation,
    store::{Store, StoreAccess},
    store_path::StorePath,
    sys,
};

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
    /// Where to keep what came out in another way when it was built again, by the names of the store items.
    pub keep_differing: Option<PathBuf>,
    /// Whether builds are isolated.
    pub isolated: bool,
    /// By variable: the proxies that fetches go through.
    pub proxies: BTreeMap<String, String>,
    /// By derivation: a line about it for the top of its log. No part of the build, and nothing depends on it.
    pub notes: BTreeMap<StorePath, String>,
    /// Whether a fetch may name a file of this machine, which whoever runs fruix may read: not where that is another
    /// user than the one who wants it.
    pub local_files: bool,
    /// The users that builders are; without, they are the one who runs fruix.
    pub users: Option<Arc<BuildUsers>>,
    /// The fruix program, which is run again for each build.
    pub launcher: PathBuf,
}

/// A store in which derivations can be realised, from whichever side.
pub trait Realise: StoreAccess {
    /// Makes the wanted outputs valid. Gives the derivations that were built.
    fn realise(
        &self,
        wanted: &Wanted,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<Vec<StorePath>, BuildError>;

    /// Builds derivations again and compares all of their outputs with those in the store, which stays as it is. What
    /// came of each is told as an event, see [`check::check`].
    fn check(
        &self,
        drvs: &BTreeSet<StorePath>,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<(), BuildError>;
}

impl Realise for Store {
    fn realise(
        &self,
        wanted: &Wanted,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<Vec<StorePath>, BuildError> {
        realise(self, wanted, &with_users(self, options)?, progress, cancellation)
    }

    fn check(
        &self,
        drvs: &BTreeSet<StorePath>,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<(), BuildError> {
        check::check(self, drvs, &with_users(self, options)?, progress, cancellation)
    }
}

/// Where builds have to be other users than the one who runs fruix, and none are chosen: those of the settings.
fn with_users(store: &Store, options: &Options) -> Result<Options, BuildError> {
    let users = match &options.users {
        None if options.isolated && sys::NEEDS_BUILD_USERS => BuildUsers::of_root(store.settings())?,
        given => given.clone(),
    };
    Ok(Options { users, ..options.clone() })
}

/// Makes the wanted outputs valid. Gives the derivations that were built.
pub fn realise(
    store: &Store,
    wanted: &Wanted,
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<Vec<StorePath>, BuildError> {
    let root = store.layout().root();
    if !options.isolated && root != Path::new("/") {
        return Err(BuildError::NeedsRealRoot { root: root.to_owned() });
    }
    let workers = Workers { number: options.max_jobs, keep_going: options.keep_going };
    realise_each(store, wanted, workers, cancellation, |drv, derivation| {
        realise_one(store, (drv, derivation), options, progress, cancellation)
    })
}

/// Does for each derivation that is missing what `one` does, which tells whether it built anything: in the order that
/// they need each other, and nothing if one of them cannot be built here.
pub fn realise_each(
    store: &Store,
    wanted: &Wanted,
    workers: Workers,
    cancellation: &Cancellation,
    one: impl Fn(&StorePath, &Derivation) -> Result<bool, BuildError> + Sync,
) -> Result<Vec<StorePath>, BuildError> {
    let plan = plan_and_hold(store, wanted)?;
    plan.derivations.iter().try_for_each(|(drv, derivation)| check_system(drv, derivation))?;
    let outcomes = scheduler::run(&plan.graph(), workers, |drv| {
        if cancellation.is_cancelled() {
            return Err(BuildError::Cancelled);
        }
        one(drv, &plan.derivations[drv])
    });
    summarise(outcomes)
}

/// Makes the outputs of one derivation valid, whose inputs are. Tells whether it was built for that.
pub fn realise_one(
    store: &Store,
    (drv, derivation): (&StorePath, &Derivation),
    options: &Options,
    progress: &dyn Progress,
    cancellation: &Cancellation,
) -> Result<bool, BuildError> {
    let logs = store.layout().log_dir();
    Job { store, options, progress, cancellation, drv, derivation, logs }.realise()
}

/// Finds out what is missing, and keeps what is there, and will be needed, from being collected.
fn plan_and_hold(store: &Store, wanted: &Wanted) -> Result<Plan, BuildError> {
    store.hold(wanted.keys())?;
    let _pause = store.pause_collection()?;
    let plan = Plan::new(store, wanted, |drv| Ok(store.derivation(drv)?))?;
    store.hold(plan.outputs.iter().chain(plan.derivations.keys()))?;
    Ok(plan)
}

fn check_system(drv: &StorePath, derivation: &Derivation) -> Result<(), BuildError> {
    if [SYSTEM, ANY_SYSTEM].contains(&derivation.system.as_str()) {
        return Ok(());
    }
    Err(BuildError::WrongSystem { drv: drv.clone(), system: derivation.system.clone() })
}

/// What was built, or why not all of it.
fn summarise(outcomes: BTreeMap<StorePath, Outcome<bool, BuildError>>) -> Result<Vec<StorePath>, BuildError> {
    let mut built = Vec::new();
    let mut failures = Vec::new();
    for (drv, outcome) in outcomes {
        match outcome {
            Outcome::Done(true) => built.push(drv),
            Outcome::Failed(failure) => failures.push(failure),
            Outcome::Done(false) | Outcome::NotStarted => {}
        }
    }
    sum_up(failures).map(|()| built)
}

/// One error for all of them, if there is any. That the user ended the rest hides no failure before.
pub(super) fn sum_up(mut failures: Vec<BuildError>) -> Result<(), BuildError> {
    let all = failures.len();
    failures.retain(|failure| !matches!(failure, BuildError::Cancelled));
    let was_cancelled = failures.len() < all;
    match (failures.pop(), failures.is_empty()) {
        (None, _) if was_cancelled => Err(BuildError::Cancelled),
        (None, _) => Ok(()),
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
