//! On-disk records with fields at fixed offsets, little-endian.

use super::super::crc::crc32c_raw;

/// A record under construction; what is not set is zero.
#[derive(Debug, Clone)]
pub struct Record(Vec<u8>);

impl Record {
    /// A record of `size` zero bytes.
    pub fn new(size: u64) -> Self {
        Self(vec![0; size as usize])
    }

    /// Sets the 32-bit field at `offset`.
    pub fn set32(&mut self, offset: u32, value: u32) {
        self.bytes_at(offset, 4).copy_from_slice(&value.to_le_bytes());
    }

    /// Sets the 64-bit field at `offset`.
    pub fn set64(&mut self, offset: u32, value: u64) {
        self.bytes_at(offset, 8).copy_from_slice(&value.to_le_bytes());
    }

    /// The `length` bytes at `offset`.
    pub fn bytes_at(&mut self, offset: u32, length: usize) -> &mut [u8] {
        &mut self.0[offset as usize..][..length]
    }

    /// Sets the bits `range` of the map at `offset`, counted from the lowest bit of its first byte.
    pub fn set_bits(&mut self, offset: u32, range: std::ops::Range<u32>) {
        for bit in range {
            self.0[(offset + bit / 8) as usize] |= 1 << (bit % 8);
        }
    }

    /// The bytes, with the check hash of all of them (itself taken as zero) at `offset`.
    pub fn sealed(mut self, offset: u32) -> Vec<u8> {
        let check = crc32c_raw(&self.0);
        self.set32(offset, check);
        self.0
    }
}
