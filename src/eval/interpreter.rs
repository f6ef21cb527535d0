//! One evaluation, from the declaration to plain data.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use steel::SteelVal;
use steel::rerrs::SteelErr;
use steel::steel_vm::ThreadStateController;
use steel::steel_vm::engine::Engine;

use super::blame::Blame;
use super::convert;
use super::engine::{self, Texts};
use super::evaluation::{Caveat, Evaluation};
use super::host::{Build, Host};
use super::image::{Image, Replay};
use super::inputs::InputError;
use super::lockdown::{self, Purity};
use super::modules::{self, Declaration, Module, Program, Uses};
use super::outside::{Asking, Outside};
use super::problem::{Failure, Label, Problem, SourceText};
use crate::eval::code::Code;

/// The module that lowers values.
const RECORDS: &str = "fruix/records.scm";

/// What to evaluate, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub declaration: Declaration,
    /// The directories of `-L`.
    pub search: Vec<PathBuf>,
    pub purity: Purity,
}

/// An interpreter that has evaluated nothing yet.
pub struct Interpreter {
    engine: Engine,
    host: Host,
    texts: Arc<Texts>,
    outside: Asking,
    /// What Fruix's own modules are loaded from; without it their texts are compiled.
    replay: Option<Replay>,
    /// Fruix's own modules that are loaded, each with the record types that it defines.
    loaded: BTreeMap<String, BTreeSet<String>>,
    /// Whether all of them are, and the engine is locked down.
    complete: bool,
    purity: Purity,
}

impl Interpreter {
    /// # Errors
    /// A fault in Fruix's own modules.
    pub fn start(outside: Arc<dyn Outside>, purity: Purity) -> Result<Self, Failure> {
        let outside = Asking::new(outside);
        let (texts, host) = (Arc::default(), Host::new(Arc::new(outside.clone()), purity));
        let engine = engine::start(&texts, &host, purity).map_err(|error| at_fault(&error))?;
        Ok(Self {
            engine,
            host,
            texts,
            outside,
            replay: None,
            loaded: BTreeMap::new(),
            complete: false,
            purity,
        })
    }

    /// The same for pure evaluations, in a fraction of the time.
    ///
    /// # Errors
    /// The image is not one of this program.
    pub fn replay(outside: Arc<dyn Outside>, image: Image) -> Result<Self, Failure> {
        let (outside, purity) = (Asking::new(outside), Purity::Pure);
        let (texts, host) = (Arc::<Texts>::default(), Host::new(Arc::new(outside.clone()), purity));
        let (engine, replay) = Replay::start(image, &texts, &host).map_err(|error| at_fault(&error))?;
        texts.add_texts(replay.facades());
        let (replay, loaded) = (Some(replay), BTreeMap::new());
        Ok(Self { engine, host, texts, outside, replay, loaded, complete: false, purity })
    }

    /// Loads all of Fruix's modules, so that copies of this process need not.
    ///
    /// # Errors
    /// A fault in one of them.
    pub fn complete(&mut self) -> Result<(), Failure> {
        let keys = match &self.replay {
            Some(replay) => replay.keys(),
            None => {
                let program = modules::embedded(&self.outside)?;
                self.texts.add(&program.modules);
                program.modules.into_iter().map(|module| module.key).collect()
            }
        };
        self.load_standard(|| |_| true)
            .and_then(|()| self.load(keys))
            .and_then(|()| self.settle())
            .map_err(|error| at_fault(&error))?;
        self.complete = true;
        Ok(())
    }

    /// Lets what is evaluated work on the files of a build.
    #[must_use]
    pub fn building(self, build: Build) -> Self {
        self.host.state().build = Some(Arc::new(build));
        self
    }

    /// What Fruix's own modules use, if that is known.
    pub fn uses(&self) -> Option<&Uses> {
        self.replay.as_ref().map(Replay::uses)
    }

    /// By which another thread can stop the evaluation.
    pub fn controller(&self) -> ThreadStateController {
        self.engine.get_thread_state_controller()
    }

    /// Its parts, for a session that evaluates more than one program: the engine, what its primitives share, and the
    /// modules it may load.
    pub fn into_parts(self) -> (Engine, Host, Arc<Texts>) {
        (self.engine, self.host, self.texts)
    }

    /// Evaluates a program that was read for the job.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn evaluate(&mut self, mut program: Program) -> Result<Evaluation, Failure> {
        self.prepare(&mut program).map_err(|error| at_fault(&error))?;
        let program = &program;
        let Some(main) = program.declaration() else { return Err(crashed()) };
        self.texts.add(own(program));
        self.host.state().directory.clone_from(&program.directory);
        let text = main.rewritten.text.clone();
        let run = || {
            self.load_libraries(program)?;
            self.engine.compile_and_run_raw_program(text)
        };
        // A panic inside Steel is a fault of Steel's, and the user's text caused it: not more than an error. After it
        // the engine is not used.
        let run = panic::catch_unwind(AssertUnwindSafe(run));
        let run = run.map_err(|_| self.crashed_at(program))?;
        let outcome = run.and_then(|mut values| {
            let value = values.pop().unwrap_or(SteelVal::Void);
            // Lowering is another evaluation, which would recycle a value that nothing holds.
            let _held = value.as_rooted();
            let lowered = self.lower(program, value.clone())?;
            Ok((convert::to_value(&value), convert::to_roots(&lowered)))
        });
        let (value, roots) = self.conclude(program, outcome)?;
        let (caveats, sources) = self.caveats(program);
        let mut state = self.host.state();
        let forms = std::mem::take(&mut state.forms).into_iter();
        let forms = forms.filter_map(|(drv, (key, start))| program.form_place(drv, &key, start)).collect();
        Ok(Evaluation {
            value,
            roots,
            derivations: std::mem::take(&mut state.derivations),
            texts: std::mem::take(&mut state.texts).into_values().collect(),
            forms,
            files: program.files_read(),
            result_at: main.last_form.clone(),
            declaration: main.source(),
            caveats,
            sources,
        })
    }

    /// Makes what a program uses of Fruix's modules ready for it, and nothing else of them.
    fn prepare(&mut self, program: &mut Program) -> Result<(), SteelErr> {
        if self.complete {
            self.forget_all_but(program);
        } else {
            let mentioned = || {
                let symbols = program.symbols();
                move |name: &str| symbols.contains(name)
            };
            self.load_standard(mentioned)?;
            let embedded = || program.modules.iter().filter(|module| module.embedded);
            if self.replay.is_none() {
                self.texts.add(embedded());
            }
            self.load(embedded().map(|module| module.key.clone()).collect())?;
        }
        if let (Some(replay), Some(main)) = (&self.replay, program.modules.last_mut()) {
            replay.link(&mut self.engine, &mut main.rewritten)?;
        }
        Ok(())
    }

    /// Loads those of Fruix's modules that a program uses, each after those it uses itself, and all before the user's, so
    /// that what those redefine does not change them; then locks the engine down.
    fn load(&mut self, keys: Vec<String>) -> Result<(), SteelErr> {
        for key in keys {
            let before = self.host.state().record_types.clone();
            match &self.replay {
                Some(replay) => replay.load(&mut self.engine, &key)?,
                None => {
                    self.engine.compile_and_run_raw_program(format!("(require {key:?})"))?;
                }
            }
            let types = self.host.state().record_types.difference(&before).cloned().collect();
            self.loaded.insert(key, types);
        }
        lockdown::lock_down(&mut self.engine, self.purity)
    }

    /// Loads the user's modules that the declaration uses, while there is nothing of the declaration yet: with it they
    /// would be compiled as if all that it defines were defined for them, too.
    fn load_libraries(&mut self, program: &Program) -> Result<(), SteelErr> {
        let Some((_declaration, others)) = program.modules.split_last() else { return Ok(()) };
        let libraries = others.iter().filter(|module| !module.embedded).enumerate();
        // Under names that nobody writes: what the declaration sees of them, it says itself.
        let requires =
            libraries.map(|(n, module)| format!("(require (prefix-in #%library-{n}- {:?}))", module.key));
        let requires: String = requires.collect();
        if !requires.is_empty() {
            self.engine.compile_and_run_raw_program(requires)?;
            self.host.state().current = None;
        }
        Ok(())
    }

    /// Loads those parts of Steel's library that are wanted. With an image all of them are there from the start.
    fn load_standard<W: Fn(&str) -> bool>(&mut self, wanted: impl FnOnce() -> W) -> Result<(), SteelErr> {
        match self.replay {
            Some(_) => Ok(()),
            None => engine::load_standard(&mut self.engine, wanted()),
        }
    }

    /// Does what the first program to be compiled would have to do: what has been replaced is cleared away.
    fn settle(&mut self) -> Result<(), SteelErr> {
        self.engine.compile_and_run_raw_program("").map(drop)
    }

    /// The interpreter panicked: where it was.
    fn crashed_at(&self, program: &Program) -> Failure {
        let mut failure = crashed();
        let current = self.host.state().current.take();
        let place = current.and_then(|(key, at)| Some((program.find(&key)?, at)));
        if let (Some((file, at)), Some(problem)) = (place, failure.problems.first_mut()) {
            problem.labels.push(Label { file: Some(file), at, text: "while evaluating this".into() });
            failure.sources = program.sources();
        }
        failure
    }

    /// What a program does not use must make no difference to it.
    fn forget_all_but(&self, program: &Program) {
        let mut state = self.host.state();
        for (_, types) in self.loaded.iter().filter(|(key, _)| program.find(key).is_none()) {
            state.record_types.retain(|name| !types.contains(name));
        }
    }

    /// What a value stands for in the store, by the lowering of its type; `Void` if it has none.
    fn lower(&mut self, program: &Program, value: SteelVal) -> steel::rvals::Result<SteelVal> {
        if !self.host.state().problems.is_empty() {
            return Ok(SteelVal::Void);
        }
        if program.find(RECORDS).is_none() {
            return Ok(value);
        }
        let procedure = self.engine.extract_value("%lower-root")?;
        self.engine.call_function_with_args(procedure, vec![value])
    }

    /// What was remarked on the way, and the texts that it is about.
    fn caveats(&self, program: &Program) -> (Vec<Caveat>, Vec<SourceText>) {
        let raw = std::mem::take(&mut self.host.state().caveats);
        let blame = Blame { engine: &self.engine, program, current: None, field: None, reported: false };
        let mut caveats: Vec<Caveat> = Vec::new();
        for raw in raw {
            let problem = blame.reported(&raw.problem);
            if caveats.iter().all(|other| other.problem.message != problem.message) {
                caveats.push(Caveat { topic: raw.topic, problem });
            }
        }
        let sources = program.sources_of(caveats.iter_mut().map(|caveat| &mut caveat.problem));
        (caveats, sources)
    }

    /// The outcome, unless something was reported on the way.
    fn conclude<T>(&self, program: &Program, outcome: steel::rvals::Result<T>) -> Result<T, Failure> {
        let (reported, current, field) = {
            let mut state = self.host.state();
            let field = state.waiting.pop().map(|(_, place)| place);
            (std::mem::take(&mut state.problems), state.current.take(), field)
        };
        let blame = Blame { engine: &self.engine, program, current, field, reported: !reported.is_empty() };
        let problems = match outcome {
            Ok(value) if reported.is_empty() => match self.outside.refused() {
                None => return Ok(value),
                Some(error) => vec![unavailable(error)],
            },
            Ok(_) => blame.problems(&reported, None),
            Err(error) => blame.problems(&reported, Some(&error)),
        };
        if problems.is_empty() {
            return Err(crashed());
        }
        Err(Failure { problems, sources: program.sources() })
    }
}

/// The user's modules that the declaration uses.
fn own(program: &Program) -> impl Iterator<Item = &Module> {
    program.modules.iter().filter(|module| !module.embedded)
}

/// What is reported when the user is not to blame.
pub fn at_fault(error: &SteelErr) -> Failure {
    Problem::new(Code::InternalFault, format!("Fruix's own modules are at fault: {error}")).into()
}

/// An error of an input that the declaration caught.
fn unavailable(error: InputError) -> Problem {
    let help = "what a declaration means may not depend on whether this is there: do not catch the error";
    Problem::new(Code::MissingInput, error.message).help(help)
}

/// What is reported when there is nothing better to say.
pub fn crashed() -> Failure {
    Problem::new(Code::InternalFault, "the interpreter failed on this declaration")
        .help("this is a fault of Fruix or of its Scheme; find the expression by removing parts of the file")
        .into()
}

/// Turns the failure of an evaluation that was stopped into one that says why, and where the evaluation was.
pub fn stopped(mut failure: Failure, problem: Problem) -> Failure {
    let mut labels = failure.problems.first().map(|problem| problem.labels.clone()).unwrap_or_default();
    for label in &mut labels {
        label.text = "was evaluating this".into();
    }
    failure.problems = vec![Problem { labels, ..problem }];
    failure
}
