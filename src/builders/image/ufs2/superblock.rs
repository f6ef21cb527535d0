//! The superblock, its backups, and the note that helps `fsck` to find those (`struct fs`, `struct fsrecovery`).

use super::cylinder_group::Summary;
use super::inode::{DIRECT, INLINE_SYMLINK};
use super::layout::{
    BLOCK, CLUSTER_SUMMARY, FRAGMENT, FRAGS, GROUP_FRAG, INODE_FRAG, INODES_PER_BLOCK, Layout, MIN_FREE,
    SECTOR, SUPERBLOCK_FRAG, SUPERBLOCK_OFFSET,
};
use super::placement::POINTERS;
use super::record::Record;

/// Marks a UFS2 superblock (`FS_UFS2_MAGIC`).
pub const MAGIC: u32 = 0x1954_0119;

/// The longest volume label, without the final NUL.
pub const MAX_LABEL: usize = 31;

/// Bytes that are written and hashed: `struct fs` in whole fragments.
const SIZE: u64 = FRAGMENT;

/// The system uses soft updates (`FS_DOSOFTDEP`) and check hashes (`FS_METACKHASH`).
const FLAGS: u32 = 0x2 | 0x200;
/// Check hashes are kept for superblock, cylinder groups and inodes (`CK_SUPERBLOCK`, `CK_CYLGRP`, `CK_INODE`).
const CHECK_HASHES: u32 = 0x1 | 0x2 | 0x4;
/// Flags are found where they are since UFS2 (`FS_FLAGS_UPDATED`).
const OLD_FLAGS: u8 = 0x80;

/// Offsets of the fields of `struct fs` that are not zero, in bytes.
pub mod field {
    pub const SUPERBLOCK_FRAG: u32 = 8;
    pub const GROUP_FRAG: u32 = 12;
    pub const INODE_FRAG: u32 = 16;
    pub const DATA_FRAG: u32 = 20;
    pub const GROUPS: u32 = 44;
    pub const BLOCK: u32 = 48;
    pub const FRAGMENT: u32 = 52;
    pub const FRAGS: u32 = 56;
    pub const MIN_FREE: u32 = 60;
    pub const BLOCK_MASK: u32 = 72;
    pub const FRAGMENT_MASK: u32 = 76;
    pub const BLOCK_SHIFT: u32 = 80;
    pub const FRAGMENT_SHIFT: u32 = 84;
    pub const MAX_CONTIGUOUS: u32 = 88;
    pub const MAX_BLOCKS_PER_GROUP: u32 = 92;
    pub const FRAGS_SHIFT: u32 = 96;
    pub const SECTOR_SHIFT: u32 = 100;
    pub const SIZE: u32 = 104;
    pub const POINTERS: u32 = 116;
    pub const INODES_PER_BLOCK: u32 = 120;
    pub const ID: u32 = 144;
    pub const SUMMARY_SIZE: u32 = 156;
    pub const GROUP_SIZE: u32 = 160;
    pub const INODES_PER_GROUP: u32 = 184;
    pub const FRAGS_PER_GROUP: u32 = 188;
    pub const CLEAN: u32 = 209;
    pub const OLD_FLAGS: u32 = 211;
    pub const LABEL: u32 = 680;
    pub const MAX_BLOCK: u32 = 860;
    pub const PROVIDER_SIZE: u32 = 872;
    pub const META_SPACE: u32 = 880;
    pub const OWN_OFFSET: u32 = 992;
    pub const STANDARD_OFFSET: u32 = 1000;
    pub const TOTAL: u32 = 1008;
    pub const TIME: u32 = 1072;
    pub const TOTAL_FRAGS: u32 = 1080;
    pub const DATA_FRAGS: u32 = 1088;
    pub const SUMMARY_FRAG: u32 = 1096;
    pub const AVERAGE_FILE_SIZE: u32 = 1196;
    pub const AVERAGE_FILES: u32 = 1200;
    pub const CHECK_HASH: u32 = 1304;
    pub const CHECK_HASHES: u32 = 1308;
    pub const FLAGS: u32 = 1312;
    pub const CLUSTER_SUMMARY: u32 = 1316;
    pub const INLINE_SYMLINK: u32 = 1320;
    pub const MAX_FILE_SIZE: u32 = 1328;
    pub const BLOCK_REST_MASK: u32 = 1336;
    pub const FRAGMENT_REST_MASK: u32 = 1344;
    pub const MAGIC: u32 = 1372;
}

/// What a superblock says beyond the layout.
#[derive(Debug, Clone, Copy)]
pub struct Superblock<'l> {
    /// Where everything lies.
    pub layout: &'l Layout,
    /// What is free.
    pub total: Summary,
    /// Volume label, at most [`MAX_LABEL`] bytes.
    pub label: &'l str,
    /// Identifies the file system (`/dev/ufsid`).
    pub id: [u32; 2],
    /// When it was last written, in seconds since 1970.
    pub time: i64,
}

impl Superblock<'_> {
    /// The superblock as it lies at byte `offset`.
    pub fn encode(&self, offset: u64) -> Vec<u8> {
        let mut record = Record::new(SIZE);
        self.set_constants(&mut record);
        self.set_geometry(&mut record);
        record.set32(field::ID, self.id[0]);
        record.set32(field::ID + 4, self.id[1]);
        record.bytes_at(field::CLEAN, 1)[0] = 1;
        record.bytes_at(field::OLD_FLAGS, 1)[0] = OLD_FLAGS;
        record.bytes_at(field::LABEL, self.label.len()).copy_from_slice(self.label.as_bytes());
        record.set64(field::OWN_OFFSET, offset);
        let Summary { directories, free_blocks, free_inodes, free_frags } = self.total;
        for (slot, value) in (0..).zip([directories, free_blocks, free_inodes, free_frags]) {
            record.set64(field::TOTAL + slot * 8, value);
        }
        record.set64(field::TIME, self.time as u64);
        record.sealed(field::CHECK_HASH)
    }

    /// What is the same in all file systems made here.
    fn set_constants(&self, record: &mut Record) {
        record.set32(field::SUPERBLOCK_FRAG, SUPERBLOCK_FRAG as u32);
        record.set32(field::GROUP_FRAG, GROUP_FRAG as u32);
        record.set32(field::INODE_FRAG, INODE_FRAG as u32);
        record.set32(field::BLOCK, BLOCK as u32);
        record.set32(field::FRAGMENT, FRAGMENT as u32);
        record.set32(field::FRAGS, FRAGS as u32);
        record.set32(field::MIN_FREE, MIN_FREE as u32);
        record.set32(field::BLOCK_MASK, !(BLOCK as u32 - 1));
        record.set32(field::FRAGMENT_MASK, !(FRAGMENT as u32 - 1));
        record.set32(field::BLOCK_SHIFT, BLOCK.ilog2());
        record.set32(field::FRAGMENT_SHIFT, FRAGMENT.ilog2());
        // One MiB at a time, the largest transfer of FreeBSD.
        record.set32(field::MAX_CONTIGUOUS, ((1 << 20) / BLOCK) as u32);
        record.set32(field::MAX_BLOCKS_PER_GROUP, POINTERS as u32);
        record.set32(field::FRAGS_SHIFT, FRAGS.ilog2());
        record.set32(field::SECTOR_SHIFT, (FRAGMENT / SECTOR).ilog2());
        record.set32(field::SIZE, SIZE as u32);
        record.set32(field::POINTERS, POINTERS as u32);
        record.set32(field::INODES_PER_BLOCK, INODES_PER_BLOCK);
        record.set32(field::MAX_BLOCK, BLOCK as u32);
        record.set64(field::STANDARD_OFFSET, SUPERBLOCK_OFFSET);
        // What the kernel's choice of a group for a new directory expects: the defaults of `newfs`.
        record.set32(field::AVERAGE_FILE_SIZE, 16384);
        record.set32(field::AVERAGE_FILES, 64);
        record.set32(field::CHECK_HASHES, CHECK_HASHES);
        record.set32(field::FLAGS, FLAGS);
        record.set32(field::CLUSTER_SUMMARY, CLUSTER_SUMMARY);
        record.set32(field::INLINE_SYMLINK, INLINE_SYMLINK as u32);
        record.set64(field::MAX_FILE_SIZE, max_file_size());
        record.set64(field::BLOCK_REST_MASK, BLOCK - 1);
        record.set64(field::FRAGMENT_REST_MASK, FRAGMENT - 1);
        record.set32(field::MAGIC, MAGIC);
    }

    /// What depends on the size.
    fn set_geometry(&self, record: &mut Record) {
        let layout = self.layout;
        let (groups, summary_frags) = (u64::from(layout.groups), layout.summary_frags());
        let metadata = SUPERBLOCK_FRAG + groups * (layout.data_frag() - SUPERBLOCK_FRAG) + summary_frags;
        record.set32(field::DATA_FRAG, layout.data_frag() as u32);
        record.set32(field::GROUPS, layout.groups);
        record.set32(field::SUMMARY_SIZE, (summary_frags * FRAGMENT) as u32);
        record.set32(field::GROUP_SIZE, layout.group_size() as u32);
        record.set32(field::INODES_PER_GROUP, layout.inodes_per_group);
        record.set32(field::FRAGS_PER_GROUP, layout.frags_per_group as u32);
        record.set64(field::PROVIDER_SIZE, layout.size);
        // Half of the reserve is preferred for metadata.
        record.set64(field::META_SPACE, layout.frags_per_group * MIN_FREE / 200 / FRAGS * FRAGS);
        record.set64(field::TOTAL_FRAGS, layout.size);
        record.set64(field::DATA_FRAGS, layout.size - metadata);
        record.set64(field::SUMMARY_FRAG, layout.data_frag());
    }

    /// The note that ends the sector before the superblock, and where it starts, in bytes.
    pub fn recovery(&self) -> (u64, Vec<u8>) {
        let fields = [
            MAGIC,
            (FRAGMENT / SECTOR).ilog2(),
            SUPERBLOCK_FRAG as u32,
            self.layout.frags_per_group as u32,
            self.layout.groups,
        ];
        let note: Vec<u8> = fields.into_iter().flat_map(u32::to_le_bytes).collect();
        (SUPERBLOCK_OFFSET - note.len() as u64, note)
    }
}

/// The size that direct and indirect addresses together reach, less one byte.
fn max_file_size() -> u64 {
    BLOCK * (DIRECT as u64 + POINTERS + POINTERS.pow(2) + POINTERS.pow(3)) - 1
}
