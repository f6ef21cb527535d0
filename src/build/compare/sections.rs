//! In which sections two ELF files differ. It says more than the first byte that is not the same: that is in the header
//! as soon as any section has another size.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, SectionHeader as _};
use object::{Endianness, FileKind, ReadCache, ReadRef as _};
use serde::{Deserialize, Serialize};

use super::open;
use crate::util::fs::{FsError, Operation, PathContext as _, first_difference};

/// So many sections are looked at, with names of so many bytes in all. A file that says it has more is no program.
const MOST: u32 = 1 << 16;
const MOST_NAMES: u64 = 16 << 20;

/// So much of a section's name is told.
const LONGEST_NAME: usize = 100;

/// A section that is not the same in both files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub name: String,
    /// The first byte of it that differs; of a section that one file alone has, the first.
    pub offset: u64,
}

/// Where a section lies in its file, and how long it is.
type Extent = (u64, u64);

/// The sections that differ, in the order of the first file; none if one of them is no sound ELF file.
pub fn differing(first: &Path, second: &Path) -> Result<Vec<Section>, FsError> {
    let (mut one, mut other) = (open(first)?, open(second)?);
    let (Some(firsts), Some(seconds)) = (sections(&mut one), sections(&mut other)) else {
        return Ok(Vec::new());
    };
    // Several sections may have one name: they are taken in their order.
    let mut unmatched: BTreeMap<_, VecDeque<Extent>> = BTreeMap::new();
    for (name, extent) in seconds {
        unmatched.entry(name).or_default().push_back(extent);
    }
    let mut found = Vec::new();
    for (name, extent) in firsts {
        let offset = match unmatched.get_mut(&name).and_then(VecDeque::pop_front) {
            Some(like) => {
                let (left, right) = (part(&mut one, first, extent)?, part(&mut other, second, like)?);
                first_difference((left, first), (right, second))?
            }
            None => Some(0),
        };
        found.extend(offset.map(|offset| Section { name, offset }));
    }
    let new = unmatched.into_iter().flat_map(|(name, left)| left.into_iter().map(move |_| name.clone()));
    found.extend(new.map(|name| Section { name, offset: 0 }));
    Ok(found)
}

/// A part of a file.
fn part<'a>(
    file: &'a mut File,
    path: &Path,
    (offset, size): Extent,
) -> Result<impl std::io::Read + 'a, FsError> {
    file.seek(SeekFrom::Start(offset)).at(Operation::Read, path)?;
    Ok(file.take(size))
}

/// What sections a file has that take room in it, if it is a sound ELF file. It may be anything that a builder made: no more
/// memory and time go into it than it has bytes.
fn sections(file: &mut File) -> Option<Vec<(String, Extent)>> {
    let data = &ReadCache::new(file);
    match FileKind::parse(data).ok()? {
        FileKind::Elf32 => listed::<FileHeader32<Endianness>>(data),
        FileKind::Elf64 => listed::<FileHeader64<Endianness>>(data),
        _ => None,
    }
}

fn listed<Header: FileHeader<Endian = Endianness>>(
    data: &ReadCache<&mut File>,
) -> Option<Vec<(String, Extent)>> {
    let header = Header::parse(data).ok()?;
    let endian = header.endian().ok()?;
    if header.shnum(endian, data).ok()? > MOST {
        return None;
    }
    let headers = header.section_headers(endian, data).ok()?;
    let names = headers.get(usize::try_from(header.shstrndx(endian, data).ok()?).ok()?)?;
    let names = names.file_range(endian).filter(|(_, size)| *size <= MOST_NAMES)?;
    let names = data.read_bytes_at(names.0, names.1).ok()?;
    let named = |section: &Header::SectionHeader| {
        let name = names.get(usize::try_from(section.sh_name(endian)).ok()?..)?;
        let name = &name[..memchr::memchr(0, name)?.min(LONGEST_NAME)];
        Some((String::from_utf8_lossy(name).into_owned(), section.file_range(endian)?))
    };
    // The first section of every file is nothing.
    let named: Vec<_> = headers.iter().skip(1).filter_map(named).collect();
    // Parts of a file do not lie upon each other.
    let size = named.iter().try_fold(0_u64, |sum, (_, (_, size))| sum.checked_add(*size))?;
    (size <= data.len().ok()?).then_some(named)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// This program, which is an ELF file of some size.
    fn program() -> Vec<u8> {
        fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    #[test]
    fn what_differs_is_named_by_section() {
        let directory = tempfile::tempdir().unwrap();
        let (first, second) = (directory.path().join("first"), directory.path().join("second"));
        let mut bytes = program();
        fs::write(&first, &bytes).unwrap();
        let all = sections(&mut open(&first).unwrap()).unwrap();
        let extent = |name: &str| all.iter().find(|(other, _)| other == name).unwrap().1;
        let ((text, _), (comment, size)) = (extent(".text"), extent(".comment"));
        let at = |offset: u64| usize::try_from(offset).unwrap();
        bytes[at(text) + 5] ^= 1;
        bytes[at(comment + size) - 1] ^= 1;
        fs::write(&second, &bytes).unwrap();
        let mut found = differing(&first, &second).unwrap();
        found.sort_by(|a, b| b.name.cmp(&a.name));
        let expected = [(".text", 5), (".comment", size - 1)]
            .map(|(name, offset)| Section { name: name.to_owned(), offset });
        assert_eq!(found, expected);
        assert_eq!(differing(&first, &first).unwrap(), []);
    }

    #[test]
    fn what_is_no_sound_program_has_no_sections() {
        let directory = tempfile::tempdir().unwrap();
        let (whole, cut) = (directory.path().join("whole"), directory.path().join("cut"));
        let bytes = program();
        fs::write(&whole, &bytes).unwrap();
        let mut many = bytes[..64].to_vec();
        // It says that it has sections beyond its end.
        many[40..48].copy_from_slice(&u64::MAX.to_le_bytes());
        for bad in [&b""[..], b"\x7fELF", b"text", &bytes[..64], &bytes[..bytes.len() / 2], &many] {
            fs::write(&cut, bad).unwrap();
            assert_eq!(differing(&whole, &cut).unwrap(), [], "{} bytes", bad.len());
        }
    }
}
