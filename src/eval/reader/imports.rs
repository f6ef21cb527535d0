//! Forms that name modules and what they provide.

use super::datum::{Datum, Kind};
use super::record_form::RecordForm;
use super::rewrite::{Context, Writer};
use super::rewritten::{Import, Rewritten};
use crate::eval::code::Code;
use crate::eval::problem::Problem;
use crate::util::spelling;

/// `(use-modules (fruix system) ((mine tools) #:prefix m:) …)`
pub(super) fn use_modules(
    form: &Datum,
    modules: &[Datum],
    context: &mut dyn Context,
    out: &mut Rewritten,
) -> Result<(), Problem> {
    if modules.is_empty() {
        return Err(Problem::at(Code::MalformedImport, form.at.clone(), "`use-modules` names no module")
            .help("write (use-modules (fruix system))"));
    }
    for module in modules {
        let shape = || {
            Problem::at(Code::MalformedImport, module.at.clone(), "this is no module name")
                .label("expected a list of names")
                .help("write (use-modules (fruix system)); for a file, (require \"path/file.scm\")")
        };
        let items = module.list().ok_or_else(shape)?;
        let (name, options) = match items.split_first() {
            Some((first, options)) if first.list().is_some() => (first, options),
            _ => (module, &[][..]),
        };
        let parts: Option<Vec<&str>> =
            name.list().map(|parts| parts.iter().map(Datum::symbol).collect()).ok_or_else(shape)?;
        let parts = parts.filter(|parts| !parts.is_empty()).ok_or_else(shape)?;
        let key = context.module_key(&format!("{}.scm", parts.join("/")), &module.at)?;
        let mut spec = None;
        for option in options.chunks(2) {
            let inner = spec.unwrap_or_else(|| format!("{key:?}"));
            spec = match option {
                [Datum { kind: Kind::Keyword(word), .. }, value] => {
                    match (word.as_str(), value.symbol(), value.list()) {
                        ("prefix", Some(prefix), _) => Some(format!("(prefix-in {prefix} {inner})")),
                        ("select", _, Some(names)) => {
                            let names = selected(names, &key, context)?;
                            Some(format!("(only-in {inner} {})", names.join(" ")))
                        }
                        _ => return Err(bad_option(&option[0])),
                    }
                }
                _ => return Err(bad_option(&option[0])),
            };
        }
        out.import(&key, spec.as_deref(), module.at.clone());
    }
    Ok(())
}

/// The names after `#:select`, each `name` or `(name . new-name)`, as Steel takes them.
fn selected(names: &[Datum], key: &str, context: &dyn Context) -> Result<Vec<String>, Problem> {
    let select = |item: &Datum| {
        let (name, renamed) = match item.list() {
            Some([name, dot, new]) if dot.symbol() == Some(".") => (name, new.symbol()),
            _ => (item, None),
        };
        let shown = name.symbol().ok_or_else(|| {
            Problem::at(Code::MalformedImport, item.at.clone(), "this is no name")
                .label("expected NAME, or (NAME . NEW-NAME)")
        })?;
        check_export(name, key, context)?;
        Ok(renamed.map_or(shown.to_string(), |new| format!("[{shown} {new}]")))
    };
    names.iter().map(select).collect()
}

/// Whether a module provides a name.
fn check_export(name: &Datum, key: &str, context: &dyn Context) -> Result<(), Problem> {
    let (Some(shown), Some(exports)) = (name.symbol(), context.exports(key)) else { return Ok(()) };
    if exports.iter().any(|export| export == shown) {
        return Ok(());
    }
    let problem =
        Problem::at(Code::NotProvided, name.at.clone(), format!("the module does not provide `{shown}`"))
            .label("not provided by it");
    Err(match spelling::nearest(shown, exports.iter().map(String::as_str)) {
        Some(near) => problem.did_you_mean(near),
        None => problem.help("look at its (provide …), or at the reference"),
    })
}

fn bad_option(option: &Datum) -> Problem {
    Problem::at(Code::MalformedImport, option.at.clone(), "unknown option of `use-modules`")
        .label("expected `#:prefix NAME` or `#:select (NAME …)`")
        .help("write ((fruix system) #:prefix os:)")
}

/// `(require "a.scm" (prefix-in p: "b.scm") (only-in "c.scm" x))`
pub(super) fn require(
    form: &Datum,
    items: &[Datum],
    context: &mut dyn Context,
    writer: &mut Writer<'_>,
) -> Result<(), Problem> {
    let mut done = form.at.start;
    let start = writer.out.text.len();
    let mut pending: Vec<&Datum> = items.iter().rev().collect();
    while let Some(datum) = pending.pop() {
        if let Some(inner) = datum.list() {
            pending.extend(inner.iter().rev());
        } else if let Some(name) = datum.text() {
            let key = if context.trusted() && name.starts_with("fruix-std/") {
                name.to_string()
            } else {
                context.module_key(name, &datum.at)?
            };
            writer.copy(done..datum.at.start);
            writer.generate(&format!("{key:?}"), &datum.at);
            done = datum.at.end;
        }
    }
    writer.copy(done..form.at.end);
    writer.out.imports.push(Import { at: start..writer.out.text.len(), whole: None });
    items.iter().try_for_each(|item| check_only(item, context))
}

/// Whether there are the names that `(only-in "a.scm" name [name new-name] …)` takes.
fn check_only(item: &Datum, context: &mut dyn Context) -> Result<(), Problem> {
    let Some([module, names @ ..]) = item.form("only-in") else { return Ok(()) };
    let Some(file) = module.text().filter(|file| !file.starts_with("fruix-std/")) else { return Ok(()) };
    let key = context.module_key(file, &module.at)?;
    let mut names = names.iter().map(|name| name.list().and_then(<[_]>::first).unwrap_or(name));
    names.try_for_each(|name| check_export(name, &key, context))
}

/// `(provide name (record type) …)`
pub(super) fn provide(
    form: &Datum,
    items: &[Datum],
    records: &[RecordForm],
    writer: &mut Writer<'_>,
) -> Result<(), Problem> {
    let mut done = form.at.start;
    for item in items {
        let Some(types) = item.form("record") else { continue };
        writer.copy(done..item.at.start);
        done = item.at.end;
        for name in types {
            let record = records
                .iter()
                .find(|record| Some(record.name.as_str()) == name.symbol())
                .ok_or_else(|| {
                    Problem::at(Code::NotProvided, name.at.clone(), "no such record type in this file")
                        .label("not defined here by `define-record-type*`")
                })?;
            writer.generate(&format!("{} ", record.names().join(" ")), &item.at);
        }
    }
    writer.copy(done..form.at.end);
    Ok(())
}

/// How Scheme calls the module with a key: `(fruix system)`.
pub fn scheme_name(key: &str) -> String {
    format!("({})", key.trim_end_matches(".scm").replace('/', " "))
}
