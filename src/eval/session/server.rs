//! The process that a session runs in.
//!
//! Its first thread, which has the large stack, evaluates; another one reads what the parent sends, so that it can
//! interrupt. Neither can do more than compute and talk to the parent.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::panic;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use steel::steel_vm::ThreadStateController;

use super::interpreter::Session;
use super::messages::{Answer, Evaluated, FromSession, Request, Terms, ToSession};
use crate::eval::code::Code;
use crate::eval::image::{self, Image};
use crate::eval::interpreter;
use crate::eval::lockdown::Purity;
use crate::eval::outside::{self, Outside};
use crate::eval::problem::{Failure, Problem};
use crate::sys::SysError;
use crate::sys::lockdown::{self, Reach};
use crate::sys::process::no_input_or_output;
use crate::util::frames::{self, FrameError};

/// Answers what comes on standard input, until the parent closes it. `image` is the file of the interpreter's image, which
/// is made where there is none.
///
/// # Errors
/// The parent is no parent of ours, or the process cannot be confined.
pub fn main(image: &Path) -> Result<(), FrameError> {
    // A panic ends the process, which the parent sees; words here would be mistaken for the system's last ones.
    panic::set_hook(Box::new(|_| {}));
    let mut from = File::from(io::stdin().as_fd().try_clone_to_owned().map_err(FrameError::Read)?);
    let to = File::from(io::stdout().as_fd().try_clone_to_owned().map_err(FrameError::Write)?);
    // The interpreter prints, and would garble messages.
    no_input_or_output().map_err(other)?;
    let Some(ToSession::Begin(terms)) = frames::receive(&mut from)? else { return Ok(()) };
    let reach = match terms.purity {
        Purity::Pure => Reach::Nothing,
        Purity::Impure => Reach::Reading,
    };
    // Files can be opened so far.
    let image = if terms.purity == Purity::Pure { image::open(image) } else { None };
    let confine =
        move || lockdown::give_up_all_but(reach).map_err(|error| FrameError::Read(io::Error::other(error)));
    let (requests, request) = mpsc::channel();
    let (answers, answer) = mpsc::channel();
    let stop = Arc::new(Stop::default());
    let reader = Reader { requests, answers, stop: Arc::clone(&stop) };
    thread::Builder::new()
        .spawn(move || {
            // Nobody is left to talk to, or nobody who can be understood.
            let status = confine().and_then(|()| reader.run(from)).is_err();
            process::exit(i32::from(status));
        })
        .map_err(FrameError::Read)?;
    confine()?;
    let parent = Arc::new(Parent { to: Mutex::new(to), answer: Mutex::new(answer) });
    run((terms, image), &parent, &request, &stop)
}

fn other(error: SysError) -> FrameError {
    FrameError::Read(io::Error::other(error))
}

/// Answers one request after another.
fn run(
    (terms, image): (Terms, Option<Image>),
    parent: &Arc<Parent>,
    requests: &Receiver<Request>,
    stop: &Stop,
) -> Result<(), FrameError> {
    let mut session = Session::start(terms, image, Arc::clone(parent) as Arc<dyn Outside>);
    if let Ok(session) = &session {
        *stop.controller.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.controller());
    }
    parent.send(&FromSession::Ready)?;
    while let Ok(request) = requests.recv() {
        let answer = match &mut session {
            Ok(session) => answer(session, request, stop),
            Err(failure) => Answer::Evaluated(Box::new(Err(failure.clone()))),
        };
        parent.send(&FromSession::Answer(answer))?;
    }
    Ok(())
}

fn answer(session: &mut Session, request: Request, stop: &Stop) -> Answer {
    match request {
        Request::Load(file) => evaluated(stop, || session.load(&file)),
        Request::Evaluate { typed, lower } => evaluated(stop, || session.evaluate(&typed, lower)),
        Request::Catalogue => Answer::Catalogue(session.catalogue()),
        Request::Describe(name) => Answer::Description(session.describe(&name)),
        Request::Source(name) => Answer::Source(session.source(&name)),
    }
}

fn evaluated(stop: &Stop, work: impl FnOnce() -> Result<Evaluated, Failure>) -> Answer {
    let result = work();
    let stopped = stop.requested.swap(false, Ordering::SeqCst);
    let result = result.map_err(|failure| {
        if stopped {
            interpreter::stopped(failure, Problem::new(Code::Interrupted, "interrupted"))
        } else {
            failure
        }
    });
    Answer::Evaluated(Box::new(result))
}

/// By which an evaluation is stopped.
#[derive(Default)]
struct Stop {
    controller: Mutex<Option<ThreadStateController>>,
    requested: AtomicBool,
}

impl Stop {
    fn interrupt(&self) {
        self.requested.store(true, Ordering::SeqCst);
        if let Some(controller) = &*self.controller.lock().unwrap_or_else(PoisonError::into_inner) {
            controller.interrupt();
        }
    }
}

/// What reads from the parent.
struct Reader {
    requests: Sender<Request>,
    answers: Sender<outside::Answer>,
    stop: Arc<Stop>,
}

impl Reader {
    fn run(&self, mut from: File) -> Result<(), FrameError> {
        while let Some(message) = frames::receive(&mut from)? {
            let taken = match message {
                ToSession::Request(request) => {
                    // What was to be stopped has come to its end by itself.
                    self.stop.requested.store(false, Ordering::SeqCst);
                    self.requests.send(request).is_ok()
                }
                ToSession::Outside(answer) => self.answers.send(answer).is_ok(),
                ToSession::Interrupt => {
                    self.stop.interrupt();
                    true
                }
                // It has begun.
                ToSession::Begin(_) => true,
            };
            if !taken {
                break;
            }
        }
        Ok(())
    }
}

/// The way to the parent, who knows the machine.
struct Parent {
    to: Mutex<File>,
    answer: Mutex<Receiver<outside::Answer>>,
}

impl Parent {
    fn send(&self, message: &FromSession) -> Result<(), FrameError> {
        frames::send(&mut *self.to.lock().unwrap_or_else(PoisonError::into_inner), message)
    }
}

impl Outside for Parent {
    fn ask(&self, request: &outside::Request) -> outside::Answer {
        match self.send(&FromSession::Ask(request.clone())) {
            Ok(()) => {}
            // A path that is no text cannot be asked for.
            Err(FrameError::Serialize(error)) => {
                return outside::Answer::refusal(request, &error.to_string());
            }
            Err(_) => process::exit(1),
        }
        match self.answer.lock().unwrap_or_else(PoisonError::into_inner).recv() {
            Ok(answer) => answer,
            Err(_) => process::exit(1),
        }
    }
}
