//! A field in a `define-record-type*`.

use super::datum::{Bytes, Datum, Kind};
use super::record_form::SHAPE;
use crate::eval::code::Code;
use crate::eval::problem::Problem;
use crate::eval::records::TypeSpec;

/// `(field type option …)`
#[derive(Debug)]
pub struct FieldForm {
    pub(super) at: Bytes,
    pub name: String,
    pub spec: TypeSpec,
    pub doc: Option<String>,
    pub default: Option<Expression>,
    pub laziness: Option<Laziness>,
    /// Not inherited: each record is given it anew, or takes its default anew.
    pub innate: bool,
    pub(super) sanitize: Option<Expression>,
    pub(super) check: Option<Expression>,
}

/// When the value of a field is evaluated, if not when the record is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Laziness {
    /// At each access, seeing the record.
    Thunked,
    /// At the first access, never again.
    Delayed,
}

impl Laziness {
    /// The option that says so.
    pub fn word(self) -> &'static str {
        match self {
            Self::Thunked => "thunked",
            Self::Delayed => "delayed",
        }
    }
}

/// The value of an option.
#[derive(Debug)]
pub struct Expression {
    pub at: Bytes,
    /// Evaluating it gives the same value every time, without any effect.
    pub(super) constant: bool,
}

impl Expression {
    fn of(value: &Datum) -> Self {
        let constant =
            matches!(value.kind, Kind::Literal | Kind::Integer(_) | Kind::Text(_) | Kind::Quote(_));
        Self { at: value.at.clone(), constant }
    }
}

/// The options there are.
const OPTIONS: &str = "expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), \
                       (check PROCEDURE) or (doc TEXT)";

impl FieldForm {
    pub(super) fn read(clause: &Datum) -> Result<Self, Problem> {
        let shape = |at: &Bytes, what: &str| {
            Problem::at(Code::MalformedType, at.clone(), what)
                .label("expected (field type option …)")
                .help(SHAPE)
        };
        let items = clause.list().ok_or_else(|| shape(&clause.at, "this is no field"))?;
        let name = items
            .first()
            .and_then(Datum::symbol)
            .ok_or_else(|| shape(&clause.at, "this field has no name"))?;
        if name == "inherit" {
            return Err(Problem::at(
                Code::MalformedType,
                items[0].at.clone(),
                "a field cannot be called `inherit`",
            )
            .label("in a constructor, this names a record to take other fields from"));
        }
        let spec = items.get(1).ok_or_else(|| shape(&clause.at, "this field has no type"))?;
        let mut field = Self {
            at: clause.at.clone(),
            name: name.to_string(),
            spec: TypeSpec::read(spec)?,
            doc: None,
            default: None,
            laziness: None,
            innate: false,
            sanitize: None,
            check: None,
        };
        items[2..].iter().try_for_each(|option| field.read_option(option))?;
        Ok(field)
    }

    fn read_option(&mut self, option: &Datum) -> Result<(), Problem> {
        let problem = |what: &str| {
            Problem::at(
                Code::MalformedType,
                option.at.clone(),
                format!("{what} of the field `{}`", self.name),
            )
            .label(OPTIONS)
        };
        let (word, values) = match option.list().and_then(<[_]>::split_first) {
            Some((word, values)) => (word.symbol().unwrap_or_default(), values),
            None => return Err(problem("malformed option")),
        };
        let expression = match values {
            [value] => Some(Expression::of(value)),
            _ => None,
        };
        match (word, values, expression) {
            ("default", [_], value) => self.default = value,
            ("sanitize", [_], value) => self.sanitize = value,
            ("check", [_], value) => self.check = value,
            ("doc", [Datum { kind: Kind::Text(text), .. }], _) => self.doc = Some(text.clone()),
            ("innate", [], _) => self.innate = true,
            ("thunked" | "delayed", [], _) if self.laziness.is_some() => {
                return Err(problem("second `thunked` or `delayed`").help("a field is either, or none"));
            }
            ("thunked", [], _) => self.laziness = Some(Laziness::Thunked),
            ("delayed", [], _) => self.laziness = Some(Laziness::Delayed),
            ("default" | "sanitize" | "check" | "doc" | "innate" | "thunked" | "delayed", ..) => {
                return Err(problem("malformed option"));
            }
            _ => return Err(problem("unknown option")),
        }
        Ok(())
    }

    /// What Rust has to know of the field besides its name and type, as symbols.
    pub(super) fn flags(&self) -> Vec<&'static str> {
        let mut flags = Vec::new();
        flags.extend(self.default.is_none().then_some("required"));
        flags.extend(self.innate.then_some("innate"));
        flags.extend(self.laziness.map(Laziness::word));
        flags
    }
}
