//! Bytes of a terminal to lines of text.

use std::{collections::VecDeque, mem};

/// Lines kept for a report of what went wrong.
const TAIL: usize = 12;
/// A longer line is cut here: a guest that writes no line ends must not fill our memory.
const LONGEST: usize = 4096;

/// Where in an escape sequence the last byte was.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    /// After ESC.
    Started,
    /// After ESC `[`, up to a letter.
    Control,
}

/// Cuts a stream into lines, and drops escape sequences and other control characters.
///
/// A cursor movement to the first column counts as a line end: firmware and loader menus draw that way. A line in
/// which each character stands twice is taken for one that two consoles wrote ([`Lines::all_say_things_once`]).
#[derive(Debug, Default)]
pub struct Lines {
    /// Whether a character that stands twice is meant so.
    said_once: bool,
    escape: Escape,
    /// The parameters of the control sequence so far.
    parameters: Vec<u8>,
    unfinished: String,
    pending: Vec<u8>,
    tail: VecDeque<String>,
}

impl Lines {
    /// The lines that these bytes finish; empty lines are left out.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut finished = Vec::new();
        for &byte in bytes {
            match (self.escape, byte) {
                (Escape::None, 0x1b) => self.escape = Escape::Started,
                (Escape::None, b'\n') => self.end_line(&mut finished),
                (Escape::None, b'\t' | b' '..=b'~' | 0x80..) => {
                    if self.pending.len() < LONGEST {
                        self.pending.push(byte);
                    }
                }
                (Escape::None, _) => {}
                // Of two consoles, the second began the sequence before the first one ended it.
                (Escape::Control, 0x1b) => {
                    self.parameters.clear();
                    self.escape = Escape::Started;
                }
                (Escape::Started, b'[') => self.escape = Escape::Control,
                (Escape::Started, _) => self.escape = Escape::None,
                (Escape::Control, b'@'..=b'~') => self.end_control(byte, &mut finished),
                (Escape::Control, _) => self.parameters.push(byte),
            }
        }
        self.unfinished = self.text(&self.pending);
        finished
    }

    /// From now on only one console speaks, and no line is halved any more.
    pub fn all_say_things_once(&mut self) {
        self.said_once = true;
    }

    /// A line as it was meant.
    fn text(&self, line: &[u8]) -> String {
        let (pairs, rest) = line.as_chunks::<2>();
        let twice = !self.said_once && rest.is_empty() && pairs.iter().all(|[first, second]| first == second);
        let once: Vec<u8>;
        let line = if twice {
            once = pairs.iter().map(|pair| pair[0]).collect();
            &once
        } else {
            line
        };
        String::from_utf8_lossy(line).into_owned()
    }

    fn end_control(&mut self, command: u8, finished: &mut Vec<String>) {
        self.escape = Escape::None;
        let parameters = mem::take(&mut self.parameters);
        let column = parameters.split(|&byte| byte == b';').nth(1);
        if matches!(command, b'H' | b'f') && matches!(column, None | Some(b"" | b"1" | b"01")) {
            self.end_line(finished);
        }
    }

    fn end_line(&mut self, finished: &mut Vec<String>) {
        let line = mem::take(&mut self.pending);
        let line = self.text(&line);
        if line.trim().is_empty() {
            return;
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back(line.clone());
        finished.push(line);
    }

    /// The line that has no end yet.
    pub fn unfinished(&self) -> &str {
        &self.unfinished
    }

    /// The last lines, oldest first, with the unfinished one.
    pub fn tail(&self) -> impl Iterator<Item = &str> {
        let unfinished = Some(self.unfinished.as_str()).filter(|line| !line.trim().is_empty());
        self.tail.iter().map(String::as_str).chain(unfinished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_vanish_even_when_cut_in_two() {
        let mut lines = Lines::default();
        assert!(lines.feed(b"\x1b[2J\x1b[01;01H\x1b[=3h\x1b[1m\x1b[3").is_empty());
        assert_eq!(lines.feed(b"3mShell> \x1b[0mls\r\n"), ["Shell> ls"]);
    }

    #[test]
    fn a_jump_to_the_first_column_ends_a_line() {
        let mut lines = Lines::default();
        assert_eq!(lines.feed(b"one\x1b[5;1Htwo\x1b[6;20Hthree\r\n"), ["one", "twothree"]);
    }

    #[test]
    fn what_two_consoles_say_is_read_once_as_long_as_there_may_be_two() {
        let mut lines = Lines::default();
        let loader = b"\x1b[25;0\x1b[25;01HLLooaaddiinngg  kkeerrnneell......\r\r\n\r\nHello\r\nOOKK  ";
        assert_eq!(lines.feed(loader), ["Loading kernel...", "Hello"]);
        assert_eq!(lines.unfinished(), "OK ");
        lines.feed(b"\n");
        lines.all_say_things_once();
        assert_eq!(lines.feed(b"aabb\n"), ["aabb"]);
    }

    #[test]
    fn text_without_end_does_not_grow_for_ever() {
        let mut lines = Lines::default();
        lines.feed(&b"text".repeat(LONGEST));
        assert_eq!(lines.unfinished().len(), LONGEST);
    }

    #[test]
    fn the_tail_holds_the_last_lines_and_the_prompt() {
        let mut lines = Lines::default();
        for number in 0..20 {
            lines.feed(format!("line {number}\r\n\r\n").as_bytes());
        }
        lines.feed(b"db> ");
        let tail = lines.tail().collect::<Vec<_>>();
        assert_eq!(tail.len(), TAIL + 1);
        assert_eq!((tail[0], tail[TAIL]), ("line 8", "db> "));
    }
}
