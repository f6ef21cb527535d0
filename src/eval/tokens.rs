//! The tokens of a text, which may be unfinished, none left out: for formatting it, for colours, for matching
//! parentheses, and for knowing what stands at the cursor. They are those of Steel's lexer (so `#t;x` is one word, as it
//! is to Steel): what is shown agrees with what is evaluated.

use std::ops::Range;

use steel_parser::lexer::{TokenError, TokenStream};
use steel_parser::tokens::TokenType;

use crate::eval::reader;

/// A part of a text between blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub at: Range<usize>,
    pub kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Open,
    Close,
    /// A quote of some kind, or `#;`: something has to follow.
    Prefix,
    Symbol,
    /// `#:name`
    Keyword,
    Text,
    Number,
    /// A boolean or a character.
    Constant,
    /// From `;` to the end of the line, without that; or a first line that names an interpreter.
    LineComment,
    /// `#| … |#`
    BlockComment,
    /// A string, block comment or `|name|` whose end is still to come.
    Unfinished,
    /// From here on the text cannot be read.
    Malformed,
}

/// The tokens of a text; what cannot be read is one token up to the end.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    // The lexer skips it.
    let first_line = 0..reader::interpreter_line(text);
    if !first_line.is_empty() {
        tokens.push(Token { at: first_line, kind: TokenKind::LineComment });
    }
    // Of the same length, so that places are the same.
    let (shown, marks) = reader::disguise(text);
    for token in TokenStream::new(&shown, false, None) {
        match token {
            Ok(token) => {
                let at = token.span.start as usize..token.span.end as usize;
                tokens.push(match token.ty {
                    _ if marks.binary_search(&at.start).is_ok() => mark(text, at.start),
                    TokenType::Comment => comment(text, at),
                    other => Token { at, kind: kind(&other) },
                });
            }
            Err(error) => {
                let unfinished = matches!(
                    error.ty,
                    TokenError::IncompleteString
                        | TokenError::IncompleteComment
                        | TokenError::IncompleteIdentifier
                );
                let kind = if unfinished { TokenKind::Unfinished } else { TokenKind::Malformed };
                let after = tokens.last().map_or(0, |token: &Token| token.at.end);
                let start = (error.span.start as usize).clamp(after, text.len());
                tokens.push(Token { at: start..text.len(), kind });
                break;
            }
        }
    }
    tokens
}

/// A mark of a gexp, which the lexer takes for a shorter one.
fn mark(text: &str, start: usize) -> Token {
    let length = if text[start..].starts_with("#$@") { "#$@".len() } else { "#~".len() };
    Token { at: start..start + length, kind: TokenKind::Prefix }
}

fn comment(text: &str, at: Range<usize>) -> Token {
    let written = &text[at.clone()];
    if written.starts_with("#|") {
        return Token { at, kind: TokenKind::BlockComment };
    }
    let end = at.start + written.strip_suffix('\n').unwrap_or(written).len();
    Token { at: at.start..end, kind: TokenKind::LineComment }
}

fn kind<T>(token: &TokenType<T>) -> TokenKind {
    match token {
        TokenType::OpenParen(..) => TokenKind::Open,
        TokenType::CloseParen(_) => TokenKind::Close,
        TokenType::QuoteTick
        | TokenType::QuasiQuote
        | TokenType::Unquote
        | TokenType::UnquoteSplice
        | TokenType::QuoteSyntax
        | TokenType::QuasiQuoteSyntax
        | TokenType::UnquoteSyntax
        | TokenType::UnquoteSpliceSyntax
        | TokenType::DatumComment => TokenKind::Prefix,
        TokenType::Keyword(_) => TokenKind::Keyword,
        TokenType::StringLiteral(_) => TokenKind::Text,
        TokenType::Number(_) => TokenKind::Number,
        TokenType::CharacterLiteral(_) | TokenType::BooleanLiteral(_) => TokenKind::Constant,
        // Steel has tokens of their own for `define`, `lambda` and others.
        _ => TokenKind::Symbol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, TokenKind)> {
        tokens(text).into_iter().map(|token| (&text[token.at], token.kind)).collect()
    }

    #[test]
    fn every_kind_is_told() {
        use TokenKind::*;
        assert_eq!(
            kinds("(define 'x #:k \"é\" 5 #t #\\a) ; end"),
            [
                ("(", Open),
                ("define", Symbol),
                ("'", Prefix),
                ("x", Symbol),
                ("#:k", Keyword),
                ("\"é\"", Text),
                ("5", Number),
                ("#t", Constant),
                ("#\\a", Constant),
                (")", Close),
                ("; end", LineComment),
            ]
        );
    }

    #[test]
    fn comments_are_told_from_the_lines_they_end() {
        use TokenKind::*;
        assert_eq!(
            kinds("#!/bin/fruix\n; a\r\n#| b #| c |# |#d"),
            [
                ("#!/bin/fruix", LineComment),
                ("; a\r", LineComment),
                ("#| b #| c |# |#", BlockComment),
                ("d", Symbol)
            ]
        );
    }

    #[test]
    fn tokens_end_where_steel_ends_them() {
        let texts = |text| kinds(text).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
        assert_eq!(texts("(a\"b\"c)"), ["(", "a", "\"b\"", "c", ")"]);
        assert_eq!(texts("#t;x y"), ["#t;x", "y"]);
        assert_eq!(texts("a;x y"), ["a", ";x y"]);
        assert_eq!(texts("#\\( #\\space #\\;"), ["#\\(", "#\\space", "#\\;"]);
        assert_eq!(texts("'x `(,a ,@b) #'c"), ["'", "x", "`", "(", ",", "a", ",@", "b", ")", "#'", "c"]);
        assert_eq!(texts("#~(a #$b #$@c)"), ["#~", "(", "a", "#$", "b", "#$@", "c", ")"]);
        assert_eq!(texts("|a b\\|c|d"), ["|a b\\|c|", "d"]);
        assert_eq!(texts("#(1) #u8(2) #:k v"), ["#(", "1", ")", "#u8(", "2", ")", "#:k", "v"]);
        assert_eq!(texts("#<<END\na \" b\nEND c"), ["#<<END\na \" b\nEND", "c"]);
    }

    #[test]
    fn what_cannot_be_read_is_one_token() {
        assert_eq!(kinds("(a #~(b").last(), Some(&("b", TokenKind::Symbol)));
        assert_eq!(kinds("(f \"ab c").last(), Some(&("\"ab c", TokenKind::Unfinished)));
        assert_eq!(kinds("a #| b").last(), Some(&("#| b", TokenKind::Unfinished)));
        assert_eq!(kinds("(f \"a\\q\") b").last().map(|last| last.1), Some(TokenKind::Malformed));
        for text in ["", "\"", "#", "#\\", "|", "é", "(\"é", "#!", "'"] {
            let all = tokens(text);
            assert!(all.iter().all(|token| text.get(token.at.clone()).is_some()), "{text}: {all:?}");
        }
    }
}
