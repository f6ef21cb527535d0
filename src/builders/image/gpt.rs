//! The partition table: a protective MBR and the GUID partition table of UEFI, at both ends of the disk.
//!
//! After chapter 5 of the UEFI specification 2.10.

use super::crc::crc32;
use super::extent::Extent;

/// Bytes per logical sector. Disks with 4096-byte logical sectors are not made.
pub const SECTOR: u64 = 512;

/// Partitions start and end at multiples of this many bytes, as all current tools make them.
pub const ALIGNMENT: u64 = 1 << 20;

/// Number and size of the entries of the table: what every tool expects.
const ENTRIES: u64 = 128;
const ENTRY_SIZE: u64 = 128;

/// Sectors that the entries occupy.
const TABLE_SECTORS: u64 = ENTRIES * ENTRY_SIZE / SECTOR;

/// Bytes at the end of the disk that belong to the backup table, rounded up to whole [`ALIGNMENT`] units.
pub const TRAILER: u64 = ALIGNMENT;

/// The longest name of a partition in UTF-16 units.
pub const MAX_NAME: usize = 36;

/// How a header begins.
const SIGNATURE: &[u8] = b"EFI PART";

/// What a partition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionType {
    /// The EFI system partition, C12A7328-F81F-11D2-BA4B-00A0C93EC93B.
    EfiSystem,
    /// `freebsd-ufs`, 516E7CB6-6ECF-11D6-8FF8-00022D09712B.
    FreebsdUfs,
}

impl PartitionType {
    /// The type in the byte order of RFC 9562.
    const fn uuid(self) -> [u8; 16] {
        match self {
            Self::EfiSystem => 0xC12A7328_F81F_11D2_BA4B_00A0C93EC93Bu128.to_be_bytes(),
            Self::FreebsdUfs => 0x516E7CB6_6ECF_11D6_8FF8_00022D09712Bu128.to_be_bytes(),
        }
    }

    /// The type as an entry of the table begins with it.
    pub fn on_disk(self) -> [u8; 16] {
        mixed_endian(self.uuid())
    }
}

/// One partition. Offset and size are multiples of [`SECTOR`].
#[derive(Debug, Clone)]
pub struct Partition {
    /// What it holds.
    pub kind: PartitionType,
    /// Its own identifier, in the byte order of RFC 9562.
    pub uuid: [u8; 16],
    /// Its name (FreeBSD: `/dev/gpt/NAME`), of at most [`MAX_NAME`] UTF-16 units.
    pub name: String,
    /// First byte on the disk.
    pub offset: u64,
    /// Length in bytes.
    pub size: u64,
}

/// The extents of the partition table of a disk of `disk_size` bytes.
pub fn extents(disk_size: u64, disk_uuid: [u8; 16], partitions: &[Partition]) -> Vec<Extent<'static>> {
    let last = disk_size / SECTOR - 1;
    let table = table(partitions);
    let header = |own, other, entries| header(own, other, entries, last, disk_uuid, crc32(&table));
    let (primary, backup) = (2, last - TABLE_SECTORS);
    vec![
        Extent::owned(0, protective_mbr(last)),
        Extent::owned(SECTOR, header(1, last, primary)),
        Extent::owned(primary * SECTOR, table.clone()),
        Extent::owned(backup * SECTOR, table.clone()),
        Extent::owned(last * SECTOR, header(last, 1, backup)),
    ]
}

/// The size of the disk that a header in its second sector describes: its twin is in the last one.
pub fn disk_size(header: &[u8]) -> Option<u64> {
    let other = header.strip_prefix(SIGNATURE)?.get(24..32)?;
    let last = u64::from_le_bytes(other.try_into().ok()?);
    last.checked_add(1)?.checked_mul(SECTOR)
}

/// A master boot record with one partition over the whole disk, so that old tools see no free space.
fn protective_mbr(last: u64) -> Vec<u8> {
    let mut sector = vec![0; SECTOR as usize];
    let entry = &mut sector[446..462];
    entry[1..4].copy_from_slice(&[0x00, 0x02, 0x00]);
    entry[4] = 0xee;
    entry[5..8].copy_from_slice(&[0xff, 0xff, 0xff]);
    entry[8..12].copy_from_slice(&1u32.to_le_bytes());
    entry[12..16].copy_from_slice(&u32::try_from(last).unwrap_or(u32::MAX).to_le_bytes());
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    sector
}

/// The header at sector `own`, whose twin is at `other` and whose entries start at sector `entries`.
fn header(own: u64, other: u64, entries: u64, last: u64, disk: [u8; 16], table_crc: u32) -> Vec<u8> {
    const HEADER_SIZE: usize = 92;
    let mut header = Vec::with_capacity(SECTOR as usize);
    header.extend_from_slice(SIGNATURE);
    header.extend_from_slice(&0x0001_0000u32.to_le_bytes());
    header.extend_from_slice(&(HEADER_SIZE as u32).to_le_bytes());
    header.extend_from_slice(&[0; 8]); // check sum, filled in below; reserved
    for sector in [own, other, 2 + TABLE_SECTORS, last - TABLE_SECTORS - 1] {
        header.extend_from_slice(&sector.to_le_bytes());
    }
    header.extend_from_slice(&mixed_endian(disk));
    header.extend_from_slice(&entries.to_le_bytes());
    header.extend_from_slice(&(ENTRIES as u32).to_le_bytes());
    header.extend_from_slice(&(ENTRY_SIZE as u32).to_le_bytes());
    header.extend_from_slice(&table_crc.to_le_bytes());
    debug_assert_eq!(header.len(), HEADER_SIZE);
    let check = crc32(&header);
    header[16..20].copy_from_slice(&check.to_le_bytes());
    header.resize(SECTOR as usize, 0);
    header
}

/// The array of entries.
fn table(partitions: &[Partition]) -> Vec<u8> {
    let mut table = Vec::with_capacity((ENTRIES * ENTRY_SIZE) as usize);
    for partition in partitions {
        let end = table.len() + ENTRY_SIZE as usize;
        table.extend_from_slice(&mixed_endian(partition.kind.uuid()));
        table.extend_from_slice(&mixed_endian(partition.uuid));
        table.extend_from_slice(&(partition.offset / SECTOR).to_le_bytes());
        table.extend_from_slice(&((partition.offset + partition.size) / SECTOR - 1).to_le_bytes());
        table.extend_from_slice(&0u64.to_le_bytes()); // attributes
        table.extend(partition.name.encode_utf16().take(MAX_NAME).flat_map(u16::to_le_bytes));
        table.resize(end, 0);
    }
    table.resize((ENTRIES * ENTRY_SIZE) as usize, 0);
    table
}

/// A UUID as GPT stores it: the first three fields little-endian.
fn mixed_endian(mut uuid: [u8; 16]) -> [u8; 16] {
    uuid[..4].reverse();
    uuid[4..6].reverse();
    uuid[6..8].reverse();
    uuid
}
