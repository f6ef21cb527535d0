//! Building for a client: while it is told how that goes, and until it has enough of it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::Shared;
use super::attention::{no_thread, while_listening};
use super::feed::Feed;
use super::session::{Over, answered};
use super::trust::Visitor;
use crate::build::scheduler::Workers;
use crate::build::users::BuildUsers;
use crate::build::{self, BuildError, Cancellation, Options, Progress, Wanted, check};
use crate::daemon::messages::{Answer, Choices};
use crate::daemon::wire::{Wire, Writer};
use crate::derivation::Derivation;
use crate::store::Store;
use crate::store_path::StorePath;
use crate::util::report::Report;
use crate::util::threads::spawn_scoped;

/// The longest line that a client may have written into a log.
const MAX_NOTE: usize = 4096;

/// What is done for a client, and how.
pub struct Building<'a> {
    shared: &'a Shared,
    store: &'a Store,
    choices: &'a Choices,
    options: Options,
    feed: Arc<Feed>,
    cancellation: Cancellation,
}

/// Has `work` build, and gives the answer.
pub fn serve(
    (shared, visitor, store): (&Shared, Visitor, &Store),
    choices: &Choices,
    wire: &mut Wire,
    work: impl FnOnce(&Building<'_>) -> Result<Answer, BuildError>,
) -> Result<Answer, Over> {
    let options = match options(shared, visitor, choices) {
        Ok(options) => options,
        Err(report) => return Ok(Answer::Failed(report)),
    };
    let (feed, cancellation) = (Arc::new(Feed::default()), Cancellation::default());
    let building = Building { shared, store, choices, options, feed, cancellation };
    let Building { feed, cancellation, .. } = &building;
    let Wire { reader, writer } = wire;
    let result = while_listening(shared, reader, cancellation, || {
        thread::scope(|scope| {
            spawn_scoped(scope, || tell(writer, feed, cancellation)).map_err(no_thread)?;
            let _closing = Closing(feed);
            work(&building)
        })
    })?;
    match result {
        Err(BuildError::Cancelled) if shared.is_stopping() => Ok(Answer::Failed(Report::new(
            "the daemon ends",
            "run the command again when it has been started again",
        ))),
        Err(BuildError::Cancelled) => Ok(Answer::Cancelled),
        result => Ok(answered(result)),
    }
}

/// Says that there are no more news, also when the building panics: who waits for them would do so for ever.
struct Closing<'a>(&'a Feed);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Sends the news, until there are no more. If nobody takes them, the building ends.
fn tell(writer: &mut Writer, feed: &Feed, cancellation: &Cancellation) {
    while let Some(event) = feed.next() {
        if writer.send(&Answer::Event(event)).is_err() {
            return cancellation.cancel();
        }
    }
}

impl Building<'_> {
    /// Builds what nobody builds yet, and waits for the rest.
    pub fn realise(&self, wanted: &Wanted) -> Result<Vec<StorePath>, BuildError> {
        let Self { shared, options, .. } = self;
        let workers = Workers { number: options.max_jobs, keep_going: options.keep_going };
        build::realise_each(self.store, wanted, workers, &self.cancellation, |drv, derivation| {
            let note = self.choices.notes.get(drv).map(|note| (drv.clone(), note.clone()));
            let options = Options { notes: note.into_iter().collect(), ..options.clone() };
            let (layout, own) = (shared.layout.clone(), (drv.clone(), derivation.clone()));
            let work = move |progress: &dyn Progress, cancellation: &Cancellation| {
                let store = Store::open(layout)?;
                build::realise_one(&store, (&own.0, &own.1), &options, progress, cancellation)
            };
            shared.builds.join(drv, &self.feed, &self.cancellation, self.places(), work)
        })
    }

    /// Builds again and compares. What is missing is built before, for all who want it; the second build is this client's
    /// alone.
    pub fn check(&self, drvs: &BTreeSet<StorePath>) -> Result<(), BuildError> {
        let make = |wanted: &Wanted| self.realise(wanted).map(drop);
        let again = |drv: &StorePath, derivation: &Derivation| {
            let (own, progress) = ((drv, derivation), self.feed.as_ref());
            let work = || check::check_one(self.store, own, &self.options, progress, &self.cancellation);
            self.shared.builds.alone(self.places(), &self.cancellation, work)
        };
        check::check_each(self.store, drvs, &self.options, make, again)
    }

    /// How many builds run at a time, for all clients.
    fn places(&self) -> NonZeroUsize {
        self.shared.settings().max_jobs
    }
}

/// What the client wants, as far as it may.
fn options(shared: &Shared, visitor: Visitor, choices: &Choices) -> Result<Options, Report> {
    if !choices.isolated {
        return Err(Report::new("the daemon builds in a sandbox alone", "leave out --no-sandbox"));
    }
    if choices.keep_failed {
        visitor.require_trust("what a failed build leaves is kept", "leave out --keep-failed")?;
    }
    if choices.notes.values().any(|note| note.len() > MAX_NOTE || note.chars().any(char::is_control)) {
        return Err(Report::new("a note for a log is no short line", "see that both are the same fruix"));
    }
    let settings = shared.settings();
    let all = thread::available_parallelism().unwrap_or(choices.cores);
    Ok(Options {
        max_jobs: choices.max_jobs.min(settings.max_jobs),
        cores: choices.cores.min(settings.cores.unwrap_or(all)),
        keep_failed: choices.keep_failed,
        keep_going: choices.keep_going,
        keep_differing: None,
        isolated: true,
        proxies: shared.proxies.clone(),
        notes: BTreeMap::new(),
        local_files: false,
        users: BuildUsers::of_root(&settings).map_err(|error| Report::of(&error))?,
        launcher: shared.launcher.clone(),
    })
}
