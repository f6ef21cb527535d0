//! The tokens of a text that may be unfinished: for colours, for matching parentheses, and for knowing what stands at
//! the cursor. They are those of Steel's lexer, so that what is shown agrees with what is evaluated.

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
    Comment,
    /// A string, block comment or `|name|` whose end is still to come.
    Unfinished,
    /// From here on the text cannot be read.
    Malformed,
}

/// The tokens of a text; what cannot be read is one token up to the end.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    // Of the same length, so that places are the same.
    let (shown, _) = reader::disguise(text);
    for token in TokenStream::new(&shown, false, None) {
        match token {
            Ok(token) => {
                let at = token.span.start as usize..token.span.end as usize;
                let kind = kind(&token.ty);
                tokens.push(Token { at, kind });
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
        TokenType::Comment => TokenKind::Comment,
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
                ("; end", Comment),
            ]
        );
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
