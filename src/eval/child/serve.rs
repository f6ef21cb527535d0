//! The process that evaluates.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::AsFd;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Order, Reply};
use crate::eval::code::Code;
use crate::eval::evaluation::Evaluation;
use crate::eval::image::{self, Image};
use crate::eval::interpreter::{self, Interpreter, Job};
use crate::eval::lockdown::Purity;
use crate::eval::modules::{self, Uses};
use crate::eval::outside::{Answer, Asking, Outside, Request};
use crate::eval::problem::{Failure, Problem};
use crate::eval::reader;
use crate::sys::lockdown::{self, Reach};
use crate::sys::process::{Child, no_input_or_output};
use crate::sys::{SysError, interrupt, memory};
use crate::util::frames::{self, FrameError};

/// Evaluates what standard input asks for, and answers on standard output. `image` is the file of the interpreter's
/// image, if there may be one.
///
/// # Errors
/// The parent is gone, or no parent of ours.
pub fn main(image: Option<&Path>) -> Result<(), FrameError> {
    // A panic is reported to the parent, and words here would be mistaken for the system's last ones.
    panic::set_hook(Box::new(|_| {}));
    let pipe = Arc::new(Pipe::standard().map_err(FrameError::Read)?);
    let image = image.and_then(image::open);
    let mut start = image.map_or(Start::Nothing, |image| Start::Image(Box::new(image)));
    pipe.send(&Reply::Ready)?;
    while let Some(order) = pipe.receive()? {
        match order {
            Order::Evaluate { job, last: true } => {
                return pipe.send(&Reply::Done(Box::new(evaluate(start, &job, &pipe))));
            }
            Order::Evaluate { job, last: false } => evaluate_in_copy(&mut start, &job, &pipe)?,
            // Nothing was asked.
            Order::Answer(_) => {}
        }
    }
    Ok(())
}

/// What an evaluation starts from.
#[derive(Default)]
enum Start {
    /// An interpreter that has all of Fruix's modules.
    Warm(Box<Interpreter>),
    Image(Box<Image>),
    #[default]
    Nothing,
}

impl Start {
    /// What Fruix's own modules use, if that is known.
    fn uses(&self) -> Option<&Uses> {
        match self {
            Self::Warm(interpreter) => interpreter.uses(),
            Self::Image(image) => Some(&image.uses),
            Self::Nothing => None,
        }
    }

    fn interpreter(self, purity: Purity, pipe: &Arc<Pipe>) -> Result<Interpreter, Failure> {
        let outside = Arc::clone(pipe) as Arc<dyn Outside>;
        match self {
            Self::Warm(interpreter) => Ok(*interpreter),
            Self::Image(image) => Interpreter::replay(outside, *image),
            Self::Nothing => Interpreter::start(outside, purity),
        }
    }
}

/// Evaluates in a copy of this process, which afterwards is as it was.
fn evaluate_in_copy(start: &mut Start, job: &Job, pipe: &Arc<Pipe>) -> Result<(), FrameError> {
    match prepare_copies(std::mem::take(start), job.purity, pipe) {
        Ok(warm) => *start = warm,
        Err(failure) => {
            pipe.send(&Reply::Done(Box::new(Err(failure))))?;
            return pipe.send(&Reply::CopyEnded(0));
        }
    }
    // The copy finds the text read, and its words known: what this process learns of them is there for later ones, too,
    // while each page that a copy writes on is a page to be copied. What is wrong with the text, the copy says.
    let _ = panic::catch_unwind(|| reader::parse(&job.declaration.text).map(drop));
    // Whoever wants the copy to stop sends the signal to both.
    let mut ignored = Some(interrupt::ignore().map_err(told)?);
    let copy = Child::start(|| {
        memory::take_from_a_piece();
        drop(ignored.take());
        let result = evaluate(std::mem::take(start), job, pipe);
        i32::from(pipe.send(&Reply::Done(Box::new(result))).is_err())
    });
    let status = copy.and_then(Child::wait).map_err(told)?;
    pipe.send(&Reply::CopyEnded(status))
}

/// What copies of this process start from, which from here on can do no more than make them.
fn prepare_copies(start: Start, purity: Purity, pipe: &Arc<Pipe>) -> Result<Start, Failure> {
    if matches!(start, Start::Warm(_)) {
        return Ok(start);
    }
    let mut interpreter = start.interpreter(purity, pipe)?;
    interpreter.complete()?;
    modules::prepare();
    lockdown::give_up_all_but_copying(reach(purity)).map_err(not_isolated)?;
    Ok(Start::Warm(Box::new(interpreter)))
}

fn told(error: SysError) -> FrameError {
    FrameError::Read(io::Error::other(error))
}

/// Evaluates in this process, which can do nothing else afterwards.
fn evaluate(start: Start, job: &Job, pipe: &Arc<Pipe>) -> Result<Evaluation, Failure> {
    confine(&start, job.purity).map_err(not_isolated)?;
    let work = || {
        // Reading comes first: a syntax error costs no interpreter.
        let asking = Asking::new(Arc::clone(pipe) as Arc<dyn Outside>);
        let program = modules::load(&job.declaration, &job.search, start.uses(), &asking)?;
        // This process ends soon: giving back every object that it has made would take longer than to go.
        let mut interpreter = ManuallyDrop::new(start.interpreter(job.purity, pipe)?);
        // All that it does is to store to two atomics.
        let controller = interpreter.controller();
        interrupt::stop_by(move || controller.interrupt());
        interpreter.evaluate(program)
    };
    // A panic inside Steel is a fault of Steel's, and the user's text caused it: not more than an error.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(interpreter::crashed()))
}

/// From here on this process does no more than compute, until the parent sends SIGINT.
fn confine(start: &Start, purity: Purity) -> Result<(), SysError> {
    interrupt::watch_to_stop()?;
    match start {
        // The process whose copy this is has given up the rest.
        Start::Warm(_) => lockdown::give_up_copying(reach(purity)),
        Start::Image(_) | Start::Nothing => lockdown::give_up_all_but(reach(purity)),
    }
}

fn reach(purity: Purity) -> Reach {
    match purity {
        Purity::Pure => Reach::Nothing,
        Purity::Impure => Reach::Reading,
    }
}

fn not_isolated(error: SysError) -> Problem {
    Problem::new(Code::InternalFault, format!("an evaluation cannot be isolated here: {error}"))
        .help("allow the system call seccomp, if this is a container that forbids it")
}

/// The way to the parent.
struct Pipe {
    from: Mutex<File>,
    to: Mutex<File>,
    /// The answers so far: an evaluation sees one state of the machine, and asks some things several times.
    answers: Mutex<BTreeMap<Request, Answer>>,
}

impl Pipe {
    /// Takes standard input and output away from all else: the interpreter prints, and would garble messages.
    ///
    /// Unbuffered, so that copies of this process agree on what has been read.
    fn standard() -> io::Result<Self> {
        let from = io::stdin().as_fd().try_clone_to_owned()?;
        let to = io::stdout().as_fd().try_clone_to_owned()?;
        no_input_or_output().map_err(io::Error::other)?;
        Ok(Self { from: Mutex::new(from.into()), to: Mutex::new(to.into()), answers: Mutex::default() })
    }

    fn send(&self, reply: &Reply) -> Result<(), FrameError> {
        frames::send(&mut *self.to.lock().unwrap_or_else(PoisonError::into_inner), reply)
    }

    fn receive(&self) -> Result<Option<Order>, FrameError> {
        frames::receive(&mut *self.from.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Outside for Pipe {
    fn ask(&self, request: &Request) -> Answer {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answers.get(request) {
            return answer.clone();
        }
        let answer = self.send(&Reply::Ask(request.clone())).and_then(|()| self.receive());
        match answer {
            Ok(Some(Order::Answer(answer))) => {
                answers.insert(request.clone(), answer.clone());
                answer
            }
            // Without its parent there is nothing left to do; a path that is no text cannot be asked for.
            Err(FrameError::Serialize(error)) => Answer::refusal(request, &error.to_string()),
            _ => std::process::exit(1),
        }
    }
}
