//! qcow2, QEMU's own format, in version 3 (`compat=1.1`).
//!
//! After `docs/interop/qcow2.txt` of QEMU. The file is a sequence of clusters: header, table of reference counts, L1
//! table, L2 tables, data. Each is there once, so every count is 1.

use super::chunks::Chunks;
use super::fields::{be32, be64, push_be32, push_be64};
use super::source::{Image, Map, SourceError};
use super::{Disk, File};
use crate::builders::image::extent::Extent;

/// How such a file begins.
pub const MAGIC: &[u8] = b"QFI\xfb";

/// The largest disk: QEMU takes an L1 table of 32 MiB at most.
pub const LARGEST: u64 = LONGEST_L1 / 8 * (CLUSTER / 8) * CLUSTER;
const LONGEST_L1: u64 = 32 << 20;

/// Bytes per cluster: what QEMU's tools take when they are not told.
const CLUSTER: u64 = 1 << CLUSTER_BITS;
const CLUSTER_BITS: u32 = 16;

/// Entries of an L2 table, or of any other table of 64-bit numbers that fills a cluster.
const ENTRIES: u64 = CLUSTER / 8;

/// Reference counts have 2^4 bits.
const COUNT_ORDER: u32 = 4;
const COUNTS: u64 = CLUSTER / 2;

/// Bytes of the header of version 3 without extensions.
const HEADER_LENGTH: u32 = 104;

/// Marks a cluster whose count is exactly 1, in tables that point to it.
const COPIED: u64 = 1 << 63;

/// Bits of an entry that say where its cluster lies.
const OFFSET: u64 = 0x00ff_ffff_ffff_fe00;

/// Marks an entry of an L2 table whose cluster is compressed.
const COMPRESSED: u64 = 1 << 62;

/// Marks an entry of an L2 table whose cluster reads as zeros.
const ZERO: u64 = 1;

/// Incompatible features that a reader may ignore: "not closed cleanly" says that counts may be wrong.
const HARMLESS: u64 = 1;

/// Clusters of each kind, in the order of the file.
struct Layout {
    count_table: u64,
    count_blocks: u64,
    l1: u64,
    l2: u64,
    data: u64,
}

impl Layout {
    fn new(disk_size: u64, l2: u64, data: u64) -> Self {
        let l1 = disk_size.div_ceil(CLUSTER).div_ceil(ENTRIES).div_ceil(ENTRIES).max(1);
        let mut layout = Self { count_table: 1, count_blocks: 1, l1, l2, data };
        // The counts count themselves, too.
        while layout.count_blocks * COUNTS < layout.total() {
            layout.count_blocks = layout.total().div_ceil(COUNTS);
            layout.count_table = layout.count_blocks.div_ceil(ENTRIES);
        }
        layout
    }

    fn first_count_block(&self) -> u64 {
        1 + self.count_table
    }

    fn first_l1(&self) -> u64 {
        self.first_count_block() + self.count_blocks
    }

    fn first_l2(&self) -> u64 {
        self.first_l1() + self.l1
    }

    fn first_data(&self) -> u64 {
        self.first_l2() + self.l2
    }

    fn total(&self) -> u64 {
        self.first_data() + self.data
    }
}

/// The file of the disk.
pub fn lower(disk: Disk<'_>) -> File<'_> {
    let chunks = Chunks::touched(&disk.extents, CLUSTER);
    let l2_tables = chunks.tables(ENTRIES, |_| [0; 8]);
    let layout = Layout::new(disk.size, l2_tables.len() as u64, chunks.count());
    let l2_tables =
        chunks.tables(ENTRIES, |index| (((layout.first_data() + index) * CLUSTER) | COPIED).to_be_bytes());

    let mut extents = vec![Extent::owned(0, header(disk.size, &layout))];
    let table = |first: u64, count: u64, flags: u64| -> Vec<u8> {
        (first..first + count).flat_map(|cluster| ((cluster * CLUSTER) | flags).to_be_bytes()).collect()
    };
    extents.push(Extent::owned(CLUSTER, table(layout.first_count_block(), layout.count_blocks, 0)));
    let counts: Vec<u8> = (0..layout.total()).flat_map(|_| 1u16.to_be_bytes()).collect();
    extents.push(Extent::owned(layout.first_count_block() * CLUSTER, counts));

    let mut l1 = vec![0; (layout.l1 * CLUSTER) as usize];
    for (cluster, (part, _)) in (layout.first_l2()..).zip(&l2_tables) {
        let place = *part as usize * 8;
        l1[place..place + 8].copy_from_slice(&((cluster * CLUSTER) | COPIED).to_be_bytes());
    }
    extents.push(Extent::owned(layout.first_l1() * CLUSTER, l1));
    for (cluster, (_, table)) in (layout.first_l2()..).zip(l2_tables) {
        extents.push(Extent::owned(cluster * CLUSTER, table));
    }
    extents.extend(chunks.relocate(disk.extents, layout.first_data() * CLUSTER, CLUSTER));
    File { length: layout.total() * CLUSTER, extents }
}

fn header(disk_size: u64, layout: &Layout) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER_LENGTH as usize);
    header.extend_from_slice(MAGIC);
    push_be32(&mut header, &[3]); // version
    push_be64(&mut header, &[0]); // no backing file
    push_be32(&mut header, &[0, CLUSTER_BITS]);
    push_be64(&mut header, &[disk_size]);
    let l1_entries = disk_size.div_ceil(CLUSTER).div_ceil(ENTRIES);
    push_be32(&mut header, &[0, l1_entries as u32]); // no encryption
    push_be64(&mut header, &[layout.first_l1() * CLUSTER, CLUSTER]);
    push_be32(&mut header, &[layout.count_table as u32, 0]); // no snapshots
    push_be64(&mut header, &[0; 4]); // snapshots; incompatible, compatible, autoclear features
    push_be32(&mut header, &[COUNT_ORDER, HEADER_LENGTH]);
    // The rest of the cluster is zero: no header extensions.
    header
}

/// What lies where on the disk.
pub fn read<'i>(image: &'i Image, header: &[u8]) -> Result<Map<'i>, SourceError> {
    const NAME: &str = "qcow2";
    let refuse = |feature| Err(image.unsupported(NAME, feature));
    let version = be32(header, 4);
    if !matches!(version, 2 | 3) {
        return refuse("of a version other than 2 and 3");
    }
    if be64(header, 8) != 0 {
        return refuse("on top of another image");
    }
    if be32(header, 32) != 0 {
        return refuse("that is encrypted");
    }
    if version == 3 && be64(header, 72) & !HARMLESS != 0 {
        return refuse("with features that are not supported here");
    }
    let bits = be32(header, 20);
    if !(9..=21).contains(&bits) {
        return Err(image.damaged(NAME, format!("its clusters have 2^{bits} bytes")));
    }
    let cluster = 1u64 << bits;
    let (size, l1_length) = (be64(header, 24), u64::from(be32(header, 36)) * 8);
    if l1_length > LONGEST_L1 {
        return Err(image.damaged(NAME, format!("its L1 table has {l1_length} bytes")));
    }
    let l1 = image.bytes(NAME, be64(header, 40), l1_length)?;
    let mut map = Map::new(image, NAME, size);
    for (number, entry) in (0u64..).zip(l1.as_chunks::<8>().0) {
        let place = u64::from_be_bytes(*entry) & OFFSET;
        if place == 0 {
            continue;
        }
        let l2 = image.bytes(NAME, place, cluster)?;
        map.push_table(&l2, number * (cluster / 8), cluster, |entry| {
            let entry = u64::from_be_bytes(entry);
            match entry & OFFSET {
                _ if entry & COMPRESSED != 0 => Err(image.unsupported(NAME, "with compressed clusters")),
                0 => Ok(None),
                _ if entry & ZERO != 0 => Ok(None),
                place => Ok(Some(place)),
            }
        })?;
    }
    Ok(map)
}
