//! VHD, the virtual hard disk of Virtual PC and Xen: written as a dynamic one, which XCP-ng imports.
//!
//! After "Virtual Hard Disk Image Format Specification", version 1.0. The file is read in one pass by who receives it
//! over a network: a copy of the footer, the header, the block allocation table, the blocks in the order of the disk,
//! the footer.

use super::chunks::Chunks;
use super::fields::{be32, be64, push_be32, push_be64};
use super::source::{Image, Map, SourceError};
use super::{Disk, File, SECTOR};
use crate::builders::image::extent::Extent;

/// How footers begin.
pub const COOKIE: &[u8] = b"conectix";

/// The largest disk that a dynamic VHD can be.
pub const LARGEST: u64 = 2040 << 30;

/// Which blocks of the disk a VHD holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Blocks {
    /// Those with something in them.
    #[default]
    Used,
    /// All, so that whoever writes the blocks over an older disk leaves nothing of it.
    All,
}

const DYNAMIC_COOKIE: &[u8] = b"cxsparse";

/// Bytes of a block: what all tools take, and XCP-ng expects.
const BLOCK: u64 = 2 << 20;

/// The map of a block's sectors, a bit for each.
const BITMAP: u64 = BLOCK / SECTOR / 8;

/// Blocks start at multiples of this, behind their maps, so that they are copied and left out page by page.
const PAGE: u64 = 4096;

const HEADER_LENGTH: u64 = 1024;
const TABLE_OFFSET: u64 = SECTOR + HEADER_LENGTH;

/// The entry of a block that is not there.
const UNUSED: u32 = u32::MAX;

/// Where the check sums of footer and header lie.
const FOOTER_SUM: usize = 64;
const HEADER_SUM: usize = 36;

/// `Disk Type` of a footer.
const FIXED: u32 = 2;
const DYNAMIC: u32 = 3;

/// The file of the disk.
pub fn lower(disk: Disk<'_>, blocks: Blocks) -> File<'_> {
    let chunks = match blocks {
        Blocks::Used => Chunks::touched(&disk.extents, BLOCK),
        Blocks::All => Chunks::all(disk.size, BLOCK),
    };
    let entries = disk.size.div_ceil(BLOCK);
    let table_end = TABLE_OFFSET + (entries * 4).next_multiple_of(SECTOR);
    let first = (table_end + BITMAP).next_multiple_of(PAGE);
    let stride = BLOCK + PAGE;
    let footer = footer(disk.size, disk.seed.uuid("vhd"));

    let mut table = vec![0xff; (table_end - TABLE_OFFSET) as usize];
    let mut extents = vec![Extent::owned(0, footer.clone()), Extent::owned(SECTOR, header(entries as u32))];
    for (block, index) in chunks.iter() {
        let bitmap = first + index * stride - BITMAP;
        let place = block as usize * 4;
        table[place..place + 4].copy_from_slice(&((bitmap / SECTOR) as u32).to_be_bytes());
        extents.push(Extent::owned(bitmap, sectors(disk.size - block * BLOCK)));
    }
    extents.push(Extent::owned(TABLE_OFFSET, table));
    extents.extend(chunks.relocate(disk.extents, first, stride));
    // Right behind the last block: who receives the file may not know its length.
    let end = match chunks.count() {
        0 => table_end,
        count => first + (count - 1) * stride + BLOCK,
    };
    extents.push(Extent::owned(end, footer));
    File { length: end + SECTOR, extents }
}

/// The map of a block with `left` bytes to the end of the disk: sectors beyond it are not there.
fn sectors(left: u64) -> Vec<u8> {
    let sectors = (left.min(BLOCK) / SECTOR) as usize;
    let mut map = vec![0; BITMAP as usize];
    map[..sectors / 8].fill(0xff);
    if !sectors.is_multiple_of(8) {
        map[sectors / 8] = !(0xff >> (sectors % 8));
    }
    map
}

fn footer(size: u64, uuid: [u8; 16]) -> Vec<u8> {
    let mut footer = Vec::with_capacity(SECTOR as usize);
    footer.extend_from_slice(COOKIE);
    push_be32(&mut footer, &[0x2, 0x1_0000]); // features: the bit that is always set; version
    push_be64(&mut footer, &[SECTOR]); // where the header lies
    push_be32(&mut footer, &[0]); // time: that of the format's epoch
    // Of disks of other makers QEMU takes the size from the geometry, which is seldom exact.
    footer.extend_from_slice(b"qem2");
    push_be32(&mut footer, &[0x1_0000]);
    footer.extend_from_slice(b"Wi2k");
    push_be64(&mut footer, &[size, size]);
    let (cylinders, heads, sectors) = geometry(size / SECTOR);
    footer.extend_from_slice(&cylinders.to_be_bytes());
    footer.extend_from_slice(&[heads, sectors]);
    push_be32(&mut footer, &[DYNAMIC, 0]);
    footer.extend_from_slice(&uuid);
    footer.resize(SECTOR as usize, 0);
    seal(&mut footer, FOOTER_SUM);
    footer
}

fn header(entries: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH as usize);
    header.extend_from_slice(DYNAMIC_COOKIE);
    push_be64(&mut header, &[u64::MAX, TABLE_OFFSET]);
    push_be32(&mut header, &[0x1_0000, entries, BLOCK as u32]);
    header.resize(HEADER_LENGTH as usize, 0);
    seal(&mut header, HEADER_SUM);
    header
}

/// Puts the check sum in its place.
fn seal(record: &mut [u8], place: usize) {
    let sum = check_sum(record, place);
    record[place..place + 4].copy_from_slice(&sum.to_be_bytes());
}

/// The complement of the sum of all bytes but those of the check sum itself.
fn check_sum(record: &[u8], place: usize) -> u32 {
    let bytes = record.iter().enumerate().filter(|(at, _)| !(place..place + 4).contains(at));
    !bytes.fold(0u32, |sum, (_, &byte)| sum.wrapping_add(byte.into()))
}

/// Cylinders, heads and sectors per track of a disk of so many sectors, by the specification's appendix.
fn geometry(sectors: u64) -> (u16, u8, u8) {
    const LARGEST: u64 = 65535 * 16 * 255;
    let sectors = sectors.min(LARGEST);
    let (tracks, heads, per_track) = if sectors >= 65535 * 16 * 63 {
        (sectors / 255, 16, 255)
    } else {
        let tracks = sectors / 17;
        let heads = tracks.div_ceil(1024).max(4);
        if heads <= 16 && tracks < heads * 1024 {
            (tracks, heads, 17)
        } else if sectors / 31 < 16 * 1024 {
            (sectors / 31, 16, 31)
        } else {
            (sectors / 63, 16, 63)
        }
    };
    ((tracks / heads) as u16, heads as u8, per_track)
}

/// What lies where on a dynamic disk, whose file begins with the copy of its footer.
pub fn read<'i>(image: &'i Image, footer: &[u8]) -> Result<Map<'i>, SourceError> {
    check(image, footer, FOOTER_SUM)?;
    match be32(footer, 60) {
        DYNAMIC => {}
        FIXED => return Err(image.damaged(NAME, "a fixed disk has its footer at the end alone")),
        _ => return Err(image.unsupported(NAME, "on top of another image")),
    }
    let last = image.bytes(NAME, image.length.saturating_sub(SECTOR), SECTOR)?;
    if last != footer {
        return Err(image.damaged(NAME, "it does not end with its footer"));
    }
    let header = image.bytes(NAME, be64(footer, 16), HEADER_LENGTH)?;
    if !header.starts_with(DYNAMIC_COOKIE) {
        return Err(image.damaged(NAME, "it has no header"));
    }
    check(image, &header, HEADER_SUM)?;
    let (entries, block) = (u64::from(be32(&header, 28)), u64::from(be32(&header, 32)));
    if !block.is_power_of_two() || !(PAGE..=1 << 30).contains(&block) {
        return Err(image.damaged(NAME, format!("its blocks have {block} bytes")));
    }
    let size = be64(footer, 48);
    let table = image.bytes(NAME, be64(&header, 16), entries.min(size.div_ceil(block)) * 4)?;
    let mut map = Map::new(image, NAME, size);
    for (number, entry) in (0u64..).zip(table.as_chunks::<4>().0) {
        let entry = u32::from_be_bytes(*entry);
        if entry != UNUSED {
            read_block(image, &mut map, number * block, u64::from(entry) * SECTOR, block)?;
        }
    }
    Ok(map)
}

/// Maps the sectors of a block that its map says to be there.
fn read_block(image: &Image, map: &mut Map, disk: u64, place: u64, block: u64) -> Result<(), SourceError> {
    let sectors = block / SECTOR;
    let bitmap_length = (sectors / 8).next_multiple_of(SECTOR);
    let bitmap = image.bytes(NAME, place, bitmap_length)?;
    let data = place + bitmap_length;
    if bitmap.iter().all(|&byte| byte == 0xff) {
        return map.push(disk, data, block);
    }
    for sector in 0..sectors {
        if bitmap[(sector / 8) as usize] & (0x80 >> (sector % 8)) != 0 {
            map.push(disk + sector * SECTOR, data + sector * SECTOR, SECTOR)?;
        }
    }
    Ok(())
}

/// The disk of a fixed VHD, which is a raw one with a footer, if the file is one.
pub fn read_fixed(image: &Image) -> Result<Option<Map<'_>>, SourceError> {
    let Some(end) = image.length.checked_sub(SECTOR) else { return Ok(None) };
    let footer = image.bytes(NAME, end, SECTOR)?;
    if !footer.starts_with(COOKIE) || be32(&footer, 60) != FIXED || check(image, &footer, FOOTER_SUM).is_err()
    {
        return Ok(None);
    }
    let mut map = Map::new(image, NAME, be64(&footer, 48));
    map.push(0, 0, end)?;
    Ok(Some(map))
}

const NAME: &str = "vhd";

fn check(image: &Image, record: &[u8], place: usize) -> Result<(), SourceError> {
    if be32(record, place) == check_sum(record, place) {
        return Ok(());
    }
    Err(image.damaged(NAME, "a check sum is wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `qemu-img create -f vpc` gives for disks of so many sectors: each branch of the rule. The last two are the
    /// specification's own limit.
    #[test]
    fn geometry_is_that_of_the_specification() {
        for (sectors, expected) in [
            (2108, (31, 4, 17)),
            (67_592, (994, 4, 17)),
            (204_816, (1004, 12, 17)),
            (409_696, (826, 16, 31)),
            (512_064, (508, 16, 63)),
            (2_097_648, (2081, 16, 63)),
            (83_888_880, (20561, 16, 255)),
            (65535 * 16 * 255, (65535, 16, 255)),
            (2040 << 21, (65535, 16, 255)),
        ] {
            assert_eq!(geometry(sectors), expected, "{sectors} sectors");
        }
    }

    #[test]
    fn sectors_beyond_the_end_are_not_there() {
        assert!(sectors(BLOCK).iter().all(|&byte| byte == 0xff));
        let some = sectors(11 * SECTOR);
        assert_eq!((some[0], some[1], some[2]), (0xff, 0b1110_0000, 0));
    }
}
