//! Inodes: the fixed-size records that describe files (`struct ufs2_dinode`).

use super::super::crc::crc32c_raw;
use super::super::tree::Metadata;
use super::layout::{FRAGMENT, INODE_SIZE, SECTOR};

/// Addresses of the first blocks of a file that an inode holds itself.
pub const DIRECT: usize = 12;
/// Addresses of indirect blocks, one per level.
pub const INDIRECT: usize = 3;
/// Symbolic links shorter than this lie in the inode, in place of the addresses (`fs_maxsymlinklen`).
pub const INLINE_SYMLINK: usize = (DIRECT + INDIRECT) * 8;

/// What kind of file an inode describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// A directory.
    Directory,
    /// A regular file.
    Regular,
    /// A symbolic link.
    Symlink,
}

impl FileType {
    /// The upper bits of `di_mode`.
    const fn mode(self) -> u16 {
        match self {
            Self::Directory => 0o040_000,
            Self::Regular => 0o100_000,
            Self::Symlink => 0o120_000,
        }
    }

    /// That of an inode with this `di_mode`, if it is one that systems are made of.
    pub fn of_mode(mode: u16) -> Option<Self> {
        [Self::Directory, Self::Regular, Self::Symlink]
            .into_iter()
            .find(|kind| kind.mode() == mode & 0o170_000)
    }

    /// The type as directory entries spell it.
    pub const fn directory_code(self) -> u8 {
        (self.mode() >> 12) as u8
    }
}

/// The addresses part of an inode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Addresses {
    /// Fragment numbers of the first blocks and of the indirect blocks; 0 means none.
    Blocks {
        /// The first blocks.
        direct: [u64; DIRECT],
        /// Single, double and triple indirect block.
        indirect: [u64; INDIRECT],
    },
    /// The target of a symbolic link shorter than [`INLINE_SYMLINK`].
    Inline(Vec<u8>),
}

/// Everything an inode records.
#[derive(Debug, Clone)]
pub struct Inode {
    /// Kind of file.
    pub kind: FileType,
    /// Owner, mode, flags, time.
    pub metadata: Metadata,
    /// Number of names.
    pub links: u16,
    /// Size in bytes.
    pub size: u64,
    /// Fragments it holds, indirect blocks included.
    pub frags: u64,
    /// Tells files apart that have one inode number after another; not zero.
    pub generation: u32,
    /// Where the contents lie.
    pub addresses: Addresses,
}

impl Inode {
    /// The record as it lies on disk, with its check hash.
    pub fn encode(&self) -> Vec<u8> {
        const CHECK_HASH: usize = 244;
        let Metadata { uid, gid, mode, flags, mtime } = self.metadata;
        let mut bytes = Vec::with_capacity(INODE_SIZE as usize);
        bytes.extend_from_slice(&(self.kind.mode() | mode & 0o7777).to_le_bytes());
        bytes.extend_from_slice(&self.links.to_le_bytes());
        bytes.extend_from_slice(&uid.to_le_bytes());
        bytes.extend_from_slice(&gid.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]); // di_blksize: unused
        bytes.extend_from_slice(&self.size.to_le_bytes());
        bytes.extend_from_slice(&(self.frags * (FRAGMENT / SECTOR)).to_le_bytes());
        for _ in ["access", "modification", "change", "birth"] {
            bytes.extend_from_slice(&mtime.to_le_bytes());
        }
        bytes.extend_from_slice(&[0; 16]); // nanoseconds of those
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]); // di_kernflags
        bytes.extend_from_slice(&flags.to_le_bytes());
        bytes.extend_from_slice(&[0; 20]); // no extended attributes
        match &self.addresses {
            Addresses::Blocks { direct, indirect } => {
                bytes.extend(direct.iter().chain(indirect).flat_map(|address| address.to_le_bytes()));
            }
            Addresses::Inline(target) => bytes.extend_from_slice(target),
        }
        bytes.resize(INODE_SIZE as usize, 0);
        let check = crc32c_raw(&bytes);
        bytes[CHECK_HASH..CHECK_HASH + 4].copy_from_slice(&check.to_le_bytes());
        bytes
    }
}
