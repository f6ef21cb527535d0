//! A text made from another one, with a map back.
//!
//! Steel reports places in the text it was given. Where that differs from what the user wrote, this map turns
//! them back, so that no diagnostic ever shows generated code.

use std::collections::BTreeSet;

use super::datum::Bytes;

/// The text for Steel and where each piece of it comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rewritten {
    pub text: String,
    /// The `require`s of the text, in order.
    pub imports: Vec<Import>,
    /// The names that the text gives a meaning: what it defines and binds.
    pub own: BTreeSet<String>,
    pieces: Vec<Piece>,
}

/// A `require`.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Where it stands in the new text.
    pub at: Bytes,
    /// The key of the module, if all that it provides is wanted, by its own names.
    pub whole: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// Where the piece starts in the new text; it ends where the next one starts.
    start: usize,
    original: Bytes,
    /// Copied byte by byte, so that offsets inside it correspond; else the whole piece stands for `original`.
    copied: bool,
}

impl Rewritten {
    /// Appends `original[at]` as it is.
    pub fn copy(&mut self, original: &str, at: Bytes) {
        if !at.is_empty() {
            self.pieces.push(Piece { start: self.text.len(), original: at.clone(), copied: true });
            self.text.push_str(&original[at]);
        }
    }

    /// Appends text of our own, which stands for `original`.
    pub fn generate(&mut self, text: &str, original: Bytes) {
        self.pieces.push(Piece { start: self.text.len(), original, copied: false });
        self.text.push_str(text);
    }

    /// Appends the `require` of a module: of all that it provides, or of `what`.
    pub fn import(&mut self, key: &str, what: Option<&str>, original: Bytes) {
        let start = self.text.len();
        match what {
            None => self.generate(&format!("(require {key:?})"), original),
            Some(what) => self.generate(&format!("(require {what})"), original),
        }
        let whole = what.is_none().then(|| key.to_string());
        self.imports.push(Import { at: start..self.text.len(), whole });
    }

    /// Where a range of the new text comes from, if it lies inside, and whether the user wrote its start.
    pub fn original(&self, at: Bytes) -> Option<(Bytes, bool)> {
        if at.end > self.text.len() || at.start > at.end {
            return None;
        }
        let first = self.piece_at(at.start)?;
        let last = if at.end > at.start { self.piece_at(at.end - 1)? } else { first };
        let start =
            if first.copied { first.original.start + (at.start - first.start) } else { first.original.start };
        let end = if last.copied { last.original.start + (at.end - last.start) } else { last.original.end };
        Some((start..end.max(start), first.copied))
    }

    fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_text_maps_exactly_and_generated_text_as_a_whole() {
        let original = "abc(use x)def";
        let mut new = Rewritten::default();
        new.copy(original, 0..3);
        new.generate("(require \"x.scm\")", 3..10);
        new.copy(original, 10..13);
        assert_eq!(new.text, "abc(require \"x.scm\")def");
        assert_eq!(new.original(1..2), Some((1..2, true)));
        assert_eq!(new.original(5..9), Some((3..10, false)));
        let e = new.text.find("ef").unwrap();
        assert_eq!(new.original(e..e + 2), Some((11..13, true)));
        assert_eq!(new.original(2..e), Some((2..11, true)));
        assert_eq!(new.original(0..99), None);
    }
}
