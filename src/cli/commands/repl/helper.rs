//! What the line editor asks while a person types.

use std::borrow::Cow;
use std::cell::Cell;

use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, RepeatCount};

use super::complete::complete;
use super::cursor::Cursor;
use super::highlight::highlight;
use crate::eval::session::{self, Catalogue};

/// Knows the names of the session.
#[derive(Default)]
pub struct Helper {
    pub catalogue: Catalogue,
    /// The input is done: nothing has to stand out at the cursor any more.
    done: Cell<bool>,
}

impl rustyline::Helper for Helper {}

impl Completer for Helper {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete(line, pos, &self.catalogue))
    }
}

impl Validator for Helper {
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let complete = session::is_complete(ctx.input());
        Ok(if complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        Cow::Owned(highlight(line, (!self.done.get()).then_some(pos)))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(format!("\x1b[1;32m{prompt}\x1b[0m"))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.done.set(kind == CmdKind::ForcedRefresh);
        true
    }
}

/// How the procedure at the cursor is used. It is only shown, never taken over.
pub struct Usage(String);

impl Hint for Usage {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for Helper {
    type Hint = Usage;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Usage> {
        usage(line, pos, &self.catalogue).map(|usage| Usage(format!("  ; {usage}")))
    }
}

/// What is expected at the end of a line: the type of a field, or the parameters of a procedure.
fn usage(line: &str, pos: usize, catalogue: &Catalogue) -> Option<String> {
    if pos < line.len() {
        return None;
    }
    let cursor = Cursor::at(line, pos);
    if let Some(field) = cursor.field(catalogue) {
        return Some(field.type_words.clone());
    }
    let signature = catalogue.names.get(cursor.list()?.head?)?.as_ref()?;
    signature.starts_with('(').then(|| signature.clone())
}

/// What the Enter key does: an input that is not complete goes on in a new line, indented.
pub struct Enter;

impl ConditionalEventHandler for Enter {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext<'_>) -> Option<Cmd> {
        if session::is_complete(ctx.line()) {
            return None;
        }
        let cursor = Cursor::at(ctx.line(), ctx.pos());
        let indentation = if cursor.in_string { 0 } else { cursor.indentation() };
        Some(Cmd::Insert(1, format!("\n{}", " ".repeat(indentation))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::reference::Field;

    #[test]
    fn what_is_expected_is_shown_at_the_end_of_the_line() {
        let mut catalogue = Catalogue::default();
        catalogue.names.insert("f".into(), Some("(f a [b 1])".into()));
        catalogue.names.insert("x".into(), Some("x".into()));
        let field = Field {
            name: "uid".into(),
            type_name: "integer".into(),
            type_words: "an integer".into(),
            default: None,
            marks: Vec::new(),
            doc: String::new(),
        };
        catalogue.records.insert("user".into(), vec![field]);
        let usage = |line: &str| usage(line, line.len(), &catalogue);
        assert_eq!(usage("(f 1 ").as_deref(), Some("(f a [b 1])"));
        assert_eq!(usage("(user (uid ").as_deref(), Some("an integer"));
        assert_eq!(usage("(x "), None);
        assert_eq!(usage("f "), None);
        assert_eq!(super::usage("(f )", 3, &catalogue), None);
    }
}
