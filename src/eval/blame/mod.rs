//! From Steel's errors and places to problems in the user's text.

use std::collections::BTreeSet;
use std::path::Path;

use steel::parser::span::Span;
use steel::rerrs::{ErrorKind, SteelErr};
use steel::steel_vm::engine::Engine;

use super::engine;
use super::host::{Place, REPORTED, RawProblem};
use super::modules::{Program, provided, provider, scheme_name};
use super::problem::{Label, Problem};
use super::reader::{Bytes, Datum};
use crate::util::spelling;

mod places;
mod wording;

use places::{datum_from, defined, element, symbols, whole_expression};

/// Knows where Steel's places lie in the user's text.
pub struct Blame<'a> {
    pub engine: &'a Engine,
    pub program: &'a Program,
    /// The top-level form that was being evaluated.
    pub current: Option<(String, Bytes)>,
    /// Where the value of the field stands that was being evaluated.
    pub field: Option<Place>,
}

/// A place in one of the program's files.
struct Located {
    file: usize,
    at: Bytes,
    /// The user wrote what stands there, rather than what it stands for.
    written: bool,
}

impl Blame<'_> {
    /// The problem behind an error; `None` if its problems have been reported already.
    pub fn error(&self, error: &SteelErr) -> Option<Problem> {
        let shown = error.to_string();
        let message = shown.strip_prefix(&format!("Error: {:?}: ", error.kind())).unwrap_or(&shown).trim();
        if message == REPORTED || message.contains("#<erroneous record>") {
            return None;
        }
        let (message, help) = match message.split_once('\n') {
            Some((first, rest)) => (first, Some(rest.to_string())),
            None => (message, None),
        };
        let place = self.place_of(error);
        let mut problem = self.explain(error.kind(), message, place.as_ref());
        if problem.help.is_none() {
            problem.help = help;
        }
        if let Some(Located { file, at, .. }) = place {
            problem
                .labels
                .insert(0, Label { file: Some(file), at, text: wording::label(error.kind()).into() });
        }
        Some(problem)
    }

    /// The first place in a file of the user's: of the error itself, else of who called.
    fn place_of(&self, error: &SteelErr) -> Option<Located> {
        let calls =
            error.stack_trace().as_ref().map(|trace| trace.trace().iter().filter_map(|call| *call.span()));
        let spans: Vec<Span> = error.span().into_iter().chain(calls.into_iter().flatten()).collect();
        let places = || spans.iter().filter_map(|span| self.locate(span));
        let own = || places().filter(|place| !self.program.modules[place.file].embedded);
        let place = own().find(|place| place.written).map(|place| self.whole_call(error.kind(), place));
        let inside = |field: &Located| {
            place.as_ref().is_none_or(|place| {
                place.file == field.file && place.at.start <= field.at.start && field.at.end <= place.at.end
            })
        };
        self.current_field().filter(inside).or(place).or_else(|| self.current_form())
    }

    /// The field being evaluated, which Steel does not know as a caller.
    fn current_field(&self) -> Option<Located> {
        let place = self.locate(&self.field?.span())?;
        (!self.program.modules[place.file].embedded).then_some(place)
    }

    /// The top-level form being evaluated. Where it is a call, that is where a library was called from.
    fn current_form(&self) -> Option<Located> {
        let (key, at) = self.current.as_ref()?;
        Some(Located { file: self.program.find(key)?, at: at.clone(), written: true })
    }

    /// Steel's place of a call is that of its procedure.
    fn whole_call(&self, kind: ErrorKind, mut place: Located) -> Located {
        let is_call =
            |datum: &Datum| datum.list().and_then(<[_]>::first).is_some_and(|first| first.at == place.at);
        if kind != ErrorKind::FreeIdentifier
            && let Some(call) = datum_from(&self.program.modules[place.file].text, is_call)
        {
            place.at = call.at;
        }
        place
    }

    fn locate(&self, span: &Span) -> Option<Located> {
        if span.start == 0 && span.end == 0 {
            return None;
        }
        let file = self.module_of(span)?;
        let module = &self.program.modules[file];
        let (at, written) = module.rewritten.original(span.start as usize..span.end as usize)?;
        let at = whole_expression(&module.text, &at).unwrap_or(at);
        Some(Located { file, at, written })
    }

    /// The module whose text a place lies in. A declaration has no path for Steel, which would look for it there, but no
    /// two texts that Steel is given are the same.
    fn module_of(&self, span: &Span) -> Option<usize> {
        let id = span.source_id()?;
        let mut modules = self.program.modules.iter();
        match self.engine.get_path_for_source_id(&id) {
            Some(path) => modules.position(|module| path == Path::new(&module.key)),
            None => {
                let text = self.engine.get_source(&id)?;
                modules.position(|module| module.rewritten.text == **text)
            }
        }
    }

    /// Steel's message in words for users.
    fn explain(&self, kind: ErrorKind, message: &str, place: Option<&Located>) -> Problem {
        match kind {
            ErrorKind::FreeIdentifier => self.unknown_name(message, place),
            _ => {
                let text = |place: &Located| self.program.modules[place.file].text.get(place.at.clone());
                let called = place.and_then(text).and_then(places::called_procedure);
                let file = place.map(|place| self.program.modules[place.file].text.as_str());
                let own = called.as_ref().zip(file).is_some_and(|(name, text)| defined(text).contains(name));
                let problem = Problem::new(wording::plain(message, called.as_deref(), own));
                let malformed = called.filter(|_| !message.contains("unction expected"));
                match malformed.and_then(|form| wording::shape(kind, &form)) {
                    Some(shape) => problem.help(format!("write {shape}")),
                    None => problem,
                }
            }
        }
    }

    fn unknown_name(&self, message: &str, place: Option<&Located>) -> Problem {
        let written = place.and_then(|place| self.program.modules[place.file].text.get(place.at.clone()));
        let name =
            written.or_else(|| message.rsplit(' ').next()).unwrap_or(message).trim_matches(['`', '"', '\'']);
        let text = place.map(|place| self.program.modules[place.file].text.as_str());
        if text.is_some_and(|text| defined(text).iter().any(|defined| defined == name)) {
            return Problem::new(format!("`{name}` is used before its definition"))
                .help("move the definition up, or the use down");
        }
        let problem = Problem::new(format!("`{name}` is not defined"));
        if name.starts_with("this-") {
            return problem.help("only defaults of fields, and values of thunked fields, see their record");
        }
        let text = place.map(|place| self.program.modules[place.file].rewritten.text.as_str());
        if provider(name).is_some_and(|key| text.is_some_and(|text| text.contains(&format!("{key:?}")))) {
            return Problem::new(format!("`{name}` is a form, and no value"))
                .help(format!("write ({name} (FIELD VALUE) …), or a `lambda` around it"));
        }
        if let Some(hint) = wording::slip(name) {
            return problem.help(hint);
        }
        if let Some(module) = provider(name).map(scheme_name) {
            return problem.help(format!("it is part of {module}: add (use-modules {module}) at the top"));
        }
        let names = self.known_names(place);
        match spelling::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => problem.did_you_mean(near),
            None if !name.chars().any(char::is_lowercase) => {
                problem.help(format!("for a string, write \"{name}\"; for a symbol, '{name}"))
            }
            None => problem.help("define it, or use the module that does with (use-modules …)"),
        }
    }

    /// Names that could have been meant: Scheme's, those of modules in use, and those of the file.
    fn known_names(&self, place: Option<&Located>) -> BTreeSet<String> {
        let globals = self.engine.readable_globals(0);
        let mut names: BTreeSet<String> = globals.iter().map(|name| name.resolve().to_string()).collect();
        names.extend(self.engine.in_scope_macros().keys().map(|name| name.resolve().to_string()));
        names.extend(["define", "lambda", "let", "if", "begin", "quote", "use-modules"].map(String::from));
        names.extend(engine::STANDARD.iter().flat_map(|(_, names)| *names).map(ToString::to_string));
        for module in self.program.modules.iter().filter(|module| module.embedded) {
            names.extend(provided(&module.rewritten.text));
        }
        if let Some(place) = place {
            names.extend(symbols(&self.program.modules[place.file].text, &place.at));
        }
        let steels_own = |name: &String| name.starts_with(|c: char| "#%".contains(c) || c.is_uppercase());
        names.retain(|name| !steels_own(name) && !name.contains("__"));
        names
    }

    /// A problem that a primitive reported.
    pub fn reported(&self, raw: &RawProblem) -> Problem {
        let mut problem = Problem::new(raw.message.clone());
        problem.help.clone_from(&raw.help);
        problem.replacement.clone_from(&raw.replacement);
        for place in &raw.places {
            let Some(Located { file, at, .. }) = self.locate(&place.place.span()) else { continue };
            // Generated and embedded text is none of the user's business.
            if self.program.modules[file].embedded {
                continue;
            }
            let at = element(&self.program.modules[file].text, &at, &place.path).unwrap_or(at);
            problem.labels.push(Label { file: Some(file), at, text: place.text.clone() });
        }
        problem
    }
}
