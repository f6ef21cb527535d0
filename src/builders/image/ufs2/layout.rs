//! The geometry of a UFS2 file system: where its cylinder groups and their parts lie.
//!
//! All addresses count fragments from the start of the partition. The rules are those that `newfs` follows
//! and that FreeBSD's kernel and loader check before they accept a superblock (`validate_sblock`).

use std::ops::Range;

/// Bytes per block. `newfs`' default.
pub const BLOCK: u64 = 32768;
/// Bytes per fragment. `newfs`' default.
pub const FRAGMENT: u64 = 4096;
/// Fragments per block. Eight, so one byte of a free map describes one block.
pub const FRAGS: u64 = BLOCK / FRAGMENT;
/// Bytes per inode.
pub const INODE_SIZE: u64 = 256;
/// Inodes per block.
pub const INODES_PER_BLOCK: u32 = (BLOCK / INODE_SIZE) as u32;
/// Bytes per sector, the unit of `di_blocks`.
pub const SECTOR: u64 = 512;
/// Where the superblock lies, in bytes (`SBLOCK_UFS2`): the loader accepts no other place.
pub const SUPERBLOCK_OFFSET: u64 = 65536;
/// Bytes reserved for a superblock.
pub const SUPERBLOCK_SIZE: u64 = 8192;
/// The number of the root directory; 0 means none, 1 was for bad blocks.
pub const ROOT_INODE: u32 = 2;
/// Longest run of free blocks that is counted on its own.
pub const CLUSTER_SUMMARY: u32 = 16;
/// Bytes of the fixed part of a cylinder group, up to its maps.
pub const GROUP_HEADER: u32 = 168;
/// Bytes of one cylinder group's entry in the summary area.
pub const SUMMARY_SIZE: u64 = 16;
/// Percentage of space that only root may fill.
pub const MIN_FREE: u64 = 8;

/// Fragments before the backup superblock of each group: room for boot blocks in the first one.
pub const SUPERBLOCK_FRAG: u64 =
    (SUPERBLOCK_OFFSET + SUPERBLOCK_SIZE).div_ceil(FRAGMENT).next_multiple_of(FRAGS);
/// Where the cylinder group block lies within its group.
pub const GROUP_FRAG: u64 = SUPERBLOCK_FRAG + SUPERBLOCK_SIZE.div_ceil(FRAGMENT).next_multiple_of(FRAGS);
/// Where the inodes lie within their group.
pub const INODE_FRAG: u64 = GROUP_FRAG + FRAGS;

/// Fragments per inode: the default of `newfs`, and the densest that is tried for trees of many small files.
const DENSITIES: [u32; 2] = [2, 1];

/// How a file system of a given size is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Fragments of the whole file system; a multiple of [`FRAGS`].
    pub size: u64,
    /// Fragments per group; the last group may have fewer. A multiple of [`FRAGS`].
    pub frags_per_group: u64,
    /// Inodes per group.
    pub inodes_per_group: u32,
    /// Number of groups.
    pub groups: u32,
}

impl Layout {
    /// Divides `bytes` so that at least `inodes` files fit, or `None` if that cannot be.
    ///
    /// Unlike `newfs`, which wants four groups, groups are as large as one block of maps describes, even
    /// when the file system is smaller than one: images are grown on their first boot, and the summary area
    /// of a grown file system must still fit its place.
    pub fn new(bytes: u64, inodes: u64) -> Option<Self> {
        let size = bytes / BLOCK * FRAGS;
        DENSITIES
            .into_iter()
            .filter_map(|density| Self::with_density(size, density))
            .find(|layout| layout.inode_capacity() >= inodes)
    }

    fn with_density(size: u64, density: u32) -> Option<Self> {
        let mut frags_per_group = largest_group(density);
        // A last group too small for its own metadata gets blocks from the others.
        while frags_per_group > 0 {
            let layout = Self {
                size,
                frags_per_group,
                inodes_per_group: inodes_for(frags_per_group, density),
                groups: u32::try_from(size.div_ceil(frags_per_group)).ok()?,
            };
            let last = size % frags_per_group;
            let smallest = layout.metadata(0).end.next_multiple_of(FRAGS) + FRAGS;
            if smallest > frags_per_group.min(size) {
                return None;
            }
            if last == 0 || last >= smallest {
                return Some(layout);
            }
            frags_per_group -= FRAGS;
        }
        None
    }

    /// Where data starts within a group.
    pub fn data_frag(&self) -> u64 {
        INODE_FRAG + u64::from(self.inodes_per_group) * INODE_SIZE / FRAGMENT
    }

    /// First fragment of group `group`.
    pub fn group_start(&self, group: u32) -> u64 {
        u64::from(group) * self.frags_per_group
    }

    /// Fragments of group `group`.
    pub fn group_frags(&self, group: u32) -> u64 {
        self.frags_per_group.min(self.size - self.group_start(group))
    }

    /// How many files fit, by number.
    pub fn inode_capacity(&self) -> u64 {
        u64::from(self.inodes_per_group) * u64::from(self.groups) - u64::from(ROOT_INODE)
    }

    /// Where inode `inode` lies, in bytes.
    pub fn inode_offset(&self, inode: u32) -> u64 {
        let (group, index) = (inode / self.inodes_per_group, inode % self.inodes_per_group);
        (self.group_start(group) + INODE_FRAG) * FRAGMENT + u64::from(index) * INODE_SIZE
    }

    /// Fragments of the summary area, which opens the data of the first group.
    pub fn summary_frags(&self) -> u64 {
        (u64::from(self.groups) * SUMMARY_SIZE).div_ceil(FRAGMENT)
    }

    /// Bytes of a cylinder group block, in whole fragments.
    pub fn group_size(&self) -> u64 {
        group_bytes(self.frags_per_group, self.inodes_per_group).next_multiple_of(FRAGMENT)
    }

    /// The fragments of group `group`, counted within it, that its metadata occupies. The first group also
    /// holds boot blocks and summary area; in the others the room for boot blocks is free.
    pub fn metadata(&self, group: u32) -> Range<u64> {
        match group {
            0 => 0..self.data_frag() + self.summary_frags(),
            _ => SUPERBLOCK_FRAG..self.data_frag(),
        }
    }

    /// Whole blocks that can hold data.
    pub fn data_blocks(&self) -> u64 {
        (0..self.groups)
            .map(|group| {
                let metadata = self.metadata(group);
                (metadata.start + self.group_frags(group) - metadata.end.next_multiple_of(FRAGS)) / FRAGS
            })
            .sum()
    }
}

/// Inodes of a group of `frags` fragments, in whole blocks.
fn inodes_for(frags: u64, density: u32) -> u32 {
    (frags.div_ceil(u64::from(density)) as u32).next_multiple_of(INODES_PER_BLOCK)
}

/// Bytes that `CGSIZE` reserves for a group: header, maps of inodes, fragments and clusters, cluster sums.
fn group_bytes(frags: u64, inodes: u32) -> u64 {
    /// `sizeof(struct cg)`: the header, one byte of map, and padding.
    const STRUCT: u64 = 176;
    let maps = u64::from(inodes).div_ceil(8) + frags.div_ceil(8) + (frags / FRAGS).div_ceil(8);
    STRUCT + 4 + maps + u64::from(CLUSTER_SUMMARY) * 4
}

/// The most fragments whose group block still fits one block.
fn largest_group(density: u32) -> u64 {
    let fits = |blocks: u64| group_bytes(blocks * FRAGS, inodes_for(blocks * FRAGS, density)) <= BLOCK;
    // The maps alone bound the search: a block cannot describe more fragments than it has bits.
    let (mut low, mut high) = (0, BLOCK * 8 / FRAGS);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fits(middle) { low = middle } else { high = middle }
    }
    low * FRAGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_fill_their_block() {
        for density in DENSITIES {
            let frags = largest_group(density);
            assert!(group_bytes(frags, inodes_for(frags, density)) <= BLOCK);
            let next = frags + FRAGS;
            assert!(group_bytes(next, inodes_for(next, density)) > BLOCK);
        }
        assert_eq!(SUPERBLOCK_FRAG, 24);
        assert_eq!(GROUP_FRAG, 32);
        assert_eq!(INODE_FRAG, 40);
    }

    #[test]
    fn the_last_group_is_never_too_small() {
        for megabytes in (32..3000).step_by(7) {
            let layout = Layout::new(megabytes << 20, 100).unwrap();
            assert!(layout.size <= u64::from(layout.groups) * layout.frags_per_group);
            assert!(layout.size > (u64::from(layout.groups) - 1) * layout.frags_per_group);
            assert!(layout.group_frags(layout.groups - 1) > layout.data_frag());
        }
    }

    #[test]
    fn density_follows_the_number_of_files() {
        let few = Layout::new(1 << 30, 1000).unwrap();
        let many = Layout::new(1 << 30, few.inode_capacity() + 1).unwrap();
        assert!(many.inode_capacity() > few.inode_capacity());
        assert_eq!(Layout::new(1 << 30, 1 << 24), None);
        assert_eq!(Layout::new(1 << 20, 1), None);
    }
}
