//! Writing the strings of an archive, whatever the contents come from.

use std::io::{self, Write};

use super::{MAGIC, padding};

/// Writes an archive node by node. The caller keeps the order: a directory's entries by name, in byte order,
/// and after [`NarWriter::file`] exactly the announced number of bytes, then [`NarWriter::end_file`].
pub struct NarWriter<W> {
    out: W,
}

impl<W: Write> NarWriter<W> {
    /// Begins an archive.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = NarWriter { out };
        writer.begin()?;
        Ok(writer)
    }

    /// Goes on with an archive anywhere: for those who write it in parts and put them together.
    pub fn resume(out: W) -> Self {
        NarWriter { out }
    }

    /// What every archive begins with.
    pub fn begin(&mut self) -> io::Result<()> {
        self.strings(&[MAGIC])
    }

    /// Begins a directory.
    pub fn directory(&mut self) -> io::Result<()> {
        self.strings(&[b"(", b"type", b"directory"])
    }

    /// Ends a directory.
    pub fn end_directory(&mut self) -> io::Result<()> {
        self.strings(&[b")"])
    }

    /// Begins an entry of a directory; its node follows.
    pub fn entry(&mut self, name: &[u8]) -> io::Result<()> {
        self.strings(&[b"entry", b"(", b"name", name, b"node"])
    }

    /// Ends an entry.
    pub fn end_entry(&mut self) -> io::Result<()> {
        self.strings(&[b")"])
    }

    /// Writes a symbolic link.
    pub fn symlink(&mut self, target: &[u8]) -> io::Result<()> {
        self.strings(&[b"(", b"type", b"symlink", b"target", target, b")"])
    }

    /// Begins a regular file of `size` bytes.
    pub fn file(&mut self, executable: bool, size: u64) -> io::Result<()> {
        self.strings(&[b"(", b"type", b"regular"])?;
        if executable {
            self.strings(&[b"executable", b""])?;
        }
        self.strings(&[b"contents"])?;
        self.out.write_all(&size.to_le_bytes())
    }

    /// The next bytes of a file.
    pub fn contents(&mut self, data: &[u8]) -> io::Result<()> {
        self.out.write_all(data)
    }

    /// Ends a file of `size` bytes.
    pub fn end_file(&mut self, size: u64) -> io::Result<()> {
        self.out.write_all(&[0; 8][..padding(size)])?;
        self.strings(&[b")"])
    }

    /// The underlying writer, for contents that are read into it directly.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Gives the underlying writer back.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn strings(&mut self, strings: &[&[u8]]) -> io::Result<()> {
        // One write for all of them: hashing in small pieces is slow.
        let mut bytes = Vec::with_capacity(192);
        for string in strings {
            let len = string.len() as u64;
            bytes.extend_from_slice(&len.to_le_bytes());
            bytes.extend_from_slice(string);
            bytes.extend_from_slice(&[0; 8][..padding(len)]);
        }
        self.out.write_all(&bytes)
    }
}
