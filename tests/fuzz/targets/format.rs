//! Formatting changes white space alone, and formatting again nothing.
#![no_main]

use fruix::eval::{TokenKind, tokens};
use fruix::format::format;
use fruix_fuzz::{scheme::Scheme, text};
use libfuzzer_sys::fuzz_target;

/// What the interpreter and the reader of comments see: everything but what is between the tokens, and white space at
/// the end of a comment.
fn seen(text: &str) -> Vec<&str> {
    let shown = tokens(text).into_iter().map(|token| match token.kind {
        TokenKind::LineComment => text[token.at].trim_end(),
        _ => &text[token.at],
    });
    shown.collect()
}

/// Everything but white space: what the lexer skips counts, too.
fn ink(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let Some(text) = text::<Scheme>(bytes) else { return };
    let Ok(once) = format(&text) else { return };
    assert_eq!(ink(&once), ink(&text), "something is lost or added");
    assert_eq!(seen(&once), seen(&text), "it is read in another way");
    let twice = format(&once).expect("formatted text can be read");
    assert_eq!(twice, once, "formatting again changes it; it was\n{text}");
});
