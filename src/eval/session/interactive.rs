//! A session that survives what is evaluated in it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::catalogue::{Catalogue, Description};
use super::messages::{Answer, Evaluated, Request, Terms, Typed};
use super::process::{Lost, Process, Waiting};
use crate::eval::child;
use crate::eval::code::Code;
use crate::eval::inputs::Inputs;
use crate::eval::limits::EvaluationLimits;
use crate::eval::lockdown::Purity;
use crate::eval::modules::Declaration;
use crate::eval::problem::{EvalError, Failure, Label, Problem, SourceText};
use crate::sys::SysError;
use crate::sys::confined::End;

/// The status of a process that panicked, as Rust has it.
const PANICKED: i32 = 101;

/// How a session is started.
pub struct Setup {
    /// This program.
    pub program: PathBuf,
    /// The file of what starts interpreters fast.
    pub image: PathBuf,
    /// The directories of `-L`.
    pub search: Vec<PathBuf>,
    /// What declarations may take of the machine.
    pub inputs: Arc<dyn Inputs>,
    /// Asked several times a second: whether the user wants to stop the evaluation.
    pub interrupted: Box<dyn Fn() -> bool>,
    pub purity: Purity,
    pub limits: EvaluationLimits,
    /// Somebody is there to stop what takes too long.
    pub attended: bool,
}

/// A session, and all that is needed to start it again.
pub struct Interactive {
    setup: Setup,
    process: Process,
    config: Option<PathBuf>,
    /// The pieces with definitions, in the order of their evaluation.
    kept: Vec<Kept>,
}

/// A piece with definitions.
struct Kept {
    typed: Typed,
    /// It had an error. What it defined before that counts all the same.
    failed: bool,
}

/// What came of starting a session again.
#[derive(Debug, Default)]
pub struct Replayed {
    /// How many pieces with definitions were evaluated again.
    pub pieces: usize,
    /// What went wrong with the file, and with pieces that had no error before.
    pub errors: Vec<EvalError>,
}

impl Setup {
    fn start(&self) -> Result<Process, SysError> {
        let terms = Terms { search: self.search.clone(), purity: self.purity };
        Process::start((&self.program, &self.image), terms, &self.limits)
    }

    /// Why there is no answer.
    fn explain(&self, lost: &Lost) -> Problem {
        match lost {
            Lost::Interrupted => {
                Problem::new(Code::Interrupted, "interrupted, in the middle of something that does not end")
            }
            Lost::TooSlow => self.limits.too_slow(),
            Lost::Process(child::Lost::Ended(End::Exited(PANICKED))) => {
                Problem::new(Code::InternalFault, "the interpreter failed on this")
                    .help("this is a fault of Fruix or of its Scheme")
            }
            Lost::Process(lost) => self.limits.lost(lost),
        }
    }
}

impl Interactive {
    /// Starts a session. The calling thread has to live as long as the session shall.
    ///
    /// # Errors
    /// The process cannot be started.
    pub fn start(setup: Setup) -> Result<Self, SysError> {
        let process = setup.start()?;
        Ok(Self { setup, process, config: None, kept: Vec::new() })
    }

    /// Evaluates a file; it is evaluated again by [`reload`](Self::reload).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(&mut self, path: &Path) -> Result<Evaluated, EvalError> {
        self.config = Some(path.to_path_buf());
        let file = Declaration::file(path)?;
        match self.request(Request::Load(file)) {
            Ok(Answer::Evaluated(result)) => result.map_err(EvalError::from),
            Ok(_) => Err(unexpected()),
            Err(lost) => {
                let problem = self.setup.explain(&lost);
                // Loading it again would end the same way.
                let replayed = self.restart(false);
                Err(Failure::from(with_consequences(problem, &replayed)).into())
            }
        }
    }

    /// Evaluates a piece, and lowers its value if that is asked for. `defines` says that it has definitions.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn evaluate(&mut self, typed: Typed, defines: bool, lower: bool) -> Result<Evaluated, EvalError> {
        match self.request(Request::Evaluate { typed: typed.clone(), lower }) {
            Ok(Answer::Evaluated(result)) => {
                if defines {
                    self.kept.push(Kept { typed, failed: result.is_err() });
                }
                result.map_err(EvalError::from)
            }
            Ok(_) => Err(unexpected()),
            Err(lost) => {
                let problem = self.setup.explain(&lost);
                let problem = with_consequences(problem, &self.restart(true));
                let labels = vec![Label { file: Some(0), at: typed.at, text: "was evaluating this".into() }];
                let sources = vec![SourceText { name: typed.name, text: typed.text }];
                Err(Failure { problems: vec![Problem { labels, ..problem }], sources }.into())
            }
        }
    }

    /// Starts again, with the file and the modules as they are now, and with the same definitions.
    pub fn reload(&mut self) -> Replayed {
        self.restart(true)
    }

    /// What names there are; nothing if the session has to be started again for it.
    pub fn catalogue(&mut self) -> Catalogue {
        match self.request(Request::Catalogue) {
            Ok(Answer::Catalogue(catalogue)) => catalogue,
            _ => Catalogue::default(),
        }
    }

    /// What a name stands for.
    pub fn describe(&mut self, name: &str) -> Option<Description> {
        match self.request(Request::Describe(name.to_string())) {
            Ok(Answer::Description(description)) => description,
            _ => None,
        }
    }

    /// Where a name is defined.
    pub fn source(&mut self, name: &str) -> Option<(SourceText, Range<usize>)> {
        match self.request(Request::Source(name.to_string())) {
            Ok(Answer::Source(source)) => source,
            _ => None,
        }
    }

    fn request(&mut self, request: Request) -> Result<Answer, Lost> {
        let waiting = Waiting {
            inputs: &self.setup.inputs,
            interrupted: &*self.setup.interrupted,
            time_limit: (!self.setup.attended).then_some(self.setup.limits.time),
        };
        self.process.request(request, &waiting)
    }

    /// Starts another process, and evaluates in it what is to be known.
    fn restart(&mut self, config: bool) -> Replayed {
        let mut config = self.config.clone().filter(|_| config);
        let mut lost = Vec::new();
        loop {
            let mut replayed = Replayed::default();
            let culprit = match self.setup.start() {
                Ok(process) => {
                    self.process = process;
                    self.replay(config.as_deref(), &mut replayed)
                }
                Err(error) => {
                    let problem = Problem::new(
                        Code::InternalFault,
                        format!("the session cannot be started again: {error}"),
                    );
                    lost.push(Failure::from(problem).into());
                    Ok(())
                }
            };
            // What ended the process would do so the next time as well.
            match culprit {
                Ok(()) => {
                    replayed.errors.extend(lost);
                    return replayed;
                }
                Err((None, problem)) => {
                    config = None;
                    lost.push(Failure::from(problem).into());
                }
                Err((Some(index), problem)) => {
                    self.kept.remove(index);
                    lost.push(Failure::from(problem).into());
                }
            }
        }
    }

    /// Evaluates what is to be known. Gives what ended the process, if something did: a piece, or the file.
    fn replay(
        &mut self,
        config: Option<&Path>,
        replayed: &mut Replayed,
    ) -> Result<(), (Option<usize>, Problem)> {
        // What was interrupted is over.
        let waiting = Waiting {
            inputs: &self.setup.inputs,
            interrupted: &|| false,
            time_limit: Some(self.setup.limits.time),
        };
        let setup = &self.setup;
        let mut evaluate = |request, piece| match self.process.request(request, &waiting) {
            Ok(Answer::Evaluated(result)) => Ok(result.err().map(EvalError::from)),
            Ok(_) => Ok(Some(unexpected())),
            Err(lost) => Err((piece, setup.explain(&lost))),
        };
        match config.map(Declaration::file) {
            Some(Ok(file)) => replayed.errors.extend(evaluate(Request::Load(file), None)?),
            Some(Err(failure)) => replayed.errors.push(failure.into()),
            None => {}
        }
        for (index, kept) in self.kept.iter_mut().enumerate() {
            let request = Request::Evaluate { typed: kept.typed.clone(), lower: false };
            let error = evaluate(request, Some(index))?;
            let failed_before = std::mem::replace(&mut kept.failed, error.is_some());
            replayed.pieces += usize::from(error.is_none());
            replayed.errors.extend(error.filter(|_| !failed_before));
        }
        Ok(())
    }
}

fn unexpected() -> EvalError {
    Failure::from(Problem::new(Code::InternalFault, "the session gave an answer to another question")).into()
}

/// Says what became of the session.
fn with_consequences(problem: Problem, replayed: &Replayed) -> Problem {
    let mut help = problem.help.as_ref().map(|help| format!("{help}\n")).unwrap_or_default();
    help.push_str("the session was started again");
    match replayed.pieces {
        0 => {}
        1 => help.push_str(", with the definitions of one input"),
        n => help.push_str(&format!(", with the definitions of {n} inputs")),
    }
    if !replayed.errors.is_empty() {
        help.push_str(&format!("; {} could not be evaluated again", replayed.errors.len()));
    }
    problem.help(help)
}
