//! Store paths: the names of store items.
//!
//! A store path is `/frx/store/` + 32 base-32 digits + `-` + a name. The digits are a digest folded to 160
//! bits; [`crate::content_address`] computes it. The type here is *logical*: it always says `/frx/store`,
//! wherever the store physically lies (see `store::layout`).

mod name;

use std::fmt;
use std::str::FromStr;

use miette::Diagnostic;
use thiserror::Error;

use crate::hash::{Sha256, base32, compress_hash};

pub use name::{MAX_NAME_LEN, NameFault, check_name};

/// The logical store directory, part of the fingerprint of every path.
pub const STORE_DIR: &str = "/frx/store";

/// How many base-32 digits the hash part of a store path has.
pub const HASH_PART_LEN: usize = base32::encoded_len(DIGEST_LEN);

/// Length in bytes of the folded digest.
pub const DIGEST_LEN: usize = 20;

/// Why a text is no store path.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum StorePathError {
    /// Not directly below the store directory.
    #[error("`{path}` is not a store path")]
    #[diagnostic(help("store paths look like /frx/store/<32 letters and digits>-<name>"))]
    NotInStore { path: String },
    /// No 32 base-32 digits and `-` at the start of the base name.
    #[error("`{base_name}` does not start with the hash part of a store path")]
    #[diagnostic(help("expected 32 digits of 0-9 a-z without e, o, t and u, then `-` and a name"))]
    BadHashPart { base_name: String },
    /// A name the store does not allow.
    #[error("`{name}` cannot be the name of a store item: {fault}")]
    #[diagnostic(help(
        "names are made of letters, digits and + - . _ ? =, at most 211 of them; give another"
    ))]
    BadName { name: String, fault: NameFault },
}

/// A logical store path. Ordered by base name, which is the order of the paths as texts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorePath {
    base_name: Box<str>,
}

impl StorePath {
    /// Makes a path of its folded digest and its name.
    pub fn new(digest: &[u8; DIGEST_LEN], name: &str) -> Result<Self, StorePathError> {
        check_name(name).map_err(|fault| StorePathError::BadName { name: name.to_owned(), fault })?;
        Ok(StorePath { base_name: format!("{}-{name}", base32::encode(digest)).into() })
    }

    /// Makes the path whose fingerprint is `KIND:sha256:DIGEST:/frx/store:NAME`, as every kind of path is
    /// made (`makeStorePath` in Nix).
    pub fn from_fingerprint(kind: &str, digest: &Sha256, name: &str) -> Result<Self, StorePathError> {
        let fingerprint = format!("{kind}:sha256:{}:{STORE_DIR}:{name}", digest.hex());
        Self::new(&compress_hash(&Sha256::of(fingerprint)), name)
    }

    /// Reads an absolute logical path, `/frx/store/HASH-NAME`.
    pub fn from_absolute(path: &str) -> Result<Self, StorePathError> {
        path.strip_prefix(STORE_DIR)
            .and_then(|rest| rest.strip_prefix('/'))
            .filter(|base_name| !base_name.contains('/'))
            .ok_or_else(|| StorePathError::NotInStore { path: path.to_owned() })
            .and_then(Self::from_base_name)
    }

    /// Reads `HASH-NAME`.
    pub fn from_base_name(base_name: &str) -> Result<Self, StorePathError> {
        let (hash_part, name) = base_name
            .split_at_checked(HASH_PART_LEN)
            .and_then(|(hash_part, rest)| Some((hash_part, rest.strip_prefix('-')?)))
            .filter(|(hash_part, _)| hash_part.bytes().all(base32::is_digit))
            .ok_or_else(|| StorePathError::BadHashPart { base_name: base_name.to_owned() })?;
        debug_assert_eq!(hash_part.len(), HASH_PART_LEN);
        check_name(name).map_err(|fault| StorePathError::BadName { name: name.to_owned(), fault })?;
        Ok(StorePath { base_name: base_name.into() })
    }

    /// `HASH-NAME`.
    pub fn base_name(&self) -> &str {
        &self.base_name
    }

    /// The 32 digits that stand for the digest, by which references are found.
    pub fn hash_part(&self) -> &str {
        &self.base_name[..HASH_PART_LEN]
    }

    /// What follows the hash part.
    pub fn name(&self) -> &str {
        &self.base_name[HASH_PART_LEN + 1..]
    }

    /// Whether this is the path of a derivation.
    pub fn is_derivation(&self) -> bool {
        self.name().ends_with(".drv")
    }
}

/// The absolute logical path.
impl fmt::Display for StorePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{STORE_DIR}/{}", self.base_name)
    }
}

impl fmt::Debug for StorePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for StorePath {
    type Err = StorePathError;

    fn from_str(path: &str) -> Result<Self, StorePathError> {
        Self::from_absolute(path)
    }
}

impl serde::Serialize for StorePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for StorePath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/frx/store/4sb23qrd68rf8hsxc464fdqv72yrx5mc-fruix-1.0";

    #[test]
    fn splits_a_path_and_prints_it_again() {
        let path = StorePath::from_absolute(PATH).unwrap();
        assert_eq!(path.hash_part(), "4sb23qrd68rf8hsxc464fdqv72yrx5mc");
        assert_eq!(path.name(), "fruix-1.0");
        assert_eq!(path.to_string(), PATH);
        assert_eq!(StorePath::from_base_name(path.base_name()).unwrap(), path);
    }

    #[test]
    fn refuses_what_is_no_store_path() {
        let hash = "4sb23qrd68rf8hsxc464fdqv72yrx5mc";
        let cases = [
            String::from("/frx/store"),
            String::from("/frx/store/"),
            format!("/nix/store/{hash}-x"),
            format!("/frx/store/{hash}-x/bin"),
            format!("/frx/store/{hash}"),
            format!("/frx/store/{hash}-"),
            format!("/frx/store/{}-x", hash.replace('4', "e")),
            format!("/frx/store/{}é-x", &hash[..31]),
            format!("/frx/store/{hash}-a b"),
        ];
        for text in cases {
            assert!(StorePath::from_absolute(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn travels_through_json_as_its_text() {
        let path = StorePath::from_absolute(PATH).unwrap();
        let json = serde_json::to_string(&path).unwrap();
        assert_eq!(json, format!("\"{PATH}\""));
        assert_eq!(serde_json::from_str::<StorePath>(&json).unwrap(), path);
    }
}
