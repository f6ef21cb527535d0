//! Definitions of record types, and constructors of them: each field with what fits it, or with something else.

use std::fmt::Write as _;

use arbitrary::{Arbitrary, Result, Unstructured};

/// A file that defines record types and makes records.
#[derive(Debug)]
pub struct Records(String);

impl From<Records> for String {
    fn from(Records(text): Records) -> Self {
        text
    }
}

impl<'a> Arbitrary<'a> for Records {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = String::from(PRELUDE);
        for name in &TYPES[..bytes.int_in_range(0..=2)?] {
            definition(bytes, name, &mut text)?;
        }
        for _ in 0..MAX_FORMS {
            if bytes.is_empty() {
                break;
            }
            constructor(bytes, 0, &mut text)?;
            text.push('\n');
        }
        Ok(Self(text))
    }
}

/// Starting an interpreter takes far longer than a form.
const MAX_FORMS: usize = 20;

/// Deepest nesting of constructors and of types.
const MAX_DEPTH: usize = 3;

/// Types with every kind of field.
const PRELUDE: &str = r#"(use-modules (fruix records) (fruix store))
(define-record-type* point "A point."
  (x integer)
  (y (maybe (list-of (or string point))) (default #f))
  (z (integer 0 9) (default (point-x this-record)) (check (lambda (z) (and (= z 7) "not seven")))))
(define-record-type* shape "With lazy fields."
  (name string (sanitize (lambda (name) (if (symbol? name) (symbol->string name) name))))
  (points (list-of point) (default '()) (thunked))
  (area (or integer (one-of 'none "unknown")) (default 'none) (delayed))
  (tags (alist-of string) (default '()) (innate)))
"#;

/// Names of types to define; the last two are those of the prelude.
const TYPES: &[&str] = &["thing", "other", "point", "shape"];

const FIELDS: &[&str] = &[
    "x",
    "y",
    "z",
    "name",
    "points",
    "area",
    "tags",
    "inherit",
    "nmae",
    "list",
    "this-record",
    "|a b|",
    "5",
    "\"x\"",
];

const VALUES: &[&str] = &[
    "1",
    "-1",
    "7",
    "99999999999999999999",
    "1.5",
    "1/2",
    "\"a\"",
    "'a",
    "'none",
    "#f",
    "#t",
    "'()",
    "'(1 . 2)",
    "'((a . \"b\"))",
    "(list)",
    "(list \"a\" \"b\")",
    "(list 1 (list 2))",
    "(void)",
    "(lambda (x) x)",
    "(lambda () 1)",
    "car",
    "this-record",
    "this-point",
    "(point-x this-record)",
    "(error \"x\")",
    "(car '())",
    "(hash 'a 1)",
    "(vector 1)",
    "#\\a",
    "undefined-name",
    "(plain-file \"a\" \"b\")",
    "point",
    "point-x",
    "(list point)",
];

const SIMPLE_TYPES: &[&str] = &[
    "any",
    "string",
    "integer",
    "(integer 0)",
    "(integer 5 1)",
    "(integer a)",
    "boolean",
    "symbol",
    "procedure",
    "file-like",
    "list",
    "point",
    "thing",
    "nonesuch",
    "(one-of 'a \"b\")",
    "(one-of)",
    "()",
    "5",
];

fn definition(bytes: &mut Unstructured<'_>, name: &str, text: &mut String) -> Result<()> {
    let _ = write!(text, "(define-record-type* {name}");
    if bytes.ratio(7, 8)? {
        text.push_str(" \"It is.\"");
    }
    for _ in 0..bytes.int_in_range(0..=4)? {
        let _ = write!(text, "\n  ({} ", bytes.choose(FIELDS)?);
        spec(bytes, 0, text)?;
        for _ in 0..bytes.int_in_range(0..=2)? {
            option(bytes, text)?;
        }
        text.push(')');
    }
    text.push_str(")\n");
    Ok(())
}

/// The type of a field.
fn spec(bytes: &mut Unstructured<'_>, depth: usize, text: &mut String) -> Result<()> {
    if depth == MAX_DEPTH || bytes.ratio(1, 2)? {
        text.push_str(bytes.choose(SIMPLE_TYPES)?);
        return Ok(());
    }
    let _ = write!(text, "({}", bytes.choose(&["list-of", "alist-of", "maybe", "or"])?);
    for _ in 0..*bytes.choose(&[1, 1, 1, 2, 0])? {
        text.push(' ');
        spec(bytes, depth + 1, text)?;
    }
    text.push(')');
    Ok(())
}

fn option(bytes: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    match *bytes.choose(&["default", "sanitize", "check", "thunked", "delayed", "innate", "doc", "what"])? {
        word @ ("thunked" | "delayed" | "innate") => {
            let _ = write!(text, " ({word})");
        }
        word => {
            let _ = write!(text, " ({word} ");
            value(bytes, 0, text)?;
            text.push(')');
        }
    }
    Ok(())
}

fn constructor(bytes: &mut Unstructured<'_>, depth: usize, text: &mut String) -> Result<()> {
    let _ = write!(text, "({}", bytes.choose(TYPES)?);
    for _ in 0..bytes.int_in_range(0..=4)? {
        text.push_str(" (");
        if bytes.ratio(15, 16)? {
            text.push_str(bytes.choose(FIELDS)?);
        }
        for _ in 0..*bytes.choose(&[1, 1, 1, 1, 1, 1, 0, 2])? {
            text.push(' ');
            value(bytes, depth, text)?;
        }
        text.push(')');
    }
    text.push(')');
    Ok(())
}

fn value(bytes: &mut Unstructured<'_>, depth: usize, text: &mut String) -> Result<()> {
    match bytes.int_in_range(0..=5)? {
        0 if depth < MAX_DEPTH => constructor(bytes, depth + 1, text),
        1 if depth < MAX_DEPTH => {
            text.push_str("(list ");
            constructor(bytes, depth + 1, text)?;
            text.push(')');
            Ok(())
        }
        _ => {
            text.push_str(bytes.choose(VALUES)?);
            Ok(())
        }
    }
}
