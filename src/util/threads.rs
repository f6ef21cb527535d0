//! Threads, of which the system gives a user only so many.
//!
//! Who can do without one does ([`crew`](super::crew) has work shared by those that there are); who cannot says so, as of any
//! other error.

use std::io;
use std::thread::{Builder, JoinHandle, Scope, ScopedJoinHandle};

use miette::Diagnostic;
use thiserror::Error;

/// The system gives no further thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Diagnostic)]
#[error("the system gives fruix no more threads")]
#[diagnostic(help(
    "end other programs of this user, or allow it more: `ulimit -u` says how many; then run it again, for the store is \
     as whole as after a power cut"
))]
pub struct NoThread;

impl From<NoThread> for io::Error {
    fn from(error: NoThread) -> Self {
        Self::other(error)
    }
}

/// Has another thread do some work, for which the scope waits.
pub fn spawn_scoped<'scope, T, F>(
    scope: &'scope Scope<'scope, '_>,
    work: F,
) -> Result<ScopedJoinHandle<'scope, T>, NoThread>
where
    T: Send + 'scope,
    F: FnOnce() -> T + Send + 'scope,
{
    given(|| Builder::new().spawn_scoped(scope, work))
}

/// Has another thread do some work, for which nobody need wait.
pub fn spawn<T, F>(work: F) -> Result<JoinHandle<T>, NoThread>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    given(|| Builder::new().spawn(work))
}

fn given<T>(spawn: impl FnOnce() -> io::Result<T>) -> Result<T, NoThread> {
    #[cfg(test)]
    if refused::is_next_refused() {
        return Err(NoThread);
    }
    spawn().map_err(|error| {
        tracing::debug!("the system gives no thread: {error}");
        NoThread
    })
}

#[cfg(test)]
pub use refused::{alone, with_refusals};

/// For tests: a system that gives no threads to the one that runs the test.
#[cfg(test)]
mod refused {
    use std::cell::Cell;

    thread_local! {
        /// How often it gives none, before it gives one.
        static REFUSALS: Cell<usize> = const { Cell::new(0) };
    }

    /// Does some work in this thread alone.
    pub fn alone<T>(work: impl FnOnce() -> T) -> T {
        with_refusals(usize::MAX, work)
    }

    /// Does some work, for which this thread gets help only after it has asked in vain so many times.
    pub fn with_refusals<T>(number: usize, work: impl FnOnce() -> T) -> T {
        let before = REFUSALS.replace(number);
        let result = work();
        REFUSALS.set(before);
        result
    }

    pub fn is_next_refused() -> bool {
        let left = REFUSALS.get().checked_sub(1);
        REFUSALS.set(left.unwrap_or(0));
        left.is_some()
    }
}
