//! The contents of directories.
//!
//! A directory is a sequence of 512-byte units. No entry crosses a unit, and the last entry of each unit
//! claims the space that is left in it.

use super::inode::FileType;

/// Bytes per unit (`DIRBLKSIZ`).
pub const UNIT: usize = 512;

/// Bytes of an entry before its name: inode (4), length of the entry (2), type (1), length of the name (1).
const HEADER: usize = 8;

/// One name in a directory.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'n> {
    /// At most 255 bytes, neither NUL nor `/` in it.
    pub name: &'n [u8],
    /// What it names.
    pub inode: u32,
    /// The type of what it names.
    pub kind: FileType,
}

/// The contents of the directory `own` whose parent is `parent`.
pub fn encode<'n>(own: u32, parent: u32, entries: impl IntoIterator<Item = Entry<'n>>) -> Vec<u8> {
    let dots = [(b".".as_slice(), own), (b"..", parent)];
    let dots = dots.map(|(name, inode)| Entry { name, inode, kind: FileType::Directory });
    let mut bytes = Vec::new();
    let mut last = 0;
    for entry in dots.into_iter().chain(entries) {
        // The name ends with a NUL and is padded to a multiple of four.
        let length = (HEADER + entry.name.len() + 1).next_multiple_of(4);
        if bytes.len() % UNIT + length > UNIT || (bytes.len() % UNIT == 0 && !bytes.is_empty()) {
            close_unit(&mut bytes, last);
        }
        last = bytes.len();
        bytes.extend_from_slice(&entry.inode.to_le_bytes());
        bytes.extend_from_slice(&(length as u16).to_le_bytes());
        bytes.push(entry.kind.directory_code());
        bytes.push(entry.name.len() as u8);
        bytes.extend_from_slice(entry.name);
        bytes.resize(last + length, 0);
    }
    close_unit(&mut bytes, last);
    bytes
}

/// Fills the unit up and lets the entry at `last` claim what is left.
fn close_unit(bytes: &mut Vec<u8>, last: usize) {
    bytes.resize(bytes.len().next_multiple_of(UNIT), 0);
    let length = (bytes.len() - last) as u16;
    bytes[last + 4..last + 6].copy_from_slice(&length.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and inodes as the kernel walks them; checks the rules on units on the way.
    fn walk(bytes: &[u8]) -> Vec<(Vec<u8>, u32)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let length = usize::from(u16::from_le_bytes([bytes[at + 4], bytes[at + 5]]));
            let name = usize::from(bytes[at + 7]);
            assert!(length > HEADER + name && length % 4 == 0);
            assert!(at % UNIT + length <= UNIT, "entry at {at} crosses a unit");
            assert_eq!(bytes[at + HEADER + name], 0);
            let inode = u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
            found.push((bytes[at + HEADER..at + HEADER + name].to_vec(), inode));
            at += length;
        }
        assert_eq!(at, bytes.len());
        found
    }

    #[test]
    fn entries_of_every_length_stay_within_their_unit() {
        let names: Vec<Vec<u8>> = (0..3000).map(|i| vec![b'a' + (i % 26) as u8; 1 + i % 255]).collect();
        let entries =
            names.iter().zip(3..).map(|(name, inode)| Entry { name, inode, kind: FileType::Regular });
        let bytes = encode(2, 2, entries);
        let found = walk(&bytes);
        assert_eq!(found.len(), names.len() + 2);
        assert_eq!(found[1], (b"..".to_vec(), 2));
        assert!(found[2..].iter().map(|(name, _)| name).eq(&names));
    }

    #[test]
    fn units_that_are_exactly_full_are_closed() {
        // "." and ".." take 12 bytes each, the rest of the unit goes to names of 488 = 12 + 476 bytes.
        let names = [vec![b'x'; 3], vec![b'y'; 235], vec![b'z'; 223]];
        let entries = names.iter().map(|name| Entry { name, inode: 9, kind: FileType::Regular });
        let bytes = encode(2, 2, entries);
        assert_eq!(walk(&bytes).len(), 5);
    }

    #[test]
    fn an_empty_directory_is_one_unit() {
        assert_eq!(walk(&encode(7, 2, [])), [(b".".to_vec(), 7), (b"..".to_vec(), 2)]);
    }
}
