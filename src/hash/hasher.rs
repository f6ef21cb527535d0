//! Hashing a stream as it passes by.

use std::io::{self, Read, Write};

use sha2::Digest as _;

use super::Sha256;

/// A SHA-256 computation in progress. Also an [`io::Write`], so that any writer can feed it.
#[derive(Clone, Default)]
pub struct Hasher {
    state: sha2::Sha256,
    seen: u64,
}

impl Hasher {
    /// Starts with no input.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the input.
    pub fn update(&mut self, data: &[u8]) {
        self.state.update(data);
        self.seen += data.len() as u64;
    }

    /// How many bytes were hashed so far.
    pub fn bytes_seen(&self) -> u64 {
        self.seen
    }

    /// The digest of all input.
    pub fn finish(self) -> Sha256 {
        Sha256::from_bytes(self.state.finalize().into())
    }
}

impl Sha256 {
    /// The digest of all that is left to read.
    pub fn of_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut hasher = Hasher::new();
        io::copy(&mut reader, &mut hasher)?;
        Ok(hasher.finish())
    }
}

impl Write for Hasher {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A reader that hashes what is read through it.
pub struct HashingReader<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: Read> HashingReader<R> {
    /// Wraps `inner`; nothing is read yet.
    pub fn new(inner: R) -> Self {
        HashingReader { inner, hasher: Hasher::new() }
    }

    /// What was hashed so far.
    pub fn into_hasher(self) -> Hasher {
        self.hasher
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}
