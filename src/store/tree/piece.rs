//! Some bytes of an archive on their way from who reads them to who hashes them.

use std::io::{self, Write};

/// Bytes in memory that is used again and again, and so is set to zero once only: for files in memory already, that would
/// cost a third of what hashing does.
#[derive(Debug, Default)]
pub struct Piece {
    memory: Vec<u8>,
    /// How much of the memory holds bytes.
    filled: usize,
}

impl Piece {
    /// No bytes, and room for so many.
    pub fn with_room(room: usize) -> Self {
        Piece { memory: vec![0; room], filled: 0 }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.memory[..self.filled]
    }

    pub fn len(&self) -> usize {
        self.filled
    }

    /// How much memory it takes.
    pub fn memory(&self) -> usize {
        self.memory.len()
    }

    /// Whether a file of `size` bytes would make its memory grow, and would not if it came first.
    pub fn is_too_full_for(&self, size: u64) -> bool {
        self.filled > 0 && (self.memory.len() as u64).saturating_sub(self.filled as u64) < size
    }

    /// Where the next `len` bytes are to be written. They count once [`Piece::fill`] says so.
    pub fn room(&mut self, len: usize) -> &mut [u8] {
        let end = self.filled + len;
        if self.memory.len() < end {
            self.memory.resize(end, 0);
        }
        &mut self.memory[self.filled..end]
    }

    /// Takes up what was written to the first `len` bytes of the room, and gives it back to be read.
    pub fn fill(&mut self, len: usize) -> &[u8] {
        let start = self.filled;
        self.filled = (start + len).min(self.memory.len());
        &self.memory[start..self.filled]
    }

    /// Forgets the bytes, and keeps the memory.
    pub fn clear(&mut self) {
        self.filled = 0;
    }
}

impl Write for Piece {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.fill(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filled_counts_and_nothing_else() {
        let mut piece = Piece::with_room(2);
        piece.write_all(b"ab").unwrap();
        piece.room(5)[..3].copy_from_slice(b"cde");
        assert_eq!(piece.fill(3), b"cde");
        assert_eq!((piece.bytes(), piece.len(), piece.memory()), (&b"abcde"[..], 5, 7));
        piece.clear();
        assert_eq!((piece.bytes(), piece.memory()), (&b""[..], 7));
        piece.write_all(b"x").unwrap();
        assert_eq!(piece.bytes(), b"x");
    }
}
