//! Finding references to store paths in a stream of bytes.
//!
//! A reference is the hash part of a store path anywhere in the bytes of an item, its file names and link
//! targets included. The scanner looks for any of a set of candidates in one pass, whatever the pieces in
//! which the bytes arrive.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use crate::hash::base32;
use crate::store_path::{HASH_PART_LEN, StorePath};

/// The hash part of a store path, as it stands in the bytes.
type HashPart = [u8; HASH_PART_LEN];

/// A scan in progress. Also an [`io::Write`], so that an archive can be written through it.
pub struct ReferenceScanner {
    candidates: HashMap<HashPart, StorePath>,
    found: BTreeSet<StorePath>,
    /// The last bytes of what was seen, too few to hold a hash part.
    tail: Vec<u8>,
}

impl ReferenceScanner {
    /// Looks for any of `candidates`.
    pub fn new(candidates: impl IntoIterator<Item = StorePath>) -> Self {
        let candidates = candidates
            .into_iter()
            .filter_map(|path| Some((HashPart::try_from(path.hash_part().as_bytes()).ok()?, path)))
            .collect();
        ReferenceScanner { candidates, found: BTreeSet::new(), tail: Vec::new() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, data: &[u8]) {
        if self.candidates.is_empty() {
            return;
        }
        const OVERLAP: usize = HASH_PART_LEN - 1;
        let mut seam = std::mem::take(&mut self.tail);
        seam.extend_from_slice(&data[..data.len().min(OVERLAP)]);
        self.search(&seam);
        self.search(data);
        let end = if data.len() >= OVERLAP { data } else { &seam };
        self.tail = end[end.len().saturating_sub(OVERLAP)..].to_vec();
    }

    /// The candidates that were found.
    pub fn finish(self) -> BTreeSet<StorePath> {
        self.found
    }

    /// Looks for hash parts within `data`. As in Boyer-Moore, a window is read from its end: a byte that is no
    /// digit rules out all windows that contain it.
    fn search(&mut self, data: &[u8]) {
        let mut start = 0;
        // So many bytes at the start of the window are known to be digits.
        let mut known = 0;
        while let Some(window) = data.get(start..).and_then(|rest| rest.first_chunk::<HASH_PART_LEN>()) {
            match (known..HASH_PART_LEN).rev().find(|&index| !base32::is_digit(window[index])) {
                Some(index) => {
                    start += index + 1;
                    known = HASH_PART_LEN - 1 - index;
                }
                None => {
                    if let Some(path) = self.candidates.get(window) {
                        self.found.insert(path.clone());
                    }
                    start += 1;
                    known = HASH_PART_LEN - 1;
                }
            }
        }
    }
}

impl Write for ReferenceScanner {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.update(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(digit: char) -> StorePath {
        let hash: String = std::iter::repeat_n(digit, HASH_PART_LEN).collect();
        StorePath::from_base_name(&format!("{hash}-item")).unwrap()
    }

    fn scan(candidates: &[StorePath], pieces: &[&[u8]]) -> BTreeSet<StorePath> {
        let mut scanner = ReferenceScanner::new(candidates.iter().cloned());
        pieces.iter().for_each(|piece| scanner.update(piece));
        scanner.finish()
    }

    #[test]
    fn finds_a_reference_wherever_the_pieces_end() {
        let wanted = StorePath::from_base_name("4sb23qrd68rf8hsxc464fdqv72yrx5mc-x").unwrap();
        let text = format!("junk.junk\0{wanted}/bin\0");
        for first in 0..text.len() {
            for second in first..text.len() {
                let bytes = text.as_bytes();
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(scan(&[wanted.clone(), path('a')], &pieces), BTreeSet::from([wanted.clone()]));
            }
        }
    }

    #[test]
    fn finds_a_reference_byte_by_byte_and_within_longer_runs() {
        let wanted = path('a');
        let text = format!("bcd{}bcd", wanted.hash_part());
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(scan(std::slice::from_ref(&wanted), &pieces), BTreeSet::from([wanted]));
    }

    #[test]
    fn ignores_what_is_no_candidate_or_is_cut_short() {
        let text = format!("{} {}", path('b'), &path('a').hash_part()[1..]);
        assert_eq!(scan(&[path('a')], &[text.as_bytes()]), BTreeSet::new());
    }

    proptest::proptest! {
        /// Against the obvious search, on an alphabet that makes near misses likely.
        #[test]
        fn agrees_with_a_plain_search(text in "[a-b/]{0,40}(a{31,33}|b{32}|/)[a-b/]{0,80}", cut in 0usize..100) {
            let candidates = [path('a'), path('b')];
            let expected: BTreeSet<StorePath> =
                candidates.iter().filter(|path| text.contains(path.hash_part())).cloned().collect();
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            proptest::prop_assert_eq!(scan(&candidates, &[first, second]), expected);
        }
    }
}
