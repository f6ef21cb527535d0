//! Taking apart what a user types.

use std::ops::Range;

use crate::eval::reader::{self, Datum};
use crate::eval::tokens::{TokenKind, tokens};

/// Heads of forms that have no value.
const WITHOUT_VALUE: &[&str] =
    &["define", "define-syntax", "define-record-type*", "use-modules", "require", "provide", "set!"];

/// A part of a text that is evaluated in one go: an expression, or definitions that may refer to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub at: Range<usize>,
    /// It has definitions, which a session that is started again needs as well.
    pub defines: bool,
    /// It is an expression.
    pub has_value: bool,
}

/// Whether a text can be evaluated: no list, string or comment in it waits for its end.
pub fn is_complete(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut pending = false;
    for token in tokens(text) {
        match token.kind {
            TokenKind::Open => depth += 1,
            // One too many is an error, which evaluation will tell.
            TokenKind::Close if depth == 0 => return true,
            TokenKind::Close => depth -= 1,
            TokenKind::Unfinished => return false,
            TokenKind::Malformed => return true,
            _ => {}
        }
        pending = match token.kind {
            TokenKind::Prefix => true,
            TokenKind::LineComment | TokenKind::BlockComment => pending,
            _ => false,
        };
    }
    depth == 0 && !pending
}

/// The pieces of a text. One that cannot be read is a single piece, whose evaluation tells why.
pub fn pieces(text: &str) -> Vec<Piece> {
    let Ok(parsed) = reader::parse(text) else {
        return vec![Piece { at: 0..text.len(), defines: false, has_value: true }];
    };
    let mut pieces: Vec<Piece> = Vec::new();
    // What the last piece defines: another definition of the same name changes it, and so comes later.
    let mut defined: Vec<String> = Vec::new();
    for form in &parsed.forms {
        let has_value = !WITHOUT_VALUE.iter().any(|head| form.form(head).is_some());
        let Names { variables, macros, .. } = names(form);
        let defines = !has_value || !variables.is_empty();
        let again = variables.iter().chain(&macros).any(|name| defined.contains(name));
        match pieces.last_mut().filter(|last| !last.has_value && !has_value && !again) {
            Some(definitions) => definitions.at.end = form.at.end,
            None => {
                defined.clear();
                pieces.push(Piece { at: form.at.clone(), defines, has_value });
            }
        }
        defined.extend(variables.into_iter().chain(macros));
    }
    pieces
}

/// Where the expressions of a text stand. One that cannot be read is a single expression, whose evaluation tells why.
pub fn expressions(text: &str) -> Vec<Range<usize>> {
    match reader::parse(text) {
        Ok(parsed) => parsed.forms.iter().map(|form| form.at.clone()).collect(),
        Err(_) => std::iter::once(0..text.len()).collect(),
    }
}

/// The names that forms define.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub variables: Vec<String>,
    pub macros: Vec<String>,
    /// Record types, whose constructors are macros.
    pub record_types: Vec<String>,
}

/// The names that a form defines.
pub fn names(form: &Datum) -> Names {
    let mut found = Names::default();
    collect(form, &mut found);
    found
}

/// The names that forms define.
pub fn all_names(forms: &[Datum]) -> Names {
    let mut found = Names::default();
    forms.iter().for_each(|form| collect(form, &mut found));
    found
}

fn collect(form: &Datum, found: &mut Names) {
    if let Some(name) = form.form("define").and_then(<[_]>::first).and_then(defined) {
        found.variables.push(name.to_string());
    } else if let Some(name) = form.form("define-syntax").and_then(<[_]>::first).and_then(defined) {
        found.macros.push(name.to_string());
    } else if let [name, others @ ..] = reader::record_names(form).as_slice() {
        found.record_types.push(name.clone());
        found.macros.push(name.clone());
        found.variables.extend_from_slice(others);
    } else if let Some(forms) = form.form("begin") {
        forms.iter().for_each(|form| collect(form, found));
    }
}

/// The name in `name`, `(name parameter …)` or `((name parameter …) …)`. Nesting is bounded by the reader.
fn defined(signature: &Datum) -> Option<&str> {
    match signature.list() {
        Some(items) => defined(items.first()?),
        None => signature.symbol(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_texts_are_told() {
        for text in ["(a", "(a \"b", "'", "(a) #;", "(a) '; comment", "[a (b)", "#| a", "(a \"b\\\""] {
            assert!(!is_complete(text), "{text}");
        }
        for text in ["", "a", "(a)", "(a))", "(a]", "a ; (", "\"(\"", "'a", "(a \"\\q", "#;(a)"] {
            assert!(is_complete(text), "{text}");
        }
    }

    #[test]
    fn definitions_stay_together() {
        let text = "(define a 1) (define (f) a) (define a 2) (f) (begin (define b 1)) (set! a 2)";
        let parts = pieces(text);
        let shown: Vec<_> = parts.iter().map(|p| (&text[p.at.clone()], p.defines, p.has_value)).collect();
        assert_eq!(
            shown,
            [
                ("(define a 1) (define (f) a)", true, false),
                ("(define a 2)", true, false),
                ("(f)", false, true),
                ("(begin (define b 1))", true, true),
                ("(set! a 2)", true, false)
            ]
        );
        assert!(pieces("; nothing").is_empty());
        assert_eq!(pieces("(a").len(), 1);
    }

    #[test]
    fn names_are_those_of_all_definitions() {
        let text =
            "(begin (define a 1) (define ((f x) y) 2)) (define-record-type* r (x any)) (define-syntax m 1)";
        let names = all_names(&reader::parse(text).unwrap().forms);
        assert_eq!(names.variables, ["a", "f", "r?", "%r", "r-x"]);
        assert_eq!(names.macros, ["r", "m"]);
        assert_eq!(names.record_types, ["r"]);
    }
}
