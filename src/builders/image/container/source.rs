//! A disk read from a file of any format.
//!
//! Nothing is mounted and nothing copied: the file's own tables say which part of it lies where on the disk. What they
//! say is not trusted: a table or a chunk beyond the end of the file is an error.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use nix::errno::Errno;
use nix::unistd::{Whence, lseek};
use thiserror::Error;

use super::{SECTOR, qcow2, vhd, vmdk};
use crate::builders::image::extent::{Data, Extent};
use crate::builders::image::gpt;

/// Why a file could not be read as a disk.
#[derive(Debug, Error, Diagnostic)]
pub enum SourceError {
    #[error("cannot read the image `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },

    #[error("`{}` is no regular file, so no image", path.display())]
    NotAFile { path: PathBuf },

    #[error("`{}` is a damaged {format} image: {reason}", path.display())]
    #[diagnostic(help("it may have been cut short when it was copied; make it again, or copy it again"))]
    Damaged { path: PathBuf, format: &'static str, reason: String },

    #[error("`{}` is a {format} image {feature}", path.display())]
    #[diagnostic(help("convert it first: qemu-img convert -O raw {} NEW", path.display()))]
    Unsupported { path: PathBuf, format: &'static str, feature: &'static str },
}

/// A disk in a file.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    file: File,
    file_size: u64,
    size: u64,
    /// In the order of the disk; they do not overlap.
    parts: Vec<Part>,
}

/// A part of the disk that the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// Where it lies on the disk, in bytes.
    disk: u64,
    /// Where it lies in the file.
    file: u64,
    length: u64,
}

impl Source {
    /// Opens the image at `path`, whose format its first bytes tell: what none of the others begins is raw.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let image = Image::open(path)?;
        let start = image.bytes("raw", 0, SECTOR.min(image.length))?;
        let map = match () {
            () if start.starts_with(qcow2::MAGIC) => qcow2::read(&image, &start)?,
            () if start.starts_with(vmdk::MAGIC) => vmdk::read(&image, &start)?,
            () if start.starts_with(vhd::COOKIE) => vhd::read(&image, &start)?,
            () => match vhd::read_fixed(&image)? {
                Some(map) => map,
                None => raw(&image)?,
            },
        };
        let (size, parts) = (map.size, map.parts);
        Ok(Self { path: image.path, file: image.file, file_size: image.length, size, parts })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The size of the disk in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the file holds of the disk. All else is zero.
    pub fn extents(&self) -> Vec<Extent<'_>> {
        let extent = |part: &Part| Extent {
            offset: part.disk,
            data: Data::Host {
                path: &self.path,
                start: part.file,
                length: part.length,
                file_size: self.file_size,
            },
        };
        self.parts.iter().map(extent).collect()
    }

    /// The header of its partition table, if it has one.
    pub fn partition_table(&self) -> Result<Option<Vec<u8>>, SourceError> {
        let mut header = vec![0; gpt::SECTOR as usize];
        self.read_at(&mut header, gpt::SECTOR)?;
        Ok(gpt::disk_size(&header).map(|_| header))
    }

    /// Fills `into` from byte `offset` of the disk on. What lies beyond the end of the disk is zero too.
    pub fn read_at(&self, into: &mut [u8], offset: u64) -> Result<(), SourceError> {
        into.fill(0);
        let end = offset.saturating_add(into.len() as u64);
        let first = self.parts.partition_point(|part| part.disk + part.length <= offset);
        for part in self.parts[first..].iter().take_while(|part| part.disk < end) {
            let (from, to) = (part.disk.max(offset), (part.disk + part.length).min(end));
            let target = &mut into[(from - offset) as usize..(to - offset) as usize];
            self.file
                .read_exact_at(target, part.file + (from - part.disk))
                .map_err(|source| SourceError::Read { path: self.path.clone(), source })?;
        }
        Ok(())
    }
}

/// The disk of a raw image is the file; its holes are those of the disk.
fn raw(image: &Image) -> Result<Map<'_>, SourceError> {
    let mut map = Map::new(image, "raw", image.length);
    let read = |source| SourceError::Read { path: image.path.clone(), source };
    for data in data(&image.file, image.length).map_err(|error| read(error.into()))? {
        map.push(data.start, data.start, data.end - data.start)?;
    }
    Ok(map)
}

/// The parts of a file that are no holes.
fn data(file: &File, length: u64) -> Result<Vec<Range<u64>>, Errno> {
    let mut parts = Vec::new();
    let mut end = 0;
    while end < length {
        let start = match lseek(file, end as i64, Whence::SeekData) {
            Ok(start) => start as u64,
            // Nothing but a hole to the end.
            Err(Errno::ENXIO) => break,
            // A file system that knows no holes.
            Err(Errno::EINVAL) => end,
            Err(error) => return Err(error),
        };
        end = match lseek(file, start as i64, Whence::SeekHole) {
            Ok(end) => (end as u64).min(length),
            Err(Errno::EINVAL) => length,
            Err(error) => return Err(error),
        };
        parts.push(start..end);
    }
    Ok(parts)
}

/// A file that is read as an image.
pub(super) struct Image {
    path: PathBuf,
    file: File,
    /// Its length in bytes.
    pub length: u64,
}

impl Image {
    fn open(path: &Path) -> Result<Self, SourceError> {
        let read = |source| SourceError::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(read)?;
        let about = file.metadata().map_err(read)?;
        if !about.is_file() {
            return Err(SourceError::NotAFile { path: path.to_owned() });
        }
        Ok(Self { path: path.to_owned(), file, length: about.len() })
    }

    /// `length` bytes of the file from `offset` on, which its tables say to be there.
    pub fn bytes(&self, format: &'static str, offset: u64, length: u64) -> Result<Vec<u8>, SourceError> {
        if offset.checked_add(length).is_none_or(|end| end > self.length) {
            return Err(self.damaged(format, format!("it ends before byte {offset} + {length}")));
        }
        let mut bytes = vec![0; length as usize];
        self.file
            .read_exact_at(&mut bytes, offset)
            .map_err(|source| SourceError::Read { path: self.path.clone(), source })?;
        Ok(bytes)
    }

    /// The error that the image contradicts itself.
    pub fn damaged(&self, format: &'static str, reason: impl Into<String>) -> SourceError {
        SourceError::Damaged { path: self.path.clone(), format, reason: reason.into() }
    }

    /// The error that the image uses what is not understood here.
    pub fn unsupported(&self, format: &'static str, feature: &'static str) -> SourceError {
        SourceError::Unsupported { path: self.path.clone(), format, feature }
    }
}

/// Where on the disk the parts of a file lie, while its tables are read.
pub(super) struct Map<'i> {
    image: &'i Image,
    format: &'static str,
    size: u64,
    parts: Vec<Part>,
}

impl<'i> Map<'i> {
    /// A map of a disk of `size` bytes without anything on it.
    pub fn new(image: &'i Image, format: &'static str, size: u64) -> Self {
        Self { image, format, size, parts: Vec::new() }
    }

    /// Puts `length` bytes from byte `file` of the file at byte `disk` of the disk, which is beyond all that was put
    /// there before. What lies beyond the end of the disk is left out.
    pub fn push(&mut self, disk: u64, file: u64, length: u64) -> Result<(), SourceError> {
        let length = length.min(self.size.saturating_sub(disk));
        if length == 0 {
            return Ok(());
        }
        if file.checked_add(length).is_none_or(|end| end > self.image.length) {
            let reason = format!("byte {disk} of the disk lies beyond the end of the file");
            return Err(self.image.damaged(self.format, reason));
        }
        match self.parts.last_mut() {
            Some(last) if (last.disk + last.length, last.file + last.length) == (disk, file) => {
                last.length += length;
            }
            _ => self.parts.push(Part { disk, file, length }),
        }
        Ok(())
    }

    /// Puts chunks of `size` bytes at the places that a table names, from chunk number `first` of the disk on. `place`
    /// says where in the file the chunk of an entry lies, if the file holds it.
    pub fn push_table<const N: usize>(
        &mut self,
        table: &[u8],
        first: u64,
        size: u64,
        mut place: impl FnMut([u8; N]) -> Result<Option<u64>, SourceError>,
    ) -> Result<(), SourceError> {
        for (chunk, entry) in (first..).zip(table.as_chunks::<N>().0) {
            if let Some(file) = place(*entry)? {
                self.push(chunk.saturating_mul(size), file, size)?;
            }
        }
        Ok(())
    }
}
