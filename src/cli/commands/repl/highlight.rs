//! Colours for what is typed.

use std::ops::Range;

use crate::eval::{FORMS, Token, TokenKind, tokens};

/// Words that stand in forms or are ones, and look like the [`FORMS`] of the language.
const WORDS: &[&str] = &["else", "inherit", "parameterize", "syntax-rules", "unquote", "with-handler"];

const RESET: &str = "\x1b[0m";

/// The text with colours. The parentheses at the cursor, if one is given, stand out together.
pub fn highlight(text: &str, cursor: Option<usize>) -> String {
    let all = tokens(text);
    let matching = cursor.and_then(|cursor| matching(&all, cursor));
    let mut out = String::with_capacity(text.len() * 2);
    let mut done = 0;
    let mut depth = 0_usize;
    for token in &all {
        out.push_str(&text[done..token.at.end.min(token.at.start)]);
        done = token.at.end;
        let stray = token.kind == TokenKind::Close && depth == 0;
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let pair = matching.as_ref().is_some_and(|(a, b)| *a == token.at || *b == token.at);
        let written = &text[token.at.clone()];
        let color = if pair { Some("\x1b[1;7m") } else { color(token, written, stray) };
        match color {
            Some(color) => out.extend([color, written, RESET]),
            None => out.push_str(written),
        }
    }
    out.push_str(&text[done..]);
    out
}

fn color(token: &Token, written: &str, stray: bool) -> Option<&'static str> {
    Some(match token.kind {
        TokenKind::Text => "\x1b[32m",
        TokenKind::Unfinished if written.starts_with('"') => "\x1b[32m",
        TokenKind::LineComment | TokenKind::BlockComment | TokenKind::Unfinished => "\x1b[2m",
        TokenKind::Number | TokenKind::Constant => "\x1b[36m",
        TokenKind::Keyword => "\x1b[35m",
        TokenKind::Symbol if FORMS.contains(&written) || WORDS.contains(&written) => "\x1b[1;34m",
        TokenKind::Malformed => "\x1b[31m",
        TokenKind::Close if stray => "\x1b[1;31m",
        TokenKind::Symbol | TokenKind::Open | TokenKind::Close | TokenKind::Prefix => return None,
    })
}

/// The parenthesis under the cursor or, if there is none, the closing one before it; and its other half.
fn matching(tokens: &[Token], cursor: usize) -> Option<(Range<usize>, Range<usize>)> {
    let paren = |token: &&Token| matches!(token.kind, TokenKind::Open | TokenKind::Close);
    let under = tokens.iter().filter(paren).find(|token| token.at.start == cursor);
    let before = || tokens.iter().find(|token| token.kind == TokenKind::Close && token.at.end == cursor);
    let chosen = under.or_else(before)?;
    let mut open: Vec<&Token> = Vec::new();
    for token in tokens.iter().filter(paren) {
        if token.kind == TokenKind::Open {
            open.push(token);
            continue;
        }
        let start = open.pop()?;
        if start == chosen || token == chosen {
            return Some((start.at.clone(), token.at.clone()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with what stands out in brackets of its own.
    fn pair(text: &str, cursor: usize) -> Option<(usize, usize)> {
        matching(&tokens(text), cursor).map(|(a, b)| (a.start, b.start))
    }

    #[test]
    fn colours_add_nothing_but_themselves() {
        for text in ["(define x \"é\" 5) ; c", "(a \"unfinished", ")", "", "#| c", "(f \"\\q\")", "'(a . b)"]
        {
            for cursor in [None, Some(0), Some(text.len())] {
                let mut plain = highlight(text, cursor);
                while let Some(start) = plain.find('\x1b') {
                    let end = start + plain[start..].find('m').unwrap();
                    plain.replace_range(start..=end, "");
                }
                assert_eq!(plain, text);
            }
        }
    }

    #[test]
    fn kinds_have_colours() {
        let text = highlight("(define x \"s\")", None);
        assert_eq!(text, "(\x1b[1;34mdefine\x1b[0m x \x1b[32m\"s\"\x1b[0m)");
        assert_eq!(highlight("a)", None), "a\x1b[1;31m)\x1b[0m");
    }

    #[test]
    fn parentheses_at_the_cursor_are_matched() {
        let text = "(a [b] \")\" c)";
        assert_eq!(pair(text, 0), Some((0, 12)));
        assert_eq!(pair(text, 13), Some((0, 12)));
        assert_eq!(pair(text, 3), Some((3, 5)));
        assert_eq!(pair(text, 6), Some((3, 5)));
        assert_eq!(pair(text, 8), None);
        assert_eq!(pair("(a", 0), None);
        assert_eq!(pair(")", 1), None);
    }
}
