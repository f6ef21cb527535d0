//! From Steel's errors and places to problems in the user's text.

use std::collections::BTreeSet;

use steel::parser::span::Span;
use steel::rerrs::{ErrorKind, SteelErr};
use steel::steel_vm::engine::Engine;

use super::host::{REPORTED, RawProblem};
use super::modules::{EMBEDDED, Program};
use super::problem::{Label, Problem};
use super::reader::{self, Bytes, Datum, Kind};
use crate::util::spelling;

/// Knows where Steel's places lie in the user's text.
pub struct Blame<'a> {
    pub engine: &'a Engine,
    pub program: &'a Program,
    /// The top-level form that was being evaluated.
    pub current: Option<(String, Bytes)>,
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
            problem.labels.insert(0, Label { file: Some(file), at, text: label_for(error.kind()).into() });
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
        place.or_else(|| self.current_form())
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
        let path = self.engine.get_path_for_source_id(&span.source_id()?)?;
        let file = self.program.modules.iter().position(|module| module.path() == path)?;
        let module = &self.program.modules[file];
        let (at, written) = module.rewritten.original(span.start as usize..span.end as usize)?;
        let at = whole_expression(&module.text, &at).unwrap_or(at);
        Some(Located { file, at, written })
    }

    /// Steel's message in words for users.
    fn explain(&self, kind: ErrorKind, message: &str, place: Option<&Located>) -> Problem {
        match kind {
            ErrorKind::FreeIdentifier => self.unknown_name(message, place),
            ErrorKind::Infallible => Problem::new("the interpreter failed"),
            ErrorKind::ArityMismatch => {
                let call =
                    place.and_then(|place| self.program.modules[place.file].text.get(place.at.clone()));
                Problem::new(arity_message(message, call))
            }
            _ => Problem::new(lower_first(message)),
        }
    }

    fn unknown_name(&self, message: &str, place: Option<&Located>) -> Problem {
        let written = place.and_then(|place| self.program.modules[place.file].text.get(place.at.clone()));
        let name =
            written.or_else(|| message.rsplit(' ').next()).unwrap_or(message).trim_matches(['`', '"', '\'']);
        let problem = Problem::new(format!("`{name}` is not defined"));
        if let Some(module) = provider(name) {
            return problem.help(format!("it is part of {module}: add (use-modules {module}) at the top"));
        }
        let names = self.known_names(place);
        match spelling::nearest(name, names.iter().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("define it, or use the module that does with (use-modules …)"),
        }
    }

    /// Names that could have been meant: Scheme's, those of modules in use, and those of the file.
    fn known_names(&self, place: Option<&Located>) -> BTreeSet<String> {
        let globals = self.engine.readable_globals(0);
        let mut names: BTreeSet<String> = globals.iter().map(|name| name.resolve().to_string()).collect();
        names.extend(self.engine.in_scope_macros().keys().map(|name| name.resolve().to_string()));
        names.extend(["define", "lambda", "let", "if", "begin", "quote", "use-modules"].map(String::from));
        for module in self.program.modules.iter().filter(|module| module.embedded) {
            names.extend(provided(&module.rewritten.text));
        }
        if let Some(place) = place {
            names.extend(symbols(&self.program.modules[place.file].text, &place.at));
        }
        names.retain(|name| !name.starts_with(['#', '%']) && !name.contains("__"));
        names
    }

    /// A problem that a primitive reported.
    pub fn reported(&self, raw: &RawProblem) -> Problem {
        let mut problem = Problem::new(raw.message.clone());
        problem.help.clone_from(&raw.help);
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

/// Steel's "function expected 1 arguments, found 2" with the procedure's name, which it has forgotten.
fn arity_message(message: &str, call: Option<&str>) -> String {
    let name = call.and_then(|call| reader::parse(call).ok());
    let name =
        name.and_then(|parsed| parsed.forms.first()?.list()?.first()?.symbol().map(ToString::to_string));
    let message = message.replace(" 1 arguments", " 1 argument");
    match (name, message.strip_prefix("function ")) {
        (Some(name), Some(rest)) => format!("`{name}` {rest}"),
        _ => lower_first(&message),
    }
}

fn label_for(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::FreeIdentifier => "not defined",
        ErrorKind::ArityMismatch => "in this call",
        _ => "here",
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    match chars.next() {
        // An acronym or a name keeps its case.
        Some(first) if !message.chars().nth(1).is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_string(),
    }
}

/// Steel's range of a list runs from its first to its last item, without the parentheses, and that of a quotation may
/// end early: the range of the whole expression.
fn whole_expression(text: &str, at: &Bytes) -> Option<Bytes> {
    let list = datum_from(text, |datum| match datum.list() {
        Some([first, .., last]) => first.at.start == at.start && last.at.end == at.end,
        _ => false,
    });
    let quotation = || {
        let quoted = |datum: &Datum| matches!(datum.kind, Kind::Quote(_) | Kind::OtherQuote(_));
        datum_from(text, |datum| datum.at.start == at.start && (quoted(datum) || datum.list().is_some()))
    };
    list.or_else(quotation).map(|datum| datum.at)
}

/// The first expression that fits, looking through all of a file.
fn datum_from(text: &str, fits: impl Fn(&Datum) -> bool) -> Option<Datum> {
    let parsed = reader::parse(text).ok()?;
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        if fits(datum) {
            return Some(datum.clone());
        }
        match &datum.kind {
            Kind::List(items) => pending.extend(items),
            Kind::Quote(inner) | Kind::OtherQuote(inner) => pending.push(inner),
            _ => {}
        }
    }
    None
}

/// Where an element of the list written at a place stands; `path` holds indices from the outside in.
fn element(text: &str, at: &Bytes, path: &[usize]) -> Option<Bytes> {
    if path.is_empty() {
        return None;
    }
    let found = datum_from(text, |datum| datum.at == *at)?;
    let mut datum = &found;
    for (depth, index) in path.iter().enumerate() {
        let items = match &datum.kind {
            Kind::Quote(inner) => inner.list()?,
            Kind::List(items) if datum.form("list").is_some() => &items[1..],
            Kind::List(items) if depth > 0 => items,
            // The list is computed: its elements stand elsewhere.
            _ => return (depth > 0).then(|| datum.at.clone()),
        };
        datum = items.get(*index)?;
    }
    Some(datum.at.clone())
}

/// The embedded module that provides a name, as Scheme writes it.
fn provider(name: &str) -> Option<String> {
    let (key, _) =
        EMBEDDED.iter().find(|(_, text)| provided(text).iter().any(|provided| provided == name))?;
    Some(format!("({})", key.trim_end_matches(".scm").replace('/', " ")))
}

/// The names in a module's `provide` forms. `(record T)` counts as T.
fn provided(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let items = parsed.forms.iter().filter_map(|form| form.form("provide")).flatten();
    let names = items.flat_map(|item| match item.form("record") {
        Some(types) => types.iter().filter_map(Datum::symbol).collect(),
        None => item.symbol().into_iter().collect::<Vec<_>>(),
    });
    names.map(ToString::to_string).collect()
}

/// All symbols of a file except the one at a place.
fn symbols(text: &str, except: &Bytes) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let mut found = Vec::new();
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        pending.extend(datum.list().unwrap_or_default());
        if datum.at != *except {
            found.extend(datum.symbol().map(ToString::to_string));
        }
    }
    found
}
