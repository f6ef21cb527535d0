//! Where the partitions of a disk are.

use super::ReadError;
use crate::builders::image::container::Source;
use crate::builders::image::gpt::{PartitionType, SECTOR};

/// The most entries that are looked at: eight times what every tool makes.
const MOST_ENTRIES: u64 = 1024;

/// The size of an entry that everyone uses.
const ENTRY: usize = 128;

/// Offset and size of the partitions of a type, in bytes, in the order of the table.
pub fn partitions(disk: &Source, kind: PartitionType) -> Result<Vec<(u64, u64)>, ReadError> {
    let no_table = || ReadError::NoTable { image: disk.path().to_owned() };
    let header = disk.partition_table()?.ok_or_else(no_table)?;
    let damaged =
        |reason: &str| ReadError::Damaged { image: disk.path().to_owned(), reason: reason.to_owned() };
    let (start, count, size) = (u64_at(&header, 72), u32_at(&header, 80), u32_at(&header, 84));
    if u64::from(count) > MOST_ENTRIES || size as usize != ENTRY {
        return Err(damaged("its partition table has entries such as no tool makes"));
    }
    let offset =
        start.checked_mul(SECTOR).ok_or_else(|| damaged("its partition table lies beyond its end"))?;
    let mut entries = vec![0; count as usize * ENTRY];
    disk.read_at(&mut entries, offset)?;
    let mut found = Vec::new();
    for entry in entries.chunks_exact(ENTRY).filter(|entry| entry.starts_with(&kind.on_disk())) {
        let (first, last) = (u64_at(entry, 32), u64_at(entry, 40));
        let end = last.checked_add(1).and_then(|end| end.checked_mul(SECTOR));
        match end.filter(|end| first <= last && *end <= disk.size()) {
            Some(end) => found.push((first * SECTOR, end - first * SECTOR)),
            None => return Err(damaged("a partition lies beyond its end")),
        }
    }
    Ok(found)
}

/// Little-endian numbers of a record that is long enough.
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}
