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
/// A cursor movement to the first column counts as a line end: firmware and loader menus draw that way.
#[derive(Debug, Default)]
pub struct Lines {
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
                (Escape::Started, b'[') => self.escape = Escape::Control,
                (Escape::Started, _) => self.escape = Escape::None,
                (Escape::Control, b'@'..=b'~') => self.end_control(byte, &mut finished),
                (Escape::Control, _) => self.parameters.push(byte),
            }
        }
        self.unfinished = String::from_utf8_lossy(&self.pending).into_owned();
        finished
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
        let line = String::from_utf8_lossy(&mem::take(&mut self.pending)).into_owned();
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
    fn text_without_end_does_not_grow_for_ever() {
        let mut lines = Lines::default();
        lines.feed(&[b'x'; 3 * LONGEST]);
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
