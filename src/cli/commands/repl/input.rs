//! What is done with an input.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use super::commands::{self, Call, Verb};
use super::{Args, diff, show};
use crate::build::Realise;
use crate::cli::args::Global;
use crate::cli::building::{self, BuildFlags};
use crate::cli::context;
use crate::cli::evaluation::interpreter_image;
use crate::cli::messages::Messages;
use crate::cli::output::{self, OutputError};
use crate::derivation::Derivation;
use crate::eval::session::{self, Catalogue, Evaluated, Interactive, Piece, Replayed, Setup, Typed};
use crate::eval::{Evaluation, Value};
use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::system::declaration;

/// Most lines of a value that are shown to a person.
const LINES: usize = 60;

/// Width of lines that are not for a terminal.
const WIDTH: usize = 80;

/// A session and its user.
pub struct Repl {
    session: Interactive,
    store: Arc<dyn Realise>,
    building: BuildFlags,
    config: Option<PathBuf>,
    /// How errors are told.
    pub messages: Messages,
    at_terminal: bool,
    /// How many inputs there were.
    count: usize,
    /// How many of them failed.
    pub failures: usize,
    /// Width of the terminal.
    pub width: usize,
}

impl Repl {
    /// Starts the session. The declaration is still to be loaded.
    pub fn start(
        global: &Global,
        args: Args,
        messages: &Messages,
        at_terminal: bool,
    ) -> miette::Result<Self> {
        let store = context::access(global)?;
        let program = std::env::current_exe().into_diagnostic().wrap_err("cannot find the fruix program")?;
        let setup = Setup {
            program,
            image: interpreter_image(store.own()),
            search: args.evaluation.load_path().to_vec(),
            inputs: Arc::new(args.evaluation.inputs(&store)),
            interrupted: Box::new(interrupt::requested),
            purity: args.evaluation.purity(),
            limits: args.evaluation.limits(),
            attended: at_terminal,
        };
        Ok(Self {
            session: Interactive::start(setup)?,
            store,
            building: args.building,
            config: args.config,
            messages: *messages,
            at_terminal,
            count: 0,
            failures: 0,
            width: WIDTH,
        })
    }

    /// Loads the declaration that was given, if one was.
    ///
    /// # Errors
    /// Nothing can be written any more. What is wrong with the declaration is told.
    pub fn load(&mut self) -> miette::Result<()> {
        let Some(config) = self.config.clone() else { return Ok(()) };
        let loaded = self.watching(|repl| Ok(repl.session.load(&config)?));
        let outcome = loaded.and_then(|evaluated| {
            displayed(&evaluated)?;
            Ok(self.messages.warn(&evaluated.evaluation)?)
        });
        self.conclude(outcome)
    }

    /// The number of the next input.
    pub fn number(&self) -> usize {
        self.count + 1
    }

    /// Deals with an input, and says whether there shall be another one.
    ///
    /// # Errors
    /// Nothing can be written any more. What is wrong with the input is told.
    pub fn input(&mut self, text: &str) -> miette::Result<ControlFlow<()>> {
        if text.trim().is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        self.count += 1;
        let outcome = match commands::parse(text) {
            None => self.evaluate(text),
            Some(Ok(call)) if call.command.verb == Verb::Quit => return Ok(ControlFlow::Break(())),
            Some(call) => call.and_then(|call| self.command(&call)),
        };
        self.conclude(outcome)?;
        Ok(ControlFlow::Continue(()))
    }

    /// All names there are.
    pub fn catalogue(&mut self) -> Catalogue {
        self.session.catalogue()
    }

    fn evaluate(&mut self, text: &str) -> miette::Result<()> {
        for piece in session::pieces(text) {
            let outcome = self.evaluate_piece(text, piece);
            // A person sees what went wrong before the rest is done; from a pipe each piece is for itself.
            if self.at_terminal {
                outcome?;
            } else {
                self.conclude(outcome)?;
            }
        }
        Ok(())
    }

    fn evaluate_piece(&mut self, text: &str, piece: Piece) -> miette::Result<()> {
        let typed = self.typed(text, piece.at, piece.has_value);
        let evaluated = self.watching(|repl| Ok(repl.session.evaluate(typed, piece.defines, false)?))?;
        displayed(&evaluated)?;
        self.messages.warn(&evaluated.evaluation)?;
        self.show(&evaluated.evaluation.value, self.at_terminal.then_some(LINES))
    }

    fn command(&mut self, call: &Call<'_>) -> miette::Result<()> {
        match call.command.verb {
            Verb::Help if call.argument.is_empty() => output::line(show::help())?,
            Verb::Help | Verb::Describe => self.describe(call.word()?)?,
            Verb::Source => self.source(call.word()?)?,
            Verb::Type => {
                let evaluated = self.value(call, false)?;
                output::line(show::kind(&evaluated.evaluation.value, &evaluated.kind))?;
            }
            Verb::Print => {
                let evaluated = self.value(call, false)?;
                self.show(&evaluated.evaluation.value, None)?;
            }
            Verb::Lower => {
                let evaluated = self.value(call, true)?;
                buildable(&evaluated)?;
                output::line(show::lowered(&evaluated.evaluation))?;
            }
            Verb::Build => self.build(call)?,
            Verb::Diff => self.diff(call)?,
            Verb::Use => {
                let text = format!("(use-modules {})", call.argument);
                let typed = self.typed(&text, 0..text.len(), false);
                self.watching(|repl| Ok(repl.session.evaluate(typed, true, false)?))?;
            }
            Verb::Reload => self.reload()?,
            Verb::Quit => {}
        }
        Ok(())
    }

    fn describe(&mut self, name: &str) -> miette::Result<()> {
        let description = self.session.describe(name).ok_or_else(|| self.unknown(name))?;
        Ok(output::line(show::description(&description))?)
    }

    fn source(&mut self, name: &str) -> miette::Result<()> {
        match self.session.source(name) {
            Some((source, at)) => {
                let line = 1 + source.text[..at.start].matches('\n').count();
                Ok(output::line(format!("; {}:{line}\n{}", source.name, &source.text[at]))?)
            }
            None if self.session.describe(name).is_some() => {
                Err(miette!("`{name}` is part of the interpreter: it has no definition in Scheme"))
            }
            None => Err(self.unknown(name)),
        }
    }

    fn unknown(&mut self, name: &str) -> miette::Report {
        let catalogue = self.session.catalogue();
        match crate::util::spelling::nearest(name, catalogue.names.keys().map(String::as_str)) {
            Some(near) => miette!(help = format!("did you mean `{near}`?"), "`{name}` is not defined"),
            None => miette!("`{name}` is not defined"),
        }
    }

    fn build(&mut self, call: &Call<'_>) -> miette::Result<()> {
        let evaluated = self.value(call, true)?;
        buildable(&evaluated)?;
        let Evaluation { value, roots, forms, .. } = &evaluated.evaluation;
        let wanted = declaration::instantiate(self.store.as_ref(), &evaluated.evaluation)?;
        if wanted.is_empty() {
            return Ok(output::lines(plain_path(value))?);
        }
        // A Ctrl-C that stopped an evaluation is not meant for this.
        interrupt::forget();
        building::realise(self.store.as_ref(), &wanted, forms, &self.building)?;
        let mut shown: Vec<&StorePath> = roots.iter().map(|root| &root.path).collect();
        shown.dedup();
        Ok(output::lines(shown)?)
    }

    fn diff(&mut self, call: &Call<'_>) -> miette::Result<()> {
        let mut sides = Vec::new();
        for at in call.expressions(2)? {
            let typed = self.typed(call.text, at, true);
            sides.push(self.watching(|repl| Ok(repl.session.evaluate(typed, false, true)?))?.evaluation);
        }
        let [from, to] = sides.as_slice() else { return Ok(()) };
        let values = diff::values(&from.value, &to.value);
        let mut parts = Vec::new();
        if !values.is_empty() {
            parts.push(show::changes("value", &values));
        }
        let find = |drv: &StorePath| -> Option<Derivation> {
            let made = [from, to].into_iter().find_map(|side| side.derivations.get(drv));
            made.cloned().or_else(|| self.store.derivation(drv).ok())
        };
        for (old, new) in from.roots.iter().zip(&to.roots) {
            let found = diff::derivations(&old.drv, &new.drv, find);
            parts.extend(found.iter().map(|(name, changes)| show::changes(&format!("{name}.drv"), changes)));
        }
        if from.roots.len() != to.roots.len() {
            parts.push(format!("{} derivations → {}", from.roots.len(), to.roots.len()));
        }
        Ok(output::line(if parts.is_empty() { "no difference".into() } else { parts.join("\n") })?)
    }

    fn reload(&mut self) -> miette::Result<()> {
        let Replayed { pieces, errors } = self.watching(|repl| Ok(repl.session.reload()))?;
        let failed = errors.len();
        for error in errors {
            self.messages.show(&error)?;
        }
        if failed > 0 {
            return Err(miette!(
                "{failed} of the files and inputs have errors; the others were evaluated again"
            ));
        }
        let inputs = if pieces == 1 { "1 input".to_string() } else { format!("{pieces} inputs") };
        output::note(format!("read again, with the definitions of {inputs}"));
        Ok(())
    }

    /// The value of the one expression that a command takes.
    fn value(&mut self, call: &Call<'_>, lower: bool) -> miette::Result<Evaluated> {
        let at = call.expressions(1)?.pop().unwrap_or_default();
        let typed = self.typed(call.text, at, true);
        let evaluated = self.watching(|repl| Ok(repl.session.evaluate(typed, false, lower)?))?;
        displayed(&evaluated)?;
        self.messages.warn(&evaluated.evaluation)?;
        Ok(evaluated)
    }

    fn typed(&self, text: &str, at: std::ops::Range<usize>, has_value: bool) -> Typed {
        Typed { name: format!("<repl>:{}", self.count), text: text.to_string(), at, has_value }
    }

    /// Does something that Ctrl-C stops.
    fn watching<T>(&mut self, work: impl FnOnce(&mut Self) -> miette::Result<T>) -> miette::Result<T> {
        let _watch = interrupt::watch_repeatedly()?;
        work(self)
    }

    fn show(&self, value: &Value, lines: Option<usize>) -> miette::Result<()> {
        if *value != Value::Nothing {
            output::line(show::value(value, self.width, lines))?;
        }
        Ok(())
    }

    /// Tells what went wrong, and counts it; where it cannot be told, that is the end.
    fn conclude(&mut self, outcome: miette::Result<()>) -> miette::Result<()> {
        if let Err(report) = outcome {
            if report.downcast_ref::<OutputError>().is_some() {
                return Err(report);
            }
            self.failures += 1;
            self.messages.show(report.as_ref())?;
        }
        Ok(())
    }
}

/// Shows what was displayed.
fn displayed(evaluated: &Evaluated) -> miette::Result<()> {
    let text = &evaluated.displayed;
    if !text.is_empty() {
        output::text(format_args!("{text}{}", if text.ends_with('\n') { "" } else { "\n" }))?;
    }
    Ok(())
}

/// Makes sure that there is something in the store to be had.
fn buildable(evaluated: &Evaluated) -> miette::Result<()> {
    let Evaluation { value, roots, .. } = &evaluated.evaluation;
    if roots.is_empty() && plain_path(value).is_none() {
        return Err(miette!(
            help = "give a system, a derivation, a file, or a list of such",
            "this stands for nothing that can be built: it is a {}",
            show::kind(value, &evaluated.kind)
        ));
    }
    Ok(())
}

fn plain_path(value: &Value) -> Option<&StorePath> {
    match value {
        Value::StorePath(path) => Some(path),
        _ => None,
    }
}
