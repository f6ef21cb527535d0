//! Finding expressions in a user's text.

use crate::eval::reader::{self, Bytes, Datum, Kind};

/// The procedure that a call names.
pub fn called_procedure(call: &str) -> Option<String> {
    let parsed = reader::parse(call).ok()?;
    parsed.forms.first()?.list()?.first()?.symbol().map(ToString::to_string)
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
