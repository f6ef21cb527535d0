//! Texts that look like Scheme.

use arbitrary::{Arbitrary, Result, Unstructured};

/// Expressions, well-formed or nearly so.
#[derive(Debug)]
pub struct Scheme(String);

impl From<Scheme> for String {
    fn from(Scheme(text): Scheme) -> Self {
        text
    }
}

impl<'a> Arbitrary<'a> for Scheme {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut text = String::new();
        while !bytes.is_empty() {
            expression(bytes, 0, &mut text)?;
            text.push_str(bytes.choose(SPACES)?);
        }
        Ok(Self(text))
    }
}

/// Deepest nesting; what is deeper is refused before anything else sees it.
const MAX_DEPTH: usize = 20;

/// What stands between two expressions.
const SPACES: &[&str] =
    &[" ", "\n", "", "\n\n\n", " ; comment\n", " #| block |# ", "\t", ";;@doc\n", " #;", "\r\n"];

/// Pieces that mean something to the reader, the formatter or the interpreter.
const ATOMS: &[&str] = &[
    "x",
    "list",
    "define",
    "lambda",
    "let",
    "if",
    "quote",
    "#t",
    "#f",
    "1",
    "-5",
    "1/2",
    "1.5e3",
    "+inf.0",
    "\"\"",
    "\"a (b\"",
    "\"\\\"\\n\\x41;\"",
    "\"two\n  lines\"",
    "#\\a",
    "#\\(",
    "#\\space",
    "#\\x41",
    "#:key",
    "|a b|",
    "|a\\|b|",
    ".",
    "...",
    "=>",
    "use-modules",
    "define-record-type*",
    "define-syntax",
    "syntax-rules",
    "provide",
    "require",
    "local-file",
    "(fruix store)",
    "#u8(1 2)",
    "#<<END\na\nEND",
    "#!eof",
    "λ",
    "é",
    "#$output",
    "inherit",
    "this-record",
    "_",
];

const PREFIXES: &[&str] = &["'", "`", ",", ",@", "#'", "#`", "#,", "#~", "#$", "#$@", "#;", "#", ""];

const BRACKETS: &[(&str, &str)] = &[("(", ")"), ("[", "]"), ("#(", ")"), ("{", "}"), ("(", "]"), ("(", "")];

fn expression(bytes: &mut Unstructured<'_>, depth: usize, text: &mut String) -> Result<()> {
    match bytes.int_in_range(0..=9)? {
        0..=3 if depth < MAX_DEPTH => {
            // Mostly a well-formed list.
            let (open, close) = if bytes.ratio(7, 8)? { BRACKETS[0] } else { *bytes.choose(BRACKETS)? };
            text.push_str(open);
            for _ in 0..bytes.int_in_range(0..=5)? {
                expression(bytes, depth + 1, text)?;
                text.push_str(bytes.choose(SPACES)?);
            }
            text.push_str(close);
        }
        4 => {
            text.push_str(bytes.choose(PREFIXES)?);
            if depth < MAX_DEPTH {
                expression(bytes, depth + 1, text)?;
            }
        }
        5 => text.push(bytes.arbitrary()?),
        _ => text.push_str(bytes.choose(ATOMS)?),
    }
    Ok(())
}
