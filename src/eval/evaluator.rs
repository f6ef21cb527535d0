//! Evaluating within bounds: the public face.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::cache::Cache;
use super::evaluation::Evaluation;
use super::inputs::{Inputs, NoInputs};
use super::interpreter::{self, Job};
use super::limits::EvaluationLimits;
use super::lockdown::Purity;
use super::modules::{self, Declaration};
use super::problem::{EvalError, Failure, Problem};
use super::running::Running;
use super::worker::Worker;
use crate::eval::code::Code;
use crate::util::threads::{NoThread, spawn_scoped};

/// How often an interpreter is asked to stop and to say where it was, before it is ended.
const ATTEMPTS: usize = 10;

/// How many declarations one process evaluates, before another does some of them at the same time.
const JOBS_PER_START: usize = 8;

/// How often a running evaluation is checked for an interrupt, and one that is to stop is asked again.
const POLL: Duration = Duration::from_millis(50);

/// Evaluates declarations, each by an interpreter of its own.
///
/// Unless told otherwise it does so in this process, where a declaration can take all memory and crash: for tests, and
/// for text that is known to be harmless. With [`Evaluator::confined`] nothing that a declaration does can harm.
#[derive(Clone)]
pub struct Evaluator {
    inputs: Arc<dyn Inputs>,
    search: Vec<PathBuf>,
    limits: EvaluationLimits,
    purity: Purity,
    program: Option<PathBuf>,
    image: Option<PathBuf>,
    cache: Option<Cache>,
    interrupted: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Evaluator {
    /// An evaluator that takes from the machine what `inputs` gives.
    pub fn new(inputs: Arc<dyn Inputs>) -> Self {
        Self {
            inputs,
            search: Vec::new(),
            limits: EvaluationLimits::default(),
            purity: Purity::Pure,
            program: None,
            image: None,
            cache: None,
            interrupted: Arc::new(|| false),
        }
    }

    /// An evaluator for declarations that take nothing from the machine.
    pub fn pure() -> Self {
        Self::new(Arc::new(NoInputs))
    }

    /// Evaluates in processes of their own: `program` is this program, whose hidden command they are.
    #[must_use]
    pub fn confined(mut self, program: PathBuf) -> Self {
        self.program = Some(program);
        self
    }

    /// Keeps what starts interpreters fast in a file, for [`Evaluator::confined`] ones.
    #[must_use]
    pub fn image(mut self, file: PathBuf) -> Self {
        self.image = Some(file);
        self
    }

    /// Keeps results in a directory, and takes them from there while everything they depend on is the same.
    #[must_use]
    pub fn cache(mut self, directory: PathBuf) -> Self {
        self.cache = Some(Cache::new(directory));
        self
    }

    /// Lets declarations see more of the machine than they declare. Their results are not kept.
    #[must_use]
    pub fn purity(mut self, purity: Purity) -> Self {
        self.purity = purity;
        self
    }

    /// Directories to search for modules, after Fruix's own and the directory of the file that uses them.
    #[must_use]
    pub fn search(mut self, directories: Vec<PathBuf>) -> Self {
        self.search = directories;
        self
    }

    /// What an evaluation may take. The limit on memory holds for confined ones.
    #[must_use]
    pub fn limits(mut self, limits: EvaluationLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How long an evaluation may take, without the time that its inputs take.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.limits.time = limit;
        self
    }

    /// A question asked several times a second: whether the user wants to stop.
    #[must_use]
    pub fn interrupted(mut self, interrupted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.interrupted = Arc::new(interrupted);
        self
    }

    /// Evaluates a file.
    ///
    /// # Errors
    /// What is wrong with the file, with the places.
    pub fn file(&self, path: &Path) -> Result<Evaluation, EvalError> {
        self.one(Declaration::file(path))
    }

    /// Evaluates several files, for far less than each by itself would take.
    ///
    /// Gives for each file, in order, the evaluation or what is wrong with it.
    pub fn files(&self, paths: &[PathBuf]) -> Vec<Result<Evaluation, EvalError>> {
        self.run(paths.iter().map(|path| Declaration::file(path)).collect())
    }

    /// Evaluates an expression, such as that of `fruix build -e`.
    ///
    /// # Errors
    /// What is wrong with the expression, with the places.
    pub fn expression(&self, text: &str) -> Result<Evaluation, EvalError> {
        self.one(Declaration::expression(text))
    }

    fn one(&self, declaration: Result<Declaration, Failure>) -> Result<Evaluation, EvalError> {
        let mut results = self.run(vec![declaration]);
        results.pop().unwrap_or_else(|| Err(interpreter::crashed().into()))
    }

    /// Evaluates what could be read.
    fn run(&self, declarations: Vec<Result<Declaration, Failure>>) -> Vec<Result<Evaluation, EvalError>> {
        if let Err(problem) = self.search.iter().try_for_each(|directory| modules::check_path(directory)) {
            let failure = Failure::from(problem);
            return declarations.iter().map(|_| Err(failure.clone().into())).collect();
        }
        let job = |declaration| Job { declaration, search: self.search.clone(), purity: self.purity };
        let jobs: Vec<Job> = declarations.iter().flatten().cloned().map(job).collect();
        let mut results = self.evaluate(&jobs).into_iter();
        let result = |declaration: Result<Declaration, Failure>| {
            let evaluated = |_| results.next().unwrap_or_else(|| Err(interruption().into()));
            declaration.and_then(evaluated).map_err(EvalError::from)
        };
        declarations.into_iter().map(result).collect()
    }

    /// The results, in order; of jobs that were not begun because the user wanted to stop, that.
    fn evaluate(&self, jobs: &[Job]) -> Vec<Result<Evaluation, Failure>> {
        let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        // Each part pays for a start of its own.
        let parts = (jobs.len() / JOBS_PER_START).clamp(1, processors);
        if parts == 1 || self.program.is_none() {
            return self.evaluate_part(jobs);
        }
        let parts = jobs.chunks(jobs.len().div_ceil(parts));
        thread::scope(|scope| {
            let begin = |part| (part, spawn_scoped(scope, move || self.evaluate_part(part)));
            let parts: Vec<_> = parts.map(begin).collect();
            let mut results = Vec::new();
            for (part, thread) in parts {
                let mut own = match thread {
                    Ok(thread) => thread.join().unwrap_or_default(),
                    Err(NoThread) => self.evaluate_part(part),
                };
                own.resize_with(part.len(), || Err(interruption().into()));
                results.extend(own);
            }
            results
        })
    }

    /// The results; fewer than jobs, if the user wanted to stop.
    fn evaluate_part(&self, jobs: &[Job]) -> Vec<Result<Evaluation, Failure>> {
        let mut results = Vec::new();
        // What had to be stopped is left alone, and the rest gets a new start.
        while let Some(rest) = jobs.get(results.len()..).filter(|rest| !rest.is_empty()) {
            let running = Arc::new(Running::new());
            let receive = match self.start(rest.to_vec(), &running) {
                Ok(receive) => receive,
                Err(problem) => {
                    results.push(Err(problem.into()));
                    continue;
                }
            };
            for _ in rest {
                let (result, stopped) = self.wait(&receive, &running);
                results.push(result);
                match stopped {
                    None => {}
                    Some(Stopped::Late) => break,
                    Some(Stopped::Interrupted) => return results,
                }
            }
        }
        results
    }

    fn start(
        &self,
        jobs: Vec<Job>,
        running: &Arc<Running>,
    ) -> Result<Receiver<Result<Evaluation, Failure>>, Problem> {
        let (send, receive) = mpsc::channel();
        let worker = Worker {
            inputs: Arc::clone(&self.inputs),
            program: self.program.clone(),
            image: self.image.clone(),
            cache: self.cache.clone(),
            limits: self.limits,
            running: Arc::clone(running),
            kept: Cell::new(false),
        };
        worker.start(jobs, send).map_err(|error| {
            Problem::new(Code::InternalFault, format!("cannot start a thread for evaluation: {error}"))
        })?;
        Ok(receive)
    }

    /// The next result, and whether the evaluation had to be stopped.
    fn wait(
        &self,
        receive: &Receiver<Result<Evaluation, Failure>>,
        running: &Running,
    ) -> (Result<Evaluation, Failure>, Option<Stopped>) {
        let (problem, stopped) = loop {
            let left = self.limits.time.saturating_sub(running.clock.elapsed());
            match receive.recv_timeout(POLL.min(left)) {
                Ok(result) => return (result, None),
                Err(RecvTimeoutError::Disconnected) => {
                    return (Err(interpreter::crashed()), Some(Stopped::Late));
                }
                Err(RecvTimeoutError::Timeout) if (self.interrupted)() => {
                    break (interruption(), Stopped::Interrupted);
                }
                Err(RecvTimeoutError::Timeout) if running.clock.elapsed() >= self.limits.time => {
                    break (self.limits.too_slow(), Stopped::Late);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        let failure = match Self::stop(receive, running) {
            Some(Err(failure)) => interpreter::stopped(failure, problem),
            _ => problem.into(),
        };
        (Err(failure), Some(stopped))
    }

    /// Stops the evaluation. Gives what comes of it.
    fn stop(
        receive: &Receiver<Result<Evaluation, Failure>>,
        running: &Running,
    ) -> Option<Result<Evaluation, Failure>> {
        // The interpreter forgets what it is asked while it collects its garbage.
        let result = (0..ATTEMPTS).find_map(|_| {
            running.interrupt();
            receive.recv_timeout(POLL).ok()
        });
        // A single long operation, such as on huge numbers, cannot be interrupted, and is ended.
        running.end();
        result
    }
}

/// Why an evaluation was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stopped {
    /// It took too long.
    Late,
    /// The user wanted it.
    Interrupted,
}

fn interruption() -> Problem {
    Problem::new(Code::Interrupted, "evaluation was interrupted")
}
