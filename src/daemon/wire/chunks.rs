//! Data of unknown length, within a connection that goes on after it.
//!
//! Each chunk is its length (32 bits, little-endian) and so many bytes; the last has none. A sender that cannot go on
//! says so by a length that no chunk has: the receiver then knows that what came is not all, and what follows is the
//! next message.

use std::io::{self, Read, Write};

/// Most bytes of a chunk.
const MAX_CHUNK: usize = 256 * 1024;

/// In the place of a length: the data breaks off.
const BROKEN_OFF: u32 = u32::MAX;

/// Cuts what is written into chunks.
pub struct ChunkWriter<W: Write> {
    to: W,
    /// Room for the length, and what was not sent yet.
    chunk: Vec<u8>,
}

/// Bytes of a length.
const HEADER: usize = size_of::<u32>();

impl<W: Write> ChunkWriter<W> {
    /// Writes chunks to `to`.
    pub fn new(to: W) -> Self {
        Self { to, chunk: vec![0; HEADER] }
    }

    /// Says that this was all.
    pub fn finish(mut self) -> io::Result<()> {
        self.send()?;
        self.to.write_all(&0_u32.to_le_bytes())?;
        self.to.flush()
    }

    /// Says that the rest will not come.
    pub fn break_off(mut self) -> io::Result<()> {
        self.to.write_all(&BROKEN_OFF.to_le_bytes())?;
        self.to.flush()
    }

    fn send(&mut self) -> io::Result<()> {
        let length = self.chunk.len() - HEADER;
        if length == 0 {
            return Ok(());
        }
        // No longer than `MAX_CHUNK`.
        self.chunk[..HEADER].copy_from_slice(&(length as u32).to_le_bytes());
        self.to.write_all(&self.chunk)?;
        self.chunk.truncate(HEADER);
        Ok(())
    }
}

impl<W: Write> Write for ChunkWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let room = HEADER + MAX_CHUNK - self.chunk.len();
        let count = data.len().min(room);
        self.chunk.extend_from_slice(&data[..count]);
        if count == room {
            self.send()?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()?;
        self.to.flush()
    }
}

/// Puts chunks together.
pub struct ChunkReader<R: Read> {
    from: R,
    /// How much may still come.
    most: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In a chunk of which so much is left.
    Within(u32),
    /// All has come.
    Ended,
    /// The sender could not go on; what follows is the next message.
    BrokenOff,
    /// What follows cannot be understood.
    Lost,
}

impl<R: Read> ChunkReader<R> {
    /// Reads chunks from `from`, of so many bytes in all and no more.
    pub fn new(from: R, most: u64) -> Self {
        Self { from, most, state: State::Within(0) }
    }

    /// Skips what is left, but no more than so many bytes. Tells whether the end was reached, so that what follows is the
    /// next message.
    pub fn skip(&mut self, most: u64) -> bool {
        self.most = most;
        let _ = io::copy(self, &mut io::sink());
        matches!(self.state, State::Ended | State::BrokenOff)
    }

    /// The length of the next chunk.
    fn header(&mut self) -> io::Result<()> {
        let mut header = [0; HEADER];
        self.state = State::Lost;
        self.from.read_exact(&mut header)?;
        match u32::from_le_bytes(header) {
            0 => self.state = State::Ended,
            BROKEN_OFF => {
                self.state = State::BrokenOff;
                return Err(broken("the sender broke off"));
            }
            length if length as usize > MAX_CHUNK => return Err(broken("a chunk is too long")),
            length => {
                self.state = State::Within(length);
                self.most = self
                    .most
                    .checked_sub(length.into())
                    .ok_or_else(|| broken("it is larger than is allowed"))?;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for ChunkReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.state == State::Within(0) {
            self.header()?;
        }
        match self.state {
            State::Ended => Ok(0),
            State::BrokenOff | State::Lost => Err(broken("it broke off before")),
            State::Within(left) => {
                let wanted = buffer.len().min(left as usize);
                match self.from.read(&mut buffer[..wanted])? {
                    0 => {
                        self.state = State::Lost;
                        Err(io::ErrorKind::UnexpectedEof.into())
                    }
                    count => {
                        self.state = State::Within(left - count as u32);
                        Ok(count)
                    }
                }
            }
        }
    }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunked(pieces: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = ChunkWriter::new(&mut bytes);
        for piece in pieces {
            writer.write_all(piece).unwrap();
            writer.flush().unwrap();
        }
        writer.finish().unwrap();
        bytes
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..8)) {
            let mut bytes = chunked(&pieces);
            bytes.extend(b"next");
            let mut from = bytes.as_slice();
            let mut read = Vec::new();
            ChunkReader::new(&mut from, 1 << 20).read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, pieces.concat());
            prop_assert_eq!(from, b"next");
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200), most in 0_u64..300) {
            let mut reader = ChunkReader::new(bytes.as_slice(), most);
            let mut read = Vec::new();
            let whole = reader.read_to_end(&mut read).is_ok();
            prop_assert!(read.len() as u64 <= most);
            prop_assert_eq!(whole, reader.state == State::Ended);
            // Neither does it wait or panic afterwards.
            reader.skip(most);
        }
    }

    #[test]
    fn more_than_is_allowed_is_refused_and_can_be_skipped() {
        let bytes = chunked(&[vec![1; 500], vec![2; 500]]);
        let mut reader = ChunkReader::new(bytes.as_slice(), 600);
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
        assert!(reader.skip(1000));
        let mut reader = ChunkReader::new(bytes.as_slice(), 600);
        assert!(!reader.skip(600));
    }

    #[test]
    fn a_sender_can_break_off_without_losing_the_connection() {
        let mut bytes = Vec::new();
        let mut writer = ChunkWriter::new(&mut bytes);
        writer.write_all(&[1; 10]).unwrap();
        writer.break_off().unwrap();
        bytes.extend(b"next");
        let mut from = bytes.as_slice();
        let mut reader = ChunkReader::new(&mut from, 100);
        assert!(reader.read_to_end(&mut Vec::new()).unwrap_err().to_string().contains("broke off"));
        assert!(reader.skip(100));
        assert_eq!(from, b"next");
        let giant = u32::MAX.wrapping_sub(1).to_le_bytes();
        assert!(!ChunkReader::new(giant.as_slice(), u64::MAX).skip(u64::MAX));
    }
}
