//! Ending all builds at once, from another thread.

use std::{
    process::{Child, ExitStatus},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::sys::process::kill_child;

/// A switch that ends every running build and keeps others from starting. Its clones are one switch.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    cancelled: bool,
    children: Vec<Arc<Mutex<Child>>>,
}

/// A process that ends with the switch, and at the latest when this is dropped.
pub struct Cancellable {
    child: Arc<Mutex<Child>>,
    switch: Cancellation,
}

impl Cancellation {
    /// Ends what runs, and what will.
    pub fn cancel(&self) {
        let mut state = lock(&self.0);
        state.cancelled = true;
        for child in &state.children {
            // One that has ended already needs no killing.
            let _ = kill_child(&mut lock(child));
        }
    }

    /// Whether the switch has been thrown.
    pub fn is_cancelled(&self) -> bool {
        lock(&self.0).cancelled
    }

    /// Ties a process to the switch.
    pub fn tie(&self, child: Child) -> Cancellable {
        let child = Arc::new(Mutex::new(child));
        let mut state = lock(&self.0);
        if state.cancelled {
            let _ = kill_child(&mut lock(&child));
        }
        state.children.push(Arc::clone(&child));
        Cancellable { child, switch: self.clone() }
    }
}

impl Cancellable {
    /// Waits for the process, which must be about to end: until it has, it cannot be cancelled.
    pub fn wait(&self) -> std::io::Result<ExitStatus> {
        lock(&self.child).wait()
    }

    /// Ends the process, alone.
    pub fn kill(&self) {
        // One that has ended already needs no killing.
        let _ = kill_child(&mut lock(&self.child));
    }
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        // No more than a look at a process that was waited for.
        let mut child = lock(&self.child);
        let _ = kill_child(&mut child);
        let _ = child.wait();
        drop(child);
        lock(&self.switch.0).children.retain(|child| !Arc::ptr_eq(child, &self.child));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::ExitStatusExt, process::Command};

    use super::*;

    fn sleeper() -> Child {
        Command::new("sleep").arg("1000").spawn().unwrap()
    }

    #[test]
    fn the_switch_ends_what_runs_and_what_comes_after() {
        let switch = Cancellation::default();
        let before = switch.tie(sleeper());
        switch.clone().cancel();
        let after = switch.tie(sleeper());
        assert!(switch.is_cancelled());
        assert_eq!(before.wait().unwrap().signal(), Some(9));
        assert_eq!(after.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn a_process_that_nobody_waits_for_is_ended() {
        let child = sleeper();
        let process = std::path::PathBuf::from(format!("/proc/{}", child.id()));
        drop(Cancellation::default().tie(child));
        assert!(!process.exists());
    }

    #[test]
    fn a_process_that_has_been_waited_for_is_forgotten() {
        let switch = Cancellation::default();
        let child = switch.tie(Command::new("true").spawn().unwrap());
        assert!(child.wait().unwrap().success());
        drop(child);
        assert!(lock(&switch.0).children.is_empty());
    }
}
