//! How a host takes a VHD off a connection: once through, without going back, writing what is there to the disk.

use std::collections::BTreeMap;
use std::io::{self, Read};

/// A reader that counts.
pub struct Counted<R> {
    inner: R,
    pub count: u64,
}

impl<R: Read> Counted<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, count: 0 }
    }

    fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.inner.read_exact(&mut bytes)?;
        self.count += length as u64;
        Ok(bytes)
    }

    /// Skips to a place, which must not have been passed.
    fn skip_to(&mut self, place: u64) -> io::Result<()> {
        let distance = place.checked_sub(self.count).expect("the image is in the order of its parts");
        self.count += io::copy(&mut self.inner.by_ref().take(distance), &mut io::sink())?;
        if self.count == place { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The complement of the sum of all bytes but those of the sum itself.
fn assert_sum(record: &[u8], place: usize) {
    let sum: u32 = record.iter().map(|&byte| u32::from(byte)).sum();
    let own: u32 = record[place..place + 4].iter().map(|&byte| u32::from(byte)).sum();
    assert_eq!(number(&record[place..place + 4]) as u32, !(sum - own), "check sum");
}

/// Writes a dynamic VHD to the disk. What is wrong with the image fails the test; that it ends early does not.
pub fn receive(stream: &mut Counted<impl Read>, disk: &mut [u8]) -> io::Result<()> {
    let footer = stream.exactly(512)?;
    assert_eq!((&footer[..8], number(&footer[60..64])), (b"conectix".as_slice(), 3));
    assert_eq!(number(&footer[48..56]), disk.len() as u64, "the image is as large as the disk");
    assert_sum(&footer, 64);
    stream.skip_to(number(&footer[16..24]))?;
    let header = stream.exactly(1024)?;
    assert_eq!((&header[..8], number(&header[8..16])), (b"cxsparse".as_slice(), u64::MAX));
    assert_sum(&header, 36);
    let (entries, block) = (number(&header[28..32]) as usize, number(&header[32..36]) as usize);
    assert_eq!(block, 2 << 20);
    assert_eq!(entries, disk.len().div_ceil(block));
    stream.skip_to(number(&header[16..24]))?;
    let table = stream.exactly(entries * 4)?;
    let places: BTreeMap<u64, usize> = (0..entries)
        .map(|index| (number(&table[index * 4..][..4]), index))
        .filter(|(place, _)| *place != u64::from(u32::MAX))
        .collect();
    for (place, index) in places {
        stream.skip_to(place * 512)?;
        let bitmap = stream.exactly(512)?;
        let data = stream.exactly(block)?;
        for sector in 0..block / 512 {
            if bitmap[sector / 8] & (0x80 >> (sector % 8)) != 0 {
                // Beyond the end, the real one fails as this does.
                disk[index * block + sector * 512..][..512].copy_from_slice(&data[sector * 512..][..512]);
            }
        }
    }
    let gap = stream.exactly(512)?;
    assert_eq!(gap, footer, "the footer ends the image");
    Ok(())
}
