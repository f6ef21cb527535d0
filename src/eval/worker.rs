//! The thread that has declarations evaluated, one after another: by an earlier result, by another process, or by itself.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Once};
use std::thread;

use super::cache::{Cache, Entry, Key};
use super::child::Server;
use super::evaluation::Evaluation;
use super::image;
use super::inputs::Inputs;
use super::interpreter::{self, Interpreter, Job};
use super::limits::EvaluationLimits;
use super::lockdown::Purity;
use super::modules;
use super::outside::{Asking, Machine};
use super::problem::{Failure, Problem};
use super::running::{By, Noting, Running};
use crate::eval::code::Code;
use crate::sys::SysError;

/// The name of the thread, by which its panics are known.
pub(super) const NAME: &str = "evaluation";

/// A stack for Steel, which recurses. Only what is used of it takes memory.
pub(super) const STACK_BYTES: usize = 512 * 1024 * 1024;

/// What the thread works with.
pub struct Worker {
    pub inputs: Arc<dyn Inputs>,
    /// The program whose hidden command evaluates; without one this thread does.
    pub program: Option<PathBuf>,
    /// The file of the interpreter's image, for processes that evaluate.
    pub image: Option<PathBuf>,
    pub cache: Option<Cache>,
    pub limits: EvaluationLimits,
    pub running: Arc<Running>,
    /// Whether a result was kept.
    pub kept: Cell<bool>,
}

impl Worker {
    /// Starts the thread. It ends after the last job, or when nobody takes its results any more.
    ///
    /// # Errors
    /// The system has no room for it.
    pub fn start(self, jobs: Vec<Job>, results: Sender<Result<Evaluation, Failure>>) -> std::io::Result<()> {
        silence_panics();
        thread::Builder::new()
            .name(NAME.into())
            .stack_size(STACK_BYTES)
            .spawn(move || self.run(jobs, &results))
            .map(drop)
    }

    fn run(&self, jobs: Vec<Job>, results: &Sender<Result<Evaluation, Failure>>) {
        let mut server = None;
        let count = jobs.len();
        for (index, job) in jobs.into_iter().enumerate() {
            self.running.clock.restart();
            if results.send(self.evaluate(&mut server, job, index + 1 == count)).is_err() {
                break;
            }
        }
        if let Some(Err(error)) = self.cache.as_ref().filter(|_| self.kept.get()).map(Cache::trim) {
            tracing::debug!("earlier results are not trimmed: {error}");
        }
    }

    /// The result of a job; of an earlier evaluation, if that would give the same.
    fn evaluate(&self, server: &mut Option<Server>, job: Job, last: bool) -> Result<Evaluation, Failure> {
        let outside = Arc::new(Noting::new(Machine(Arc::clone(&self.inputs)), Arc::clone(&self.running)));
        let cache = self.cache.as_ref().filter(|_| job.purity == Purity::Pure);
        let Some((cache, key)) = cache.and_then(|cache| Some((cache, Key::of(&job)?))) else {
            return self.interpret(server, job, last, &outside);
        };
        if let Some(entry) = cache.find(&key)
            && outside.confirms(&entry.asked)
        {
            tracing::debug!("nothing that {} depends on has changed", entry.evaluation.declaration.name);
            return Ok(entry.evaluation);
        }
        let evaluation = self.interpret(server, job, last, &outside)?;
        let entry = Entry { asked: outside.take_asked(), evaluation };
        match cache.keep(&key, &entry) {
            Ok(()) => self.kept.set(true),
            Err(error) => tracing::debug!("the result is not kept: {error}"),
        }
        Ok(entry.evaluation)
    }

    fn interpret(
        &self,
        server: &mut Option<Server>,
        job: Job,
        last: bool,
        outside: &Arc<Noting>,
    ) -> Result<Evaluation, Failure> {
        match &self.program {
            Some(program) => {
                let cannot = |error: SysError| Problem::new(Code::InternalFault, error.to_string());
                let kept = server.take();
                let is_new = kept.is_none();
                let (image, limits) = (self.image.as_deref(), self.limits.of_process());
                let start = || Server::start(program, image, limits, job.purity).map_err(cannot);
                let mut started = kept.map_or_else(start, Ok)?;
                self.running.set(By::Process(started.process()));
                // What the first evaluation of all makes for the later ones is no time of the declaration's.
                let ready = if is_new { self.running.clock.pause(|| started.ready()) } else { Ok(()) };
                let result = ready.and_then(|()| started.evaluate(job, last, outside.as_ref()));
                self.running.set(By::Nobody);
                // One that failed is not asked again.
                let result = result.map_err(|lost| self.limits.lost(&lost))?;
                *server = Some(started);
                result
            }
            None => {
                // A panic inside Steel is a fault of Steel's, and the user's text caused it: not more than an error.
                let work = AssertUnwindSafe(|| self.interpret_here(&job, outside));
                panic::catch_unwind(work).unwrap_or_else(|_| Err(interpreter::crashed()))
            }
        }
    }

    fn interpret_here(&self, job: &Job, outside: &Arc<Noting>) -> Result<Evaluation, Failure> {
        let image = self.running.clock.pause(image::shared).filter(|_| job.purity == Purity::Pure);
        let uses = image.as_ref().map(|image| &image.uses);
        let program = modules::load(&job.declaration, &job.search, uses, &Asking::new(outside.clone()))?;
        let mut interpreter = match image {
            Some(image) => Interpreter::replay(outside.clone(), image)?,
            None => Interpreter::start(outside.clone(), job.purity)?,
        };
        self.running.set(By::Thread(interpreter.controller()));
        interpreter.evaluate(program)
    }
}

/// Panics of the thread are caught and reported as errors, without Rust's own message about them.
pub(super) fn silence_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(NAME) {
                usual(info);
            }
        }));
    });
}
