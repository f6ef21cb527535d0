//! FreeBSD's file system, UFS2: a tree becomes the extents of one partition.
//!
//! The format is that of `sys/ufs/ffs/fs.h`, `sys/ufs/ufs/dinode.h` and `sys/ufs/ufs/dir.h` of FreeBSD 13, with
//! soft updates and check hashes, as `newfs -U` makes it. Four steps: [`inventory`] numbers the inodes,
//! [`layout`] divides the partition, [`placement`] gives every file its blocks, and the modules named after
//! on-disk structures encode them.

mod cylinder_group;
mod directory;
mod indirect;
mod inode;
mod inventory;
mod layout;
mod placement;
mod record;
mod superblock;

use super::error::ImageError;
use super::extent::Extent;
use super::seed::Seed;
use super::tree::Tree;
use cylinder_group::{Group, Summary};
use inode::{Addresses, FileType, Inode};
use inventory::Item;
pub use layout::{BLOCK, Layout};
use layout::{FRAGMENT, GROUP_FRAG, ROOT_INODE, SUPERBLOCK_FRAG, SUPERBLOCK_OFFSET};
use placement::{Counter, FreeMap, Place};
pub use superblock::MAX_LABEL;
use superblock::Superblock;

/// What the reading of a file system has to know of the format.
pub mod on_disk {
    pub use super::directory::UNIT as DIRECTORY_UNIT;
    pub use super::inode::{DIRECT, FileType, INDIRECT};
    pub use super::layout::{INODE_SIZE, ROOT_INODE, SUPERBLOCK_OFFSET, SUPERBLOCK_SIZE};
    pub use super::superblock::{MAGIC, field};
}

/// A file system that knows what it will hold, but not yet how large it will be.
#[derive(Debug)]
pub struct FileSystem<'t> {
    items: Vec<Item<'t>>,
    /// Blocks that the items take, apart from their inodes.
    blocks: u64,
}

/// What a file system is called and known by.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'s> {
    /// Volume label (`/dev/ufs/LABEL`), at most [`MAX_LABEL`] bytes.
    pub label: &'s str,
    /// What identifiers are derived from.
    pub seed: &'s Seed,
    /// The time of making, in seconds since 1970.
    pub time: i64,
}

impl<'t> FileSystem<'t> {
    /// A file system for the files of `tree`.
    pub fn new(tree: &'t Tree) -> Result<Self, ImageError> {
        let items = inventory::take(tree)?;
        let mut counter = Counter::default();
        placement::place(&items, &mut counter);
        Ok(Self { items, blocks: counter.blocks })
    }

    /// Bytes that the contents of the files take in blocks.
    pub fn content_size(&self) -> u64 {
        self.blocks * BLOCK
    }

    /// Number of files, directories and symbolic links.
    pub fn file_count(&self) -> u64 {
        self.items.len() as u64
    }

    /// The division of a partition of `bytes`, or `None` if the files do not fit with `free` bytes left over.
    pub fn layout(&self, bytes: u64, free: u64) -> Option<Layout> {
        Layout::new(bytes, self.file_count())
            .filter(|layout| layout.data_blocks() >= self.blocks + free.div_ceil(BLOCK))
    }

    /// The smallest multiple of `unit` bytes that holds the files and `free` bytes more.
    pub fn size_for(&self, free: u64, unit: u64) -> u64 {
        let mut size = (self.content_size() + free).next_multiple_of(unit);
        // Metadata takes some 4%: a few dozen steps at most, the first of them large.
        while self.layout(size, free).is_none() {
            size += (size / 128).next_multiple_of(unit);
        }
        while size > unit && self.layout(size - unit, free).is_some() {
            size -= unit;
        }
        size
    }

    /// All extents of the file system, relative to its partition, and the bytes that stay free; `None` if the
    /// files do not fit into `layout`.
    pub fn extents(&'t self, layout: &Layout, identity: Identity) -> Option<(Vec<Extent<'t>>, u64)> {
        let mut free = FreeMap::new(layout);
        let places = placement::place(&self.items, &mut free)?;
        let mut extents = Vec::new();
        for (item, place) in self.items.iter().zip(&places) {
            contents(item, place, &mut extents);
        }
        self.inodes(&places, layout, identity.seed, &mut extents);
        let total = self.groups(&free, layout, identity, &mut extents);
        Some((extents, total.free_blocks * BLOCK + total.free_frags * FRAGMENT))
    }

    /// Inodes and indirect blocks.
    fn inodes(&self, places: &[Place], layout: &Layout, seed: &Seed, extents: &mut Vec<Extent>) {
        let generations = seed.numbers("ufs inode generations");
        for (((item, place), number), generation) in
            self.items.iter().zip(places).zip(ROOT_INODE..).zip(generations)
        {
            let addresses = match item.inline() {
                Some(target) => Addresses::Inline(target.to_vec()),
                None => {
                    let (addresses, blocks) = indirect::encode(place);
                    extents.extend(
                        blocks.into_iter().map(|block| Extent::owned(block.frag * FRAGMENT, block.bytes)),
                    );
                    addresses
                }
            };
            let inode = Inode {
                kind: item.kind,
                metadata: item.metadata,
                links: item.links,
                size: item.content.size(),
                frags: place.frags(),
                generation,
                addresses,
            };
            extents.push(Extent::owned(layout.inode_offset(number), inode.encode()));
        }
    }

    /// Cylinder groups, summary area, superblocks. Returns what is free in total.
    fn groups(
        &self,
        free: &FreeMap,
        layout: &Layout,
        identity: Identity,
        extents: &mut Vec<Extent>,
    ) -> Summary {
        let mut summaries = Vec::new();
        for number in 0..layout.groups {
            let group = self.group(number, free, layout);
            let offset = (layout.group_start(number) + GROUP_FRAG) * FRAGMENT;
            extents.push(Extent::owned(offset, group.encode(layout, identity.time)));
            summaries.push(group.summary(layout));
        }
        let area: Vec<u8> = summaries.iter().flat_map(Summary::encode).collect();
        extents.push(Extent::owned(layout.data_frag() * FRAGMENT, area));

        let superblock = Superblock {
            layout,
            total: summaries.iter().sum(),
            label: identity.label,
            id: ["ufs id 0", "ufs id 1"].map(|part| identity.seed.number(part)),
            time: identity.time,
        };
        let backups =
            (0..layout.groups).map(|group| (layout.group_start(group) + SUPERBLOCK_FRAG) * FRAGMENT);
        for offset in [SUPERBLOCK_OFFSET].into_iter().chain(backups) {
            extents.push(Extent::owned(offset, superblock.encode(offset)));
        }
        let (offset, note) = superblock.recovery();
        extents.push(Extent::owned(offset, note));
        superblock.total
    }

    fn group<'m>(&self, number: u32, free: &'m FreeMap, layout: &Layout) -> Group<'m> {
        // Inodes are used from the first one on without gaps, those below the root's being reserved.
        let first = u64::from(number) * u64::from(layout.inodes_per_group);
        let position = |inode: u64| inode.saturating_sub(ROOT_INODE.into()).min(self.file_count());
        let own = position(first)..position(first + u64::from(layout.inodes_per_group));
        let items = &self.items[own.start as usize..own.end as usize];
        let reserved = if number == 0 { ROOT_INODE } else { 0 };
        Group {
            number,
            free: free.bytes(layout.group_start(number), layout.group_frags(number)),
            used_inodes: reserved + items.len() as u32,
            directories: items.iter().filter(|item| item.kind == FileType::Directory).count() as u32,
        }
    }
}

/// The contents of one file.
fn contents<'t>(item: &'t Item, place: &Place, extents: &mut Vec<Extent<'t>>) {
    let size = item.stored_size();
    let mut start = 0;
    for run in &place.runs {
        let length = (run.count * FRAGMENT).min(size - start);
        extents.push(Extent::of_content(run.frag * FRAGMENT, &item.content, start, length));
        start += length;
    }
}
