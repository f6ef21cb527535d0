//! Building for a client: while it is told how that goes, and until it has enough of it.

use std::collections::BTreeMap;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::Arc;
use std::thread;

use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use super::Shared;
use super::feed::Feed;
use super::session::{Over, answered};
use super::trust::Standing;
use crate::build::scheduler::Workers;
use crate::build::users::BuildUsers;
use crate::build::{self, BuildError, Cancellation, Options, Progress, Wanted};
use crate::daemon::messages::{Answer, Choices, MAX_REQUEST, Request};
use crate::daemon::wire::{Reader, Wire, Writer};
use crate::store::Store;
use crate::store_path::StorePath;
use crate::util::report::Report;

/// The longest line that a client may have written into a log.
const MAX_NOTE: usize = 4096;

/// Makes outputs valid, and gives the answer.
pub fn serve(
    (shared, standing, store): (&Shared, Standing, &Store),
    wanted: &Wanted,
    choices: &Choices,
    wire: &mut Wire,
) -> Result<Answer, Over> {
    let options = match options(shared, standing, choices) {
        Ok(options) => options,
        Err(report) => return Ok(Answer::Failed(report)),
    };
    let (feed, cancellation) = (Arc::new(Feed::default()), Cancellation::default());
    let (ended, end) = pipe2(OFlag::O_CLOEXEC).map_err(|_| Over)?;
    let Wire { reader, writer } = wire;
    let (result, heard) = thread::scope(|scope| {
        let listener = scope.spawn(|| listen(reader, &ended, &cancellation));
        scope.spawn(|| tell(writer, &feed, &cancellation));
        let result = {
            let _ending = Ending { feed: &feed, _pipe: end };
            realise((shared, store), wanted, (choices, &options), &feed, &cancellation)
        };
        (result, listener.join())
    });
    match result {
        Err(BuildError::Cancelled) if shared.is_stopping() => Ok(Answer::Failed(Report::new(
            "the daemon ends",
            "run the command again when it has been started again",
        ))),
        _ if !matches!(heard, Ok(Ok(()))) => Err(Over),
        Err(BuildError::Cancelled) => Ok(Answer::Cancelled),
        result => Ok(answered(result.map(Answer::Built))),
    }
}

/// Tells the others that there is nothing more to do, also when the building panics: they would go on for ever.
struct Ending<'a> {
    feed: &'a Feed,
    /// Its other end can be waited for.
    _pipe: OwnedFd,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.feed.close();
    }
}

/// Waits for the client to stop what it began, or to go, until the building has ended.
fn listen(reader: &mut Reader, ended: &OwnedFd, cancellation: &Cancellation) -> Result<(), Over> {
    let gone = || {
        cancellation.cancel();
        Over
    };
    while reader.wait_or(None, &[ended.as_fd()]).map_err(|_| gone())? {
        match reader.receive(MAX_REQUEST) {
            Ok(Some(Request::Cancel)) => cancellation.cancel(),
            _ => return Err(gone()),
        }
    }
    Ok(())
}

/// Sends the news, until there are no more. If nobody takes them, the building ends.
fn tell(writer: &mut Writer, feed: &Feed, cancellation: &Cancellation) {
    while let Some(event) = feed.next() {
        if writer.send(&Answer::Event(event)).is_err() {
            return cancellation.cancel();
        }
    }
}

/// Builds what nobody builds yet, and waits for the rest.
fn realise(
    (shared, store): (&Shared, &Store),
    wanted: &Wanted,
    (choices, options): (&Choices, &Options),
    feed: &Arc<Feed>,
    cancellation: &Cancellation,
) -> Result<Vec<StorePath>, BuildError> {
    let workers = Workers { number: options.max_jobs, keep_going: options.keep_going };
    let places = shared.settings().max_jobs;
    build::realise_each(store, wanted, workers, cancellation, |drv, derivation| {
        let note = choices.notes.get(drv).map(|note| (drv.clone(), note.clone()));
        let options = Options { notes: note.into_iter().collect(), ..options.clone() };
        let (layout, own) = (shared.layout.clone(), (drv.clone(), derivation.clone()));
        let work = move |progress: &dyn Progress, cancellation: &Cancellation| {
            let store = Store::open(layout)?;
            build::realise_one(&store, (&own.0, &own.1), &options, progress, cancellation)
        };
        shared.builds.join(drv, feed, cancellation, places, work)
    })
}

/// What the client wants, as far as it may.
fn options(shared: &Shared, standing: Standing, choices: &Choices) -> Result<Options, Report> {
    if !choices.isolated {
        return Err(Report::new("the daemon builds in a sandbox alone", "leave out --no-sandbox"));
    }
    if choices.keep_failed && standing < Standing::Trusted {
        return Err(Report::new(
            "what a failed build leaves is kept for trusted users alone",
            "leave out --keep-failed; or have the operator name you among the `trusted-users` (docs/daemon.md)",
        ));
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
        isolated: true,
        proxies: shared.proxies.clone(),
        notes: BTreeMap::new(),
        local_files: false,
        users: BuildUsers::of_root(&settings).map_err(|error| Report::of(&error))?,
        launcher: shared.launcher.clone(),
    })
}
