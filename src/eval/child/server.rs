//! The process that evaluates, as seen by who started it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Order, Reply};
use crate::eval::evaluation::Evaluation;
use crate::eval::interpreter::Job;
use crate::eval::lockdown::Purity;
use crate::eval::outside::Outside;
use crate::eval::problem::Failure;
use crate::sys::SysError;
use crate::sys::confined::{Confined, End, Environment, Limits};
use crate::util::frames::{self, FrameError};

/// The hidden command of the program, which calls [`super::main`].
pub const COMMAND: &str = "__evaluate";

/// Why there is no result.
#[derive(Debug)]
pub enum Lost {
    /// The process, or its copy, ended before it gave one.
    Ended(End),
    /// It sent something else.
    Garbled(FrameError),
}

/// A process that evaluates one declaration after another.
pub struct Server {
    process: Arc<Mutex<Confined>>,
    to: ChildStdin,
    from: ChildStdout,
}

impl Server {
    /// Starts `program`, which is this one; see [`super::main`] for the `image`.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(
        program: &Path,
        image: Option<&Path>,
        limits: Limits,
        purity: Purity,
    ) -> Result<Self, SysError> {
        let environment = match purity {
            Purity::Pure => Environment::Empty,
            Purity::Impure => Environment::Inherited,
        };
        let image = image.filter(|_| purity == Purity::Pure);
        let arguments: Vec<&OsStr> =
            [COMMAND.as_ref()].into_iter().chain(image.map(Path::as_os_str)).collect();
        let (process, (to, from)) = Confined::start(program, &arguments, limits, environment)?;
        Ok(Self { process: Arc::new(Mutex::new(process)), to, from })
    }

    /// Waits until the process takes orders.
    ///
    /// # Errors
    /// It ends instead.
    pub fn ready(&mut self) -> Result<(), Lost> {
        while !matches!(self.receive()?, Reply::Ready) {}
        Ok(())
    }

    /// The process, for who may want to end it.
    pub fn process(&self) -> Arc<Mutex<Confined>> {
        Arc::clone(&self.process)
    }

    /// Has the process evaluate, and answers its questions meanwhile. After the `last` job it takes no other.
    pub fn evaluate(
        &mut self,
        job: Job,
        last: bool,
        outside: &dyn Outside,
    ) -> Result<Result<Evaluation, Failure>, Lost> {
        self.send(&Order::Evaluate { job, last })?;
        let mut result = None;
        loop {
            match self.receive()? {
                Reply::Ask(request) => self.send(&Order::Answer(outside.ask(&request)))?,
                Reply::Ready => {}
                Reply::Done(done) if last => return Ok(*done),
                Reply::Done(done) => result = Some(*done),
                Reply::CopyEnded(status) => {
                    let words = self.lock().last_words();
                    return result.ok_or_else(|| Lost::Ended(End::of_shell_status(status, &words)));
                }
            }
        }
    }

    fn send(&mut self, order: &Order) -> Result<(), Lost> {
        match frames::send(&mut self.to, order) {
            Err(FrameError::Write(_)) => Err(Lost::Ended(self.lock().end())),
            result => result.map_err(Lost::Garbled),
        }
    }

    fn receive(&mut self) -> Result<Reply, Lost> {
        match frames::receive(&mut self.from) {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) | Err(FrameError::Truncated) => Err(Lost::Ended(self.lock().end())),
            Err(error) => {
                self.lock().kill();
                Err(Lost::Garbled(error))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Confined> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
