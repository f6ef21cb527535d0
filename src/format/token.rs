//! Text as tokens, none left out, with what the formatter wants to know of each.
//!
//! The text has been found well-formed before.

use crate::eval::{self, TokenKind};

/// What a token is to the formatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word, number, string, character, …
    Atom,
    /// From `;` to the end of the line; or a first line that names an interpreter.
    LineComment,
    /// `#| … |#`
    BlockComment,
    /// `(`, `[`, `{`, `#(`, `#u8(`
    Open,
    /// `)`, `]`, `}`
    Close,
    /// What belongs to the expression after it: `'`, `` ` ``, `,`, `,@`, `#;`, `#~`, `#$`, …
    Prefix,
}

/// A token and how far it stands from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Line breaks between the token before and this one.
    pub lines_before: usize,
}

/// All tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut end = 0;
    let token = |eval::Token { at, kind }: eval::Token| {
        let lines_before = text[end..at.start].matches('\n').count();
        end = at.end;
        Token { kind: Kind::from(kind), text: &text[at], lines_before }
    };
    eval::tokens(text).into_iter().map(token).collect()
}

impl From<TokenKind> for Kind {
    fn from(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Open => Self::Open,
            TokenKind::Close => Self::Close,
            TokenKind::Prefix => Self::Prefix,
            TokenKind::LineComment => Self::LineComment,
            TokenKind::BlockComment => Self::BlockComment,
            TokenKind::Symbol
            | TokenKind::Keyword
            | TokenKind::Text
            | TokenKind::Number
            | TokenKind::Constant
            | TokenKind::Unfinished
            | TokenKind::Malformed => Self::Atom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_before_a_token_are_counted() {
        let lines = |text| tokens(text).iter().map(|token| token.lines_before).collect::<Vec<_>>();
        assert_eq!(lines("a\n\n b ; c\n d"), [0, 2, 0, 1]);
        assert_eq!(lines("#!/bin/fruix\n(a)"), [0, 1, 0, 0]);
    }
}
