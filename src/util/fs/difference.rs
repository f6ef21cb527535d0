//! Where the contents of two files differ.

use std::io::Read;
use std::path::Path;

use super::{FsError, Operation, PathContext as _};

/// How much of two files is compared at a time.
const PIECE: usize = 64 * 1024;

/// The first byte in which the contents of two files differ, or of parts of them; where one is the beginning of the other,
/// its end. `None` where they are the same. Their paths are for errors.
pub fn first_difference(
    (mut one, first): (impl Read, &Path),
    (mut other, second): (impl Read, &Path),
) -> Result<Option<u64>, FsError> {
    let (mut left, mut right) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    let mut offset = 0;
    loop {
        read_piece(&mut one, first, &mut left)?;
        read_piece(&mut other, second, &mut right)?;
        if left != right {
            let same = left.iter().zip(&right).take_while(|(one, other)| one == other).count();
            return Ok(Some(offset + same as u64));
        }
        if left.is_empty() {
            return Ok(None);
        }
        offset += left.len() as u64;
    }
}

/// Reads the next bytes of a file in place of what `piece` holds: fewer than [`PIECE`] only at its end.
fn read_piece(file: &mut impl Read, path: &Path, piece: &mut Vec<u8>) -> Result<(), FsError> {
    piece.clear();
    file.take(PIECE as u64).read_to_end(piece).map(drop).at(Operation::Read, path)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    #[test]
    fn tells_the_first_byte_or_the_end_of_the_shorter() {
        let directory = tempfile::tempdir().unwrap();
        let (one, two) = (directory.path().join("one"), directory.path().join("two"));
        let long = vec![7; 2 * PIECE + 10];
        let changed_at = |place: usize| {
            let mut changed = long.clone();
            changed[place] = 8;
            changed
        };
        let cases: [(&[u8], &[u8], Option<usize>); 8] = [
            (b"", b"", None),
            (b"abc", b"abc", None),
            (&long, &long, None),
            (b"", b"a", Some(0)),
            (b"abc", b"abcdef", Some(3)),
            (b"abc", b"xbc", Some(0)),
            (&long, &changed_at(PIECE), Some(PIECE)),
            (&long, &long[..PIECE], Some(PIECE)),
        ];
        for (first, second, expected) in cases {
            fs::write(&one, first).unwrap();
            fs::write(&two, second).unwrap();
            let (first, second) = (File::open(&one).unwrap(), File::open(&two).unwrap());
            let found = first_difference((&first, &one), (&second, &two)).unwrap();
            assert_eq!(found, expected.map(|place| place as u64));
        }
        let opened = File::open(directory.path()).unwrap();
        let error = first_difference((&opened, &one), (&opened, &two)).unwrap_err();
        assert_eq!(error.path, one, "what cannot be read is named");
    }
}
