//! The interpreter of a session.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::IntoSteelVal as _;
use steel::steel_vm::ThreadStateController;
use steel::steel_vm::engine::Engine;

use super::display::Display;
use super::forms::{self, Names};
use super::messages::{Evaluated, Terms, Typed};
use super::undefined::Undefined;
use crate::eval::blame::Blame;
use crate::eval::code::Code;
use crate::eval::convert;
use crate::eval::engine::Texts;
use crate::eval::evaluation::{Caveat, Evaluation};
use crate::eval::host::{Host, Place, failure, reported};
use crate::eval::image::Image;
use crate::eval::interpreter::{self, Interpreter};
use crate::eval::modules::{self, Declaration, Program, Taken};
use crate::eval::outside::{Asking, Outside};
use crate::eval::problem::{Failure, Label, Problem, SourceText};
use crate::eval::reader::{self, Bytes, Implied};
use crate::eval::value::Value;
use crate::eval::values;

/// The name of the latest value.
const LATEST: &str = "it";

/// The name of the value of the file that the session was started with.
const CONFIG: &str = "%config";

/// A global that holds what has to outlive an evaluation.
const EARLIER: &str = "#%fruix-earlier";

/// An interpreter in which one piece of text after another is evaluated.
pub struct Session {
    engine: Engine,
    host: Host,
    /// All that was read so far.
    program: Program,
    texts: Arc<Texts>,
    search: Vec<PathBuf>,
    outside: Asking,
    display: Display,
    /// What Fruix's own modules provide, by name.
    exports: BTreeMap<String, &'static str>,
    /// The variables that the user has defined.
    variables: BTreeSet<String>,
    /// The record types that the user has defined.
    record_types: BTreeSet<String>,
}

/// What is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    /// Something typed, whose last expression has the value.
    Expression,
    /// Something typed that has no value.
    Definitions,
}

impl Session {
    /// Starts an interpreter that knows all of Fruix's modules; from an image for pure evaluations, if there is one.
    ///
    /// # Errors
    /// A fault in Fruix's own modules.
    pub fn start(terms: Terms, image: Option<Image>, outside: Arc<dyn Outside>) -> Result<Self, Failure> {
        let Terms { search, purity } = terms;
        let asking = Asking::new(Arc::clone(&outside));
        let program = modules::embedded(&asking)?;
        let mut interpreter = match image {
            Some(image) => Interpreter::replay(outside, image)?,
            None => Interpreter::start(outside, purity)?,
        };
        interpreter.complete()?;
        let (mut engine, host, texts) = interpreter.into_parts();
        let display = Display::attach(&mut engine).map_err(|error| interpreter::at_fault(&error))?;
        let exports = modules::exports();
        // Loading a module brings its macros into scope; a file is to say that it uses them.
        engine.in_scope_macros_mut().retain(|name, _| !exports.contains_key(name.resolve()));
        if let Ok(directory) = std::env::current_dir() {
            host.state().directory = directory.display().to_string();
        }
        Ok(Self {
            engine,
            host,
            program,
            texts,
            search,
            outside: asking,
            display,
            exports,
            variables: BTreeSet::new(),
            record_types: BTreeSet::new(),
        })
    }

    /// By which another thread can stop an evaluation.
    pub fn controller(&self) -> ThreadStateController {
        self.engine.get_thread_state_controller()
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    /// Whether a name is that of a variable without a value.
    pub(super) fn is_undefined(&self, name: &str) -> bool {
        self.engine.extract_value(name).is_ok_and(|value| values::custom::<Undefined>(&value).is_some())
    }

    /// Evaluates a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(&mut self, file: &Declaration) -> Result<Evaluated, Failure> {
        // Where its records name relative paths, they mean its directory, whenever they are lowered.
        if let Some(directory) = Path::new(&file.key).parent() {
            self.host.state().directory = directory.display().to_string();
        }
        let evaluated = self.run(file, 0..file.text.len(), Kind::File, false)?;
        if let Ok(value) = self.engine.extract_value(LATEST) {
            self.engine.register_value(CONFIG, value);
            self.variables.insert(CONFIG.into());
        }
        Ok(evaluated)
    }

    /// Evaluates a piece, and lowers its value if that is asked for.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn evaluate(&mut self, typed: &Typed, lower: bool) -> Result<Evaluated, Failure> {
        let Typed { name, text, at, has_value } = typed;
        let declaration = Declaration::typed(name, text)?;
        let kind = if *has_value { Kind::Expression } else { Kind::Definitions };
        self.run(&declaration, at.clone(), kind, lower)
    }

    fn run(
        &mut self,
        declaration: &Declaration,
        at: Bytes,
        kind: Kind,
        lower: bool,
    ) -> Result<Evaluated, Failure> {
        let parsed = declaration.text.get(at.clone()).and_then(|text| reader::parse(text).ok());
        let forms = parsed.as_deref().map_or(&[][..], |parsed| &parsed.forms);
        let names = forms::all_names(forms);
        // A file says which modules it uses.
        let implied = if kind == Kind::File { Vec::new() } else { self.implied(forms, &names) };
        let before = self.program.modules.len();
        let taken = Taken { at, implied, redefinable: &self.variables };
        let read = modules::extend(&mut self.program, declaration, taken, &self.search, &self.outside);
        self.texts.add(&self.program.modules[before..]);
        read?;
        let undo = self.prepare(&names);
        let mut outcome = self.execute(kind, lower);
        let mut awaited = Vec::new();
        while let Some(problem) = self.await_definition(kind, &outcome) {
            awaited.push(problem);
            outcome = self.execute(kind, lower);
        }
        let displayed = self.display.take(&mut self.engine);
        match self.conclude(outcome) {
            Ok((mut evaluation, kind)) => {
                (evaluation.caveats, evaluation.sources) = self.caveats(awaited);
                self.variables.extend(names.variables);
                self.record_types.extend(names.record_types);
                Ok(Evaluated { evaluation, kind, displayed })
            }
            Err(failure) => {
                self.undo(&names, undo);
                Err(failure)
            }
        }
    }

    /// What a piece takes from Fruix's modules without naming them: only what it uses, so that nothing of the user's
    /// is covered.
    fn implied(&self, forms: &[reader::Datum], own: &Names) -> Vec<Implied> {
        let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut pending: Vec<&reader::Datum> = forms.iter().collect();
        let defined = |name: &str| {
            let own = own.variables.iter().chain(&own.macros).any(|own| own == name);
            own || self.variables.contains(name) || self.record_types.contains(name)
        };
        while let Some(datum) = pending.pop() {
            pending.extend(datum.list().unwrap_or_default());
            pending.extend(reader::inserted(datum));
            let Some(name) = datum.symbol().filter(|name| !defined(name)) else { continue };
            let Some(key) = self.exports.get(name) else { continue };
            let names = found.entry(key).or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_string());
            }
        }
        found.into_iter().map(|(key, only)| Implied { key, only }).collect()
    }

    /// Makes room for definitions of what is defined already. Gives the values that are to be restored if that fails.
    fn prepare(&mut self, names: &Names) -> Vec<(String, SteelVal)> {
        for name in &names.variables {
            // A macro would go before the variable.
            self.engine.in_scope_macros_mut().remove(&name.as_str().into());
        }
        let mut state = self.host.state();
        state.current = None;
        state.problems.clear();
        state.caveats.clear();
        state.waiting.clear();
        for name in names.record_types.iter().filter(|name| self.record_types.contains(*name)) {
            state.record_types.remove(name);
        }
        drop(state);
        let known = names.variables.iter().filter(|name| self.variables.contains(*name));
        let earlier: Vec<(String, SteelVal)> =
            known.filter_map(|name| Some((name.clone(), self.engine.extract_value(name).ok()?))).collect();
        // What nothing holds would be recycled.
        let held = earlier.iter().map(|(_, value)| value.clone());
        self.engine.register_value(EARLIER, SteelVal::ListV(held.collect()));
        earlier
    }

    /// After a failure: what has no sound value gets its earlier one, or one that says so.
    fn undo(&mut self, names: &Names, earlier: Vec<(String, SteelVal)>) {
        for name in &names.variables {
            let Ok(value) = self.engine.extract_value(name) else { continue };
            if !matches!(value, SteelVal::Void) && !values::is_poison(&value) {
                self.variables.insert(name.clone());
                continue;
            }
            let earlier = earlier.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            let value = earlier.or_else(|| Undefined::failed(name).into_steelval().ok());
            self.engine.register_value(name, value.unwrap_or(SteelVal::Void));
        }
        for name in &names.record_types {
            if self.record_types.contains(name) {
                self.host.state().record_types.insert(name.clone());
            } else {
                self.host.state().record_types.remove(name);
            }
        }
    }

    /// If an outcome is that a procedure names what nothing defines, which may be defined later: gives the name a place,
    /// so that it can be tried again, and what there is to say of it.
    fn await_definition<T>(&mut self, kind: Kind, outcome: &steel::rvals::Result<T>) -> Option<Problem> {
        let error = outcome.as_ref().err().filter(|_| kind == Kind::Definitions)?;
        let (name, problem) = self.blame(None, None).awaited(error)?;
        if self.engine.global_exists(&name) {
            return None;
        }
        self.engine.register_value(&name, Undefined::awaited(&name).into_steelval().ok()?);
        self.variables.insert(name);
        Some(problem)
    }

    /// Runs the latest module.
    fn execute(&mut self, kind: Kind, lower: bool) -> steel::rvals::Result<(Evaluation, String)> {
        self.engine.get_thread_state_controller().resume();
        let Some(module) = self.program.declaration() else {
            return Err(failure("nothing was read"));
        };
        let text = module.rewritten.text.clone();
        let mut values = self.engine.compile_and_run_raw_program(text)?;
        let value = values.pop().filter(|_| kind != Kind::Definitions).unwrap_or(SteelVal::Void);
        // Lowering is another evaluation, which would recycle a value that nothing holds.
        let _held = value.as_rooted();
        if values::custom::<Undefined>(&value).is_some() {
            return Err(failure(value.to_string()));
        }
        if values::is_poison(&value) {
            return Err(reported());
        }
        let mut evaluation = self.evaluation(&value);
        if lower && self.host.state().problems.is_empty() {
            let procedure = self.engine.extract_value("%lower-root")?;
            let lowered = self.engine.call_function_with_args(procedure, vec![value.clone()])?;
            evaluation.roots = convert::to_roots(&lowered);
            self.add_needed(&mut evaluation);
        }
        if !matches!(value, SteelVal::Void) {
            self.engine.register_value(LATEST, value.clone());
        }
        Ok((evaluation, values::kind_of(&value)))
    }

    /// The value as plain data, and where it comes from.
    fn evaluation(&self, value: &SteelVal) -> Evaluation {
        let module = self.program.declaration();
        Evaluation {
            value: convert::to_value(value),
            roots: Vec::new(),
            derivations: BTreeMap::new(),
            texts: Vec::new(),
            forms: Vec::new(),
            caveats: Vec::new(),
            sources: Vec::new(),
            files: self.program.files_read(),
            result_at: module.and_then(|module| module.last_form.clone()),
            declaration: module
                .map(modules::Module::source)
                .unwrap_or_else(|| SourceText { name: String::new(), text: String::new() }),
        }
    }

    /// Adds the derivations and texts that the roots need, of all that the session has made.
    fn add_needed(&self, evaluation: &mut Evaluation) {
        let state = self.host.state();
        let mut pending: Vec<_> = evaluation.roots.iter().map(|root| root.drv.clone()).collect();
        if let Value::StorePath(path) = &evaluation.value {
            pending.push(path.clone());
        }
        let mut texts = BTreeMap::new();
        while let Some(path) = pending.pop() {
            if evaluation.derivations.contains_key(&path) || texts.contains_key(&path) {
                continue;
            }
            if let Some(derivation) = state.derivations.get(&path) {
                pending.extend(derivation.references());
                evaluation.derivations.insert(path, derivation.clone());
            } else if let Some(text) = state.texts.get(&path) {
                pending.extend(text.references.iter().cloned());
                texts.insert(path, text.clone());
            }
        }
        evaluation.texts = texts.into_values().collect();
        let forms = state.forms.iter().filter(|(drv, _)| evaluation.derivations.contains_key(*drv));
        let places = forms.filter_map(|(drv, (key, at))| self.program.form_place(drv.clone(), key, *at));
        evaluation.forms = places.collect();
    }

    /// The outcome, unless something was reported on the way.
    fn conclude<T>(&self, outcome: steel::rvals::Result<T>) -> Result<T, Failure> {
        let (reported, current, field) = {
            let mut state = self.host.state();
            let field = state.waiting.pop().map(|(_, place)| place);
            (std::mem::take(&mut state.problems), state.current.take(), field)
        };
        // What an earlier piece reported may be what this one fails of.
        let blame = Blame { reported: true, ..self.blame(current.clone(), field) };
        let mut problems = match outcome {
            Ok(value) if reported.is_empty() => return Ok(value),
            Ok(_) => blame.problems(&reported, None),
            Err(error) => blame.problems(&reported, Some(&error)),
        };
        if problems.is_empty() {
            // What an earlier piece reported stays in the values it gave.
            let problem =
                Problem::new(Code::FieldType, "this uses a record that had errors").help("define it again");
            let place = current.and_then(|(key, at)| {
                Some(Label { file: Some(self.program.find(&key)?), at, text: "while evaluating this".into() })
            });
            problems.push(Problem { labels: place.into_iter().collect(), ..problem });
        }
        for problem in &mut problems {
            if let Some(undefined) = Undefined::shown_in(&problem.message) {
                let is_form = self.engine.in_scope_macros().contains_key(&undefined.name().into());
                undefined.explain(is_form, problem);
            }
        }
        Err(self.with_sources(problems))
    }

    /// What was remarked on the way, with `more`, and the texts that it is about.
    fn caveats(&self, more: Vec<Problem>) -> (Vec<Caveat>, Vec<SourceText>) {
        let raw = std::mem::take(&mut self.host.state().caveats);
        let blame = self.blame(None, None);
        let remarks = raw.into_iter().map(|raw| (blame.reported(&raw.problem), raw.topic));
        let remarks = remarks.chain(more.into_iter().map(|problem| (problem, String::new())));
        let (problems, topics): (Vec<Problem>, Vec<String>) = remarks.unzip();
        let Failure { problems, sources } = self.with_sources(problems);
        let caveats = topics.into_iter().zip(problems);
        (caveats.map(|(topic, problem)| Caveat { topic, problem }).collect(), sources)
    }

    fn blame(&self, current: Option<(String, Bytes)>, field: Option<Place>) -> Blame<'_> {
        Blame { engine: &self.engine, program: &self.program, current, field, reported: false }
    }

    /// Problems with those texts that they point into.
    fn with_sources(&self, mut problems: Vec<Problem>) -> Failure {
        let sources = self.program.sources_of(problems.iter_mut());
        Failure { problems, sources }
    }
}
