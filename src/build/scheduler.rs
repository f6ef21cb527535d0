//! Which build starts when: a graph of tasks, a number of workers, and nothing else.
//!
//! Knows nothing of derivations or processes. A task starts once all it depends on is done; what depends on a
//! failed task never starts; whether others still do is the caller's choice.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::util::crew;

/// By task: the tasks it depends on. Dependencies that are no tasks of the graph count as done.
pub type Graph<K> = BTreeMap<K, BTreeSet<K>>;

/// How a task ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome<T, E> {
    Done(T),
    Failed(E),
    /// It was not started, because of a failure: of something it depends on, or of another task.
    NotStarted,
}

/// How the workers go about a graph.
#[derive(Debug, Clone, Copy)]
pub struct Workers {
    /// How many tasks run at a time.
    pub number: NonZeroUsize,
    /// Whether tasks that do not depend on a failed one still start.
    pub keep_going: bool,
}

/// Runs every task of the graph with `work`, and gives how each ended.
///
/// Tasks that are running when another fails are let finish. A circle is never started.
///
/// # Panics
/// If `work` does, once the tasks that run have ended.
pub fn run<K, T, E>(
    graph: &Graph<K>,
    workers: Workers,
    work: impl Fn(&K) -> Result<T, E> + Sync,
) -> BTreeMap<K, Outcome<T, E>>
where
    K: Ord + Clone + Send + Sync,
    T: Send,
    E: Send,
{
    let board = Board { graph, state: Mutex::new(State::new(graph)), changed: Condvar::new() };
    let number = workers.number.get().min(graph.len());
    let take_turns = || {
        while let Some(task) = board.next(workers.keep_going) {
            let turn = Turn { board: &board };
            let result = work(&task);
            turn.end(&task, result);
        }
    };
    thread::scope(|scope| {
        if crew::hire(scope, number, take_turns) == 0 {
            take_turns();
        }
    });
    let state = board.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut outcomes = state.outcomes;
    for task in graph.keys() {
        outcomes.entry(task.clone()).or_insert(Outcome::NotStarted);
    }
    outcomes
}

/// What the workers share.
struct Board<'a, K, T, E> {
    graph: &'a Graph<K>,
    state: Mutex<State<K, T, E>>,
    /// Told whenever a task has ended.
    changed: Condvar,
}

struct State<K, T, E> {
    /// Tasks that nothing stands in the way of.
    ready: BTreeSet<K>,
    /// By task that is not ready: what it waits for.
    waiting: BTreeMap<K, BTreeSet<K>>,
    running: usize,
    failed: bool,
    panicked: bool,
    outcomes: BTreeMap<K, Outcome<T, E>>,
}

impl<K: Ord + Clone, T, E> State<K, T, E> {
    fn new(graph: &Graph<K>) -> Self {
        let open = |dependencies: &BTreeSet<K>| -> BTreeSet<K> {
            dependencies.iter().filter(|dependency| graph.contains_key(dependency)).cloned().collect()
        };
        let (ready, waiting): (BTreeMap<_, _>, BTreeMap<_, _>) = graph
            .iter()
            .map(|(task, dependencies)| (task.clone(), open(dependencies)))
            .partition(|(_, dependencies)| dependencies.is_empty());
        let ready = ready.into_keys().collect();
        Self { ready, waiting, running: 0, failed: false, panicked: false, outcomes: BTreeMap::new() }
    }
}

/// A task that a worker runs. Ends, as a failure, also when the worker panics: the others would wait for ever.
struct Turn<'a, 'b, K: Ord + Clone, T, E> {
    board: &'a Board<'b, K, T, E>,
}

impl<K: Ord + Clone, T, E> Turn<'_, '_, K, T, E> {
    fn end(self, task: &K, result: Result<T, E>) {
        self.board.record(task, result);
        std::mem::forget(self);
    }
}

impl<K: Ord + Clone, T, E> Drop for Turn<'_, '_, K, T, E> {
    fn drop(&mut self) {
        let mut state = self.board.lock();
        state.running -= 1;
        state.panicked = true;
        self.board.changed.notify_all();
    }
}

impl<K: Ord + Clone, T, E> Board<'_, K, T, E> {
    /// The next task to run; waits for one. None when there will be no more.
    fn next(&self, keep_going: bool) -> Option<K> {
        let mut state = self.lock();
        loop {
            if state.panicked || (state.failed && !keep_going) {
                return None;
            }
            if let Some(task) = state.ready.pop_first() {
                state.running += 1;
                return Some(task);
            }
            if state.running == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn record(&self, task: &K, result: Result<T, E>) {
        let mut state = self.lock();
        state.running -= 1;
        let outcome = match result {
            Ok(value) => {
                self.release(&mut state, task);
                Outcome::Done(value)
            }
            Err(error) => {
                state.failed = true;
                Outcome::Failed(error)
            }
        };
        state.outcomes.insert(task.clone(), outcome);
        self.changed.notify_all();
    }

    /// Makes ready what waited for this task alone.
    fn release(&self, state: &mut State<K, T, E>, done: &K) {
        let dependants = self.graph.iter().filter(|(_, dependencies)| dependencies.contains(done));
        for (task, _) in dependants {
            let Some(open) = state.waiting.get_mut(task) else { continue };
            open.remove(done);
            if open.is_empty() {
                state.waiting.remove(task);
                state.ready.insert(task.clone());
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<K, T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use super::*;
    use crate::util::threads;

    fn graph(edges: &[(&'static str, &[&'static str])]) -> Graph<&'static str> {
        edges.iter().map(|(task, on)| (*task, on.iter().copied().collect())).collect()
    }

    fn workers(number: usize, keep_going: bool) -> Workers {
        Workers { number: NonZeroUsize::new(number).unwrap(), keep_going }
    }

    #[test]
    fn what_is_depended_on_comes_first() {
        let graph = graph(&[
            ("image", &["kernel", "world"]),
            ("world", &["source"]),
            ("kernel", &["source"]),
            ("source", &["outside"]),
        ]);
        let order = Mutex::new(Vec::new());
        let outcomes = run(&graph, workers(3, false), |task| {
            order.lock().unwrap().push(*task);
            Ok::<_, ()>(())
        });
        let order = order.into_inner().unwrap();
        assert_eq!((order[0], order[3], order.len()), ("source", "image", 4));
        assert!(outcomes.values().all(|outcome| *outcome == Outcome::Done(())));
    }

    #[test]
    fn independent_tasks_run_at_the_same_time_but_no_more_than_allowed() {
        let graph = graph(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[])]);
        // Each pair must meet here: a single worker would wait for ever.
        let meeting = Barrier::new(2);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        run(&graph, workers(2, false), |_| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            meeting.wait();
            thread::sleep(Duration::from_millis(5));
            now.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, ()>(())
        });
        assert_eq!(most.into_inner(), 2);
    }

    #[test]
    fn after_a_failure_nothing_that_depends_on_it_starts() {
        let graph = graph(&[("a", &[]), ("b", &["a"]), ("c", &["b"]), ("z", &[])]);
        let fail_a = |task: &&str| if *task == "a" { Err("broken") } else { Ok(()) };
        let outcomes = run(&graph, workers(1, true), fail_a);
        assert_eq!(outcomes["a"], Outcome::Failed("broken"));
        assert_eq!(outcomes["b"], Outcome::NotStarted);
        assert_eq!(outcomes["c"], Outcome::NotStarted);
        assert_eq!(outcomes["z"], Outcome::Done(()));
        let outcomes = run(&graph, workers(1, false), fail_a);
        assert_eq!(outcomes["z"], Outcome::NotStarted);
    }

    #[test]
    fn where_no_thread_is_given_the_calling_one_runs_all() {
        let graph = graph(&[("a", &[]), ("b", &["a"]), ("c", &["b"])]);
        let caller = thread::current().id();
        let run = || run(&graph, workers(3, false), |_| Ok::<_, ()>(thread::current().id()));
        assert!(threads::alone(run).values().all(|outcome| *outcome == Outcome::Done(caller)));
    }

    #[test]
    fn a_circle_ends_instead_of_hanging() {
        let graph = graph(&[("a", &["b"]), ("b", &["a"]), ("c", &[])]);
        let outcomes = run(&graph, workers(2, false), |_| Ok::<_, ()>(()));
        assert_eq!(outcomes["a"], Outcome::NotStarted);
        assert_eq!(outcomes["c"], Outcome::Done(()));
    }

    #[test]
    fn a_panic_ends_the_run_instead_of_hanging_it() {
        let graph = graph(&[("a", &[]), ("b", &["a"]), ("c", &["a"])]);
        let run = || run(&graph, workers(3, true), |_| -> Result<(), ()> { panic!("a defect") });
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
