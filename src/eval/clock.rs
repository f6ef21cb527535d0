//! The time an evaluation takes, without what its inputs take: a tool chain or a source tree that is copied into the
//! store takes minutes, and no loop that never ends is to blame.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

    /// Begins anew.
    pub fn restart(&self) {
        *self.state() = State { passed: Duration::ZERO, running: Some(Instant::now()) };
    }

    pub fn elapsed(&self) -> Duration {
        self.state().elapsed()
    }

    /// Stands still during `work`.
    pub fn pause<T>(&self, work: impl FnOnce() -> T) -> T {
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
