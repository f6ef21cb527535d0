//! From Steel's errors and places to problems in the user's text.

use std::path::Path;

use steel::parser::span::Span;
use steel::rerrs::{ErrorKind, SteelErr};
use steel::steel_vm::engine::Engine;

use super::host::{Place, REPORTED, RawProblem, SAID};
use super::modules::Program;
use super::problem::{Label, Problem};
use super::reader::{Bytes, Datum};
use crate::eval::code::Code;

mod names;
mod places;
mod slips;
mod wording;

use places::{Call, datum_from, defined, element, mention, whole_expression};

/// Knows where Steel's places lie in the user's text.
pub struct Blame<'a> {
    pub engine: &'a Engine,
    pub program: &'a Program,
    /// The top-level form that was being evaluated.
    pub current: Option<(String, Bytes)>,
    /// Where the value of the field stands that was being evaluated.
    pub field: Option<Place>,
    /// Problems were reported before: an error may say no more than that.
    pub reported: bool,
}

/// A place in one of the program's files.
struct Located {
    file: usize,
    at: Bytes,
    /// The user wrote what stands there, rather than what it stands for.
    written: bool,
}

impl Blame<'_> {
    /// All that is wrong, in the order of the text: what was reported, and what ended the evaluation.
    pub fn problems(&self, reported: &[RawProblem], error: Option<&SteelErr>) -> Vec<Problem> {
        let reported = reported.iter().map(|raw| self.reported(raw));
        let mut problems: Vec<Problem> = Vec::new();
        for problem in reported.chain(error.and_then(|error| self.error(error))) {
            // What several parts of a declaration have in common is found wrong with each of them.
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems.sort_by_key(|problem| {
            let place = problem.labels.first().map(|label| (label.file, label.at.start));
            (place.is_none(), place)
        });
        problems
    }

    /// The problem behind an error; `None` if its problems have been reported already.
    fn error(&self, error: &SteelErr) -> Option<Problem> {
        let shown = error.to_string();
        let message = shown.strip_prefix(&format!("Error: {:?}: ", error.kind())).unwrap_or(&shown).trim();
        if self.reported && (message == REPORTED || message.contains("#<erroneous record>")) {
            return None;
        }
        let message = wording::unbroken(message);
        let (message, help) = match message.split_once('\n') {
            Some((first, rest)) => (first, Some(rest.to_string())),
            None => (message.as_str(), None),
        };
        let place = self.place_of(error, message);
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
    fn place_of(&self, error: &SteelErr, message: &str) -> Option<Located> {
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
        self.current_field()
            .filter(inside)
            .or(place)
            .or_else(|| self.current_form())
            .or_else(|| self.mentioned(message))
    }

    /// What the compiler refuses has no place sometimes, but a name.
    fn mentioned(&self, message: &str) -> Option<Located> {
        let (_, name) = message.rsplit_once(' ')?;
        let modules = self.program.modules.iter().enumerate().rev();
        let mut own = modules.filter(|(_, module)| !module.embedded);
        let at = own.find_map(|(file, module)| Some((file, mention(&module.text, name)?)));
        at.map(|(file, at)| Located { file, at, written: true })
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
        let at = places::inside_a_form(&module.text, &at).unwrap_or(at);
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
            SAID => Problem::new(Code::Failed, message),
            _ => {
                let call = place.and_then(|place| self.call_at(place));
                let problem = Problem::new(wording::code(kind), wording::plain(kind, message, call.as_ref()));
                let malformed = call.filter(|_| !message.contains("unction expected"));
                match malformed.and_then(|call| wording::shape(kind, &call.procedure)) {
                    Some(shape) => problem.help(format!("write {shape}")),
                    None => problem,
                }
            }
        }
    }

    /// The call that stands at a place, if that is one.
    fn call_at(&self, place: &Located) -> Option<Call> {
        let text = &self.program.modules[place.file].text;
        let mut call = Call::read(text.get(place.at.clone())?)?;
        call.own = defined(text).contains(&call.procedure);
        call.is_form |= self.is_macro(&call.procedure);
        Some(call)
    }

    /// Whether a name is that of a macro, such as a constructor.
    fn is_macro(&self, name: &str) -> bool {
        self.engine.in_scope_macros().contains_key(&name.into())
    }

    /// A problem that a primitive reported.
    pub fn reported(&self, raw: &RawProblem) -> Problem {
        let mut problem = Problem::new(raw.code, raw.message.clone());
        problem.help.clone_from(&raw.help);
        problem.replacement.clone_from(&raw.replacement);
        for place in &raw.places {
            let Some(Located { file, at, .. }) = self.locate(&place.place.span()) else { continue };
            // Generated and embedded text is none of the user's business.
            if self.program.modules[file].embedded {
                continue;
            }
            let at = element(&self.program.modules[file].text, &at, &place.path).unwrap_or(at);
            let same = |first: &Label| first.file == Some(file) && first.at == at;
            match problem.labels.first_mut().filter(|first| same(first)) {
                // One expression has made both, such as the body of a procedure that was called twice.
                Some(first) => first.text = "made here, more than once".into(),
                None => problem.labels.push(Label { file: Some(file), at, text: place.text.clone() }),
            }
        }
        problem
    }
}
