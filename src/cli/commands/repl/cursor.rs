//! What stands around the cursor.

use std::ops::Range;

use crate::eval::session::Catalogue;
use crate::eval::{Token, TokenKind, tokens};

/// The lists that are open at the cursor, and the word it stands in or behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Cursor<'a> {
    text: &'a str,
    /// From the outside in.
    pub lists: Vec<List<'a>>,
    /// Where the word starts; the cursor, if it stands behind a blank.
    pub word_at: usize,
    pub word: &'a str,
    /// The word is the beginning of a string, and starts behind its quote.
    pub in_string: bool,
    pub in_comment: bool,
}

/// A list that is open.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct List<'a> {
    pub start: usize,
    /// Its first item, if that is a symbol and not the word at the cursor.
    pub head: Option<&'a str>,
    /// Where its items start, without the word at the cursor.
    pub items: Vec<usize>,
    /// The heads of the lists in it that are closed.
    pub given: Vec<&'a str>,
}

impl<'a> Cursor<'a> {
    /// Looks at a text with the cursor at a byte of it.
    pub fn at(text: &'a str, position: usize) -> Self {
        let before = text.get(..position).unwrap_or(text);
        let all = tokens(before);
        let word = all.last().filter(|token| token.at.end == before.len() && is_word(token.kind));
        let in_string = word.is_some_and(|word| {
            word.kind == TokenKind::Unfinished && before[word.at.clone()].starts_with('"')
        });
        let word_at = word.map_or(before.len(), |word| word.at.start + usize::from(in_string));
        let lists = lists(before, &all, word.map(|word| word.at.clone()));
        let in_comment = all.last().is_some_and(|last| {
            let block = last.kind == TokenKind::Unfinished && before[last.at.clone()].starts_with("#|");
            let line = last.kind == TokenKind::LineComment && last.at.end == before.len();
            block || line
        });
        Self { text: before, lists, word_at, word: &before[word_at..], in_string, in_comment }
    }

    /// The innermost list.
    pub fn list(&self) -> Option<&List<'a>> {
        self.lists.last()
    }

    /// The list around the innermost one.
    pub fn outer(&self) -> Option<&List<'a>> {
        self.lists.len().checked_sub(2).map(|index| &self.lists[index])
    }

    /// The type of the field whose value is being written.
    pub fn field<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c crate::eval::reference::Field> {
        let fields = catalogue.records.get(self.outer()?.head?)?;
        let name = self.list()?.head?;
        fields.iter().find(|field| field.name == name)
    }

    /// Whether a quote stands right before the word.
    pub fn quoted(&self) -> bool {
        self.text[..self.word_at].ends_with('\'')
    }

    /// By how much a line that begins here is indented.
    pub fn indentation(&self) -> usize {
        let Some(list) = self.list() else { return 0 };
        let column = |at: usize| {
            let line = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
            self.text[line..at].chars().count()
        };
        let same_line = |at: usize| !self.text[list.start..at].contains('\n');
        match (list.head, list.items.as_slice()) {
            (None, [first, ..]) => column(*first),
            (Some(head), [_, second, ..]) if !has_body(head) && same_line(*second) => column(*second),
            (Some(_), _) => column(list.start) + 2,
            (None, []) => column(list.start) + 1,
        }
    }
}

/// Forms whose parts stand below their head.
fn has_body(head: &str) -> bool {
    head.starts_with("define")
        || matches!(
            head,
            "lambda" | "let" | "let*" | "letrec" | "when" | "unless" | "begin" | "operating-system"
        )
}

fn is_word(kind: TokenKind) -> bool {
    !matches!(
        kind,
        TokenKind::Open
            | TokenKind::Close
            | TokenKind::Prefix
            | TokenKind::LineComment
            | TokenKind::BlockComment
    )
}

fn lists<'a>(text: &'a str, tokens: &[Token], word: Option<Range<usize>>) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => {}
            TokenKind::Open => {
                if let Some(outer) = lists.last_mut() {
                    outer.items.push(token.at.start);
                }
                lists.push(List { start: token.at.start, ..List::default() });
            }
            TokenKind::Close => {
                let closed = lists.pop();
                if let (Some(outer), Some(head)) = (lists.last_mut(), closed.and_then(|list| list.head)) {
                    outer.given.push(head);
                }
            }
            _ if word.as_ref() == Some(&token.at) => {}
            TokenKind::Prefix => {}
            kind => {
                let Some(list) = lists.last_mut() else { continue };
                if list.items.is_empty() && kind == TokenKind::Symbol {
                    list.head = Some(&text[token.at.clone()]);
                }
                list.items.push(token.at.start);
            }
        }
    }
    lists
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(text: &str) -> Cursor<'_> {
        Cursor::at(text, text.len())
    }

    #[test]
    fn the_lists_around_the_word_are_known() {
        let cursor = cursor("(system (name \"a\") (users (list 1)) (ho");
        assert_eq!((cursor.word, cursor.word_at), ("ho", 37));
        let heads: Vec<_> = cursor.lists.iter().map(|list| list.head).collect();
        assert_eq!(heads, [Some("system"), None]);
        assert_eq!(cursor.lists[0].given, ["name", "users"]);
        let empty = super::Cursor::at("(f a) ", 6);
        assert!(empty.lists.is_empty() && empty.word.is_empty());
    }

    #[test]
    fn strings_and_comments_are_told() {
        let string = cursor("(local-file \"../a/b");
        assert!(string.in_string);
        assert_eq!((string.word, string.list().unwrap().head), ("../a/b", Some("local-file")));
        assert!(cursor("(f) ; comment").in_comment);
        assert!(!cursor("(f) ; comment\n").in_comment);
    }

    #[test]
    fn lines_are_indented_like_the_list_they_belong_to() {
        for (text, expected) in [
            ("(define (f x)", 2),
            ("(operating-system (host-name \"a\")", 2),
            ("(list 1", 6),
            ("(list\n 1", 2),
            ("(f", 2),
            ("  (let ([a 1]", 8),
            ("((a) ", 1),
            ("(é 1", 3),
            ("x", 0),
            ("(", 1),
        ] {
            assert_eq!(cursor(&format!("{text} ")).indentation(), expected, "{text}");
        }
    }
}
