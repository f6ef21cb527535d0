//! Threads for work of which each piece mostly waits for a disk.
//!
//! A file system that tells its disk which blocks are free (the mount option `discard`), or that has to read a directory
//! first, lets whoever asks for something wait. Then it is how many wait at once that decides how long all take, not how
//! many processors there are. Where nothing waits, the threads beyond those cost next to nothing.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, Scope};

use super::threads::{self, NoThread};

/// How many threads wait at once, where files are removed.
pub const MEMBERS: usize = 32;
/// How many pieces of work are worth a thread.
const SHARE: usize = 8;
/// How many tasks have to wait before others are asked to help: little work is done sooner than they come.
const MUCH: usize = 64;

/// Held by who has helpers with work that grows: one at a time, so that few files are open.
static HELPERS: Mutex<()> = Mutex::new(());

/// Has `number` threads more do some work. Where the system gives fewer, those do it. Tells how many it gave, perhaps none.
pub fn hire<'scope, F>(scope: &'scope Scope<'scope, '_>, number: usize, work: F) -> usize
where
    F: Fn() + Send + Copy + 'scope,
{
    (0..number).take_while(|_| threads::spawn_scoped(scope, work).is_ok()).count()
}

/// Does something with each item, with many at once.
pub fn for_each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let take_turns = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(item);
        }
    };
    thread::scope(|scope| {
        hire(scope, (items.len() / SHARE).min(MEMBERS - 1), take_turns);
        take_turns();
    });
}

/// Does one thing, and another beside it in a thread of its own; where the system gives none, before it.
pub fn both<A: Send, B>(beside: impl Fn() -> A + Sync, work: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| match threads::spawn_scoped(scope, &beside) {
        Ok(helper) => {
            let done = work();
            (helper.join().unwrap_or_else(|panic| resume_unwind(panic)), done)
        }
        Err(NoThread) => (beside(), work()),
    })
}

/// Does tasks, each of which may give more, until none is left, or one fails. The last that was given is begun first.
/// `worker` makes what does them, once for each of at most `threads` threads.
pub fn exhaust<T, E, W>(threads: usize, tasks: Vec<T>, worker: impl Fn() -> W + Sync) -> Result<(), E>
where
    T: Send,
    E: Send,
    W: FnMut(T) -> Result<Vec<T>, E>,
{
    let work = Work {
        state: Mutex::new(State { tasks, begun: 0, idle: 0, failure: None }),
        changed: Condvar::new(),
    };
    let help = || {
        let mut worker = worker();
        while work.step(&mut worker) {}
    };
    thread::scope(|scope| {
        let mut worker = worker();
        let mut helpers = None;
        while work.step(&mut worker) {
            if helpers.is_none() && work.state().tasks.len() >= MUCH {
                helpers = try_lock(&HELPERS);
                if helpers.is_some() {
                    hire(scope, threads - 1, help);
                }
            }
        }
    });
    work.state.into_inner().unwrap_or_else(PoisonError::into_inner).failure.map_or(Ok(()), Err)
}

fn try_lock(lock: &Mutex<()>) -> Option<MutexGuard<'_, ()>> {
    match lock.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// What is still to be done.
struct Work<T, E> {
    state: Mutex<State<T, E>>,
    changed: Condvar,
}

struct State<T, E> {
    tasks: Vec<T>,
    /// How many are being done, each of which may give more.
    begun: usize,
    /// How many threads wait for a task.
    idle: usize,
    /// What ended the work early.
    failure: Option<E>,
}

impl<T, E> Work<T, E> {
    /// Does one of the tasks, or waits for one. Tells whether there may be more.
    fn step(&self, worker: &mut impl FnMut(T) -> Result<Vec<T>, E>) -> bool {
        let Some(task) = self.take() else { return false };
        let _begun = Begun(self);
        match worker(task) {
            Ok(more) => self.give(more),
            Err(error) => drop(self.state().failure.get_or_insert(error)),
        }
        true
    }

    fn give(&self, tasks: Vec<T>) {
        let mut state = self.state();
        // This thread does one of them itself.
        let helpers = tasks.len().saturating_sub(1).min(state.idle);
        state.tasks.extend(tasks);
        drop(state);
        (0..helpers).for_each(|_| self.changed.notify_one());
    }

    fn take(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if state.failure.is_some() {
                return None;
            }
            if let Some(task) = state.tasks.pop() {
                state.begun += 1;
                return Some(task);
            }
            if state.begun == 0 {
                return None;
            }
            state.idle += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task that was taken and not ended; ended also by a panic, for which nobody is to wait.
struct Begun<'a, T, E>(&'a Work<T, E>);

impl<T, E> Drop for Begun<'_, T, E> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.begun -= 1;
        if state.begun == 0 || state.failure.is_some() {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(seen: Mutex<Vec<usize>>) -> Vec<usize> {
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        seen
    }

    #[test]
    fn each_has_its_turn_once() {
        for number in [0, 1, 2, 1000] {
            let items: Vec<usize> = (0..number).collect();
            let seen = Mutex::new(Vec::new());
            for_each(&items, |item| seen.lock().unwrap().push(*item));
            assert_eq!(sorted(seen), items);

            let seen = Mutex::new(Vec::new());
            threads::alone(|| for_each(&items, |item| seen.lock().unwrap().push(*item)));
            assert_eq!(sorted(seen), items, "by this thread alone");
        }
    }

    #[test]
    fn two_things_are_done_at_once() {
        let (begun, seen) = std::sync::mpsc::channel();
        // Each waits for the other.
        let done = both(
            || {
                begun.send(()).unwrap();
                1
            },
            || seen.recv().map(|()| 2),
        );
        assert_eq!(done, (1, Ok(2)));
    }

    #[test]
    fn two_things_are_done_one_after_the_other_by_one_thread() {
        let seen = Mutex::new(Vec::new());
        let done = threads::alone(|| both(|| seen.lock().unwrap().push(1), || seen.lock().unwrap().push(2)));
        assert_eq!((done, sorted(seen)), (((), ()), vec![1, 2]));
    }

    #[test]
    #[should_panic(expected = "beside")]
    fn a_panic_beside_is_not_lost() {
        both(|| panic!("beside"), || ());
    }

    #[test]
    fn work_that_grows_is_done_to_the_end() {
        for most in [0, 10, 10_000] {
            let seen = Mutex::new(Vec::new());
            // Each number leads to twice itself and one more than that.
            let result = exhaust(4, vec![1], || {
                |number: usize| -> Result<_, ()> {
                    seen.lock().unwrap().push(number);
                    Ok((2 * number..2 * number + 2).filter(|next| *next <= most).collect())
                }
            });
            assert_eq!(result, Ok(()));
            assert_eq!(sorted(seen), (1..=most.max(1)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_failure_ends_it() {
        let done = AtomicUsize::new(0);
        let result = exhaust(4, (0..100_000).collect(), || {
            |number: usize| {
                done.fetch_add(1, Ordering::Relaxed);
                if number == 99_000 { Err("failed") } else { Ok(Vec::new()) }
            }
        });
        assert_eq!(result, Err("failed"));
        assert!(done.into_inner() < 100_000);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn nobody_waits_for_one_who_panicked() {
        let caller = thread::current().id();
        let _: Result<(), ()> = exhaust(4, (0..1000).collect(), || {
            move |_: usize| {
                assert_eq!(thread::current().id(), caller, "in a helper");
                thread::sleep(std::time::Duration::from_millis(1));
                Ok(Vec::new())
            }
        });
    }
}
