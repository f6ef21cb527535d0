//! Indirect blocks: the arrays of addresses through which a file reaches more blocks than its inode names.

use super::inode::{Addresses, DIRECT, INDIRECT};
use super::placement::{POINTERS, Place};

/// An indirect block to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// Its first fragment.
    pub frag: u64,
    /// The addresses in it; the rest of the block is zero.
    pub bytes: Vec<u8>,
}

/// The addresses for the inode of a file that lies at `place`, and its indirect blocks.
pub fn encode(place: &Place) -> (Addresses, Vec<Block>) {
    let addresses: Vec<u64> = place.addresses().collect();
    let (own, mut rest) = addresses.split_at(addresses.len().min(DIRECT));
    let mut direct = [0; DIRECT];
    direct[..own.len()].copy_from_slice(own);
    let mut builder = Builder { free: place.indirect.iter(), blocks: Vec::new() };
    let mut indirect = [0; INDIRECT];
    let mut reach = 1;
    for slot in &mut indirect {
        let (here, beyond) = rest.split_at(rest.len().min(reach * POINTERS as usize));
        if !here.is_empty() {
            *slot = builder.build(here, reach);
        }
        rest = beyond;
        reach *= POINTERS as usize;
    }
    (Addresses::Blocks { direct, indirect }, builder.blocks)
}

struct Builder<'p> {
    /// Blocks that were set aside for this file.
    free: std::slice::Iter<'p, u64>,
    blocks: Vec<Block>,
}

impl Builder<'_> {
    /// Makes the block that leads to `addresses`, each entry of which leads to `reach` of them, and all blocks
    /// below it. Returns where it lies.
    fn build(&mut self, addresses: &[u64], reach: usize) -> u64 {
        let frag = self.free.next().copied().unwrap_or_default();
        let below: Vec<u64> = if reach == 1 {
            addresses.to_vec()
        } else {
            addresses.chunks(reach).map(|part| self.build(part, reach / POINTERS as usize)).collect()
        };
        self.blocks.push(Block { frag, bytes: below.into_iter().flat_map(u64::to_le_bytes).collect() });
        frag
    }
}

#[cfg(test)]
mod tests {
    use super::super::placement::Run;
    use super::*;

    fn word(block: &Block, index: usize) -> u64 {
        u64::from_le_bytes(block.bytes[index * 8..index * 8 + 8].try_into().unwrap())
    }

    #[test]
    fn two_levels() {
        let blocks = 12 + POINTERS + POINTERS + 5;
        let place = Place {
            runs: vec![Run { frag: 800, count: blocks * 8 }],
            indirect: vec![1000, 2000, 3000, 4000],
        };
        let (addresses, written) = encode(&place);
        let Addresses::Blocks { direct, indirect } = addresses else { panic!("not inline") };
        assert_eq!((direct[0], direct[11]), (800, 888));
        assert_eq!(indirect, [1000, 2000, 0]);
        let by_frag = |frag| written.iter().find(|block| block.frag == frag).unwrap();
        assert_eq!(word(by_frag(1000), 0), 896);
        assert_eq!((word(by_frag(2000), 0), word(by_frag(2000), 1)), (3000, 4000));
        assert_eq!(by_frag(4000).bytes.len(), 5 * 8);
        assert_eq!(word(by_frag(4000), 4), 800 + (blocks - 1) * 8);
    }
}
