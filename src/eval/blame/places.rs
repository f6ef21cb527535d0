//! Finding expressions in a user's text.

use super::wording;
use crate::eval::reader::{self, Bytes, Datum, Kind};

/// A call of something with a name.
#[derive(Debug, Clone)]
pub struct Call {
    pub procedure: String,
    pub arguments: usize,
    /// The user's file defines the procedure.
    pub own: bool,
    /// What is called is no procedure but a form, whose parts are no arguments.
    pub is_form: bool,
    symbols: Vec<String>,
}

impl Call {
    /// Reads the text of a call.
    pub fn read(text: &str) -> Option<Self> {
        let parsed = reader::parse(text).ok()?;
        let (head, arguments) = parsed.forms.first()?.list()?.split_first()?;
        let procedure = head.symbol()?.to_string();
        let is_form = wording::is_form(&procedure);
        let symbols = symbols(text, &head.at);
        Some(Self { procedure, arguments: arguments.len(), own: false, is_form, symbols })
    }

    /// Whether a name stands in the call.
    pub fn mentions(&self, name: &str) -> bool {
        self.procedure == name || self.symbols.iter().any(|symbol| symbol == name)
    }
}

/// Steel's range of a list runs from its first to its last item, without the parentheses, and that of a quotation may
/// end early: the range of the whole expression.
pub fn whole_expression(text: &str, at: &Bytes) -> Option<Bytes> {
    let list = datum_from(text, |datum| match datum.list() {
        Some([first, .., last]) => first.at.start == at.start && last.at.end == at.end,
        _ => false,
    });
    let quotation = || {
        let quoted = |datum: &Datum| matches!(datum.kind, Kind::Quote(_) | Kind::OtherQuote(_));
        datum_from(text, |datum| datum.at.start == at.start && (quoted(datum) || datum.list().is_some()))
    };
    let found = list.or_else(quotation).map_or_else(|| at.clone(), |datum| datum.at);
    let around = datum_from(text, |datum| matches!(&datum.kind, Kind::Quote(inner) if inner.at == found));
    Some(around.map_or(found, |datum| datum.at))
}

/// The form of the top level at whose end a range ends that begins before it: where Steel knows no beginning, it takes
/// that of the text.
pub fn inside_a_form(text: &str, at: &Bytes) -> Option<Bytes> {
    let parsed = reader::parse(text).ok()?;
    let form = parsed.forms.iter().find(|form| form.at.start < at.end && at.end <= form.at.end)?;
    (at.start < form.at.start).then(|| form.at.clone())
}

/// The first expression that fits, looking through all of a file.
pub fn datum_from(text: &str, fits: impl Fn(&Datum) -> bool) -> Option<Datum> {
    let parsed = reader::parse(text).ok()?;
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        if fits(datum) {
            return Some(datum.clone());
        }
        match &datum.kind {
            Kind::List(items) => pending.extend(items),
            Kind::Quote(inner) | Kind::OtherQuote(inner) | Kind::Gexp(inner) | Kind::Ungexp { inner, .. } => {
                pending.push(inner);
            }
            _ => {}
        }
    }
    None
}

/// Where an element of the list written at a place stands; `path` holds indices from the outside in.
pub fn element(text: &str, at: &Bytes, path: &[usize]) -> Option<Bytes> {
    if path.is_empty() {
        return None;
    }
    let mut datum = datum_from(text, |datum| datum.at == *at)?;
    for (depth, index) in path.iter().enumerate() {
        let inner = match &datum.kind {
            Kind::Quote(inner) => inner.list().and_then(|items| items.get(*index)),
            // Inside of a quotation.
            Kind::List(items) if depth > 0 && datum.form("list").is_none() => items.get(*index),
            _ => made(&datum, *index),
        };
        match inner {
            Some(inner) => datum = inner.clone(),
            // The list is computed: its elements stand elsewhere.
            None => return (depth > 0).then_some(datum.at),
        }
    }
    Some(datum.at)
}

/// The element with an index of the list that an expression makes, if that says where it comes from.
fn made(expression: &Datum, index: usize) -> Option<&Datum> {
    let (head, arguments) = expression.list()?.split_first()?;
    match head.symbol()? {
        "list" => arguments.get(index),
        "cons" if index == 0 => arguments.first(),
        "cons" => made(arguments.get(1)?, index - 1),
        "cons*" if index + 1 < arguments.len() => arguments.get(index),
        "cons*" => made(arguments.last()?, index + 1 - arguments.len()),
        // The elements of the first list, if it is written here.
        "append" => made(arguments.first()?, index),
        _ => None,
    }
}

/// The names that a file defines at its top level.
pub fn defined(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let signatures = parsed.forms.iter().filter_map(|form| form.form("define")?.first());
    let names = signatures.filter_map(|signature| match signature.list() {
        Some(items) => items.first()?.symbol(),
        None => signature.symbol(),
    });
    names.map(ToString::to_string).collect()
}

/// Forms that bind the names in their first part: a parameter list, or a list of names with values.
const BINDING: &[&str] = &["lambda", "λ", "define", "let", "let*", "letrec", "letrec*", "do", "receive"];

/// The names that a file binds, wherever in it: definitions and parameters.
pub fn bound(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let mut found: Vec<String> = parsed.forms.iter().flat_map(reader::record_names).collect();
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        let Some(items) = datum.list() else { continue };
        pending.extend(items);
        let [head, rest @ ..] = items else { continue };
        match head.symbol() {
            Some("define-syntax") => found.extend(rest.first().and_then(Datum::symbol).map(str::to_string)),
            Some(head) if BINDING.contains(&head) => {
                // A named `let` has its name first.
                let named = usize::from(rest.first().is_some_and(|first| first.symbol().is_some())) + 1;
                rest.iter().take(named).for_each(|part| add_bound(part, &mut found));
            }
            _ => {}
        }
    }
    found
}

/// The names in `name`, `(name …)` and `([name value] …)`.
fn add_bound(part: &Datum, found: &mut Vec<String>) {
    let name = |datum: &Datum| datum.symbol().filter(|name| *name != ".").map(str::to_string);
    found.extend(name(part));
    for item in part.list().unwrap_or_default() {
        let first = item.list().and_then(<[_]>::first).unwrap_or(item);
        found.extend(name(first));
    }
}

/// Whether a place lies in the body of a procedure, which is not evaluated where it stands.
pub fn in_procedure(text: &str, at: &Bytes) -> bool {
    let around = |datum: &Datum| {
        let is_procedure = match datum.form("define").and_then(<[_]>::first) {
            Some(signature) => signature.list().is_some(),
            None => ["lambda", "λ"].iter().any(|head| datum.form(head).is_some()),
        };
        is_procedure && datum.at.start < at.start && at.end < datum.at.end
    };
    datum_from(text, around).is_some()
}

/// The last form of a file that has a symbol of this name.
pub fn mention(text: &str, name: &str) -> Option<Bytes> {
    let parsed = reader::parse(text).ok()?;
    let mentions = |form: &&Datum| {
        let mut pending = vec![*form];
        while let Some(datum) = pending.pop() {
            if datum.symbol() == Some(name) {
                return true;
            }
            pending.extend(datum.list().unwrap_or_default());
        }
        false
    };
    parsed.forms.iter().rev().find(mentions).map(|form| form.at.clone())
}

/// All symbols of a file except the one at a place.
pub fn symbols(text: &str, except: &Bytes) -> Vec<String> {
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
