//! Identifiers that are unique per image and yet the same in every run.
//!
//! GPT, FAT and UFS2 all want random identifiers. Drawing them would make every image differ, fixing them
//! would make two disks of one machine collide; so they are derived from a digest of what the image holds.

use crate::hash::{Hasher, Sha256};

/// What all identifiers of one image are derived from, usually a digest of the closure and the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed from a digest at hand.
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// A seed from any text that identifies the image.
    pub fn from_text(text: &str) -> Self {
        Self(*Sha256::of(text).as_bytes())
    }

    /// Thirty-two bytes that depend on the seed and on `purpose`.
    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut hasher = Hasher::new();
        for part in [b"fruix image identifier\0".as_slice(), &self.0, purpose.as_bytes()] {
            hasher.update(part);
        }
        *hasher.finish().as_bytes()
    }

    /// A UUID of version 8 (RFC 9562: contents up to the application), in the byte order of the RFC.
    pub(crate) fn uuid(&self, purpose: &str) -> [u8; 16] {
        let mut uuid = [0; 16];
        uuid.copy_from_slice(&self.derive(purpose)[..16]);
        uuid[6] = uuid[6] & 0x0f | 0x80;
        uuid[8] = uuid[8] & 0x3f | 0x80;
        uuid
    }

    /// A number that is never zero, since zero often means "none".
    pub(crate) fn number(&self, purpose: &str) -> u32 {
        let digest = self.derive(purpose);
        u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]).max(1)
    }

    /// A stream of numbers, none of them zero (SplitMix64): for per-inode values, where a digest each is too slow.
    pub(crate) fn numbers(&self, purpose: &str) -> impl Iterator<Item = u32> + use<> {
        let digest = self.derive(purpose);
        let mut state = digest[..8].iter().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z >> 32) as u32
        })
        .filter(|&number| number != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_seeds_are_told_apart() {
        let seed = Seed::from_text("a");
        assert_eq!(seed.uuid("disk"), Seed::from_text("a").uuid("disk"));
        assert_ne!(seed.uuid("disk"), seed.uuid("esp"));
        assert_ne!(seed.uuid("disk"), Seed::from_text("b").uuid("disk"));
        assert_eq!(seed.uuid("disk")[6] >> 4, 8);
        assert!(seed.numbers("inodes").take(1000).all(|n| n != 0));
    }
}
