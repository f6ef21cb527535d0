//! Which blocks and fragments every file gets.
//!
//! Full blocks follow each other from the start of the disk; the end of a small file goes into as few
//! fragments as it needs, in a block shared with other such ends. Directories, symbolic links and indirect
//! blocks come first, then the contents of files in the order of their inodes, so that the writer finds long
//! runs to write.

use super::inode::DIRECT;
use super::inode::FileType;
use super::inventory::Item;
use super::layout::{BLOCK, FRAGMENT, FRAGS, Layout};

/// Addresses in an indirect block.
pub const POINTERS: u64 = BLOCK / 8;

/// Where free blocks come from.
pub trait Blocks {
    /// The first fragment of a block that was free and now is not; `None` when there is none left.
    fn take_block(&mut self) -> Option<u64>;
    /// Notes that fragments of a block taken before are not needed (yet).
    fn release(&mut self, frag: u64, count: u64);
    /// Notes that fragments released before are needed now.
    fn reclaim(&mut self, frag: u64, count: u64);
}

/// Counts the blocks a placement needs, without bounds.
#[derive(Debug, Default)]
pub struct Counter {
    /// Blocks taken so far.
    pub blocks: u64,
}

impl Blocks for Counter {
    fn take_block(&mut self) -> Option<u64> {
        self.blocks += 1;
        Some(self.blocks * FRAGS)
    }

    fn release(&mut self, _: u64, _: u64) {}

    fn reclaim(&mut self, _: u64, _: u64) {}
}

/// The free map of a whole file system: one byte per block, one bit per fragment, set when free.
#[derive(Debug)]
pub struct FreeMap {
    bytes: Vec<u8>,
    /// No block before this one is free in full.
    next: usize,
}

impl FreeMap {
    /// The map of an empty file system.
    pub fn new(layout: &Layout) -> Self {
        let mut map = Self { bytes: vec![0xff; (layout.size / FRAGS) as usize], next: 0 };
        for group in 0..layout.groups {
            let metadata = layout.metadata(group);
            map.set(layout.group_start(group) + metadata.start, metadata.end - metadata.start, false);
        }
        map
    }

    /// The part of the map that covers `count` fragments from `frag` on, both multiples of [`FRAGS`].
    pub fn bytes(&self, frag: u64, count: u64) -> &[u8] {
        &self.bytes[(frag / FRAGS) as usize..((frag + count) / FRAGS) as usize]
    }

    fn set(&mut self, frag: u64, count: u64, free: bool) {
        for frag in frag..frag + count {
            let bit = 1 << (frag % FRAGS);
            let byte = &mut self.bytes[(frag / FRAGS) as usize];
            *byte = if free { *byte | bit } else { *byte & !bit };
        }
    }
}

impl Blocks for FreeMap {
    fn take_block(&mut self) -> Option<u64> {
        self.next += self.bytes[self.next..].iter().position(|&byte| byte == 0xff)?;
        self.bytes[self.next] = 0;
        self.next += 1;
        Some((self.next as u64 - 1) * FRAGS)
    }

    fn release(&mut self, frag: u64, count: u64) {
        self.set(frag, count, true);
    }

    fn reclaim(&mut self, frag: u64, count: u64) {
        self.set(frag, count, false);
    }
}

/// Adjoining blocks of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first fragment.
    pub frag: u64,
    /// How many fragments: full blocks, or the fewer that the end of a small file needs.
    pub count: u64,
}

/// Where one file lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its contents, in order.
    pub runs: Vec<Run>,
    /// Its indirect blocks, in the order in which [`super::indirect`] uses them.
    pub indirect: Vec<u64>,
}

impl Place {
    /// Fragments it holds.
    pub fn frags(&self) -> u64 {
        self.runs.iter().map(|run| run.count).sum::<u64>() + self.indirect.len() as u64 * FRAGS
    }

    /// The address of each of its blocks.
    pub fn addresses(&self) -> impl Iterator<Item = u64> + '_ {
        self.runs.iter().flat_map(|run| (run.frag..run.frag + run.count).step_by(FRAGS as usize))
    }
}

/// Places `items`; one place for each. `None` when `blocks` runs out.
pub fn place(items: &[Item], blocks: &mut impl Blocks) -> Option<Vec<Place>> {
    let mut allocator = Allocator { blocks, open: Default::default() };
    let mut places = vec![Place::default(); items.len()];
    for (item, place) in items.iter().zip(&mut places) {
        let count = indirect_blocks(item.stored_size().div_ceil(BLOCK));
        place.indirect = (0..count).map(|_| allocator.blocks.take_block()).collect::<Option<_>>()?;
        if item.kind != FileType::Regular {
            place.runs = allocator.runs(item.stored_size())?;
        }
    }
    for (item, place) in items.iter().zip(&mut places) {
        if item.kind == FileType::Regular {
            place.runs = allocator.runs(item.stored_size())?;
        }
    }
    Some(places)
}

/// How many indirect blocks a file of `blocks` blocks needs.
fn indirect_blocks(blocks: u64) -> u64 {
    let mut rest = blocks.saturating_sub(DIRECT as u64);
    let mut needed = 0;
    let mut reach = POINTERS;
    while rest > 0 {
        // A tree of this level: its leaves, their parents, and so on up to the one that the inode names.
        let here = rest.min(reach);
        let mut below = here;
        let mut width = reach;
        while width > 1 {
            below = below.div_ceil(POINTERS);
            width /= POINTERS;
            needed += below;
        }
        rest -= here;
        reach = reach.saturating_mul(POINTERS);
    }
    needed
}

/// Hands out runs of blocks and ends of blocks.
struct Allocator<'b, B> {
    blocks: &'b mut B,
    /// Starts of free fragments at the ends of shared blocks, by their number.
    open: [Vec<u64>; FRAGS as usize],
}

impl<B: Blocks> Allocator<'_, B> {
    /// Places `size` bytes.
    fn runs(&mut self, size: u64) -> Option<Vec<Run>> {
        let (full, tail) = split(size);
        let mut runs: Vec<Run> = Vec::new();
        for _ in 0..full {
            let frag = self.blocks.take_block()?;
            match runs.last_mut() {
                Some(run) if run.frag + run.count == frag => run.count += FRAGS,
                _ => runs.push(Run { frag, count: FRAGS }),
            }
        }
        if tail > 0 {
            runs.push(Run { frag: self.tail(tail)?, count: tail });
        }
        Some(runs)
    }

    /// `count` fragments of one block: of the fullest shared block that has as many, or else of a new one.
    fn tail(&mut self, count: u64) -> Option<u64> {
        let fitting = (count..FRAGS).find(|&free| !self.open[free as usize].is_empty());
        let (frag, free) = match fitting.and_then(|free| Some((self.open[free as usize].pop()?, free))) {
            Some((frag, free)) => {
                self.blocks.reclaim(frag, count);
                (frag, free)
            }
            None => {
                let frag = self.blocks.take_block()?;
                self.blocks.release(frag + count, FRAGS - count);
                (frag, FRAGS)
            }
        };
        if free > count {
            self.open[(free - count) as usize].push(frag + count);
        }
        Some(frag)
    }
}

/// The full blocks and the fragments of a last, partial one that `size` bytes take. Files that need indirect
/// blocks consist of full blocks only.
fn split(size: u64) -> (u64, u64) {
    let blocks = size.div_ceil(BLOCK);
    let frags = (size % BLOCK).div_ceil(FRAGMENT);
    if blocks > DIRECT as u64 || frags == 0 || frags == FRAGS { (blocks, 0) } else { (blocks - 1, frags) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_split_into_blocks_and_fragments() {
        assert_eq!(split(0), (0, 0));
        assert_eq!(split(1), (0, 1));
        assert_eq!(split(FRAGMENT * 7 + 1), (1, 0));
        assert_eq!(split(BLOCK + FRAGMENT + 1), (1, 2));
        assert_eq!(split(BLOCK * 11 + 1), (11, 1));
        assert_eq!(split(BLOCK * 12 + 1), (13, 0));
    }

    #[test]
    fn indirect_blocks_of_every_level() {
        assert_eq!(indirect_blocks(12), 0);
        assert_eq!(indirect_blocks(13), 1);
        assert_eq!(indirect_blocks(12 + POINTERS), 1);
        assert_eq!(indirect_blocks(12 + POINTERS + 1), 3);
        assert_eq!(indirect_blocks(12 + POINTERS + POINTERS + 1), 4);
        let double = POINTERS * POINTERS;
        assert_eq!(indirect_blocks(12 + POINTERS + double), 1 + 1 + POINTERS);
        assert_eq!(indirect_blocks(12 + POINTERS + double + 1), 1 + 1 + POINTERS + 3);
    }

    #[test]
    fn ends_of_files_share_blocks() {
        let mut counter = Counter::default();
        let mut allocator = Allocator { blocks: &mut counter, open: Default::default() };
        let frags: Vec<u64> = [5, 2, 1, 7, 3].iter().map(|&count| allocator.tail(count).unwrap()).collect();
        assert_eq!(frags, [8, 13, 15, 16, 24]);
        assert_eq!(counter.blocks, 3);
    }
}
