//! Digests and their spellings.
//!
//! Everything the store names is named by a SHA-256 digest. This module holds the digest as a type of its
//! own, a streaming [`Hasher`], and the three spellings used around the store: hexadecimal (derivations and
//! fingerprints), Nix's base-32 (store paths, databases) and SRI (`sha256-…`, what people paste).

pub mod base32;
mod hasher;

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use miette::Diagnostic;
use thiserror::Error;

pub use hasher::{Hasher, HashingReader};

/// Why a text is no SHA-256 digest.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum HashError {
    /// Neither the length nor the prefix of a known spelling.
    #[error("`{text}` is no SHA-256 digest")]
    #[diagnostic(help("write it as 64 hexadecimal digits, as 52 digits of Nix's base-32, or as `sha256-…`"))]
    UnknownSpelling { text: String },
    /// The right length, but a character that the spelling does not have.
    #[error("`{text}` is no SHA-256 digest: it has a character that {spelling} does not use")]
    #[diagnostic(help("check that the digest was copied whole and unchanged"))]
    BadCharacter { text: String, spelling: &'static str },
}

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; Sha256::LEN]);

impl Sha256 {
    /// Length of a digest in bytes.
    pub const LEN: usize = 32;

    /// Takes the 32 bytes of a digest.
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Sha256(bytes)
    }

    /// The digest of `data`.
    pub fn of(data: impl AsRef<[u8]>) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(data.as_ref());
        hasher.finish()
    }

    /// The 32 bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits.
    pub fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
        digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
    }

    /// 52 digits of Nix's base-32.
    pub fn base32(&self) -> String {
        base32::encode(&self.0)
    }

    /// Subresource-integrity spelling: `sha256-` and padded base-64.
    pub fn sri(&self) -> String {
        format!("sha256-{}", BASE64.encode(self.0))
    }

    /// Reads any of the spellings: hexadecimal, base-32 (each also after `sha256:`) or SRI.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        if let Some(encoded) = text.strip_prefix("sha256-") {
            return Self::from_sri_part(text, encoded);
        }
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        match digits.len() {
            64 => Self::from_hex(digits),
            52 => Self::from_base32(digits),
            _ => Err(HashError::UnknownSpelling { text: text.to_owned() }),
        }
    }

    fn from_sri_part(text: &str, encoded: &str) -> Result<Self, HashError> {
        let bytes = BASE64
            .decode(encoded)
            .map_err(|_| HashError::BadCharacter { text: text.to_owned(), spelling: "base-64" })?;
        let bytes = bytes.try_into().map_err(|_| HashError::UnknownSpelling { text: text.to_owned() })?;
        Ok(Sha256(bytes))
    }

    fn from_hex(digits: &str) -> Result<Self, HashError> {
        let bad = || HashError::BadCharacter { text: digits.to_owned(), spelling: "hexadecimal" };
        let mut bytes = [0; Self::LEN];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
            let high = nibble(pair[0]).ok_or_else(bad)?;
            let low = nibble(pair[1]).ok_or_else(bad)?;
            *byte = high << 4 | low;
        }
        Ok(Sha256(bytes))
    }

    fn from_base32(digits: &str) -> Result<Self, HashError> {
        let bytes = base32::decode(digits)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| HashError::BadCharacter { text: digits.to_owned(), spelling: "base-32" })?;
        Ok(Sha256(bytes))
    }
}

impl FromStr for Sha256 {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        Self::parse(text)
    }
}

/// `sha256:` and base-32, the way databases and narinfo files spell a digest.
impl fmt::Display for Sha256 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "sha256:{}", self.base32())
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// As SRI, the spelling of Nix's JSON.
impl serde::Serialize for Sha256 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.sri())
    }
}

impl<'de> serde::Deserialize<'de> for Sha256 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Folds a digest to 160 bits by exclusive or, as the names of store paths do (`compressHash` in Nix).
pub fn compress_hash(digest: &Sha256) -> [u8; 20] {
    let mut folded = [0; 20];
    for (index, byte) in digest.as_bytes().iter().enumerate() {
        folded[index % 20] ^= byte;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-2, appendix B.1; the other spellings from `nix-hash --to-base32` and `nix hash to-sri`.
    const ABC_HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const ABC_BASE32: &str = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s";
    const ABC_SRI: &str = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    #[test]
    fn spells_a_digest_in_three_ways() {
        let digest = Sha256::of("abc");
        assert_eq!(digest.hex(), ABC_HEX);
        assert_eq!(digest.base32(), ABC_BASE32);
        assert_eq!(digest.sri(), ABC_SRI);
    }

    #[test]
    fn reads_every_spelling_back() {
        let digest = Sha256::of("abc");
        for text in [ABC_HEX, ABC_BASE32, ABC_SRI, &format!("sha256:{ABC_HEX}"), &digest.to_string()] {
            assert_eq!(Sha256::parse(text), Ok(digest), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_digest() {
        let cases = ["", "abc", &ABC_HEX[1..], &ABC_HEX.replace('a', "g"), &ABC_BASE32.replace('b', "e")];
        for text in cases {
            assert!(Sha256::parse(text).is_err(), "{text}");
        }
        assert!(Sha256::parse("sha256-ungWv48=").is_err(), "too short for a digest");
        assert!(Sha256::parse(&"é".repeat(32)).is_err(), "64 bytes that are no digits");
    }

    #[test]
    fn streaming_equals_hashing_at_once() {
        let data: Vec<u8> = (0..100_000u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut hasher = Hasher::new();
        data.chunks(777).for_each(|chunk| hasher.update(chunk));
        assert_eq!(hasher.bytes_seen(), 100_000);
        assert_eq!(hasher.finish(), Sha256::of(&data));
    }

    #[test]
    fn folding_uses_every_byte() {
        let mut bytes = [0; 32];
        bytes[0] = 1;
        bytes[20] = 2;
        bytes[31] = 4;
        let folded = compress_hash(&Sha256::from_bytes(bytes));
        assert_eq!((folded[0], folded[11]), (3, 4));
    }
}
