//! Definitions of procedures, so that calls of them do what they say.
//!
//! Steel 0.8 copies small procedures to where they are called without looking at the number of arguments: a call
//! with too few or too many would silently do something else, and what fails inside such a copy has no caller that
//! one could point at. It copies none that holds a `return!`, so `(define (f a) …)` gets one that is never reached.
//!
//! Of a procedure with optional or keyword parameters Steel checks no more than the number of arguments. Such a one
//! is wrapped in another that checks their names first.
//!
//! In a session a name may be defined again. To Steel that makes another variable, and what was defined before goes on
//! with the first one; so a definition of a known name becomes an assignment, and no value is known to its optimiser.

use std::collections::BTreeSet;

use super::datum::{Bytes, Datum, Kind};
use super::rewrite::Writer;
use crate::eval::repairs::{CHECK_ARGUMENTS, NEVER, SAME};

/// Writes a form; changed, if it is a definition that needs it. `redefinable` is that of
/// [`Context`](super::Context::redefinable).
pub(super) fn write(form: &Datum, redefinable: Option<&BTreeSet<String>>, writer: &mut Writer<'_>) {
    let opening = |name: &Datum| {
        let known = redefinable.is_some_and(|names| name.symbol().is_some_and(|name| names.contains(name)));
        if known { ASSIGN } else { DEFINE }
    };
    if let Some(procedure) = Procedure::read(form) {
        return procedure.write(form, opening(procedure.name), writer);
    }
    match form.form("define").filter(|_| redefinable.is_some()) {
        Some([name, value]) if name.symbol().is_some() => {
            write_value(form, opening(name), name, value, writer);
        }
        Some([signature, body @ ..]) => match signature.list() {
            Some([name, parameters @ ..]) if opening(name) == ASSIGN => {
                assign_procedure(form, name, parameters, body, writer);
            }
            _ => writer.copy(form.at.clone()),
        },
        _ => writer.copy(form.at.clone()),
    }
}

const DEFINE: &str = "(define ";
const ASSIGN: &str = "(set! ";

/// A variable whose value may change later.
fn write_value(form: &Datum, opening: &str, name: &Datum, value: &Datum, writer: &mut Writer<'_>) {
    writer.generate(opening, &form.at);
    writer.copy(name.at.clone());
    writer.generate(&format!(" ({SAME} "), &form.at);
    writer.copy(value.at.clone());
    writer.generate("))", &form.at);
}

/// Another definition of a procedure with a rest parameter.
fn assign_procedure(
    form: &Datum,
    name: &Datum,
    parameters: &[Datum],
    body: &[Datum],
    writer: &mut Writer<'_>,
) {
    writer.generate(ASSIGN, &form.at);
    writer.copy(name.at.clone());
    writer.generate(" (lambda ", &form.at);
    match parameters {
        [dot, rest] if dot.symbol() == Some(".") => writer.copy(rest.at.clone()),
        _ => {
            writer.generate("(", &form.at);
            writer.copy(all(parameters));
            writer.generate(")", &form.at);
        }
    }
    writer.generate(" ", &form.at);
    writer.copy(all(body));
    // A comment may end the body.
    writer.generate("\n))", &form.at);
}

/// From the first expression to the last.
fn all(data: &[Datum]) -> Bytes {
    match data {
        [first, .., last] => first.at.start..last.at.end,
        [only] => only.at.clone(),
        [] => 0..0,
    }
}

/// What precedes the body of a procedure that Steel shall not copy; [`HELD_CLOSING`] follows it.
pub(super) fn held_opening() -> String {
    format!("(if {NEVER} (return! #f) (let () ")
}

pub(super) const HELD_CLOSING: &str = "))";

/// A definition of a procedure.
struct Procedure<'a> {
    name: &'a Datum,
    parameters: &'a [Datum],
    body: &'a [Datum],
}

impl<'a> Procedure<'a> {
    /// `(define (name parameter …) body …)` or `(define name (lambda (parameter …) body …))`; `None` for other forms, and
    /// for procedures with a rest parameter, which Steel leaves alone.
    fn read(form: &'a Datum) -> Option<Self> {
        let (signature, rest) = form.form("define")?.split_first()?;
        let (name, parameters, body) = match (signature.list(), rest) {
            (Some([name, parameters @ ..]), body) => (name, parameters, body),
            (None, [value]) => match value.form("lambda")? {
                [parameters, body @ ..] => (signature, parameters.list()?, body),
                [] => return None,
            },
            _ => return None,
        };
        let rest = parameters.iter().any(|parameter| parameter.symbol() == Some("."));
        (name.symbol().is_some() && !body.is_empty() && !rest).then_some(Self { name, parameters, body })
    }

    fn write(&self, form: &Datum, opening: &str, writer: &mut Writer<'_>) {
        let name = self.name.symbol().unwrap_or_default();
        let Some(known) = Parameters::read(self.parameters) else {
            writer.generate(opening, &form.at);
            writer.copy(self.name.at.clone());
            self.write_lambda(true, writer);
            writer.generate(")", &form.at);
            return;
        };
        let original = format!("%{name}-original");
        writer.generate(&format!("(define {original}"), &form.at);
        self.write_lambda(false, writer);
        writer.generate(&format!("){opening}"), &form.at);
        writer.copy(self.name.at.clone());
        let check = format!("({CHECK_ARGUMENTS} '{name} {} arguments)", known.describe());
        writer.generate(&format!(" (lambda arguments {check} (apply {original} arguments)))"), &form.at);
    }

    fn write_lambda(&self, held: bool, writer: &mut Writer<'_>) {
        let near = &self.name.at;
        writer.generate(" (lambda (", near);
        writer.copy(all(self.parameters));
        writer.generate(") ", near);
        if held {
            writer.generate(&held_opening(), near);
        }
        writer.copy(all(self.body));
        // A comment may end the body.
        writer.generate("\n)", near);
        if held {
            writer.generate(HELD_CLOSING, near);
        }
    }
}

/// The parameters of a procedure that has optional or keyword ones.
#[derive(Default)]
struct Parameters {
    required: usize,
    optional: usize,
    required_keys: Vec<String>,
    optional_keys: Vec<String>,
}

impl Parameters {
    /// `None` for a procedure with none but required parameters, or with a malformed list.
    fn read(parameters: &[Datum]) -> Option<Self> {
        let mut found = Self::default();
        let mut rest = parameters.iter();
        while let Some(parameter) = rest.next() {
            match &parameter.kind {
                Kind::Keyword(key) => match rest.next()?.kind {
                    Kind::List(_) => found.optional_keys.push(key.clone()),
                    Kind::Symbol(_) => found.required_keys.push(key.clone()),
                    _ => return None,
                },
                Kind::List(_) => found.optional += 1,
                Kind::Symbol(_) => found.required += 1,
                _ => return None,
            }
        }
        let plain = found.optional == 0 && found.required_keys.is_empty() && found.optional_keys.is_empty();
        (!plain).then_some(found)
    }

    /// The arguments of the check: how many positional ones are required and allowed, and the keywords' names.
    fn describe(&self) -> String {
        let list = |keys: &[String]| {
            format!("'({})", keys.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(" "))
        };
        let most = self.required + self.optional;
        format!("{} {most} {} {}", self.required, list(&self.required_keys), list(&self.optional_keys))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{parse, rewrite};
    use super::*;

    fn written(text: &str) -> String {
        written_in(text, None)
    }

    fn written_in(text: &str, redefinable: Option<&BTreeSet<String>>) -> String {
        let parsed = parse(text).unwrap();
        let mut writer = rewrite::Writer::new(text, Vec::new());
        write(&parsed.forms[0], redefinable, &mut writer);
        writer.out.text
    }

    #[test]
    fn in_a_session_definitions_of_known_names_become_assignments() {
        let known = BTreeSet::from(["f".to_string(), "x".to_string()]);
        let written = |text| written_in(text, Some(&known));
        assert_eq!(written("(define x 1)"), "(set! x (#%fruix-same 1))");
        assert_eq!(written("(define y 1)"), "(define y (#%fruix-same 1))");
        assert!(written("(define (f a) a)").starts_with("(set! f (lambda (a) "));
        assert!(written("(define (f [a 1]) a)").contains(")(set! f (lambda arguments "));
        assert_eq!(written("(define (f . all) all)"), "(set! f (lambda all all\n))");
        assert_eq!(written("(define (f a . all) a all)"), "(set! f (lambda (a . all) a all\n))");
        assert_eq!(written("(define (g . all) all)"), "(define (g . all) all)");
        assert_eq!(written("(f 1)"), "(f 1)");
    }

    #[test]
    fn procedures_are_held() {
        let held = "(define f (lambda (a b) (if #%fruix-never (return! #f) (let () (g a) b\n)))";
        assert_eq!(written("(define (f a b) (g a) b)"), format!("{held})"));
        assert_eq!(written("(define f (lambda (a b) (g a) b))"), format!("{held})"));
    }

    #[test]
    fn optional_and_keyword_arguments_are_checked() {
        let text = written("(define (f a [b 1] #:c c #:d [d 2]) a)");
        assert!(text.contains("(define %f-original (lambda (a [b 1] #:c c #:d [d 2]) a\n))"), "{text}");
        assert!(text.contains("'f 1 2 '(\"c\") '(\"d\") arguments)"), "{text}");
    }

    #[test]
    fn other_forms_stay() {
        for same in [
            "(define x (f 1))",
            "(define (f . rest) rest)",
            "(define (f a . rest) a)",
            "(define ((f a) b) a)",
            "(define)",
            "(define x)",
            "(f (define x 1))",
        ] {
            assert_eq!(written(same), same);
        }
    }
}
