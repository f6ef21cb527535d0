//! The evaluation that runs, as seen by who may end it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use steel::steel_vm::ThreadStateController;

use super::clock::Clock;
use super::outside::{Answer, Machine, Outside, Request};
use super::{cache, cache::Asked};
use crate::sys::confined::Confined;

/// What one thread does, and another watches.
pub struct Running {
    /// How long the declaration that is being evaluated has taken.
    pub clock: Clock,
    by: Mutex<By>,
}

/// Who evaluates.
#[derive(Default)]
pub enum By {
    #[default]
    Nobody,
    Thread(ThreadStateController),
    Process(Arc<Mutex<Confined>>),
}

impl Running {
    pub fn new() -> Self {
        Self { clock: Clock::start(), by: Mutex::default() }
    }

    pub fn set(&self, by: By) {
        *self.by() = by;
    }

    /// Asks the evaluation to stop.
    pub fn interrupt(&self) {
        match &*self.by() {
            By::Nobody => {}
            By::Thread(controller) => controller.interrupt(),
            By::Process(process) => process.lock().unwrap_or_else(PoisonError::into_inner).interrupt(),
        }
    }

    /// Ends the evaluation. A thread cannot be ended: it is left to itself.
    pub fn end(&self) {
        if let By::Process(process) = &*self.by() {
            process.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    }

    fn by(&self) -> MutexGuard<'_, By> {
        self.by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The machine, with a note of what it was asked. While it answers, the clock stands still: a tool chain or a source
/// tree that is copied into the store takes minutes, and no loop that never ends is to blame.
pub struct Noting {
    machine: Machine,
    running: Arc<Running>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    asked: Vec<Asked>,
    /// Answers to questions of an earlier evaluation, which this one is likely to put again.
    answers: Vec<(Request, Answer)>,
}

impl Noting {
    pub fn new(machine: Machine, running: Arc<Running>) -> Self {
        Self { machine, running, notes: Mutex::default() }
    }

    /// Whether the machine still gives these answers.
    pub fn confirms(&self, asked: &[Asked]) -> bool {
        asked.iter().all(|(request, digest)| {
            let answer = self.running.clock.pause(|| self.machine.ask(request));
            let same = cache::digest(&answer) == *digest;
            self.notes().answers.push((request.clone(), answer));
            same
        })
    }

    /// What was asked, in order.
    pub fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.notes().asked)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outside for Noting {
    fn ask(&self, request: &Request) -> Answer {
        let known =
            self.notes().answers.iter().find(|(asked, _)| asked == request).map(|(_, answer)| answer.clone());
        let answer = known.unwrap_or_else(|| self.running.clock.pause(|| self.machine.ask(request)));
        self.notes().asked.push((request.clone(), cache::digest(&answer)));
        answer
    }
}
