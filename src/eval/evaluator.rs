//! Running an evaluation within bounds.

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use steel::SteelVal;
use steel::steel_vm::ThreadStateController;
use steel::steel_vm::engine::Engine;

use super::blame::Blame;
use super::clock::{Clock, Untimed};
use super::evaluation::Evaluation;
use super::host::Host;
use super::inputs::{Inputs, NoInputs};
use super::modules::{self, Declaration, Program};
use super::problem::{EvalError, Failure, Problem};
use super::{convert, engine};

/// Steel's reader, compiler and printer recurse. Only what is used of it takes memory.
const STACK_BYTES: usize = 512 * 1024 * 1024;

/// How long an evaluation may take unless told otherwise.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// How long an interrupted interpreter has to stop, before it is left behind.
const GRACE: Duration = Duration::from_millis(500);

/// How often a running evaluation is checked for an interrupt.
const POLL: Duration = Duration::from_millis(50);

/// Evaluates declarations. Holds no interpreter: each evaluation has one of its own.
#[derive(Clone)]
pub struct Evaluator {
    inputs: Arc<dyn Inputs>,
    search: Vec<PathBuf>,
    time_limit: Duration,
    interrupted: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Evaluator {
    /// An evaluator that takes from the machine what `inputs` gives.
    pub fn new(inputs: Arc<dyn Inputs>) -> Self {
        Self { inputs, search: Vec::new(), time_limit: TIME_LIMIT, interrupted: Arc::new(|| false) }
    }

    /// An evaluator for declarations that take nothing from the machine.
    pub fn pure() -> Self {
        Self::new(Arc::new(NoInputs))
    }

    /// Directories to search for modules, after Fruix's own and the directory of the file that uses them.
    #[must_use]
    pub fn search(mut self, directories: Vec<PathBuf>) -> Self {
        self.search = directories;
        self
    }

    /// How long an evaluation may take, without the time that its inputs take.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
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
        self.run(Declaration::File(path.to_path_buf()))
    }

    /// Evaluates an expression, such as that of `fruix build -e`.
    ///
    /// # Errors
    /// What is wrong with the expression, with the places.
    pub fn expression(&self, text: &str) -> Result<Evaluation, EvalError> {
        self.run(Declaration::Expression(text.to_string()))
    }

    fn run(&self, declaration: Declaration) -> Result<Evaluation, EvalError> {
        let (send, receive) = mpsc::channel();
        let controller = Arc::new(Mutex::new(None));
        let clock = Arc::new(Clock::start());
        let inputs = Arc::new(Untimed { inputs: Arc::clone(&self.inputs), clock: Arc::clone(&clock) });
        let (search, shared) = (self.search.clone(), Arc::clone(&controller));
        let work = move || {
            // A panic inside Steel is a fault of Steel's, and the user's text caused it: not more than an error.
            let result =
                panic::catch_unwind(AssertUnwindSafe(|| evaluate(&declaration, &search, inputs, &shared)));
            let result = result.unwrap_or_else(|_| Err(crashed()));
            // Nobody listens to an evaluation that was left behind.
            let _ = send.send(result);
        };
        thread::Builder::new()
            .name("evaluation".into())
            .stack_size(STACK_BYTES)
            .spawn(move || silence_panics(work))
            .map_err(|error| {
                Failure::from(Problem::new(format!("cannot start a thread for evaluation: {error}")))
            })?;
        Ok(self.wait(&receive, &controller, &clock)?)
    }

    fn wait(
        &self,
        receive: &mpsc::Receiver<Result<Evaluation, Failure>>,
        controller: &Mutex<Option<ThreadStateController>>,
        clock: &Clock,
    ) -> Result<Evaluation, Failure> {
        loop {
            let left = self.time_limit.saturating_sub(clock.elapsed());
            match receive.recv_timeout(POLL.min(left)) {
                Ok(result) => return result,
                Err(RecvTimeoutError::Disconnected) => return Err(crashed()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let problem = if (self.interrupted)() {
                Problem::new("evaluation was interrupted")
            } else if clock.elapsed() >= self.time_limit {
                Problem::new(format!("evaluation took longer than {} s", self.time_limit.as_secs_f32()))
                    .help("look for a loop that never ends")
            } else {
                continue;
            };
            if let Some(controller) = &*controller.lock().unwrap_or_else(PoisonError::into_inner) {
                controller.interrupt();
            }
            // A single long operation, such as on huge numbers, cannot be interrupted: leave it to its thread.
            return match receive.recv_timeout(GRACE) {
                Ok(Err(mut failure)) => {
                    failure.problems = vec![Problem { labels: first_labels(&failure), ..problem }];
                    Err(failure)
                }
                _ => Err(problem.into()),
            };
        }
    }
}

/// The places of a failure's first problem: where the evaluation was when it was stopped.
fn first_labels(failure: &Failure) -> Vec<super::problem::Label> {
    let mut labels = failure.problems.first().map(|problem| problem.labels.clone()).unwrap_or_default();
    for label in &mut labels {
        label.text = "was evaluating this".into();
    }
    labels
}

fn crashed() -> Failure {
    Problem::new("the interpreter failed on this declaration")
        .help("this is a fault of Fruix or of its Scheme; find the expression by removing parts of the file")
        .into()
}

/// Runs work whose panics are caught and reported as errors, without Rust's own message about them.
fn silence_panics(work: impl FnOnce()) {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some("evaluation") {
                usual(info);
            }
        }));
    });
    work();
}

/// The whole evaluation, on its own thread.
fn evaluate(
    declaration: &Declaration,
    search: &[PathBuf],
    inputs: Arc<dyn Inputs>,
    controller: &Mutex<Option<ThreadStateController>>,
) -> Result<Evaluation, Failure> {
    let program = Arc::new(modules::load(declaration, search)?);
    let Some(main) = program.declaration() else { return Err(crashed()) };
    let host = Host::new(inputs, &program.directory);
    let mut engine = match engine::start(&program, &host) {
        Ok(engine) => engine,
        Err(error) => return Err(Problem::new(format!("Fruix's own modules are at fault: {error}")).into()),
    };
    *controller.lock().unwrap_or_else(PoisonError::into_inner) = Some(engine.get_thread_state_controller());
    let run =
        engine.compile_and_run_raw_program_with_path(main.rewritten.text.clone(), main.path().to_path_buf());
    let outcome = run.and_then(|mut values| {
        let value = values.pop().unwrap_or(SteelVal::Void);
        // Lowering is another evaluation, which would recycle a value that nothing holds.
        let _held = value.as_rooted();
        let lowered = lower(&mut engine, &host, value.clone())?;
        Ok((convert::to_value(&value), convert::to_roots(&lowered)))
    });
    let (value, roots) = conclude(&engine, &program, &host, outcome)?;
    let mut state = host.state();
    Ok(Evaluation {
        value,
        roots,
        derivations: std::mem::take(&mut state.derivations),
        texts: std::mem::take(&mut state.texts).into_values().collect(),
        files: program.files_read(),
        result_at: main.last_form.clone(),
        declaration: main.source(),
    })
}

/// What a value stands for in the store, by the lowering of its type; `Void` if it has none.
fn lower(engine: &mut Engine, host: &Host, value: SteelVal) -> steel::rvals::Result<SteelVal> {
    if !host.state().problems.is_empty() {
        return Ok(SteelVal::Void);
    }
    match engine.extract_value("%lower-root") {
        Ok(procedure) => engine.call_function_with_args(procedure, vec![value]),
        Err(_) => Ok(value),
    }
}

/// The outcome, unless something was reported on the way.
fn conclude<T>(
    engine: &Engine,
    program: &Program,
    host: &Host,
    outcome: steel::rvals::Result<T>,
) -> Result<T, Failure> {
    let (reported, current) = {
        let mut state = host.state();
        (std::mem::take(&mut state.problems), state.current.take())
    };
    let blame = Blame { engine, program, current };
    let mut problems: Vec<Problem> = reported.iter().map(|raw| blame.reported(raw)).collect();
    match outcome {
        Ok(value) if problems.is_empty() => return Ok(value),
        Ok(_) => {}
        Err(error) => problems.extend(blame.error(&error)),
    }
    if problems.is_empty() {
        return Err(crashed());
    }
    Err(Failure { problems, sources: program.sources() })
}
