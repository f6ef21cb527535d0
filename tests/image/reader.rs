//! A reader of UFS2 that shares no code with the writer. Offsets are those of FreeBSD's `struct fs`, `struct cg`
//! and `struct ufs2_dinode`; what it reads it trusts no more than the tests need.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

pub const ROOT: u32 = 2;

/// An opened file system.
pub struct Ufs {
    file: File,
    offset: u64,
    pub superblock: Vec<u8>,
}

/// One inode as it lies on disk.
#[derive(Debug, Clone)]
pub struct Inode(pub Vec<u8>);

/// One name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: Vec<u8>,
    pub inode: u32,
    pub kind: u8,
}

pub fn u16_at(bytes: &[u8], at: usize) -> u64 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap()).into()
}

pub fn u32_at(bytes: &[u8], at: usize) -> u64 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()).into()
}

pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

impl Inode {
    pub fn mode(&self) -> u16 {
        u16_at(&self.0, 0) as u16
    }
    pub fn links(&self) -> u64 {
        u16_at(&self.0, 2)
    }
    pub fn owner(&self) -> (u64, u64) {
        (u32_at(&self.0, 4), u32_at(&self.0, 8))
    }
    pub fn size(&self) -> u64 {
        u64_at(&self.0, 16)
    }
    pub fn sectors(&self) -> u64 {
        u64_at(&self.0, 24)
    }
    pub fn mtime(&self) -> u64 {
        u64_at(&self.0, 40)
    }
    pub fn flags(&self) -> u64 {
        u32_at(&self.0, 88)
    }
    pub fn is_directory(&self) -> bool {
        self.mode() & 0o170000 == 0o040000
    }
    pub fn is_symlink(&self) -> bool {
        self.mode() & 0o170000 == 0o120000
    }
    pub fn is_inline(&self) -> bool {
        self.is_symlink() && self.size() < 120
    }
}

impl Ufs {
    /// The file system at byte `offset` of the disk `path`.
    pub fn open(path: &Path, offset: u64) -> Self {
        let file = File::open(path).unwrap();
        let mut ufs = Self { file, offset, superblock: Vec::new() };
        ufs.superblock = ufs.bytes(65536, 8192);
        assert_eq!(ufs.field(1372), 0x19540119, "no UFS2 superblock at 65536");
        ufs
    }

    /// `length` bytes of the partition.
    pub fn bytes(&self, at: u64, length: u64) -> Vec<u8> {
        let mut bytes = vec![0; length as usize];
        self.file.read_exact_at(&mut bytes, self.offset + at).unwrap();
        bytes
    }

    /// A 32-bit field of the superblock.
    pub fn field(&self, at: usize) -> u64 {
        u32_at(&self.superblock, at)
    }

    /// A 64-bit field of the superblock.
    pub fn field64(&self, at: usize) -> u64 {
        u64_at(&self.superblock, at)
    }

    pub fn block_size(&self) -> u64 {
        self.field(48)
    }
    pub fn frag_size(&self) -> u64 {
        self.field(52)
    }
    pub fn frags_per_block(&self) -> u64 {
        self.field(56)
    }
    pub fn groups(&self) -> u64 {
        self.field(44)
    }
    pub fn inodes_per_group(&self) -> u64 {
        self.field(184)
    }
    pub fn frags_per_group(&self) -> u64 {
        self.field(188)
    }

    pub fn inode(&self, number: u32) -> Inode {
        let (group, index) =
            (u64::from(number) / self.inodes_per_group(), u64::from(number) % self.inodes_per_group());
        let table = (group * self.frags_per_group() + self.field(16)) * self.frag_size();
        Inode(self.bytes(table + index * 256, 256))
    }

    /// Data blocks and indirect blocks of an inode: first fragment and number of fragments of each.
    pub fn blocks(&self, inode: &Inode) -> (Vec<(u64, u64)>, Vec<u64>) {
        let (mut data, mut indirect) = (Vec::new(), Vec::new());
        if inode.is_inline() {
            return (data, indirect);
        }
        let total = inode.size().div_ceil(self.block_size());
        for index in 0..total.min(12) {
            let rest = inode.size() - index * self.block_size();
            let frags = match rest {
                rest if rest >= self.block_size() || total > 12 => self.frags_per_block(),
                rest => rest.div_ceil(self.frag_size()),
            };
            data.push((u64_at(&inode.0, 112 + index as usize * 8), frags));
        }
        let mut left = total.saturating_sub(12);
        for level in 0..3 {
            let top = u64_at(&inode.0, 208 + level as usize * 8);
            assert_eq!(top != 0, left > 0, "indirect block of level {level}");
            if left > 0 {
                self.descend(top, level, &mut left, &mut data, &mut indirect);
            }
        }
        (data, indirect)
    }

    fn descend(
        &self,
        frag: u64,
        level: u32,
        left: &mut u64,
        data: &mut Vec<(u64, u64)>,
        indirect: &mut Vec<u64>,
    ) {
        indirect.push(frag);
        let block = self.bytes(frag * self.frag_size(), self.block_size());
        for at in (0..block.len()).step_by(8) {
            let next = u64_at(&block, at);
            assert_eq!(next != 0, *left > 0, "entry {} of indirect block {frag}", at / 8);
            match level {
                _ if *left == 0 => {}
                0 => {
                    data.push((next, self.frags_per_block()));
                    *left -= 1;
                }
                _ => self.descend(next, level - 1, left, data, indirect),
            }
        }
    }

    /// `length` bytes of a file from `start` on.
    pub fn read_part(&self, inode: &Inode, start: u64, length: u64) -> Vec<u8> {
        if inode.is_inline() {
            return inode.0[112 + start as usize..][..length as usize].to_vec();
        }
        let (data, _) = self.blocks(inode);
        let first = start / self.block_size();
        let last = (start + length).div_ceil(self.block_size());
        let mut bytes = Vec::new();
        for &(frag, frags) in &data[first as usize..last as usize] {
            bytes.extend(self.bytes(frag * self.frag_size(), frags * self.frag_size()));
        }
        let from = (start - first * self.block_size()) as usize;
        bytes[from..from + length as usize].to_vec()
    }

    pub fn read(&self, inode: &Inode) -> Vec<u8> {
        if inode.size() == 0 { Vec::new() } else { self.read_part(inode, 0, inode.size()) }
    }

    pub fn entries(&self, directory: &Inode) -> Vec<Entry> {
        let bytes = self.read(directory);
        assert_eq!(bytes.len() % 512, 0, "a directory consists of units of 512 bytes");
        let mut entries = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let (length, name) = (u16_at(&bytes, at + 4) as usize, usize::from(bytes[at + 7]));
            assert!(length >= 8 + name + 1 - (name + 1) % 4 && at % 512 + length <= 512, "entry at {at}");
            let inode = u32_at(&bytes, at) as u32;
            entries.push(Entry { name: bytes[at + 8..at + 8 + name].to_vec(), inode, kind: bytes[at + 6] });
            at += length;
        }
        entries
    }

    /// The inodes of all paths; symbolic links are not followed.
    pub fn paths(&self) -> BTreeMap<Vec<u8>, u32> {
        let mut paths = BTreeMap::from([(b"/".to_vec(), ROOT)]);
        let mut pending = vec![(b"/".to_vec(), ROOT)];
        while let Some((directory, number)) = pending.pop() {
            for entry in self.entries(&self.inode(number)).into_iter().skip(2) {
                let path = [directory.as_slice(), &entry.name].concat();
                if entry.kind == 4 {
                    pending.push(([path.as_slice(), b"/"].concat(), entry.inode));
                }
                paths.insert(path, entry.inode);
            }
        }
        paths
    }
}
