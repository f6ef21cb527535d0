//! Cylinder groups: the maps of free inodes and fragments, one block of them per group (`struct cg`).

use std::ops::Range;

use super::layout::{CLUSTER_SUMMARY, FRAGS, GROUP_HEADER, INODES_PER_BLOCK, Layout};
use super::record::Record;

/// Marks a cylinder group block (`CG_MAGIC`).
const MAGIC: u32 = 0x0009_0255;

/// Offsets of the fields of `struct cg` that are not zero, in bytes.
mod field {
    pub const MAGIC: u32 = 4;
    pub const NUMBER: u32 = 12;
    pub const FRAGS: u32 = 20;
    pub const SUMMARY: u32 = 24;
    pub const FRAGMENT_SUMS: u32 = 52;
    pub const INODE_MAP: u32 = 92;
    pub const FREE_MAP: u32 = 96;
    pub const END: u32 = 100;
    pub const CLUSTER_SUMS: u32 = 104;
    pub const CLUSTER_MAP: u32 = 108;
    pub const BLOCKS: u32 = 112;
    pub const INODES: u32 = 116;
    pub const INITIALISED_INODES: u32 = 120;
    pub const CHECK_HASH: u32 = 132;
    pub const TIME: u32 = 136;
}

/// What is free and what is a directory, of a group or of a whole file system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Directories.
    pub directories: u64,
    /// Free blocks.
    pub free_blocks: u64,
    /// Free inodes.
    pub free_inodes: u64,
    /// Free fragments of blocks that are not free in full.
    pub free_frags: u64,
}

impl Summary {
    /// As the summary area and the group itself hold it (`struct csum`).
    pub fn encode(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let fields = [self.directories, self.free_blocks, self.free_inodes, self.free_frags];
        for (slot, value) in bytes.chunks_exact_mut(4).zip(fields) {
            slot.copy_from_slice(&(value as u32).to_le_bytes());
        }
        bytes
    }
}

impl<'s> std::iter::Sum<&'s Summary> for Summary {
    fn sum<I: Iterator<Item = &'s Self>>(iter: I) -> Self {
        iter.fold(Self::default(), |sum, part| Self {
            directories: sum.directories + part.directories,
            free_blocks: sum.free_blocks + part.free_blocks,
            free_inodes: sum.free_inodes + part.free_inodes,
            free_frags: sum.free_frags + part.free_frags,
        })
    }
}

/// One group.
#[derive(Debug)]
pub struct Group<'m> {
    /// Its number.
    pub number: u32,
    /// Its part of the free map: a byte per block.
    pub free: &'m [u8],
    /// How many of its inodes are used or reserved; they are the first ones.
    pub used_inodes: u32,
    /// How many of those are directories.
    pub directories: u32,
}

impl Group<'_> {
    /// Counts what is free.
    pub fn summary(&self, layout: &Layout) -> Summary {
        Summary {
            directories: self.directories.into(),
            free_blocks: self.free.iter().filter(|&&block| block == u8::MAX).count() as u64,
            free_inodes: (layout.inodes_per_group - self.used_inodes).into(),
            free_frags: self.shared_blocks().map(|block| u64::from(block.count_ones())).sum(),
        }
    }

    /// The group's block as it lies on disk, with its check hash.
    pub fn encode(&self, layout: &Layout, time: i64) -> Vec<u8> {
        let blocks = self.free.len() as u32;
        let inode_map = GROUP_HEADER;
        let free_map = inode_map + layout.inodes_per_group.div_ceil(8);
        let free_end = free_map + (layout.frags_per_group / 8) as u32;
        // The sums are counted from one: the place of their entry for zero belongs to what lies before.
        let cluster_sums = free_end.next_multiple_of(4) - 4;
        let cluster_map = cluster_sums + (CLUSTER_SUMMARY + 1) * 4;
        let end = cluster_map + (layout.frags_per_group / FRAGS).div_ceil(8) as u32;

        let mut record = Record::new(layout.group_size());
        record.set32(field::MAGIC, MAGIC);
        record.set32(field::NUMBER, self.number);
        record.set32(field::FRAGS, blocks * FRAGS as u32);
        record.bytes_at(field::SUMMARY, 16).copy_from_slice(&self.summary(layout).encode());
        record.set32(field::INODE_MAP, inode_map);
        record.set32(field::FREE_MAP, free_map);
        record.set32(field::END, end);
        record.set32(field::CLUSTER_SUMS, cluster_sums);
        record.set32(field::CLUSTER_MAP, cluster_map);
        record.set32(field::BLOCKS, blocks);
        record.set32(field::INODES, layout.inodes_per_group);
        record.set32(field::INITIALISED_INODES, self.initialised_inodes(layout));
        record.set64(field::TIME, time as u64);
        for (length, count) in self.fragment_sums().into_iter().enumerate() {
            record.set32(field::FRAGMENT_SUMS + length as u32 * 4, count);
        }
        record.set_bits(inode_map, 0..self.used_inodes);
        record.bytes_at(free_map, self.free.len()).copy_from_slice(self.free);
        let clusters = self.clusters();
        for run in &clusters {
            record.set_bits(cluster_map, run.clone());
        }
        for length in 1..=CLUSTER_SUMMARY {
            let same = clusters.iter().filter(|run| (run.len() as u32).min(CLUSTER_SUMMARY) == length);
            record.set32(cluster_sums + length * 4, same.count() as u32);
        }
        record.sealed(field::CHECK_HASH)
    }

    /// How many inodes exist on disk; the kernel makes the others when it needs them. Two blocks of them at
    /// least, as `newfs` does it.
    fn initialised_inodes(&self, layout: &Layout) -> u32 {
        let used = self.used_inodes.next_multiple_of(INODES_PER_BLOCK);
        used.max(2 * INODES_PER_BLOCK).min(layout.inodes_per_group)
    }

    /// Blocks that are free in part.
    fn shared_blocks(&self) -> impl Iterator<Item = u8> + '_ {
        self.free.iter().copied().filter(|&block| block != 0 && block != u8::MAX)
    }

    /// How many runs of free fragments there are of each length, within blocks that are free in part.
    fn fragment_sums(&self) -> [u32; FRAGS as usize] {
        let mut sums = [0; FRAGS as usize];
        for block in self.shared_blocks() {
            let mut rest = block;
            while rest != 0 {
                rest >>= rest.trailing_zeros();
                let length = rest.trailing_ones();
                sums[length as usize] += 1;
                rest >>= length;
            }
        }
        sums
    }

    /// The runs of free blocks.
    fn clusters(&self) -> Vec<Range<u32>> {
        let mut runs: Vec<Range<u32>> = Vec::new();
        for (number, _) in (0..).zip(self.free).filter(|&(_, &block)| block == u8::MAX) {
            match runs.last_mut() {
                Some(run) if run.end == number => run.end += 1,
                _ => runs.push(number..number + 1),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(free: &[u8]) -> Group<'_> {
        Group { number: 0, free, used_inodes: 3, directories: 1 }
    }

    #[test]
    fn runs_of_fragments_are_counted_by_length() {
        let sums = group(&[0b1110_0101, 0xff, 0, 0b0111_1111]).fragment_sums();
        assert_eq!(sums, [0, 2, 0, 1, 0, 0, 0, 1]);
    }

    #[test]
    fn runs_of_blocks_are_found() {
        assert_eq!(group(&[0xff, 0xff, 0, 0xff, 1, 0xff]).clusters(), [0..2, 3..4, 5..6]);
    }
}
