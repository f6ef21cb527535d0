//! The names that a file gives a meaning: what it defines, binds and provides.

use std::collections::BTreeMap;

use super::datum::{Bytes, Datum, Kind, Parsed};
use super::gexp;
use super::imports::scheme_name;
use super::record_form::RecordForm;
use super::rewrite::Context;
use crate::eval::code::Code;
use crate::eval::problem::Problem;
use crate::util::spelling;

/// Names that mean something of their own in a file: definitions wherever they stand, parameters, and fields of record
/// types, which head the clauses of constructors.
pub(super) fn own<'a>(parsed: &'a Parsed, records: &'a [RecordForm]) -> Vec<&'a str> {
    let mut own: Vec<&str> =
        records.iter().flat_map(|record| record.fields.iter().map(|field| field.name.as_str())).collect();
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        let Some(items) = datum.list() else { continue };
        pending.extend(items);
        let [head, rest @ ..] = items else { continue };
        match (head.symbol(), rest) {
            (Some("define" | "define-syntax"), [signature, ..]) => {
                let name = signature.list().and_then(<[_]>::first).unwrap_or(signature);
                own.extend(name.symbol());
                own.extend(signature.list().unwrap_or_default().iter().filter_map(Datum::symbol));
            }
            (Some("lambda" | "λ"), [parameters, ..]) => {
                own.extend(parameters.list().unwrap_or_default().iter().filter_map(Datum::symbol));
            }
            (Some("let" | "let*" | "letrec" | "letrec*"), [first, rest @ ..]) => {
                let bindings = if first.symbol().is_some() { rest.first() } else { Some(first) };
                own.extend(first.symbol());
                let bindings = bindings.and_then(Datum::list).unwrap_or_default().iter();
                own.extend(bindings.filter_map(|binding| binding.list()?.first()?.symbol()));
            }
            _ => {}
        }
    }
    own
}

/// Refuses a name of a module of Fruix's that the file does not use. The interpreter may know it all the same, if something
/// else has loaded the module.
pub(super) fn check_modules(
    text: &str,
    parsed: &Parsed,
    own: &[&str],
    context: &dyn Context,
) -> Result<(), Problem> {
    let mut pending: Vec<(&Datum, usize)> = parsed
        .forms
        .iter()
        .rev()
        .filter(|form| !["use-modules", "require", "provide"].iter().any(|head| form.form(head).is_some()))
        .map(|form| (form, 0))
        .collect();
    while let Some((datum, quoted)) = pending.pop() {
        match &datum.kind {
            Kind::Symbol(name) if quoted == 0 && !own.contains(&name.as_str()) => {
                let Some(key) = context.lacking(name).filter(|_| !context.gives_meaning(name)) else {
                    continue;
                };
                let module = scheme_name(key);
                return Err(Problem::at(
                    Code::UnboundName,
                    datum.at.clone(),
                    format!("`{name}` is not defined"),
                )
                .label("not known here")
                .help(format!("it is part of {module}: add (use-modules {module}) at the top")));
            }
            Kind::List(_) if datum.form("quote").is_some() => {}
            Kind::List(items) => pending.extend(items.iter().rev().map(|item| (item, quoted))),
            Kind::Gexp(_) => pending.extend(gexp::values(datum).into_iter().map(|value| (value, 0))),
            Kind::OtherQuote(inner) => pending.push((inner, depth(&text[datum.at.clone()], quoted))),
            _ => {}
        }
    }
    Ok(())
}

/// In how many quasiquotations something stands behind a mark, which stands in so many.
pub(super) fn depth(marked: &str, quoted: usize) -> usize {
    match marked.trim_start_matches('#').as_bytes().first() {
        Some(b',') => quoted.saturating_sub(1),
        _ => quoted + 1,
    }
}

/// Refuses a name that is defined twice, of which one would be lost; also by a record type.
pub(super) fn check_definitions(parsed: &Parsed, records: &[RecordForm]) -> Result<(), Problem> {
    let mut defined: BTreeMap<String, Definition> = BTreeMap::new();
    for form in &parsed.forms {
        for (name, definition) in definitions(form, records) {
            let Some(first) = defined.get(&name) else {
                defined.insert(name, definition);
                continue;
            };
            return Err(Problem::at(Code::BoundTwice, definition.at, format!("`{name}` is defined twice"))
                .label(format!("again here{}", definition.by))
                .also(first.at.clone(), format!("first here{}", first.by))
                .help("give one of them another name"));
        }
    }
    Ok(())
}

/// Where a name is defined, and by what if that does not show.
struct Definition {
    at: Bytes,
    by: String,
}

/// What a form of the top level defines.
fn definitions(form: &Datum, records: &[RecordForm]) -> Vec<(String, Definition)> {
    if let Some(record) = records.iter().find(|record| record.at == form.at) {
        return record
            .definitions()
            .into_iter()
            .map(|(name, field)| {
                let (at, by) = match field {
                    Some(field) => (field.at.clone(), format!(", by the field `{}`", field.name)),
                    None => (record.at.clone(), format!(", by the record type `{}`", record.name)),
                };
                (name, Definition { at, by })
            })
            .collect();
    }
    let signature = form.form("define").or_else(|| form.form("define-syntax")).and_then(<[_]>::first);
    let mut name = signature;
    // `((f a) b)` defines `f`. Nesting is bounded by the reader.
    while let Some(items) = name.and_then(Datum::list) {
        name = items.first();
    }
    let name = name.and_then(Datum::symbol).map(ToString::to_string);
    name.map(|name| (name, Definition { at: form.at.clone(), by: String::new() })).into_iter().collect()
}

/// Refuses to provide what nothing in the file can have defined: neither the file mentions the name elsewhere, nor does a
/// module that it uses provide it.
pub(super) fn check_provided(
    parsed: &Parsed,
    provided: &[&Datum],
    context: &dyn Context,
) -> Result<(), Problem> {
    if provided.is_empty() {
        return Ok(());
    }
    let defined: Vec<&str> = mentioned(parsed);
    for item in provided {
        let name = item.symbol().unwrap_or_default();
        if defined.contains(&name) || defined_by_records(parsed, name) || context.gives_meaning(name) {
            continue;
        }
        let problem =
            Problem::at(Code::NotProvided, item.at.clone(), format!("`{name}` is provided, but not defined"))
                .label("not defined in this file");
        return Err(match spelling::nearest(name, definitions_of(parsed)) {
            Some(near) => problem.did_you_mean(near),
            None => problem.help("define it, or leave it out"),
        });
    }
    Ok(())
}

/// Every symbol of the file, except in what it provides.
fn mentioned(parsed: &Parsed) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pending: Vec<&Datum> =
        parsed.forms.iter().filter(|form| form.form("provide").is_none()).collect();
    while let Some(datum) = pending.pop() {
        match &datum.kind {
            Kind::List(items) => pending.extend(items),
            Kind::Symbol(name) => found.push(name.as_str()),
            _ => {}
        }
    }
    found
}

fn defined_by_records(parsed: &Parsed, name: &str) -> bool {
    parsed.forms.iter().flat_map(super::record_names).any(|defined| defined == name)
}

/// The names that definitions of the top level have.
fn definitions_of(parsed: &Parsed) -> impl Iterator<Item = &str> {
    let signatures = parsed.forms.iter().filter_map(|form| form.form("define")?.first());
    signatures.filter_map(|signature| match signature.list() {
        Some(items) => items.first()?.symbol(),
        None => signature.symbol(),
    })
}
