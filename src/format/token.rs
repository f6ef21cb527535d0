//! Text as tokens, none left out.
//!
//! Where a token ends follows Steel's lexer to the letter (so `#t;x` is one word, as it is to Steel): the formatter puts
//! spaces between tokens, and must not put one into what Steel sees as a whole.
//!
//! The text has been found well-formed before. Of one that is not, the last token is simply shorter.

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

/// Marks of G-expressions. To Steel they are words of their own, so they are prefixes only where an opening
/// parenthesis follows.
const GEXP_PREFIXES: &[&str] = &["#~", "#$", "#$@", "#+", "#+@"];

/// All tokens of a text.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    if text.starts_with("#!") {
        lexer.skip_line();
        tokens.push(Token { kind: Kind::LineComment, text: &text[..lexer.at], lines_before: 0 });
    }
    loop {
        let lines_before = lexer.skip_space();
        let start = lexer.at;
        let Some(kind) = lexer.token() else { return tokens };
        tokens.push(Token { kind, text: &text[start..lexer.at], lines_before });
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Goes on while characters are of a kind.
    fn eat_while(&mut self, fits: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&fits) {
            self.eat();
        }
    }

    /// Gives the number of line breaks.
    fn skip_space(&mut self) -> usize {
        let start = self.at;
        self.eat_while(char::is_whitespace);
        self.text[start..self.at].matches('\n').count()
    }

    fn skip_line(&mut self) {
        self.eat_while(|c| c != '\n');
    }

    fn token(&mut self) -> Option<Kind> {
        Some(match self.eat()? {
            ';' => {
                self.skip_line();
                Kind::LineComment
            }
            '"' => {
                self.finish_escaped('"');
                Kind::Atom
            }
            '(' | '[' | '{' => Kind::Open,
            ')' | ']' | '}' => Kind::Close,
            '\'' | '`' => Kind::Prefix,
            ',' => {
                if self.peek() == Some('@') {
                    self.eat();
                }
                Kind::Prefix
            }
            '#' => self.hash(),
            first => {
                self.at -= first.len_utf8();
                self.word();
                Kind::Atom
            }
        })
    }

    /// What follows `#`.
    fn hash(&mut self) -> Kind {
        let start = self.at - 1;
        match self.peek() {
            Some('|') => {
                self.block_comment();
                return Kind::BlockComment;
            }
            Some(';') => {
                self.eat();
                return Kind::Prefix;
            }
            Some('<') if self.rest().starts_with("<<") => {
                self.here_string();
                return Kind::Atom;
            }
            _ => {}
        }
        self.hash_word();
        let word = &self.text[start..self.at];
        let opens = self.peek() == Some('(');
        match word {
            "#'" | "#`" | "#," | "#,@" => Kind::Prefix,
            "#" | "#u8" if opens => {
                self.eat();
                Kind::Open
            }
            word if opens && GEXP_PREFIXES.contains(&word) => Kind::Prefix,
            "#t" | "#true" | "#f" | "#false" => Kind::Atom,
            word if word.starts_with("#:") || word.starts_with("#\\") => Kind::Atom,
            _ => {
                self.word();
                Kind::Atom
            }
        }
    }

    /// A word that began with `#` goes on through quotes and semicolons.
    fn hash_word(&mut self) {
        while let Some(next) = self.peek() {
            match next {
                '\\' => {
                    self.eat();
                    self.eat();
                }
                '\'' | '`' => {
                    self.eat();
                    return;
                }
                ',' => {
                    self.eat();
                    if self.peek() == Some('@') {
                        self.eat();
                    }
                    return;
                }
                '(' | '[' | ')' | ']' => return,
                c if c.is_whitespace() => return,
                _ => {
                    self.eat();
                }
            }
        }
    }

    fn word(&mut self) {
        if self.peek() == Some('|') {
            self.eat();
            self.finish_escaped('|');
            return;
        }
        while let Some(next) = self.peek() {
            match next {
                '(' | '[' | ')' | ']' | '{' | '}' | '\'' | '"' | '`' | ';' | ',' => return,
                c if c.is_whitespace() => return,
                '\\' => {
                    self.eat();
                    self.eat();
                }
                _ => {
                    self.eat();
                }
            }
        }
    }

    /// Goes behind the closing delimiter of a string or of `|a word|`.
    fn finish_escaped(&mut self, delimiter: char) {
        while let Some(next) = self.eat() {
            if next == delimiter {
                return;
            }
            if next == '\\' {
                self.eat();
            }
        }
    }

    fn block_comment(&mut self) {
        self.eat();
        let mut depth = 1;
        while let Some(next) = self.eat() {
            match (next, self.peek()) {
                ('|', Some('#')) => depth -= 1,
                ('#', Some('|')) => depth += 1,
                _ => continue,
            }
            self.eat();
            if depth == 0 {
                return;
            }
        }
    }

    /// `#<<END`, then text up to the next `END`.
    fn here_string(&mut self) {
        self.at += "<<".len();
        let line = self.rest().split('\n').next().unwrap_or_default();
        let delimiter = line.trim_end_matches('\r');
        self.at = (self.at + line.len() + 1).min(self.text.len());
        let length = self.rest().find(delimiter).map_or(self.rest().len(), |at| at + delimiter.len());
        self.at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).iter().map(|token| token.text).collect()
    }

    #[test]
    fn tokens_end_where_steel_ends_them() {
        assert_eq!(texts("(a\"b\"c)"), ["(", "a", "\"b\"", "c", ")"]);
        assert_eq!(texts("#t;x y"), ["#t;x", "y"]);
        assert_eq!(texts("a;x y"), ["a", ";x y"]);
        assert_eq!(texts("#\\( #\\space #\\;"), ["#\\(", "#\\space", "#\\;"]);
        assert_eq!(texts("'x `(,a ,@b) #'c"), ["'", "x", "`", "(", ",", "a", ",@", "b", ")", "#'", "c"]);
        assert_eq!(texts("|a b\\|c|d"), ["|a b\\|c|", "d"]);
        assert_eq!(texts("#(1) #u8(2) #:k v"), ["#(", "1", ")", "#u8(", "2", ")", "#:k", "v"]);
        assert_eq!(texts("#| a #| b |# c |# d"), ["#| a #| b |# c |#", "d"]);
        assert_eq!(texts("#<<END\na \" b\nEND c"), ["#<<END\na \" b\nEND", "c"]);
    }

    #[test]
    fn marks_of_gexps_are_prefixes_before_lists_only() {
        let kinds = |text| tokens(text).iter().map(|token| token.kind).collect::<Vec<_>>();
        assert_eq!(kinds("#~(a)")[0], Kind::Prefix);
        assert_eq!(kinds("#$@(a)")[0], Kind::Prefix);
        assert_eq!(kinds("#$a"), [Kind::Atom]);
        assert_eq!(kinds("#~ (a)")[0], Kind::Atom);
    }

    #[test]
    fn lines_before_a_token_are_counted() {
        let lines: Vec<usize> = tokens("a\n\n b ; c\n d").iter().map(|token| token.lines_before).collect();
        assert_eq!(lines, [0, 2, 0, 1]);
        assert_eq!(texts("#!/bin/fruix\n(a)"), ["#!/bin/fruix", "(", "a", ")"]);
    }

    #[test]
    fn malformed_text_ends_the_last_token() {
        for text in ["\"a", "#| a", "|a", "#<<END", "#<<", "a\\", "#\\", "#"] {
            assert_eq!(texts(text), [text]);
        }
    }
}
