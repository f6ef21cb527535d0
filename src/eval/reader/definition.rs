//! Definitions of procedures, so that calls of them do what they say.
//!
//! Steel 0.8 copies small procedures to where they are called without looking at the number of arguments: a call
//! with too few or too many would silently do something else, and what fails inside such a copy has no caller that
//! one could point at. It copies none that holds a `return!`, so `(define (f a) …)` gets one that is never reached.
//!
//! Of a procedure with optional or keyword parameters Steel checks no more than the number of arguments. Such a one
//! is wrapped in another that checks their names first.

use super::datum::{Datum, Kind};
use super::rewrite::Writer;
use crate::eval::repairs::{CHECK_ARGUMENTS, NEVER};

/// Writes a form; changed, if it is the definition of a procedure.
pub(super) fn write(form: &Datum, writer: &mut Writer<'_>) {
    match Procedure::read(form) {
        Some(procedure) => procedure.write(form, writer),
        None => writer.copy(form.at.clone()),
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

    fn write(&self, form: &Datum, writer: &mut Writer<'_>) {
        let name = self.name.symbol().unwrap_or_default();
        let Some(known) = Parameters::read(self.parameters) else {
            writer.generate("(define ", &form.at);
            writer.copy(self.name.at.clone());
            self.write_lambda(true, writer);
            writer.generate(")", &form.at);
            return;
        };
        let original = format!("%{name}-original");
        writer.generate(&format!("(define {original}"), &form.at);
        self.write_lambda(false, writer);
        writer.generate(")(define ", &form.at);
        writer.copy(self.name.at.clone());
        let check = format!("({CHECK_ARGUMENTS} '{name} {} arguments)", known.describe());
        writer.generate(&format!(" (lambda arguments {check} (apply {original} arguments)))"), &form.at);
    }

    fn write_lambda(&self, held: bool, writer: &mut Writer<'_>) {
        let near = &self.name.at;
        writer.generate(" (lambda (", near);
        if let [first, ..] = self.parameters {
            let last = self.parameters.last().unwrap_or(first);
            writer.copy(first.at.start..last.at.end);
        }
        writer.generate(") ", near);
        if held {
            writer.generate(&held_opening(), near);
        }
        if let [first, ..] = self.body {
            let last = self.body.last().unwrap_or(first);
            writer.copy(first.at.start..last.at.end);
        }
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
        let parsed = parse(text).unwrap();
        let mut writer = rewrite::Writer::new(text, Vec::new());
        write(&parsed.forms[0], &mut writer);
        writer.out.text
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
