//! The builds that run, each for all clients that want it.
//!
//! A build belongs to nobody: it runs in a thread of its own while at least one client waits for it. The last one that
//! goes ends it. Whoever comes while it is being ended waits, and starts it anew.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use crate::build::{BuildError, Cancellation, Event, Progress};
use crate::store_path::StorePath;
use crate::util::report::Report;

use super::attention::no_thread;
use super::feed::Feed;

/// How often one who waits looks whether he still wants to.
const TICK: Duration = Duration::from_millis(50);

/// All builds of a daemon.
#[derive(Debug, Default)]
pub struct Builds {
    table: Mutex<Table>,
    /// Told when a build ends, or a place becomes free.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Table {
    builds: HashMap<StorePath, Arc<Build>>,
    /// How many of them do more than wait for a place.
    busy: usize,
    /// No further one starts.
    stopped: bool,
}

/// A build, and who waits for it.
#[derive(Debug, Default)]
struct Build {
    cancellation: Cancellation,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    watchers: Vec<Weak<Feed>>,
    /// How many clients want it.
    wanted_by: usize,
    /// What one who comes later is told first: that it has started, and in which phase it is.
    so_far: Vec<Event>,
    outcome: Option<Result<bool, Failure>>,
}

/// Why a build did not succeed, for each who waited.
#[derive(Debug, Clone)]
enum Failure {
    Cancelled,
    Because(Report),
}

impl Builds {
    /// Waits for the build of a derivation, which `work` does if nobody does it already: in a thread of its own, once one
    /// of so many `places` is free. Tells whether anything was built.
    pub fn join(
        self: &Arc<Self>,
        drv: &StorePath,
        feed: &Arc<Feed>,
        own: &Cancellation,
        places: NonZeroUsize,
        work: impl FnOnce(&dyn Progress, &Cancellation) -> Result<bool, BuildError> + Send + 'static,
    ) -> Result<bool, BuildError> {
        let mut work = Some(work);
        loop {
            let build = match self.find(drv, feed)? {
                Found::Running(build) => build,
                Found::Ending(build) => {
                    build.wait_until_ended(own)?;
                    continue;
                }
                Found::New(build) => {
                    let Some(work) = work.take() else { return Err(BuildError::Cancelled) };
                    self.start(drv, &build, places, work)?;
                    build
                }
            };
            return build.wait(feed, own);
        }
    }

    /// Does work that is of use to one client alone, once one of so many `places` is free.
    pub fn alone<T>(
        &self,
        places: NonZeroUsize,
        own: &Cancellation,
        work: impl FnOnce() -> Result<T, BuildError>,
    ) -> Result<T, BuildError> {
        let _place = self.take_place(places, own).ok_or(BuildError::Cancelled)?;
        work()
    }

    /// Ends all builds that clients share, and lets no further one start.
    pub fn stop(&self) {
        let mut table = self.lock();
        table.stopped = true;
        table.builds.values().for_each(|build| build.cancellation.cancel());
        self.changed.notify_all();
    }

    /// Waits until none runs.
    pub fn wait_until_none(&self) {
        let mut table = self.lock();
        while !table.builds.is_empty() {
            table = self.changed.wait(table).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The build of a derivation, with one more who wants it.
    fn find(&self, drv: &StorePath, feed: &Arc<Feed>) -> Result<Found, BuildError> {
        let mut table = self.lock();
        if table.stopped {
            return Err(BuildError::Cancelled);
        }
        let Some(build) = table.builds.get(drv) else {
            let build = Arc::new(Build::default());
            build.add(feed);
            table.builds.insert(drv.clone(), Arc::clone(&build));
            return Ok(Found::New(build));
        };
        let build = Arc::clone(build);
        Ok(if build.add(feed) { Found::Running(build) } else { Found::Ending(build) })
    }

    fn start(
        self: &Arc<Self>,
        drv: &StorePath,
        build: &Arc<Build>,
        places: NonZeroUsize,
        work: impl FnOnce(&dyn Progress, &Cancellation) -> Result<bool, BuildError> + Send + 'static,
    ) -> Result<(), BuildError> {
        let ending = Ending { builds: Arc::clone(self), drv: drv.clone(), build: Arc::clone(build) };
        let run = move || {
            let Ending { builds, build, .. } = &ending;
            let result = match builds.take_place(places, &build.cancellation) {
                Some(_place) => work(build.as_ref(), &build.cancellation),
                None => Err(BuildError::Cancelled),
            };
            build.lock().outcome = Some(result.map_err(|error| Failure::of(&error)));
        };
        // If there is no thread to be had, the closure is dropped, and with it the build ends.
        thread::Builder::new()
            .name("build".to_owned())
            .spawn(run)
            .map(drop)
            .map_err(|error| no_thread(error).into())
    }

    /// Waits for a place among so many.
    fn take_place(&self, places: NonZeroUsize, cancellation: &Cancellation) -> Option<Place<'_>> {
        let mut table = self.lock();
        loop {
            if cancellation.is_cancelled() {
                return None;
            }
            if table.busy < places.get() {
                table.busy += 1;
                return Some(Place { builds: self });
            }
            table = self.changed.wait_timeout(table, TICK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What there is of a build.
enum Found {
    /// Nobody does it yet.
    New(Arc<Build>),
    /// Somebody does it.
    Running(Arc<Build>),
    /// Nobody wants it any more, and it has not ended yet.
    Ending(Arc<Build>),
}

/// The right to do more than wait.
struct Place<'a> {
    builds: &'a Builds,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.builds.lock().busy -= 1;
        self.builds.changed.notify_all();
    }
}

/// Takes the build from the table when its thread ends, however that ends.
struct Ending {
    builds: Arc<Builds>,
    drv: StorePath,
    build: Arc<Build>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.builds.lock().builds.remove(&self.drv);
        self.builds.changed.notify_all();
        let defect = || {
            Failure::Because(Report::new(
                format!("the daemon could not build {}", self.drv),
                "this is a defect of fruix; the daemon's log says more",
            ))
        };
        self.build.lock().outcome.get_or_insert_with(|| Err(defect()));
        self.build.ended.notify_all();
    }
}

impl Build {
    /// One more wants it, unless it is being ended.
    fn add(&self, feed: &Arc<Feed>) -> bool {
        let mut state = self.lock();
        if self.cancellation.is_cancelled() {
            return false;
        }
        state.wanted_by += 1;
        state.so_far.iter().cloned().for_each(|event| feed.event(event));
        state.watchers.push(Arc::downgrade(feed));
        true
    }

    /// One less wants it.
    fn leave(&self, feed: &Arc<Feed>) {
        let mut state = self.lock();
        state.watchers.retain(|watcher| !watcher.ptr_eq(&Arc::downgrade(feed)));
        state.wanted_by -= 1;
        if state.wanted_by == 0 {
            self.cancellation.cancel();
        }
    }

    /// Waits for the outcome, while it is wanted.
    fn wait(&self, feed: &Arc<Feed>, own: &Cancellation) -> Result<bool, BuildError> {
        let mut state = self.lock();
        loop {
            match &state.outcome {
                Some(Ok(built)) => return Ok(*built),
                Some(Err(Failure::Cancelled)) => return Err(BuildError::Cancelled),
                Some(Err(Failure::Because(report))) => return Err(BuildError::Daemon(report.clone())),
                None if own.is_cancelled() => {
                    drop(state);
                    self.leave(feed);
                    return Err(BuildError::Cancelled);
                }
                None => {}
            }
            state = self.ended.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn wait_until_ended(&self, own: &Cancellation) -> Result<(), BuildError> {
        let mut state = self.lock();
        while state.outcome.is_none() {
            if own.is_cancelled() {
                return Err(BuildError::Cancelled);
            }
            state = self.ended.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Build {
    fn event(&self, event: Event) {
        let mut state = self.lock();
        match &event {
            Event::Started { .. } => state.so_far = vec![event.clone()],
            Event::Phase { .. } => {
                state.so_far.truncate(1);
                state.so_far.push(event.clone());
            }
            _ => {}
        }
        for watcher in state.watchers.iter().filter_map(Weak::upgrade) {
            watcher.event(event.clone());
        }
    }
}

impl Failure {
    fn of(error: &BuildError) -> Self {
        match error {
            BuildError::Cancelled => Self::Cancelled,
            error => Self::Because(Report::of(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const ONE: NonZeroUsize = NonZeroUsize::MIN;

    fn drv(digit: char) -> StorePath {
        StorePath::from_base_name(&format!("{}-x.drv", digit.to_string().repeat(32))).unwrap()
    }

    fn started(digit: char) -> Event {
        Event::Started { drv: drv(digit), estimate: None }
    }

    /// A build that says when it has begun, and goes on until it is told or cancelled.
    fn patient(
        begun: mpsc::Sender<()>,
        go_on: mpsc::Receiver<()>,
    ) -> impl FnOnce(&dyn Progress, &Cancellation) -> Result<bool, BuildError> + Send + 'static {
        move |progress, cancellation| {
            progress.event(started('a'));
            begun.send(()).unwrap();
            loop {
                if cancellation.is_cancelled() {
                    return Err(BuildError::Cancelled);
                }
                if go_on.recv_timeout(Duration::from_millis(5)).is_ok() {
                    return Ok(true);
                }
            }
        }
    }

    fn never(_: &dyn Progress, _: &Cancellation) -> Result<bool, BuildError> {
        panic!("somebody does it already")
    }

    /// Waits until so many want the build.
    fn wait_for(builds: &Builds, number: usize) {
        while builds.lock().builds[&drv('a')].lock().wanted_by != number {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_build_that_two_want_goes_on_when_one_of_them_goes() {
        let builds = Arc::new(Builds::default());
        let (begun, has_begun) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let (first, second) = (Cancellation::default(), Cancellation::default());
        let (first_feed, second_feed) = (Arc::new(Feed::default()), Arc::new(Feed::default()));
        thread::scope(|scope| {
            let one = scope.spawn(|| builds.join(&drv('a'), &first_feed, &first, ONE, patient(begun, told)));
            has_begun.recv().unwrap();
            let two = scope.spawn(|| builds.join(&drv('a'), &second_feed, &second, ONE, never));
            wait_for(&builds, 2);
            first.cancel();
            assert!(matches!(one.join().unwrap(), Err(BuildError::Cancelled)));
            tell.send(()).unwrap();
            assert!(two.join().unwrap().unwrap());
        });
        builds.wait_until_none();
        assert_eq!(second_feed.next(), Some(started('a')), "who comes later is told too");
    }

    #[test]
    fn the_last_one_who_goes_ends_it_and_the_next_one_starts_it_anew() {
        let builds = Arc::new(Builds::default());
        let (begun, has_begun) = mpsc::channel();
        let (_tell, told) = mpsc::channel();
        let first = Cancellation::default();
        let feed = Arc::new(Feed::default());
        thread::scope(|scope| {
            let one = scope.spawn(|| builds.join(&drv('a'), &feed, &first, ONE, patient(begun, told)));
            has_begun.recv().unwrap();
            first.cancel();
            assert!(one.join().unwrap().is_err());
        });
        let again = builds.join(&drv('a'), &feed, &Cancellation::default(), ONE, |_, _| Ok(true));
        assert!(again.unwrap());
    }

    #[test]
    fn no_more_run_than_there_are_places_and_none_after_the_end() {
        let builds = Arc::new(Builds::default());
        let (begun, has_begun) = mpsc::channel();
        let (_tell, told) = mpsc::channel();
        let feed = Arc::new(Feed::default());
        let (own, impatient) = (Cancellation::default(), Cancellation::default());
        thread::scope(|scope| {
            let one = scope.spawn(|| builds.join(&drv('a'), &feed, &own, ONE, patient(begun, told)));
            has_begun.recv().unwrap();
            let two = scope.spawn(|| builds.join(&drv('b'), &feed, &impatient, ONE, never));
            while builds.lock().builds.len() < 2 {
                thread::sleep(Duration::from_millis(1));
            }
            impatient.cancel();
            assert!(matches!(two.join().unwrap(), Err(BuildError::Cancelled)));
            builds.stop();
            assert!(matches!(one.join().unwrap(), Err(BuildError::Cancelled)));
        });
        builds.wait_until_none();
        assert!(builds.join(&drv('a'), &feed, &Cancellation::default(), ONE, never).is_err());
    }

    #[test]
    fn a_defect_fails_the_build_and_nothing_else() {
        let builds = Arc::new(Builds::default());
        let feed = Arc::new(Feed::default());
        let join = |work: fn(&dyn Progress, &Cancellation) -> Result<bool, BuildError>| {
            builds.join(&drv('a'), &feed, &Cancellation::default(), ONE, work)
        };
        let error = join(|_, _| panic!("a defect")).unwrap_err();
        assert!(error.to_string().contains("could not build"), "{error}");
        assert!(join(|_, _| Ok(true)).unwrap());
    }
}
