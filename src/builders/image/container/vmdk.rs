//! VMDK, the sparse disk in one file of VMware and VirtualBox (`monolithicSparse`).
//!
//! After "Virtual Disk Format 5.0" of VMware. The file holds: header, a text that describes the disk, the grain tables
//! twice, the grains. The text names the file itself.

use std::path::Path;

use super::chunks::Chunks;
use super::fields::{le32, le64};
use super::source::{Image, Map, SourceError};
use super::{Disk, File, SECTOR};
use crate::builders::image::error::ImageError;
use crate::builders::image::extent::Extent;

/// How such a file begins.
pub const MAGIC: &[u8] = b"KDMV";

/// The largest disk: offsets count sectors in 32 bits, and the tables take their share.
pub const LARGEST: u64 = 2040 << 30;

/// Bytes per grain; the size of a disk is a multiple of it.
pub const GRAIN: u64 = 64 << 10;

const NAME: &str = "vmdk";

/// Entries of a grain table, and the bytes of one.
const ENTRIES: u64 = 512;
const TABLE: u64 = ENTRIES * 4;

/// Where the text lies, and how long it may be: in sectors.
const TEXT_START: u64 = 1;
const TEXT_LENGTH: u64 = 20;

/// Header flags: line ends are to be checked; the second copy of the tables is there.
const FLAGS: u32 = 0x1 | 0x2;

/// Marks grains that are compressed.
const COMPRESSED: u32 = 0x1_0000;

/// The fields of a header that lead to all else, in sectors.
struct Layout {
    /// Bytes of the directory, which names the grain tables.
    directory: u64,
    tables: u64,
    grains: u64,
}

impl Layout {
    fn new(disk_size: u64) -> Self {
        let tables = (disk_size / GRAIN).div_ceil(ENTRIES);
        let directory = (tables * 4).next_multiple_of(SECTOR);
        let mut layout = Self { directory, tables, grains: 0 };
        layout.grains = layout.start(2).next_multiple_of(GRAIN);
        layout
    }

    /// Where a copy of directory and tables starts, in bytes.
    fn start(&self, copy: u64) -> u64 {
        (TEXT_START + TEXT_LENGTH) * SECTOR + copy * (self.directory + self.tables * TABLE)
    }

    /// Where a grain table of a copy starts.
    fn table(&self, copy: u64, number: u64) -> u64 {
        self.start(copy) + self.directory + number * TABLE
    }
}

/// The file of the disk, which will lie at `path`.
pub fn lower<'a>(disk: Disk<'a>, path: &Path) -> Result<File<'a>, ImageError> {
    let text = description(&disk, path)?;
    let layout = Layout::new(disk.size);
    let chunks = Chunks::touched(&disk.extents, GRAIN);
    let mut extents =
        vec![Extent::owned(0, header(disk.size, &layout)), Extent::owned(TEXT_START * SECTOR, text)];
    let sector = |offset: u64| ((offset / SECTOR) as u32).to_le_bytes();
    let tables = chunks.tables(ENTRIES, |index| sector(layout.grains + index * GRAIN));
    for copy in 0..2 {
        let directory = (0..layout.tables).flat_map(|number| sector(layout.table(copy, number))).collect();
        extents.push(Extent::owned(layout.start(copy), directory));
        for (number, table) in &tables {
            extents.push(Extent::owned(layout.table(copy, *number), table.clone()));
        }
    }
    let length = layout.grains + chunks.count() * GRAIN;
    extents.extend(chunks.relocate(disk.extents, layout.grains, GRAIN));
    Ok(File { length, extents })
}

fn header(disk_size: u64, layout: &Layout) -> Vec<u8> {
    let mut header = Vec::with_capacity(SECTOR as usize);
    header.extend_from_slice(MAGIC);
    for number in [1, FLAGS] {
        header.extend_from_slice(&number.to_le_bytes());
    }
    for sectors in [disk_size / SECTOR, GRAIN / SECTOR, TEXT_START, TEXT_LENGTH] {
        header.extend_from_slice(&sectors.to_le_bytes());
    }
    header.extend_from_slice(&(ENTRIES as u32).to_le_bytes());
    for offset in [layout.start(0), layout.start(1), layout.grains] {
        header.extend_from_slice(&(offset / SECTOR).to_le_bytes());
    }
    header.push(0); // was closed cleanly
    // A transfer that takes the file for a text changes these.
    header.extend_from_slice(b"\n \r\n");
    header.resize(SECTOR as usize, 0);
    header
}

/// The text that describes the disk.
fn description(disk: &Disk, path: &Path) -> Result<Vec<u8>, ImageError> {
    let name = path.file_name().unwrap_or_default();
    let fit = |name: &&str| name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"');
    let Some(name) = name.to_str().filter(fit) else {
        return Err(ImageError::ContainerName { path: path.to_owned() });
    };
    let sectors = disk.size / SECTOR;
    // Zero and all ones have a meaning of their own.
    let id = (disk.seed.number("vmdk") >> 1).max(1);
    let cylinders = sectors / (255 * 63);
    let mut text = format!(
        "# Disk DescriptorFile\nversion=1\nCID={id:08x}\nparentCID=ffffffff\ncreateType=\"monolithicSparse\"\n\n\
         # Extent description\nRW {sectors} SPARSE \"{name}\"\n\n\
         # The Disk Data Base\n#DDB\n\nddb.virtualHWVersion = \"4\"\nddb.geometry.cylinders = \"{cylinders}\"\n\
         ddb.geometry.heads = \"255\"\nddb.geometry.sectors = \"63\"\nddb.adapterType = \"lsilogic\"\n"
    )
    .into_bytes();
    text.resize((TEXT_LENGTH * SECTOR) as usize, 0);
    Ok(text)
}

/// What lies where on the disk.
pub fn read<'i>(image: &'i Image, header: &[u8]) -> Result<Map<'i>, SourceError> {
    let (size, grain) = (le64(header, 12).checked_mul(SECTOR), le64(header, 20).checked_mul(SECTOR));
    let (Some(size), Some(grain)) = (size, grain) else {
        return Err(image.damaged(NAME, "it is larger than can be"));
    };
    if le32(header, 8) & COMPRESSED != 0 {
        return Err(image.unsupported(NAME, "with compressed grains"));
    }
    if size > LARGEST.next_power_of_two() || !(SECTOR * 8..=GRAIN << 10).contains(&grain) {
        return Err(image.damaged(NAME, format!("it has {size} bytes in grains of {grain}")));
    }
    let entries = u64::from(le32(header, 44));
    if !(1..=ENTRIES << 4).contains(&entries) {
        return Err(image.damaged(NAME, format!("its tables have {entries} entries")));
    }
    let tables = size.div_ceil(grain).div_ceil(entries);
    let directory = image.bytes(NAME, le64(header, 56).saturating_mul(SECTOR), tables * 4)?;
    let mut map = Map::new(image, NAME, size);
    for (number, place) in (0u64..).zip(directory.as_chunks::<4>().0) {
        let place = u64::from(u32::from_le_bytes(*place));
        if place == 0 {
            continue;
        }
        let table = image.bytes(NAME, place * SECTOR, entries * 4)?;
        map.push_table(&table, number * entries, grain, |entry| {
            let place = u64::from(u32::from_le_bytes(entry));
            // One is a grain of zeros.
            Ok((place > 1).then_some(place * SECTOR))
        })?;
    }
    Ok(map)
}
