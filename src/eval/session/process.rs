//! The process of a session, as seen by who started it.

use std::io::Read;
use std::path::Path;
use std::process::ChildStdin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::messages::{Answer, FromSession, Request, Terms, ToSession};
use crate::eval::child;
use crate::eval::inputs::Inputs;
use crate::eval::limits::EvaluationLimits;
use crate::eval::lockdown::Purity;
use crate::eval::outside::{self, Machine, Outside};
use crate::sys::SysError;
use crate::sys::confined::{Confined, Environment};
use crate::util::{frames, threads};

/// The hidden command of the program, which calls [`super::main`].
const COMMAND: &str = "__session";

/// How often it is asked whether the user wants to stop.
const POLL: Duration = Duration::from_millis(30);

/// How long an interrupted evaluation has to stop, before its process is ended.
const GRACE: Duration = Duration::from_millis(700);

/// Why there is no answer; the process is at its end.
#[derive(Debug)]
pub enum Lost {
    /// The process ended by itself.
    Process(child::Lost),
    /// The user wanted to stop, and the evaluation did not.
    Interrupted,
    /// The evaluation took longer than it may.
    TooSlow,
}

/// A process with a session.
pub struct Process {
    confined: Confined,
    to: ChildStdin,
    from: Receiver<FromSession>,
    /// Its interpreter has started.
    ready: bool,
}

/// What an answer is waited for with.
pub struct Waiting<'a> {
    pub inputs: &'a Arc<dyn Inputs>,
    pub interrupted: &'a dyn Fn() -> bool,
    /// How long an evaluation may take, without the time that its inputs take.
    pub time_limit: Option<Duration>,
}

impl Process {
    /// Starts `program`, which is this one, with the file of the interpreter's image. The calling thread has to live as
    /// long as the process shall.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(
        (program, image): (&Path, &Path),
        terms: Terms,
        limits: &EvaluationLimits,
    ) -> Result<Self, SysError> {
        let environment = match terms.purity {
            Purity::Pure => Environment::Empty,
            Purity::Impure => Environment::Inherited,
        };
        let limits = limits.of_process();
        let arguments = [COMMAND.as_ref(), image.as_os_str()];
        let (confined, (to, from)) = Confined::start(program, &arguments, limits, environment)?;
        let (send, receive) = mpsc::channel();
        threads::spawn(move || forward(from, &send))
            .map_err(|error| SysError::Io { what: "listen to a process", error: error.into() })?;
        let mut process = Self { confined, to, from: receive, ready: false };
        // One that has ended already is noticed by the first request.
        let _ = process.send(&ToSession::Begin(terms));
        Ok(process)
    }

    /// Asks for something, and gives the evaluation what it wants of the machine meanwhile.
    pub fn request(&mut self, request: Request, waiting: &Waiting<'_>) -> Result<Answer, Lost> {
        self.send(&ToSession::Request(request))?;
        let mut limit = Limit::new(waiting.time_limit.filter(|_| self.ready));
        let mut deadline: Option<Instant> = None;
        loop {
            match self.from.recv_timeout(POLL) {
                Ok(FromSession::Ready) => {
                    self.ready = true;
                    limit = Limit::new(waiting.time_limit);
                }
                Ok(FromSession::Answer(answer)) => return Ok(answer),
                Ok(FromSession::Ask(question)) => {
                    let answer = limit.pause(|| ask(question, waiting));
                    self.send(&ToSession::Outside(answer))?;
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                self.confined.kill();
                return Err(if (waiting.interrupted)() { Lost::Interrupted } else { Lost::TooSlow });
            }
            if deadline.is_none() && ((waiting.interrupted)() || limit.exceeded()) {
                self.send(&ToSession::Interrupt)?;
                deadline = Some(Instant::now() + GRACE);
            }
        }
    }

    fn send(&mut self, message: &ToSession) -> Result<(), Lost> {
        frames::send(&mut self.to, message).map_err(|_| self.ended())
    }

    fn ended(&mut self) -> Lost {
        Lost::Process(child::Lost::Ended(self.confined.end()))
    }
}

/// Passes on what the process sends, until it ends.
fn forward(mut from: impl Read, send: &mpsc::Sender<FromSession>) {
    // What cannot be understood is treated like the end.
    while let Ok(Some(message)) = frames::receive(&mut from) {
        if send.send(message).is_err() {
            break;
        }
    }
}

/// Answers a question. If the user wants to stop, the work for it goes on by itself, and the evaluation fails.
fn ask(question: outside::Request, waiting: &Waiting<'_>) -> outside::Answer {
    let (send, receive) = mpsc::channel();
    let (machine, asked) = (Machine(Arc::clone(waiting.inputs)), question.clone());
    let work = threads::spawn(move || {
        // Nobody waits any more after an interrupt.
        let _ = send.send(machine.ask(&asked));
    });
    if work.is_err() {
        // Then an interrupt has to wait for it.
        return Machine(Arc::clone(waiting.inputs)).ask(&question);
    }
    loop {
        match receive.recv_timeout(POLL) {
            Ok(answer) => return answer,
            Err(RecvTimeoutError::Timeout) if !(waiting.interrupted)() => {}
            Err(_) => return outside::Answer::refusal(&question, "interrupted"),
        }
    }
}

/// The time an evaluation may take.
struct Limit {
    end: Option<Instant>,
}

impl Limit {
    fn new(limit: Option<Duration>) -> Self {
        Self { end: limit.map(|limit| Instant::now() + limit) }
    }

    fn exceeded(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// The time of `work` does not count.
    fn pause<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.end = self.end.map(|end| end + start.elapsed());
        result
    }
}
