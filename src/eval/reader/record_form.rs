//! `define-record-type*`: what it says, and the Scheme it stands for.
//!
//! A macro cannot define the constructor, because Steel's `syntax-rules` can neither make a macro that other
//! modules may import nor nest ellipses. The reader can, and gives exact places to everything.
//!
//! The constructor of a type with thunked or delayed fields hands over all its values as procedures, since a macro
//! cannot tell which fields those are: where a name like `home` is bound, it is no literal of `syntax-rules` any more.
//!
//! The first item of each clause is the type, which the clause has no use for: Steel's optimiser tries, again and again,
//! whether a call has constant arguments only, and copies every quoted datum for that. A global variable first ends it.
//!
//! What the definitions use begins with `%%`: it means the same where the user has defined `list`, and no record type can
//! be called so that one of its own names, such as `%TYPE`, would be one of these.

use super::datum::{Bytes, Datum};
use super::definition::{HELD_CLOSING, held_opening};
use super::field_form::{Expression, FieldForm, Laziness};
use super::rewrite::Writer;
use crate::eval::code::Code;
use crate::eval::problem::Problem;

/// `(define-record-type* name "documentation" (field type option …) …)`
#[derive(Debug)]
pub struct RecordForm {
    pub at: Bytes,
    pub name: String,
    pub doc: Option<String>,
    pub fields: Vec<FieldForm>,
}

/// Everything that a form `(define-record-type* …)` defines, the name of the type first; nothing for other forms.
pub fn names(form: &Datum) -> Vec<String> {
    let record = form.form("define-record-type*").and_then(|items| RecordForm::read(form, items).ok());
    record.map(|record| record.names()).unwrap_or_default()
}

pub(super) const SHAPE: &str = "write (define-record-type* name (field type option …) …)";

impl RecordForm {
    /// Reads a form whose items, after the keyword, are `items`.
    ///
    /// # Errors
    /// The part that is malformed.
    pub fn read(form: &Datum, items: &[Datum]) -> Result<Self, Problem> {
        let name = items.first().and_then(Datum::symbol).ok_or_else(|| {
            Problem::at(Code::MalformedType, form.at.clone(), "`define-record-type*` without a name")
                .label("expected a name")
                .help(SHAPE)
        })?;
        if name.starts_with('%') {
            return Err(Problem::at(
                Code::MalformedType,
                items[0].at.clone(),
                "the name of a record type cannot begin with `%`",
            )
            .label("such names are those of what belongs to types")
            .help(format!("leave out the `%`: `{}`", name.trim_start_matches('%'))));
        }
        let rest = &items[1..];
        let doc = rest.first().and_then(Datum::text);
        let clauses = if doc.is_some() { &rest[1..] } else { rest };
        let mut fields: Vec<FieldForm> = Vec::new();
        for clause in clauses {
            let field = FieldForm::read(clause)?;
            if let Some(first) = fields.iter().find(|other| other.name == field.name) {
                return Err(Problem::at(
                    Code::BoundTwice,
                    field.at.clone(),
                    format!("the field `{}` is defined twice", field.name),
                )
                .label("again here")
                .also(first.at.clone(), "first defined here"));
            }
            fields.push(field);
        }
        Ok(Self { at: form.at.clone(), name: name.to_string(), doc: doc.map(ToString::to_string), fields })
    }

    /// Everything the form defines.
    pub fn names(&self) -> Vec<String> {
        self.definitions().into_iter().map(|(name, _)| name).collect()
    }

    /// Everything the form defines, with the field that it is defined for.
    pub(super) fn definitions(&self) -> Vec<(String, Option<&FieldForm>)> {
        let name = &self.name;
        let mut names = vec![(name.clone(), None), (self.predicate(), None), (format!("%{name}"), None)];
        names.extend(self.fields.iter().map(|field| (self.accessor(field), Some(field))));
        names
    }

    pub fn predicate(&self) -> String {
        format!("{}?", self.name)
    }

    pub fn accessor(&self, field: &FieldForm) -> String {
        format!("{}-{}", self.name, field.name)
    }

    fn is_lazy(&self) -> bool {
        self.fields.iter().any(|field| field.laziness.is_some())
    }

    /// `this-TYPE`, besides `this-record`: what tells nested records apart.
    fn own_name(&self) -> String {
        // A procedure cannot have two parameters of one name.
        if self.name == "record" { "#%this".into() } else { format!("this-{}", self.name) }
    }

    /// Writes the type, the predicate, the accessors and the constructor.
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        let Self { at, name, fields, .. } = self;
        writer.generate(&format!("(define %{name} (%%record-type '{name} '("), at);
        for field in fields {
            let flags = field.flags().join(" ");
            writer.generate(&format!("({} {:?} ({flags}))", field.name, field.spec.to_string()), &field.at);
        }
        writer.generate(") (%%list", at);
        for field in fields {
            match &field.default {
                None => writer.generate(" #f", &field.at),
                Some(default) => {
                    let opening = match default.constant {
                        true => " (%%constant ".to_string(),
                        false => format!(" (lambda (this-record {}) ", self.own_name()),
                    };
                    writer.generate(&opening, &field.at);
                    writer.copy(default.at.clone());
                    writer.generate(")", &field.at);
                }
            }
        }
        writer.generate(")", at);
        self.write_procedures(|field| field.sanitize.as_ref(), writer);
        self.write_procedures(|field| field.check.as_ref(), writer);
        let laziness = fields.iter().map(|field| field.laziness.map_or("#f", Laziness::word));
        let laziness = laziness.collect::<Vec<_>>().join(" ");
        writer.generate(&if self.is_lazy() { format!(" '({laziness})))") } else { " #f))".into() }, at);
        let hold = held_opening();
        writer.generate(
            &format!("(define ({name}? value) {hold}(%%record-of? value %{name}){HELD_CLOSING})"),
            at,
        );
        for (index, field) in fields.iter().enumerate() {
            let accessor = self.accessor(field);
            let read = if field.laziness.is_some() { "%%lazy-field" } else { "%%field" };
            writer.generate(
                &format!(
                    "(define ({accessor} record) {hold}({read} record %{name} {index} '{accessor}){HELD_CLOSING})"
                ),
                &field.at,
            );
        }
        let (construct, value) = match self.is_lazy() {
            false => ("%%construct", "%%value".to_string()),
            // The names are those of the user's text, which `syntax-rules` would otherwise rename. What holds the
            // value keeps its place on the stack, where errors are blamed.
            true => ("%%construct-lazily", {
                let own = self.own_name();
                format!("(lambda ((datum->syntax this-record) (datum->syntax {own})) (%%held %%value))")
            }),
        };
        writer.generate(
            &format!(
                "(define-syntax {name} (syntax-rules () \
                 [(_ (%%name %%value) ...) ({construct} %{name} (#%syntax-span {construct}) \
                 (%%list (%%list %{name} '%%name (#%syntax-span %%name) (#%syntax-span %%value) {value}) ...))] \
                 [(_ %%clause ...) (%%malformed %{name} (#%syntax-span %%malformed) \
                 '(%%clause ...) (%%list (#%syntax-span %%clause) ...))]))"
            ),
            at,
        );
    }

    /// The procedures of one kind, one for each field; `#f` if no field has one, so that the constructor can skip
    /// the whole step.
    fn write_procedures(&self, option: impl Fn(&FieldForm) -> Option<&Expression>, writer: &mut Writer<'_>) {
        if self.fields.iter().all(|field| option(field).is_none()) {
            writer.generate(" #f", &self.at);
            return;
        }
        writer.generate(" (%%list", &self.at);
        for field in &self.fields {
            writer.generate(" ", &field.at);
            match option(field) {
                Some(procedure) => writer.copy(procedure.at.clone()),
                None => writer.generate("#f", &field.at),
            }
        }
        writer.generate(")", &self.at);
    }
}
