//! `define-record-type*`: what it says, and the Scheme it stands for.
//!
//! A macro cannot define the constructor, because Steel's `syntax-rules` can neither make a macro that other
//! modules may import nor nest ellipses. The reader can, and gives exact places to everything.

use super::datum::{Bytes, Datum, Kind};
use super::definition::{HELD_CLOSING, held_opening};
use super::rewrite::Writer;
use crate::eval::problem::Problem;
use crate::eval::records::TypeSpec;

/// `(define-record-type* name "documentation" (field type option …) …)`
#[derive(Debug)]
pub struct RecordForm {
    pub at: Bytes,
    pub name: String,
    pub doc: Option<String>,
    pub fields: Vec<FieldForm>,
}

/// `(field type option …)`
#[derive(Debug)]
pub struct FieldForm {
    at: Bytes,
    pub name: String,
    pub spec: TypeSpec,
    pub doc: Option<String>,
    pub default: Option<Expression>,
    convert: Option<Expression>,
    check: Option<Expression>,
}

/// The value of an option.
#[derive(Debug)]
pub struct Expression {
    pub at: Bytes,
    /// Evaluating it gives the same value every time, without any effect.
    constant: bool,
}

const SHAPE: &str = "write (define-record-type* name (field type option …) …)";

impl RecordForm {
    /// Reads a form whose items, after the keyword, are `items`.
    ///
    /// # Errors
    /// The part that is malformed.
    pub fn read(form: &Datum, items: &[Datum]) -> Result<Self, Problem> {
        let name = items.first().and_then(Datum::symbol).ok_or_else(|| {
            Problem::at(form.at.clone(), "`define-record-type*` without a name")
                .label("expected a name")
                .help(SHAPE)
        })?;
        let rest = &items[1..];
        let doc = rest.first().and_then(Datum::text);
        let clauses = if doc.is_some() { &rest[1..] } else { rest };
        let mut fields: Vec<FieldForm> = Vec::new();
        for clause in clauses {
            let field = FieldForm::read(clause)?;
            if let Some(first) = fields.iter().find(|other| other.name == field.name) {
                return Err(Problem::at(
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
        let name = &self.name;
        let mut names = vec![name.clone(), self.predicate(), format!("%{name}")];
        names.extend(self.fields.iter().map(|field| self.accessor(field)));
        names
    }

    pub fn predicate(&self) -> String {
        format!("{}?", self.name)
    }

    pub fn accessor(&self, field: &FieldForm) -> String {
        format!("{}-{}", self.name, field.name)
    }

    /// Writes the type, the predicate, the accessors and the constructor.
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        let Self { at, name, fields, .. } = self;
        writer.generate(&format!("(define %{name} (%record-type '{name} '("), at);
        for field in fields {
            let required = if field.default.is_some() { "#f" } else { "#t" };
            writer.generate(&format!("({} {:?} {required})", field.name, field.spec.to_string()), &field.at);
        }
        writer.generate(") (list", at);
        for field in fields {
            match &field.default {
                None => writer.generate(" #f", &field.at),
                Some(default) => {
                    let opening = if default.constant { " (%constant " } else { " (lambda (this-record) " };
                    writer.generate(opening, &field.at);
                    writer.copy(default.at.clone());
                    writer.generate(")", &field.at);
                }
            }
        }
        writer.generate(")", at);
        self.write_procedures(|field| field.convert.as_ref(), writer);
        self.write_procedures(|field| field.check.as_ref(), writer);
        writer.generate("))", at);
        let hold = held_opening();
        writer.generate(
            &format!("(define ({name}? value) {hold}(%record-of? value %{name}){HELD_CLOSING})"),
            at,
        );
        for (index, field) in fields.iter().enumerate() {
            let accessor = self.accessor(field);
            writer.generate(&format!("(define ({accessor} record) {hold}(%field record %{name} {index} '{accessor}){HELD_CLOSING})"), &field.at);
        }
        writer.generate(
            &format!(
                "(define-syntax {name} (syntax-rules () \
                 [(_ (field value) ...) (%construct %{name} (#%syntax-span %construct) \
                 (list (list 'field (#%syntax-span field) (#%syntax-span value) value) ...))] \
                 [(_ clause ...) (%malformed %{name} (#%syntax-span %malformed) \
                 '(clause ...) (list (#%syntax-span clause) ...))]))"
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
        writer.generate(" (list", &self.at);
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

impl FieldForm {
    fn read(clause: &Datum) -> Result<Self, Problem> {
        let shape = |at: &Bytes, what: &str| {
            Problem::at(at.clone(), what).label("expected (field type option …)").help(SHAPE)
        };
        let items = clause.list().ok_or_else(|| shape(&clause.at, "this is no field"))?;
        let name = items
            .first()
            .and_then(Datum::symbol)
            .ok_or_else(|| shape(&clause.at, "this field has no name"))?;
        let spec = items.get(1).ok_or_else(|| shape(&clause.at, "this field has no type"))?;
        let mut field = Self {
            at: clause.at.clone(),
            name: name.to_string(),
            spec: TypeSpec::read(spec)?,
            doc: None,
            default: None,
            convert: None,
            check: None,
        };
        for option in &items[2..] {
            let problem = |what: String| {
                Problem::at(option.at.clone(), what)
                    .label("expected (default VALUE), (convert PROCEDURE), (check PROCEDURE) or (doc TEXT)")
            };
            let [word, value] = option.list().unwrap_or_default() else {
                return Err(problem(format!("malformed option of the field `{name}`")));
            };
            let slot = match word.symbol() {
                Some("default") => &mut field.default,
                Some("convert") => &mut field.convert,
                Some("check") => &mut field.check,
                Some("doc") => {
                    field.doc = value.text().map(ToString::to_string);
                    continue;
                }
                _ => return Err(problem(format!("unknown option of the field `{name}`"))),
            };
            let constant =
                matches!(value.kind, Kind::Literal | Kind::Integer(_) | Kind::Text(_) | Kind::Quote(_));
            *slot = Some(Expression { at: value.at.clone(), constant });
        }
        Ok(field)
    }
}
