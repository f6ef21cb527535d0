//! What `fsck_ffs` checks, checked again: every fragment belongs to one file or to none, and all counts agree.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::reader::{Inode, ROOT, Ufs, u16_at, u32_at, u64_at};

/// CRC-32C of each byte value, bit by bit.
static CRC32C: LazyLock<[u32; 256]> = LazyLock::new(|| {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
    std::array::from_fn(|byte| (0..8).fold(byte as u32, step))
});

/// CRC-32C without the final inversion.
fn crc32c(bytes: &[u8]) -> u64 {
    let table = &*CRC32C;
    let mut crc = u32::MAX;
    for byte in bytes {
        crc = crc >> 8 ^ table[usize::from(crc as u8 ^ byte)];
    }
    crc.into()
}

/// Checks the hash that the record holds at `at`.
fn check_hash(bytes: &[u8], at: usize, what: &str) {
    let mut zeroed = bytes.to_vec();
    zeroed[at..at + 4].fill(0);
    assert_eq!(crc32c(&zeroed), u32_at(bytes, at), "check hash of {what}");
}

fn bit(map: &[u8], index: u64) -> bool {
    map[(index / 8) as usize] >> (index % 8) & 1 == 1
}

/// Fails the test unless the file system is whole. Returns the number of inodes in use.
pub fn check(ufs: &Ufs) -> usize {
    check_superblocks(ufs);
    let inodes = used_inodes(ufs);
    check_names(ufs, &inodes);
    let used = used_frags(ufs, &inodes);
    check_groups(ufs, &inodes, &used);
    inodes.len()
}

fn check_superblocks(ufs: &Ufs) {
    let main = &ufs.superblock[..ufs.field(104) as usize];
    check_hash(main, 1304, "the superblock");
    assert_eq!((ufs.field64(992), ufs.field64(1000)), (65536, 65536), "the superblock knows its place");
    assert_eq!(main[209], 1, "the file system is clean");
    assert_eq!(ufs.field(1312) & 0x202, 0x202, "soft updates and check hashes");
    for group in 0..ufs.groups() {
        let offset = (group * ufs.frags_per_group() + ufs.field(8)) * ufs.frag_size();
        let backup = ufs.bytes(offset, main.len() as u64);
        check_hash(&backup, 1304, "a backup superblock");
        assert_eq!(u64_at(&backup, 992), offset);
        let same =
            |range: std::ops::Range<usize>| assert_eq!(backup[range.clone()], main[range], "backup {group}");
        same(0..992);
        same(1000..1304);
        same(1308..main.len());
    }
    let recovery = ufs.bytes(65536 - 20, 20);
    let note: Vec<u64> = (0..5).map(|index| u32_at(&recovery, index * 4)).collect();
    assert_eq!(note, [1372, 100, 8, 188, 44].map(|at| ufs.field(at)), "recovery note");
}

/// The block of group `group`.
fn group_block(ufs: &Ufs, group: u64) -> Vec<u8> {
    let offset = (group * ufs.frags_per_group() + ufs.field(12)) * ufs.frag_size();
    ufs.bytes(offset, ufs.field(160))
}

/// All inodes in use; checks on the way that the maps say the same.
fn used_inodes(ufs: &Ufs) -> BTreeMap<u32, Inode> {
    let mut inodes = BTreeMap::new();
    for group in 0..ufs.groups() {
        let block = group_block(ufs, group);
        let initialised = u32_at(&block, 120);
        assert!(initialised <= ufs.inodes_per_group());
        for index in 0..ufs.inodes_per_group() {
            let number = (group * ufs.inodes_per_group() + index) as u32;
            let in_map = bit(&block[u32_at(&block, 92) as usize..], index);
            if index >= initialised {
                assert!(!in_map, "inode {number} is in use but not initialised");
                continue;
            }
            let inode = ufs.inode(number);
            assert_eq!(in_map, inode.mode() != 0 || number < ROOT, "map of inode {number}");
            if inode.mode() == 0 {
                assert!(
                    inode.0[..80].iter().chain(&inode.0[84..]).all(|&byte| byte == 0),
                    "free inode {number}"
                );
                continue;
            }
            check_hash(&inode.0, 244, &format!("inode {number}"));
            inodes.insert(number, inode);
        }
    }
    inodes
}

/// Walks all directories: every inode is reached, as often as it says, under the type it has.
fn check_names(ufs: &Ufs, inodes: &BTreeMap<u32, Inode>) {
    let mut links = BTreeMap::<u32, u64>::new();
    let mut pending = vec![(ROOT, ROOT)];
    while let Some((number, parent)) = pending.pop() {
        let entries = ufs.entries(&inodes[&number]);
        let dots: Vec<_> = entries[..2].iter().map(|entry| (entry.name.as_slice(), entry.inode)).collect();
        assert_eq!(dots, [(b".".as_slice(), number), (b"..", parent)]);
        for (index, entry) in entries.iter().enumerate() {
            let target = inodes.get(&entry.inode).unwrap_or_else(|| panic!("{entry:?} names a free inode"));
            assert_eq!(u16::from(entry.kind), target.mode() >> 12, "type of {entry:?}");
            *links.entry(entry.inode).or_default() += 1;
            if index >= 2 && target.is_directory() {
                pending.push((entry.inode, number));
            }
        }
    }
    for (number, inode) in inodes {
        assert_eq!(links.get(number).copied().unwrap_or(0), inode.links(), "links of inode {number}");
    }
}

/// Which fragments are in use, by metadata or by exactly one file.
fn used_frags(ufs: &Ufs, inodes: &BTreeMap<u32, Inode>) -> Vec<bool> {
    let size = ufs.field64(1080);
    let mut used = vec![false; size as usize];
    let mut claim = |frag: u64, count: u64, who: &str| {
        for frag in frag..frag + count {
            assert!(frag < size, "{who} claims fragment {frag} beyond the end");
            assert!(!std::mem::replace(&mut used[frag as usize], true), "{who} claims fragment {frag} again");
        }
    };
    for group in 0..ufs.groups() {
        let start = group * ufs.frags_per_group();
        let first = if group == 0 { 0 } else { ufs.field(8) };
        claim(start + first, ufs.field(20) - first, "metadata");
    }
    let summary = (ufs.groups() * 16).next_multiple_of(ufs.frag_size());
    assert_eq!(ufs.field(156), summary);
    claim(ufs.field64(1096), summary / ufs.frag_size(), "summary area");
    for (number, inode) in inodes {
        let (data, indirect) = ufs.blocks(inode);
        let per_block = ufs.frags_per_block();
        let mut frags = 0;
        for (frag, count) in data.into_iter().chain(indirect.into_iter().map(|frag| (frag, per_block))) {
            assert!(frag % per_block + count <= per_block, "inode {number} crosses a block at {frag}");
            claim(frag, count, &format!("inode {number}"));
            frags += count;
        }
        assert_eq!(inode.sectors(), frags * ufs.frag_size() / 512, "sectors of inode {number}");
    }
    used
}

/// Maps and counts of every group, of the summary area and of the superblock.
fn check_groups(ufs: &Ufs, inodes: &BTreeMap<u32, Inode>, used: &[bool]) {
    let per_block = ufs.frags_per_block() as usize;
    let mut totals = [0; 4];
    for group in 0..ufs.groups() {
        let block = group_block(ufs, group);
        check_hash(&block, 132, &format!("group {group}"));
        let start = group * ufs.frags_per_group();
        let end = (start + ufs.frags_per_group()).min(used.len() as u64);
        let own = &used[start as usize..end as usize];
        assert_eq!(
            [4, 12, 20, 112, 116].map(|at| u32_at(&block, at)),
            [0x090255, group, own.len() as u64, (own.len() / per_block) as u64, ufs.inodes_per_group(),]
        );
        check_offsets(ufs, &block);

        let first = (group * ufs.inodes_per_group()) as u32;
        let here: Vec<_> = inodes.range(first..first + ufs.inodes_per_group() as u32).collect();
        let reserved = if group == 0 { 2 } else { 0 };
        let mut sums = [0; 8];
        let mut clusters = [0; 17];
        let (mut free_blocks, mut free_frags, mut run) = (0, 0, 0);
        let free_map = &block[u32_at(&block, 96) as usize..];
        let cluster_map = &block[u32_at(&block, 108) as usize..];
        for (number, frags) in own.chunks(per_block).enumerate() {
            for (index, &used) in frags.iter().enumerate() {
                let frag = number * per_block + index;
                assert_eq!(bit(free_map, frag as u64), !used, "map of fragment {frag} of group {group}");
            }
            let whole = frags.iter().all(|used| !used);
            assert_eq!(
                bit(cluster_map, number as u64),
                whole,
                "cluster map, block {number} of group {group}"
            );
            if whole {
                free_blocks += 1;
                run += 1;
            } else {
                free_frags += frags.iter().filter(|used| !**used).count() as u64;
                let runs = frags.split(|&used| used).filter(|run| !run.is_empty());
                runs.for_each(|run| sums[run.len()] += 1);
                clusters[usize::min(run, 16)] += 1;
                run = 0;
            }
        }
        clusters[usize::min(run, 16)] += 1;
        let counted: Vec<u64> = (1..8).map(|length| u32_at(&block, 52 + length * 4)).collect();
        assert_eq!(counted, sums[1..], "runs of fragments of group {group}");
        let at = u32_at(&block, 104) as usize;
        let counted: Vec<u64> = (1..17).map(|length| u32_at(&block, at + length * 4)).collect();
        assert_eq!(counted, clusters[1..], "runs of blocks of group {group}");

        let directories = here.iter().filter(|(_, inode)| inode.is_directory()).count() as u64;
        let free_inodes = ufs.inodes_per_group() - here.len() as u64 - reserved;
        let summary = [directories, free_blocks, free_inodes, free_frags];
        assert_eq!([24, 28, 32, 36].map(|at| u32_at(&block, at)), summary, "summary of group {group}");
        let area = ufs.bytes(ufs.field64(1096) * ufs.frag_size() + group * 16, 16);
        assert_eq!([0, 4, 8, 12].map(|at| u32_at(&area, at)), summary, "summary area, group {group}");
        totals.iter_mut().zip(summary).for_each(|(total, part)| *total += part);
    }
    assert_eq!([1008, 1016, 1024, 1032].map(|at| ufs.field64(at)), totals, "totals of the superblock");
    assert_eq!(u16_at(&ufs.superblock, 1040), 0, "fsck expects no count of clusters");
}

/// The maps of a group follow each other and fit.
fn check_offsets(ufs: &Ufs, block: &[u8]) {
    let [inodes, frags, end, sums, clusters] = [92, 96, 100, 104, 108].map(|at| u32_at(block, at));
    assert_eq!(inodes, 168);
    assert_eq!(frags, inodes + ufs.inodes_per_group().div_ceil(8));
    let maps = frags + ufs.frags_per_group().div_ceil(8);
    assert_eq!(sums, (maps - 4).next_multiple_of(4));
    assert_eq!(clusters, sums + 17 * 4);
    assert_eq!(end, clusters + (ufs.frags_per_group() / ufs.frags_per_block()).div_ceil(8));
    assert!(end <= ufs.field(160) && ufs.field(160) <= ufs.block_size());
}
