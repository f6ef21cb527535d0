//! What is to be written where: the one result of all formats.

use std::path::Path;

/// Bytes for one place of the disk. Places that no extent names stay holes, which read as zeros.
#[derive(Debug)]
pub struct Extent<'a> {
    /// Where on the disk, in bytes from its start.
    pub offset: u64,
    /// What to put there.
    pub data: Data<'a>,
}

/// Where the bytes of an extent come from.
#[derive(Debug)]
pub enum Data<'a> {
    /// Computed bytes.
    Owned(Vec<u8>),
    /// Bytes of the tree.
    Borrowed(&'a [u8]),
    /// Part of a host file.
    Host {
        /// The file.
        path: &'a Path,
        /// Where in the file, in bytes.
        start: u64,
        /// How many bytes.
        length: u64,
        /// The size the whole file must have.
        file_size: u64,
    },
}

impl Extent<'_> {
    /// How many bytes are to be written.
    pub fn length(&self) -> u64 {
        match &self.data {
            Data::Owned(bytes) => bytes.len() as u64,
            Data::Borrowed(bytes) => bytes.len() as u64,
            Data::Host { length, .. } => *length,
        }
    }
}

impl<'a> Extent<'a> {
    /// An extent of computed bytes.
    pub fn owned(offset: u64, bytes: Vec<u8>) -> Self {
        Self { offset, data: Data::Owned(bytes) }
    }

    /// `length` bytes of `content`, from `start` on, at `offset` of the disk.
    pub fn of_content(offset: u64, content: &'a super::Content, start: u64, length: u64) -> Self {
        let data = match content {
            super::Content::Bytes(bytes) => Data::Borrowed(&bytes[start as usize..(start + length) as usize]),
            super::Content::Host { path, size } => Data::Host { path, start, length, file_size: *size },
        };
        Self { offset, data }
    }

    /// The first `length` bytes, and what comes after them.
    pub fn split_at(self, length: u64) -> (Self, Option<Self>) {
        if length >= self.length() {
            return (self, None);
        }
        let at = length as usize;
        let (first, later) = match self.data {
            Data::Owned(mut bytes) => {
                let later = bytes.split_off(at);
                (Data::Owned(bytes), Data::Owned(later))
            }
            Data::Borrowed(bytes) => (Data::Borrowed(&bytes[..at]), Data::Borrowed(&bytes[at..])),
            Data::Host { path, start, length: all, file_size } => (
                Data::Host { path, start, length, file_size },
                Data::Host { path, start: start + length, length: all - length, file_size },
            ),
        };
        let later = Self { offset: self.offset + length, data: later };
        (Self { offset: self.offset, data: first }, Some(later))
    }

    /// The same extent, moved by `distance` bytes: from a partition to its disk.
    pub fn shifted(self, distance: u64) -> Self {
        Self { offset: self.offset + distance, ..self }
    }
}
