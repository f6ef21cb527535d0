//! A path in a declaration is relative to the file it is written in: procedures that take one are told the directory.
//!
//! `(local-file "x")` becomes `(local-file "x" #:directory "…")`, and `local-file` where it is a value, as in
//! `(map local-file names)`, a procedure that adds the directory. In a record, `(freebsd-source (path "x"))`, the value
//! is made absolute.

use super::datum::{Bytes, Datum, Kind};
use super::{gexp, names};

use crate::eval::repairs::ABSOLUTE;

/// Procedures that take a path.
const PROCEDURES: &[&str] = &["local-file", "local-tree", "installed-tree"];

/// Fields of records that hold a path, or a list of them.
const FIELDS: &[(&str, &[&str])] = &[
    ("freebsd-source", &["path", "patches"]),
    ("installed-freebsd", &["path"]),
    ("release-manifest", &["path"]),
];

/// Forms that name things for others, rather than using them.
const NAMING: &[&str] = &["use-modules", "require", "provide"];

/// Forms whose parts are no expressions of this place: calls in them are told, names are left alone.
const PATTERNS: &[&str] = &["define-syntax", "syntax-rules", "define-record-type*"];

/// What to insert or replace where in a file; `own` are names that it gives another meaning.
pub(super) fn edits(text: &str, forms: &[Datum], own: &[&str], directory: &str) -> Vec<(Bytes, String)> {
    let mut walk = Walk { text, own, directory, edits: Vec::new() };
    for form in forms.iter().filter(|form| !NAMING.iter().any(|name| form.form(name).is_some())) {
        walk.expression(form, 0);
    }
    walk.edits
}

struct Walk<'a> {
    text: &'a str,
    own: &'a [&'a str],
    directory: &'a str,
    edits: Vec<(Bytes, String)>,
}

impl Walk<'_> {
    /// Looks through an expression inside of so many quasiquotations.
    fn expression(&mut self, datum: &Datum, quoted: usize) {
        match &datum.kind {
            Kind::Symbol(name) if quoted == 0 && self.takes_path(name) => {
                let procedure = format!(
                    "(lambda (path . more) (apply {name} (cons path (cons '#:directory (cons {:?} more)))))",
                    self.directory
                );
                self.edits.push((datum.at.clone(), procedure));
            }
            Kind::Gexp(_) if quoted == 0 => {
                gexp::values(datum).into_iter().for_each(|value| self.expression(value, 0));
            }
            Kind::List(items) if quoted == 0 => self.form(items),
            Kind::List(items) => items.iter().for_each(|item| self.expression(item, quoted)),
            Kind::OtherQuote(inner) => {
                self.expression(inner, names::depth(&self.text[datum.at.clone()], quoted));
            }
            _ => {}
        }
    }

    fn form(&mut self, items: &[Datum]) {
        let [head, rest @ ..] = items else { return };
        match head.symbol() {
            Some(name) if self.takes_path(name) => self.call(rest),
            Some("lambda" | "λ" | "define") => {
                rest.iter().take(1).for_each(|parameters| self.defaults(parameters));
                rest.iter().skip(1).for_each(|item| self.expression(item, 0));
            }
            Some("let" | "let*" | "letrec" | "letrec*") => {
                // A named one has its name first.
                let bindings = usize::from(rest.first().is_some_and(|first| first.symbol().is_some()));
                rest.iter().skip(bindings).take(1).for_each(|bindings| self.defaults(bindings));
                rest.iter().skip(bindings + 1).for_each(|item| self.expression(item, 0));
            }
            Some(name) if PATTERNS.contains(&name) => rest.iter().for_each(|item| self.calls(item)),
            Some(name) if !self.own.contains(&name) => {
                let fields =
                    FIELDS.iter().find(|(record, _)| *record == name).map_or(&[][..], |(_, fields)| fields);
                rest.iter().for_each(|clause| self.clause(clause, fields));
                self.expression(head, 0);
            }
            _ => items.iter().for_each(|item| self.expression(item, 0)),
        }
    }

    /// A part of a form; the value of one of these fields is made absolute, if this is the clause that gives it.
    fn clause(&mut self, clause: &Datum, fields: &[&str]) {
        self.expression(clause, 0);
        if let Some([field, value]) = clause.list()
            && field.symbol().is_some_and(|field| fields.contains(&field))
        {
            let opening = format!("({ABSOLUTE} {:?} ", self.directory);
            self.edits.push((value.at.start..value.at.start, opening));
            self.edits.push((value.at.end..value.at.end, ")".into()));
        }
    }

    /// Tells a call the directory: after the path, since Steel wants what is not optional first.
    fn call(&mut self, arguments: &[Datum]) {
        arguments.iter().for_each(|argument| self.expression(argument, 0));
        if let Some(path) = arguments.first() {
            self.edits.push((path.at.end..path.at.end, format!(" #:directory {:?}", self.directory)));
        }
    }

    /// The values in `((name value) …)` or `(name [name value] …)`.
    fn defaults(&mut self, bindings: &Datum) {
        for binding in bindings.list().unwrap_or_default() {
            let values = binding.list().unwrap_or_default().iter().skip(1);
            values.for_each(|value| self.expression(value, 0));
        }
    }

    /// Calls alone, anywhere inside.
    fn calls(&mut self, datum: &Datum) {
        gexp::values(datum).into_iter().for_each(|value| self.calls(value));
        let Some(items) = datum.list() else { return };
        match items.first().and_then(Datum::symbol) {
            Some(name) if self.takes_path(name) => self.call(&items[1..]),
            _ => items.iter().for_each(|item| self.calls(item)),
        }
    }

    fn takes_path(&self, name: &str) -> bool {
        PROCEDURES.contains(&name) && !self.own.contains(&name)
    }
}
