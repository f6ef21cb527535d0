//! The time an evaluation takes, without what its inputs take: a tool chain or a source tree that is copied into the
//! store takes minutes, and no loop that never ends is to blame.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::inputs::{InputError, Inputs};
use crate::store_path::StorePath;

/// A clock that stands still while an input is got.
pub struct Clock(Mutex<State>);

struct State {
    /// What passed before the clock last went on.
    passed: Duration,
    /// Since when it goes on; `None` while it stands still.
    running: Option<Instant>,
}

impl Clock {
    /// Starts at zero.
    pub fn start() -> Self {
        Self(Mutex::new(State { passed: Duration::ZERO, running: Some(Instant::now()) }))
    }

    pub fn elapsed(&self) -> Duration {
        self.state().elapsed()
    }

    /// Stands still during `work`.
    fn pause<T>(&self, work: impl FnOnce() -> T) -> T {
        {
            let mut state = self.state();
            state.passed = state.elapsed();
            state.running = None;
        }
        let result = work();
        self.state().running = Some(Instant::now());
        result
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn elapsed(&self) -> Duration {
        self.passed + self.running.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// Inputs during which a clock stands still.
pub struct Untimed {
    pub inputs: Arc<dyn Inputs>,
    pub clock: Arc<Clock>,
}

impl Inputs for Untimed {
    fn local_tree(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.clock.pause(|| self.inputs.local_tree(name, path))
    }

    fn local_file(&self, name: &str, path: &Path) -> Result<StorePath, InputError> {
        self.clock.pause(|| self.inputs.local_file(name, path))
    }

    fn host_toolchain(&self, packages: &[String]) -> Result<StorePath, InputError> {
        self.clock.pause(|| self.inputs.host_toolchain(packages))
    }

    fn git_tree(&self, url: &str, commit: &str) -> Result<StorePath, InputError> {
        self.clock.pause(|| self.inputs.git_tree(url, commit))
    }

    fn installed_tree(&self, path: &Path) -> Result<StorePath, InputError> {
        self.clock.pause(|| self.inputs.installed_tree(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_stands_still_while_an_input_is_got() {
        let clock = Clock::start();
        let pause = Duration::from_millis(50);
        let before = clock.elapsed();
        let within = clock.pause(|| {
            let began = clock.elapsed();
            std::thread::sleep(pause);
            clock.elapsed() - began
        });
        assert!(within.is_zero() && clock.elapsed() >= before);
        std::thread::sleep(pause);
        assert!(clock.elapsed() >= pause);
    }
}
