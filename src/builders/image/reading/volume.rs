//! A UFS2 file system, as FreeBSD leaves it: not only as it was written here.

use std::collections::BTreeMap;

use super::ReadError;
use super::table::{partitions, u16_at, u32_at, u64_at};
use crate::builders::image::container::Source;
use crate::builders::image::gpt::PartitionType;
use crate::builders::image::ufs2::on_disk::{
    DIRECT, DIRECTORY_UNIT, FileType, INDIRECT, INODE_SIZE, MAGIC, ROOT_INODE, SUPERBLOCK_OFFSET,
    SUPERBLOCK_SIZE, field,
};

/// The most bytes of a directory, or of the target of a link, that are read.
const LARGEST_DIRECTORY: u64 = 64 << 20;
const LONGEST_TARGET: u64 = 1024;

/// Bytes of an entry of a directory before its name: inode (4), length of the entry (2), type (1), length of the name
/// (1).
const ENTRY_HEADER: usize = 8;

/// The file system of a disk.
pub struct Volume<'d> {
    disk: &'d Source,
    /// Where its partition begins, in bytes.
    offset: u64,
    /// Bytes per block, and per fragment.
    block: u64,
    frag: u64,
    /// Fragments of the whole file system, and of one group.
    frags: u64,
    frags_per_group: u64,
    /// Where the inodes of a group lie in it, in fragments.
    inode_frag: u64,
    inodes_per_group: u64,
    groups: u64,
    /// Links shorter than this lie in the inode.
    inline_link: u64,
}

/// The names in a directory.
pub struct Directory<'v> {
    volume: &'v Volume<'v>,
    path: String,
    entries: BTreeMap<Vec<u8>, u64>,
}

struct Inode {
    bytes: Vec<u8>,
}

impl Inode {
    fn kind(&self) -> Option<FileType> {
        FileType::of_mode(u16_at(&self.bytes, 0))
    }

    fn size(&self) -> u64 {
        u64_at(&self.bytes, 16)
    }

    /// The address of a block: of one of the first, or of an indirect one.
    fn address(&self, slot: usize) -> u64 {
        u64_at(&self.bytes, 112 + slot * 8)
    }
}

impl<'d> Volume<'d> {
    /// The first file system of a disk.
    pub fn of(disk: &'d Source) -> Result<Self, ReadError> {
        let no_file_system = || ReadError::NoFileSystem { image: disk.path().to_owned() };
        let (offset, size) =
            *partitions(disk, PartitionType::FreebsdUfs)?.first().ok_or_else(no_file_system)?;
        let mut superblock = vec![0; SUPERBLOCK_SIZE as usize];
        disk.read_at(&mut superblock, offset.saturating_add(SUPERBLOCK_OFFSET))?;
        if u32_at(&superblock, field::MAGIC as usize) != MAGIC {
            return Err(no_file_system());
        }
        let number = |at: u32| u64::from(u32_at(&superblock, at as usize));
        let volume = Self {
            disk,
            offset,
            block: number(field::BLOCK),
            frag: number(field::FRAGMENT),
            frags: u64_at(&superblock, field::TOTAL_FRAGS as usize),
            frags_per_group: number(field::FRAGS_PER_GROUP),
            inode_frag: number(field::INODE_FRAG),
            inodes_per_group: number(field::INODES_PER_GROUP),
            groups: number(field::GROUPS),
            inline_link: number(field::INLINE_SYMLINK).min(((DIRECT + INDIRECT) * 8) as u64),
        };
        match volume.is_sane(size) {
            true => Ok(volume),
            false => Err(volume.damaged("its superblock contradicts itself")),
        }
    }

    /// Whether sums and products of what the superblock says cannot run over, and nothing lies beyond `size` bytes.
    fn is_sane(&self, size: u64) -> bool {
        let sizes = (4096..=65536).contains(&self.block)
            && (512..=self.block).contains(&self.frag)
            && self.block.is_power_of_two()
            && self.frag.is_power_of_two()
            && self.block / self.frag <= 8;
        let inodes = self.inodes_per_group.saturating_mul(INODE_SIZE) / self.frag.max(1);
        sizes
            && self.frags.checked_mul(self.frag).is_some_and(|bytes| bytes <= size)
            && self.groups.checked_mul(self.frags_per_group).is_some_and(|frags| frags >= self.frags)
            && self.inodes_per_group > 0
            && self.inode_frag + inodes <= self.frags_per_group
    }

    fn damaged(&self, reason: impl Into<String>) -> ReadError {
        ReadError::Damaged { image: self.disk.path().to_owned(), reason: reason.into() }
    }

    /// `length` bytes from byte `start` of fragment `frag` on.
    fn bytes(&self, frag: u64, start: u64, length: u64) -> Result<Vec<u8>, ReadError> {
        let last = frag.saturating_add((start + length).div_ceil(self.frag));
        if last > self.frags {
            return Err(self.damaged(format!("fragment {frag} lies beyond its end")));
        }
        let mut bytes = vec![0; length as usize];
        self.disk.read_at(&mut bytes, self.offset + frag * self.frag + start)?;
        Ok(bytes)
    }

    fn inode(&self, number: u64) -> Result<Inode, ReadError> {
        let (group, index) = (number / self.inodes_per_group, number % self.inodes_per_group);
        if group >= self.groups || number < u64::from(ROOT_INODE) {
            return Err(self.damaged(format!("there is no inode {number}")));
        }
        let table = group * self.frags_per_group + self.inode_frag;
        Ok(Inode { bytes: self.bytes(table, index * INODE_SIZE, INODE_SIZE)? })
    }

    /// The directory at an absolute path that leads through directories only.
    pub fn directory(&self, path: &str) -> Result<Directory<'_>, ReadError> {
        let mut directory = self.entries("/", u64::from(ROOT_INODE))?;
        let mut walked = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            walked = format!("{walked}/{name}");
            let number = directory.inode_of(name)?;
            directory = self.entries(&walked, number)?;
        }
        Ok(directory)
    }

    fn entries(&self, path: &str, number: u64) -> Result<Directory<'_>, ReadError> {
        let inode = self.inode(number)?;
        self.expect(&inode, FileType::Directory, path)?;
        let bytes = self.contents(&inode, path, LARGEST_DIRECTORY)?;
        let broken = || self.damaged(format!("the directory `{path}` contradicts itself"));
        let mut entries = BTreeMap::new();
        for unit in bytes.chunks(DIRECTORY_UNIT) {
            let mut rest = unit;
            while !rest.is_empty() {
                let header = rest.get(..ENTRY_HEADER).ok_or_else(broken)?;
                let (length, name_length) = (usize::from(u16_at(header, 4)), usize::from(header[7]));
                if length < ENTRY_HEADER + name_length || length > rest.len() {
                    return Err(broken());
                }
                let inode = u32_at(header, 0);
                // An entry without an inode is free.
                if inode != 0 {
                    let name = rest[ENTRY_HEADER..ENTRY_HEADER + name_length].to_vec();
                    entries.insert(name, inode.into());
                }
                rest = &rest[length..];
            }
        }
        Ok(Directory { volume: self, path: path.to_owned(), entries })
    }

    fn expect(&self, inode: &Inode, expected: FileType, path: &str) -> Result<(), ReadError> {
        let name = |kind| match kind {
            Some(FileType::Directory) => "a directory",
            Some(FileType::Regular) => "a file",
            Some(FileType::Symlink) => "a symbolic link",
            None => "something else",
        };
        match inode.kind() {
            Some(kind) if kind == expected => Ok(()),
            found => Err(ReadError::Kind {
                image: self.disk.path().to_owned(),
                path: path.to_owned(),
                found: name(found),
                expected: name(Some(expected)),
            }),
        }
    }

    /// What a file, a directory or a long link holds, if that is no more than `limit` bytes.
    fn contents(&self, inode: &Inode, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let size = inode.size();
        if size > limit {
            let (image, path) = (self.disk.path().to_owned(), path.to_owned());
            return Err(ReadError::TooLarge { image, path, size, limit });
        }
        let mut bytes = Vec::new();
        for index in 0..size.div_ceil(self.block) {
            let length = self.block.min(size - index * self.block);
            match self.address(inode, index)? {
                // A hole.
                0 => bytes.resize(bytes.len() + length as usize, 0),
                frag => bytes.extend(self.bytes(frag, 0, length)?),
            }
        }
        Ok(bytes)
    }

    /// The address of block `index` of a file: 0 for a hole.
    fn address(&self, inode: &Inode, index: u64) -> Result<u64, ReadError> {
        let per_block = self.block / 8;
        let Some(mut index) = index.checked_sub(DIRECT as u64) else {
            return Ok(inode.address(index as usize));
        };
        // How many blocks one entry of the indirect block stands for.
        let mut reach = 1;
        for level in 0..INDIRECT {
            if index < reach * per_block {
                let mut frag = inode.address(DIRECT + level);
                while frag != 0 && reach > 0 {
                    let entry = self.bytes(frag, index / reach * 8, 8)?;
                    frag = u64_at(&entry, 0);
                    index %= reach;
                    reach /= per_block;
                }
                return Ok(frag);
            }
            index -= reach * per_block;
            reach *= per_block;
        }
        Err(self.damaged("a file is larger than a file can be"))
    }
}

impl Directory<'_> {
    /// Whether it has the name.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name.as_bytes())
    }

    fn inode_of(&self, name: &str) -> Result<u64, ReadError> {
        self.entries.get(name.as_bytes()).copied().ok_or_else(|| ReadError::Missing {
            image: self.volume.disk.path().to_owned(),
            path: self.place(name),
        })
    }

    fn place(&self, name: &str) -> String {
        format!("{}/{name}", self.path.trim_end_matches('/'))
    }

    /// What the file called `name` holds, if that is no more than `limit` bytes.
    pub fn read(&self, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let inode = self.volume.inode(self.inode_of(name)?)?;
        self.volume.expect(&inode, FileType::Regular, &self.place(name))?;
        self.volume.contents(&inode, &self.place(name), limit)
    }

    /// Where the symbolic link called `name` leads.
    pub fn read_link(&self, name: &str) -> Result<String, ReadError> {
        let inode = self.volume.inode(self.inode_of(name)?)?;
        let place = self.place(name);
        self.volume.expect(&inode, FileType::Symlink, &place)?;
        let target = match inode.size() {
            size if size < self.volume.inline_link => inode.bytes[112..112 + size as usize].to_vec(),
            _ => self.volume.contents(&inode, &place, LONGEST_TARGET)?,
        };
        String::from_utf8(target)
            .map_err(|_| self.volume.damaged(format!("the target of `{place}` is no text")))
    }
}
