//! S-expressions with exact byte ranges.
//!
//! Steel's own parser does not record where every list ends, recurses as deep as the text nests, and reports an
//! unbalanced file at its end. This reader works on Steel's token stream, so that both agree on what a token is,
//! but keeps every range, needs no recursion, and says which parenthesis is the odd one.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use steel_parser::lexer::{TokenError, TokenStream};
use steel_parser::tokens::{Paren, TokenType};

use super::gexp;
use crate::eval::code::Code;
use crate::eval::problem::Problem;

/// Deepest nesting of lists and quotes accepted. Steel's parser and compiler recurse, so that nesting costs stack;
/// people's declarations stay below 50.
pub const MAX_DEPTH: usize = 1000;

/// A text of less bytes is read anew each time, and a longer one that was read before remains the latest.
const SHORT: usize = 128;

/// What some editors write before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A byte range in a file.
pub type Bytes = Range<usize>;

/// One S-expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    pub at: Bytes,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `(…)` or `[…]`; a dotted tail counts as items `.` and the tail.
    List(Vec<Datum>),
    Symbol(String),
    /// `#:name`, without the `#:`.
    Keyword(String),
    Text(String),
    /// `'x`
    Quote(Box<Datum>),
    /// A quasiquote, unquote or syntax quote of some kind and what it applies to.
    OtherQuote(Box<Datum>),
    /// `#~x`
    Gexp(Box<Datum>),
    /// `#$x` or `#$@x`
    Ungexp {
        inner: Box<Datum>,
        splicing: bool,
    },
    Integer(i64),
    /// Any other literal: another number, boolean, character or vector.
    Literal,
}

impl Datum {
    /// The items of a list.
    pub fn list(&self) -> Option<&[Datum]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn symbol(&self) -> Option<&str> {
        match &self.kind {
            Kind::Symbol(name) => Some(name),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list that starts with the symbol `head`, without that symbol.
    pub fn form(&self, head: &str) -> Option<&[Datum]> {
        let (first, rest) = self.list()?.split_first()?;
        (first.symbol()? == head).then_some(rest)
    }
}

/// What a file says: its expressions, and its documentation comments.
#[derive(Debug, Default)]
pub struct Parsed {
    pub forms: Vec<Datum>,
    /// Where comments start that begin with `;;@doc`, which mean something to Steel.
    pub doc_markers: Vec<usize>,
}

/// What waits for its end while reading.
struct Open {
    start: usize,
    what: Opened,
    items: Vec<Datum>,
}

#[derive(PartialEq, Clone, Copy)]
enum Opened {
    File,
    List(Paren),
    Vector(Paren),
    Quote,
    OtherQuote,
    Gexp,
    Ungexp {
        splicing: bool,
    },
    /// `#;`: the next expression does not count.
    Discard,
}

thread_local! {
    /// The text that was read last, and what it says. Loading a file, finding out which names it uses and saying where a
    /// value was written all read the same one, one after the other.
    static LATEST: RefCell<Option<(String, Rc<Parsed>)>> = const { RefCell::new(None) };
}

/// Reads a whole file.
///
/// # Errors
/// The first place where `text` is no sequence of S-expressions, or nests deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Rc<Parsed>, Problem> {
    if text.len() < SHORT {
        return parse_anew(text).map(Rc::new);
    }
    let latest = LATEST.take().filter(|(known, _)| known == text);
    let (text, parsed) = match latest {
        Some(latest) => latest,
        None => (text.to_owned(), Rc::new(parse_anew(text)?)),
    };
    LATEST.set(Some((text, Rc::clone(&parsed))));
    Ok(parsed)
}

fn parse_anew(text: &str) -> Result<Parsed, Problem> {
    // Also behind blanks, which a formatter takes away.
    let start = text.len() - text.trim_start().len();
    if text[start..].starts_with(BYTE_ORDER_MARK) {
        return Err(Problem::at(
            Code::UnreadableText,
            start..start + BYTE_ORDER_MARK.len_utf8(),
            "a byte order mark stands before the text",
        )
        .label("these bytes cannot be seen, and are no Scheme")
        .help("save the file as UTF-8 without a byte order mark"));
    }
    let mut doc_markers = Vec::new();
    let mut done = 0;
    let (shown, gexp_marks) = gexp::disguise(text);
    let mut open = vec![Open { start: 0, what: Opened::File, items: Vec::new() }];
    for token in TokenStream::new(&shown, false, None) {
        let token = token.map_err(|error| lexical_problem(text, &error.ty, error.span.start as usize))?;
        let at = token.span.start as usize..token.span.end as usize;
        // Some odd pieces, such as `+inf.0#;`, make Steel give the same token again.
        if at.start < done {
            return Err(Problem::at(Code::UnreadableText, at, "unreadable text")
                .label("this is neither a number nor a name")
                .help("put a blank between what is to be apart"));
        }
        done = at.end;
        let kind = match token.ty {
            TokenType::Comment => {
                if text[at.clone()].starts_with(";;@doc") {
                    doc_markers.push(at.start);
                }
                continue;
            }
            TokenType::OpenParen(Paren::Curly, _) => {
                return Err(Problem::at(Code::UnreadableText, at, "braces are not part of Fruix's Scheme")
                    .label("expected `(` or `[`")
                    .help("write (+ 1 2) for an operation"));
            }
            TokenType::OpenParen(paren, modifier) => {
                let what = if modifier.is_some() { Opened::Vector(paren) } else { Opened::List(paren) };
                push(&mut open, at, what)?;
                continue;
            }
            TokenType::CloseParen(paren) => {
                close(text, &mut open, paren, at)?;
                continue;
            }
            TokenType::DatumComment => {
                push(&mut open, at, Opened::Discard)?;
                continue;
            }
            TokenType::QuoteTick => {
                push(&mut open, at, Opened::Quote)?;
                continue;
            }
            TokenType::QuasiQuote if gexp_marks.contains(&at.start) => {
                push(&mut open, at, Opened::Gexp)?;
                continue;
            }
            TokenType::Unquote | TokenType::UnquoteSplice if gexp_marks.contains(&at.start) => {
                let splicing = token.ty == TokenType::UnquoteSplice;
                push(&mut open, at, Opened::Ungexp { splicing })?;
                continue;
            }
            TokenType::QuasiQuote
            | TokenType::Unquote
            | TokenType::UnquoteSplice
            | TokenType::QuoteSyntax
            | TokenType::QuasiQuoteSyntax
            | TokenType::UnquoteSyntax
            | TokenType::UnquoteSpliceSyntax => {
                push(&mut open, at, Opened::OtherQuote)?;
                continue;
            }
            TokenType::StringLiteral(value) => Kind::Text(value.resolve().to_string()),
            TokenType::Keyword(_) => Kind::Keyword(text[at.clone()].trim_start_matches("#:").to_string()),
            TokenType::Number(_) => text[at.clone()].parse().map_or(Kind::Literal, Kind::Integer),
            TokenType::CharacterLiteral(_) | TokenType::BooleanLiteral(_) => Kind::Literal,
            // Steel has tokens of their own for `define`, `lambda` and others; to us they are symbols.
            _ => Kind::Symbol(name(&text[at.clone()], &at)?),
        };
        add(&mut open, Datum { at, kind });
    }
    finish(open).map(|forms| Parsed { forms, doc_markers })
}

/// How names begin that the interpreter's compiler makes for modules and what is in them.
const COMPILERS_NAMES: &[&str] = &["##", "__module-"];

/// A name as it is written; refused if it would be one of the compiler's own, if it would name an interpreter where it
/// stood at the start of the file, if it goes on beyond the end of its line, or if a blank behind it makes it no name.
fn name(written: &str, at: &Bytes) -> Result<String, Problem> {
    // Steel takes `1/0` for a name where a quotation or a text follows at once, and for a number else, which it refuses.
    let like_a_number = written.starts_with(|c: char| c.is_ascii_digit() || "+-.#".contains(c));
    if like_a_number && let Some(Err(error)) = TokenStream::new(written, false, None).next() {
        return Err(unreadable(&error.ty, at.clone()));
    }
    if written.starts_with("#!") {
        return Err(Problem::at(Code::UnreadableText, at.clone(), "`#!` starts no name")
            .label("only the first line of a file may begin like this, to name an interpreter")
            .help("write a comment with `;`"));
    }
    if written.starts_with('|') && !ends_with_bar(written) {
        return Err(Problem::at(Code::UnreadableText, at.clone(), "a name that begins with `|` has no end")
            .label("no `|` ends this name")
            .help("end it with `|`; a `|` within it is written `\\|`"));
    }
    // It would escape the end of the line, which a formatter may add or take away.
    if !written.starts_with('|') && (written.ends_with('\\') || written.contains("\\\n")) {
        return Err(Problem::at(
            Code::UnreadableText,
            at.clone(),
            "a name has `\\` before the end of a line",
        )
        .label("this name does not end here")
        .help("leave out the `\\`, or write the name between bars: |a b|"));
    }
    let name = written.trim_matches('|');
    match COMPILERS_NAMES.iter().find(|start| name.starts_with(**start)) {
        Some(start) => {
            Err(Problem::at(Code::UnreadableText, at.clone(), format!("a name cannot begin with `{start}`"))
                .label("such names are the interpreter's own")
                .help("choose another name"))
        }
        None => Ok(written.to_string()),
    }
}

/// Whether a name that begins with a bar ends with one that no `\` makes part of the name.
fn ends_with_bar(written: &str) -> bool {
    let inner = written.strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inner.is_some_and(|inner| (inner.len() - inner.trim_end_matches('\\').len()).is_multiple_of(2))
}

fn push(open: &mut Vec<Open>, at: Bytes, what: Opened) -> Result<(), Problem> {
    if open.len() > MAX_DEPTH {
        return Err(Problem::at(
            Code::TooDeep,
            at,
            format!("the text nests more than {MAX_DEPTH} levels deep"),
        )
        .label("this level is one too many")
        .help("split the expression with `define`"));
    }
    open.push(Open { start: at.start, what, items: Vec::new() });
    Ok(())
}

/// Puts a finished expression where it belongs, and with it ends the quotes and discards that waited for it.
fn add(open: &mut Vec<Open>, mut datum: Datum) {
    while let Some(top) = open.last_mut() {
        match top.what {
            Opened::Quote => {
                datum = Datum { at: top.start..datum.at.end, kind: Kind::Quote(Box::new(datum)) };
                open.pop();
            }
            Opened::OtherQuote => {
                datum = Datum { at: top.start..datum.at.end, kind: Kind::OtherQuote(Box::new(datum)) };
                open.pop();
            }
            Opened::Gexp => {
                datum = Datum { at: top.start..datum.at.end, kind: Kind::Gexp(Box::new(datum)) };
                open.pop();
            }
            Opened::Ungexp { splicing } => {
                let at = top.start..datum.at.end;
                datum = Datum { at, kind: Kind::Ungexp { inner: Box::new(datum), splicing } };
                open.pop();
            }
            Opened::Discard => {
                open.pop();
                return;
            }
            _ => {
                top.items.push(datum);
                return;
            }
        }
    }
}

fn close(text: &str, open: &mut Vec<Open>, paren: Paren, at: Bytes) -> Result<(), Problem> {
    let Some(top) = open.last() else {
        return Ok(());
    };
    let found = &text[at.clone()];
    match top.what {
        Opened::File => Err(Problem::at(Code::Unbalanced, at, format!("unexpected `{found}`"))
            .label("no list is open here")
            .help("remove it, or add the missing opening parenthesis before it")),
        Opened::Gexp | Opened::Ungexp { .. } => Err(Problem::at(
            Code::Unclosed,
            top.start..top.start + "#~".len(),
            "nothing follows this mark of a gexp",
        )
        .label("expected an expression after it")),
        Opened::Quote | Opened::OtherQuote | Opened::Discard => {
            Err(Problem::at(Code::Unclosed, top.start..top.start + 1, "nothing follows this quote")
                .label("expected an expression after it"))
        }
        Opened::List(expected) | Opened::Vector(expected) if expected != paren => {
            let opening = top.start;
            Err(Problem::at(
                Code::Unbalanced,
                at,
                format!("`{found}` does not match the opening parenthesis"),
            )
            .label(format!("expected `{}`", closing(expected)))
            .also(opening..opening + 1, "opened here"))
        }
        Opened::List(_) | Opened::Vector(_) => {
            let Some(done) = open.pop() else { return Ok(()) };
            let kind =
                if matches!(done.what, Opened::List(_)) { Kind::List(done.items) } else { Kind::Literal };
            add(open, Datum { at: done.start..at.end, kind });
            Ok(())
        }
    }
}

fn closing(paren: Paren) -> char {
    match paren {
        Paren::Round => ')',
        Paren::Square => ']',
        Paren::Curly => '}',
    }
}

/// The forms of the file if nothing is left open, else which parenthesis is.
fn finish(mut open: Vec<Open>) -> Result<Vec<Datum>, Problem> {
    let Some(last) = open.pop() else { return Ok(Vec::new()) };
    if last.what == Opened::File {
        return Ok(last.items);
    }
    let at = last.start..last.start + 1;
    Err(match last.what {
        Opened::List(paren) | Opened::Vector(paren) => {
            Problem::at(Code::Unclosed, at, "this list is never closed")
                .label(format!("no matching `{}`", closing(paren)))
                .help("add the missing closing parenthesis")
        }
        _ => Problem::at(Code::Unclosed, at, "nothing follows this quote")
            .label("expected an expression after it"),
    })
}

fn lexical_problem(text: &str, error: &TokenError, start: usize) -> Problem {
    let one = start..text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    match error {
        TokenError::IncompleteString => Problem::at(Code::Unclosed, one, "this string is never closed")
            .label("opened here")
            .help("add the missing `\"`; write a quote inside a string as `\\\"`"),
        TokenError::IncompleteComment => Problem::at(Code::Unclosed, one, "this comment is never closed")
            .label("opened here")
            .help("end a `#|` comment with `|#`"),
        TokenError::IncompleteIdentifier => {
            Problem::at(Code::Unclosed, one, "this `|name|` is never closed").label("opened here")
        }
        TokenError::InvalidStringEscape(c) => {
            Problem::at(Code::UnreadableText, one, format!("unknown escape `\\{c}` in a string"))
                .label("not an escape Scheme knows")
                .help("known are \\n \\t \\r \\\\ \\\" and \\xHH;")
        }
        other => unreadable(other, one),
    }
}

fn unreadable(error: &TokenError, at: Bytes) -> Problem {
    Problem::at(Code::UnreadableText, at, format!("unreadable text: {error}")).label("here")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Problem {
        parse(text).expect_err("text is malformed")
    }

    #[test]
    fn ranges_cover_each_expression() {
        let text = "(a \"b\" 'c #(1 2)) ; end\n#:k";
        let parsed = parse(text).unwrap();
        let all: Vec<&str> = parsed.forms.iter().map(|d| &text[d.at.clone()]).collect();
        assert_eq!(all, ["(a \"b\" 'c #(1 2))", "#:k"]);
        let items: Vec<&str> = parsed.forms[0].list().unwrap().iter().map(|d| &text[d.at.clone()]).collect();
        assert_eq!(items, ["a", "\"b\"", "'c", "#(1 2)"]);
    }

    #[test]
    fn discarded_expressions_do_not_count() {
        let parsed = parse("#;(a b) #;#;c d (e #;f)").unwrap();
        assert_eq!(parsed.forms.len(), 1);
        assert_eq!(parsed.forms[0].list().unwrap().len(), 1);
    }

    #[test]
    fn what_steel_would_take_for_something_else_is_refused() {
        assert_eq!(error("(f {+ 1 2})").primary(), Some(3..4));
        assert_eq!(error("\u{feff}(f)").primary(), Some(0..3));
        assert_eq!(error("(f |##mm0__x|)").primary(), Some(3..13));
        assert_eq!(error("__module-x").primary(), Some(0..10));
        assert!(parse("a__module-x |a b|").is_ok());
        assert_eq!(error("\n#!/bin/fruix (a)").primary(), Some(1..13));
        assert!(parse("#!/bin/fruix\n(a)").is_ok());
    }

    #[test]
    fn a_byte_order_mark_is_seen_behind_blanks_too() {
        for text in ["\u{feff}x", "\r\n \u{feff}x"] {
            assert_eq!(parse(text).unwrap_err().message, "a byte order mark stands before the text");
        }
    }

    #[test]
    fn special_tokens_are_symbols() {
        let parsed = parse("(define lambda if)").unwrap();
        assert_eq!(parsed.forms[0].form("define").unwrap()[0].symbol(), Some("lambda"));
    }

    #[test]
    fn unbalanced_text_names_the_parenthesis() {
        assert_eq!(error("(a (b c)").primary(), Some(0..1));
        assert_eq!(error("(a))").primary(), Some(3..4));
        assert_eq!(error("(a]").primary(), Some(2..3));
        assert_eq!(error("(a \"b c)").primary(), Some(3..4));
        assert_eq!(error("(a ')").primary(), Some(3..4));
        assert_eq!(error("a '").primary(), Some(2..3));
    }

    #[test]
    fn deep_nesting_is_refused_without_recursion() {
        for opening in ["(", "'", "#(", "#;"] {
            let text = opening.repeat(100_000);
            assert!(error(&text).message.contains("levels deep"), "{opening}");
        }
        let fine = format!("{}{}", "(".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1));
        assert!(parse(&fine).is_ok());
    }
}
