//! What a field of a record may hold.

use std::fmt;

use crate::eval::code::Code;
use crate::eval::problem::Problem;
use crate::eval::reader::{Datum, Kind};

/// The type of a field, as written in `define-record-type*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeSpec {
    Any,
    Text,
    /// Bounds are inclusive.
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    Boolean,
    Symbol,
    Procedure,
    /// Anything that becomes a file or directory in the store.
    FileLike,
    ListOf(Box<TypeSpec>),
    /// A list of pairs; keys are symbols or strings.
    AlistOf(Box<TypeSpec>),
    /// `#f` or the type.
    Maybe(Box<TypeSpec>),
    Or(Vec<TypeSpec>),
    OneOf(Vec<Choice>),
    /// A record of the type with this name.
    Record(String),
}

/// One value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Symbol(String),
    Text(String),
}

impl TypeSpec {
    /// Reads a type.
    ///
    /// # Errors
    /// The part that is no type.
    pub fn read(datum: &Datum) -> Result<Self, Problem> {
        if let Some(name) = datum.symbol() {
            return Ok(match name {
                "any" => Self::Any,
                "string" => Self::Text,
                "integer" => Self::Integer { min: None, max: None },
                "boolean" => Self::Boolean,
                "symbol" => Self::Symbol,
                "procedure" => Self::Procedure,
                "file-like" => Self::FileLike,
                "list" => Self::ListOf(Box::new(Self::Any)),
                record => Self::Record(record.to_string()),
            });
        }
        let malformed = |datum: &Datum| {
            Problem::at(Code::MalformedType, datum.at.clone(), "this is no field type").label("not a type").help(
                "types are: string, integer, (integer MIN MAX), boolean, symbol, procedure, file-like, any, \
                 (list-of T), (alist-of T), (maybe T), (or T …), (one-of 'a \"b\" …), or the name of a record type",
            )
        };
        let (head, rest) = datum.list().and_then(<[_]>::split_first).ok_or_else(|| malformed(datum))?;
        let one = || match rest {
            [only] => Ok(Box::new(Self::read(only)?)),
            _ => Err(malformed(datum)),
        };
        Ok(match head.symbol() {
            Some("list-of") => Self::ListOf(one()?),
            Some("alist-of") => Self::AlistOf(one()?),
            Some("maybe") => Self::Maybe(one()?),
            Some("or") if !rest.is_empty() => {
                Self::Or(rest.iter().map(Self::read).collect::<Result<_, _>>()?)
            }
            Some("one-of") if !rest.is_empty() => {
                let choices = rest.iter().map(|choice| Choice::read(choice).ok_or_else(|| malformed(choice)));
                Self::OneOf(choices.collect::<Result<_, _>>()?)
            }
            Some("integer") if (1..=2).contains(&rest.len()) => {
                let bound = |at: usize| match rest.get(at) {
                    None => Ok(None),
                    Some(Datum { kind: Kind::Integer(value), .. }) => Ok(Some(*value)),
                    Some(other) => Err(malformed(other)),
                };
                Self::Integer { min: bound(0)?, max: bound(1)? }
            }
            _ => return Err(malformed(datum)),
        })
    }

    /// Reads a type from text, as [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let parsed = crate::eval::reader::parse(text)?;
        match parsed.forms.as_slice() {
            [datum] => Self::read(datum),
            _ => Err(Problem::new(Code::MalformedType, "expected one field type")),
        }
    }

    /// The names of the record types in it.
    pub fn records(&self) -> Vec<&str> {
        match self {
            Self::Record(name) => vec![name],
            Self::ListOf(inner) | Self::AlistOf(inner) | Self::Maybe(inner) => inner.records(),
            Self::Or(choices) => choices.iter().flat_map(Self::records).collect(),
            _ => Vec::new(),
        }
    }

    /// The type in words, for "expected …".
    pub fn describe(&self) -> String {
        match self {
            Self::Any => "anything".into(),
            Self::Text => "a string".into(),
            Self::Integer { min: None, max: None } => "an integer".into(),
            Self::Integer { min: Some(min), max: None } => format!("an integer of at least {min}"),
            Self::Integer { min: None, max: Some(max) } => format!("an integer of at most {max}"),
            Self::Integer { min: Some(min), max: Some(max) } => format!("an integer from {min} to {max}"),
            Self::Boolean => "#t or #f".into(),
            Self::Symbol => "a symbol".into(),
            Self::Procedure => "a procedure".into(),
            Self::FileLike => {
                "a file-like object, such as (local-file \"…\") or (plain-file \"name\" \"text\")".into()
            }
            Self::ListOf(inner) if **inner == Self::Any => "a list".into(),
            Self::ListOf(inner) => format!("a list, each element {}", inner.describe()),
            Self::AlistOf(inner) => format!("a list of (key . value) pairs, each value {}", inner.describe()),
            Self::Maybe(inner) => format!("{} or #f", inner.describe()),
            Self::Or(choices) => join_or(choices.iter().map(Self::describe)),
            Self::OneOf(choices) => format!("one of {}", join_or(choices.iter().map(ToString::to_string))),
            Self::Record(name) => {
                let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
                format!("{article} `{name}` record")
            }
        }
    }
}

fn join_or(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} or {last}", items.join(", ")),
    }
}

impl Choice {
    fn read(datum: &Datum) -> Option<Self> {
        match &datum.kind {
            Kind::Quote(inner) => inner.symbol().map(|name| Self::Symbol(name.to_string())),
            Kind::Text(text) => Some(Self::Text(text.clone())),
            _ => None,
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol(name) => write!(f, "'{name}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

/// As in Scheme.
impl fmt::Display for TypeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Text => f.write_str("string"),
            Self::Integer { min: None, max: None } => f.write_str("integer"),
            Self::Integer { min, max: None } => write!(f, "(integer {})", min.unwrap_or(i64::MIN)),
            Self::Integer { min, max: Some(max) } => write!(f, "(integer {} {max})", min.unwrap_or(i64::MIN)),
            Self::Boolean => f.write_str("boolean"),
            Self::Symbol => f.write_str("symbol"),
            Self::Procedure => f.write_str("procedure"),
            Self::FileLike => f.write_str("file-like"),
            Self::ListOf(inner) => write!(f, "(list-of {inner})"),
            Self::AlistOf(inner) => write!(f, "(alist-of {inner})"),
            Self::Maybe(inner) => write!(f, "(maybe {inner})"),
            Self::Or(choices) => write_form(f, "or", choices),
            Self::OneOf(choices) => write_form(f, "one-of", choices),
            Self::Record(name) => f.write_str(name),
        }
    }
}

fn write_form<T: fmt::Display>(f: &mut fmt::Formatter<'_>, head: &str, items: &[T]) -> fmt::Result {
    write!(f, "({head}")?;
    for item in items {
        write!(f, " {item}")?;
    }
    f.write_str(")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_back_as_written() {
        for text in [
            "any",
            "string",
            "integer",
            "(integer 1)",
            "(integer -5 65535)",
            "boolean",
            "(list-of (maybe string))",
            "(alist-of (or string integer))",
            "(one-of 'a \"b\")",
            "user-account",
        ] {
            assert_eq!(TypeSpec::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn malformed_types_are_refused_at_their_place() {
        for (text, at) in [
            ("(list-of)", 0..9),
            ("(list-of 5)", 9..10),
            ("(integer a)", 9..10),
            ("(integer 1 2 3)", 0..15),
            ("(one-of a)", 8..9),
            ("(of string)", 0..11),
            ("\"string\"", 0..8),
        ] {
            assert_eq!(TypeSpec::parse(text).unwrap_err().primary(), Some(at), "{text}");
        }
    }

    #[test]
    fn descriptions_are_sentences() {
        let describe = |text| TypeSpec::parse(text).unwrap().describe();
        assert_eq!(describe("(integer 0 65535)"), "an integer from 0 to 65535");
        assert_eq!(
            describe("(or string (list-of string) symbol)"),
            "a string, a list, each element a string or a symbol"
        );
        assert_eq!(describe("(one-of 'sh 'tcsh)"), "one of 'sh or 'tcsh");
        assert_eq!(describe("operating-system"), "an `operating-system` record");
    }
}
