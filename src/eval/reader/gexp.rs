//! G-expressions: `#~(form … #$value … #$@values … #$output)`, as in Guix.
//!
//! A gexp is a form for the builder, with values of the declaration in it. Steel's lexer knows none of its marks, so
//! it is shown others of the same length, which keeps every place; [`super::datum`] puts them right again. Then the
//! form becomes a call that is handed the pieces of its text and the values between them:
//!
//! ```text
//! #~(symlink #$file #$output)
//! (%gexp "/the/file.scm" '(110 137 (one 120 125)) (list "(symlink " file " #$output)"))
//! ```
//!
//! `#$output` stays in the text until it is read for the builder.

use std::borrow::Cow;

use steel_parser::lexer::Lexer;

use super::datum::{Bytes, Datum, Kind};
use crate::eval::code::Code;
use crate::eval::problem::Problem;

/// Marks of a gexp, and what Steel's lexer is shown in their places; the longer ones first.
const MARKS: &[(&str, &str)] = &[("#$@", ",@ "), ("#$", ", "), ("#~", "` ")];

/// The module that a file with gexps needs.
pub const MODULE: &str = "fruix/gexp.scm";

/// The text with other marks in the places of those of gexps, and where those are.
pub fn disguise(text: &str) -> (Cow<'_, str>, Vec<usize>) {
    if !text.contains("#~") && !text.contains("#$") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut shown = String::with_capacity(text.len());
    let mut places = Vec::new();
    while let Some((at, (_, instead))) = next_mark(text, shown.len()) {
        shown.push_str(&text[shown.len()..at]);
        places.push(at);
        shown.push_str(instead);
    }
    shown.push_str(&text[shown.len()..]);
    (Cow::Owned(shown), places)
}

/// The first mark at the start of a token, from the place on where a token starts. The lexer itself tells what is a string
/// or a comment: to it a mark begins a word, which may well end too late, but not too early.
fn next_mark(text: &str, from: usize) -> Option<(usize, &'static (&'static str, &'static str))> {
    let from = if from == 0 { interpreter_line(text) } else { from };
    let mut lexer = Lexer::new(&text[from..]);
    while let Some(token) = lexer.next() {
        let at = from + lexer.span().start;
        let rest = text.get(at..)?;
        if let Some(mark) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            return Some((at, mark));
        }
        // What cannot be read has no marks.
        token.ok()?;
    }
    None
}

/// The length of a first line that names an interpreter.
pub fn interpreter_line(text: &str) -> usize {
    if text.starts_with("#!") { text.find('\n').unwrap_or(text.len()) } else { 0 }
}

/// The key of the form of a computed file, when it is read for the builder.
pub const FORM: &str = "<form>";

/// What to write in the places of all gexps of a file.
///
/// # Errors
/// The first mark that stands where it means nothing.
pub fn edits(text: &str, forms: &[Datum], key: &str) -> Result<Vec<(Bytes, String)>, Problem> {
    let mut edits = Vec::new();
    let mut pending: Vec<(&Datum, bool)> = forms.iter().map(|form| (form, false)).collect();
    while let Some((datum, quoted)) = pending.pop() {
        match &datum.kind {
            Kind::List(items) => pending.extend(items.iter().map(|item| (item, quoted))),
            Kind::Quote(inner) | Kind::OtherQuote(inner) => pending.push((inner, true)),
            Kind::Gexp(_) if quoted => {
                return Err(Problem::at(Code::MisplacedForm, datum.at.clone(), "a quoted gexp")
                    .label("would be data, not a gexp")
                    .help("build the list with `list` instead of quoting it"));
            }
            Kind::Gexp(form) => {
                let pieces = Pieces::of(text, form)?;
                pieces.write(text, datum, key, &mut edits);
                pending.extend(pieces.values.iter().map(|value| (value.expression, false)));
            }
            Kind::Ungexp { inner, splicing: false } if key == FORM && output_name(inner).is_some() => {
                let name = output_name(inner).unwrap_or_default();
                edits.push((datum.at.clone(), format!("(%output {name:?})")));
            }
            Kind::Ungexp { .. } => {
                return Err(Problem::at(
                    Code::MisplacedForm,
                    datum.at.clone(),
                    "a value for a gexp outside of one",
                )
                .label("`#$` and `#$@` stand inside of `#~`")
                .help("remove the mark, or write #~ before the form around it"));
            }
            _ => {}
        }
    }
    // Where two gexps end together, the inner one ends first.
    edits.reverse();
    Ok(edits)
}

/// The expressions of the declaration in a gexp; none if the datum is no gexp.
pub fn values(datum: &Datum) -> Vec<&Datum> {
    let Kind::Gexp(form) = &datum.kind else { return Vec::new() };
    let mut values = Vec::new();
    let mut pending = vec![&**form];
    while let Some(datum) = pending.pop() {
        match &datum.kind {
            Kind::List(items) => pending.extend(items),
            Kind::Quote(inner) | Kind::OtherQuote(inner) => pending.push(inner),
            Kind::Ungexp { inner, .. } if output_name(inner).is_none() => values.push(&**inner),
            _ => {}
        }
    }
    values
}

/// A gexp taken apart.
struct Pieces<'a> {
    values: Vec<Inserted<'a>>,
}

/// `#$expression` or `#$@expression`.
struct Inserted<'a> {
    at: Bytes,
    expression: &'a Datum,
    splicing: bool,
}

impl<'a> Pieces<'a> {
    fn of(text: &str, form: &'a Datum) -> Result<Self, Problem> {
        let mut pieces = Self { values: Vec::new() };
        let mut pending = vec![form];
        while let Some(datum) = pending.pop() {
            match &datum.kind {
                Kind::List(items) => pending.extend(items),
                Kind::Quote(inner) | Kind::OtherQuote(inner) => pending.push(inner),
                // It is the builder's.
                Kind::Ungexp { inner, splicing: false } if output_name(inner).is_some() => {}
                Kind::Ungexp { inner, splicing } => pieces.values.push(Inserted {
                    at: datum.at.clone(),
                    expression: inner,
                    splicing: *splicing,
                }),
                Kind::Gexp(_) => {
                    return Err(Problem::at(
                        Code::MisplacedForm,
                        datum.at.clone(),
                        "a gexp right inside of another",
                    )
                    .label("it is part of the outer one already")
                    .help("remove its `#~`, or insert it with #$"));
                }
                // A vector is not looked into.
                Kind::Literal if text[datum.at.clone()].contains("#$") => {
                    return Err(Problem::at(
                        Code::MisplacedForm,
                        datum.at.clone(),
                        "a value inside of a vector",
                    )
                    .label("`#$` is not seen here")
                    .help("write (vector …)"));
                }
                _ => {}
            }
        }
        pieces.values.sort_by_key(|value| value.at.start);
        Ok(pieces)
    }

    /// Writes the call around the expressions, which stay where they are.
    fn write(&self, text: &str, gexp: &Datum, key: &str, edits: &mut Vec<(Bytes, String)>) {
        let places: String = self
            .values
            .iter()
            .map(|value| {
                let kind = if value.splicing { "all" } else { "one" };
                format!("({kind} {} {})", value.expression.at.start, value.expression.at.end)
            })
            .collect();
        let mut opening = format!("(%gexp {key:?} '({} {} {places}) (list ", gexp.at.start, gexp.at.end);
        let mut edited = gexp.at.start;
        // After the mark itself.
        let mut done = gexp.at.start + "#~".len();
        for value in &self.values {
            opening += &literal(&text[done..value.at.start]);
            edits.push((edited..value.expression.at.start, format!("{opening} ")));
            opening = " ".into();
            edited = value.expression.at.end;
            done = value.at.end;
        }
        opening += &literal(&text[done..gexp.at.end]);
        edits.push((edited..gexp.at.end, format!("{opening}))")));
    }
}

/// `output`, or `output:dev`.
fn output_name(datum: &Datum) -> Option<&str> {
    match datum.symbol()? {
        "output" => Some("out"),
        name => name.strip_prefix("output:"),
    }
}

/// A string as Scheme reads it.
pub fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal += "\\n",
            '\r' => literal += "\\r",
            '\t' => literal += "\\t",
            control if control.is_control() => literal += &format!("\\x{:x};", u32::from(control)),
            other => literal.push(other),
        }
    }
    literal + "\""
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn rewritten(text: &str) -> Result<String, Problem> {
        let mut edits = edits(text, &parse(text)?.forms, "k")?;
        edits.sort_by_key(|(at, _)| at.start);
        let mut new = String::new();
        let mut done = 0;
        for (at, instead) in edits {
            new += &text[done..at.start];
            new += &instead;
            done = at.end;
        }
        Ok(new + &text[done..])
    }

    #[test]
    fn marks_are_hidden_only_where_they_are_marks() {
        let text = "#~(a #$b \"#$c\" #$@d) ; #~\n#| #$ #| |# |# #\\# |#$|";
        let (shown, places) = disguise(text);
        assert_eq!(shown, "` (a , b \"#$c\" ,@ d) ; #~\n#| #$ #| |# |# #\\# |#$|");
        assert_eq!((shown.len(), places), (text.len(), vec![0, 5, 15]));
        assert!(matches!(disguise("(f x)").0, Cow::Borrowed(_)));
        let places = |text| disguise(text).1;
        assert_eq!(places("(#;\"a #~\" #~(b))"), [10]);
        assert_eq!(places("#!#~\n#~#!#$ #$x"), [5, 12]);
        assert_eq!(places("#<<E\n#~(x)\nE #~(y)"), [13]);
        assert_eq!(places("a|b #~(c) x\\\" #~(d) y#~z"), [4, 14]);
        assert_eq!(places("#~'|a #~b| #$\"#~\" #~#$@,#~x"), [0, 11, 18, 20, 24]);
    }

    #[test]
    fn values_stand_between_pieces_of_text() {
        assert_eq!(rewritten("(f #~(a \"b\"))").unwrap(), r##"(f (%gexp "k" '(3 12 ) (list "(a \"b\")")))"##);
        assert_eq!(
            rewritten("#~(a #$(g 1) #$@h)").unwrap(),
            r##"(%gexp "k" '(0 18 (one 7 12)(all 16 17)) (list "(a " (g 1) " " h ")"))"##
        );
        assert_eq!(
            rewritten("#~(a #$output #$output:dev)").unwrap(),
            r##"(%gexp "k" '(0 27 ) (list "(a #$output #$output:dev)"))"##
        );
        assert_eq!(
            rewritten("#~#$(f #~#$x)").unwrap(),
            r##"(%gexp "k" '(0 13 (one 4 13)) (list "" (f (%gexp "k" '(7 12 (one 11 12)) (list "" x ""))) ""))"##
        );
    }

    #[test]
    fn a_form_names_its_outputs() {
        let text = "(f #$output #$output:dev)";
        let edits = edits(text, &parse(text).unwrap().forms, FORM).unwrap();
        let mut names: Vec<&str> = edits.iter().map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["(%output \"dev\")", "(%output \"out\")"]);
    }

    #[test]
    fn marks_out_of_place_are_errors() {
        for (text, at) in [
            ("(f #$x)", 3..6),
            ("'(#~x)", 2..5),
            ("#~(f #~x)", 5..8),
            ("#~(f #(1 #$x))", 5..13),
            ("#~(f #$)", 5..7),
        ] {
            assert_eq!(rewritten(text).unwrap_err().primary(), Some(at), "{text}");
        }
    }
}
