//! From contents to store paths: the algorithms of Nix, with `/frx/store` as store directory.
//!
//! Each kind of path hashes a *fingerprint* (`KIND:sha256:HEX:/frx/store:NAME`) whose kind also lists the
//! references. An item whose path comes from its contents carries a [`ContentAddress`], by which anyone can
//! check that it is what its name says.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use miette::Diagnostic;
use thiserror::Error;

use crate::hash::{Sha256, base32};
use crate::store_path::{StorePath, StorePathError};

/// How the contents of a fixed output are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The bytes of one regular file.
    Flat,
    /// The NAR of a file, directory or symbolic link.
    Recursive,
}

impl Method {
    /// What derivations and content addresses write before the algorithm: `r:` for recursive.
    pub fn prefix(self) -> &'static str {
        match self {
            Method::Flat => "",
            Method::Recursive => "r:",
        }
    }
}

/// By what contents an item got its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentAddress {
    /// A text (a derivation, a generated file) that may refer to other items.
    Text(Sha256),
    /// A tree or file, hashed by the given method.
    Fixed(Method, Sha256),
}

impl ContentAddress {
    /// The path of the item called `name` with these contents.
    pub fn path(&self, name: &str, references: &BTreeSet<StorePath>) -> Result<StorePath, StorePathError> {
        match self {
            ContentAddress::Text(digest) => text_path(name, digest, references),
            ContentAddress::Fixed(method, digest) => fixed_output_path(name, *method, digest),
        }
    }
}

/// A text that is no content address.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("`{text}` is no content address")]
#[diagnostic(help("expected text:sha256:…, fixed:sha256:… or fixed:r:sha256:…"))]
pub struct ContentAddressError {
    pub text: String,
}

/// As in narinfo files: `text:sha256:B32`, `fixed:sha256:B32`, `fixed:r:sha256:B32`.
impl fmt::Display for ContentAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ContentAddress::Text(digest) => write!(out, "text:{digest}"),
            ContentAddress::Fixed(method, digest) => write!(out, "fixed:{}{digest}", method.prefix()),
        }
    }
}

impl FromStr for ContentAddress {
    type Err = ContentAddressError;

    fn from_str(text: &str) -> Result<Self, ContentAddressError> {
        let bad = || ContentAddressError { text: text.to_owned() };
        let (kind, digits) = text.split_once("sha256:").ok_or_else(bad)?;
        let digits = (digits.len() == base32::encoded_len(Sha256::LEN)).then_some(digits).ok_or_else(bad)?;
        let digest = Sha256::parse(digits).map_err(|_| bad())?;
        match kind {
            "text:" => Ok(ContentAddress::Text(digest)),
            "fixed:" => Ok(ContentAddress::Fixed(Method::Flat, digest)),
            "fixed:r:" => Ok(ContentAddress::Fixed(Method::Recursive, digest)),
            _ => Err(bad()),
        }
    }
}

impl serde::Serialize for ContentAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ContentAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The path of a text file with the given digest of its bytes.
pub fn text_path(
    name: &str,
    contents: &Sha256,
    references: &BTreeSet<StorePath>,
) -> Result<StorePath, StorePathError> {
    StorePath::from_fingerprint(&with_references("text", references), contents, name)
}

/// The path of a tree with the given digest of its NAR (recursive SHA-256: what `nix-store --add` makes).
pub fn source_path(
    name: &str,
    nar: &Sha256,
    references: &BTreeSet<StorePath>,
) -> Result<StorePath, StorePathError> {
    StorePath::from_fingerprint(&with_references("source", references), nar, name)
}

/// The path of the output of a fixed-output derivation. Recursive ones are named like sources, so that a
/// fetched tree and the same tree added by hand are one item.
pub fn fixed_output_path(name: &str, method: Method, digest: &Sha256) -> Result<StorePath, StorePathError> {
    match method {
        Method::Recursive => source_path(name, digest, &BTreeSet::new()),
        Method::Flat => {
            let inner = Sha256::of(format!("fixed:out:sha256:{}:", digest.hex()));
            StorePath::from_fingerprint("output:out", &inner, name)
        }
    }
}

/// The path of output `output` of a derivation called `name` whose hash modulo fixed outputs is `modulo`.
pub fn output_path(name: &str, output: &str, modulo: &Sha256) -> Result<StorePath, StorePathError> {
    StorePath::from_fingerprint(&format!("output:{output}"), modulo, &output_name(name, output))
}

/// The name of an output's item: the derivation's own for `out`, else with `-OUTPUT` added.
pub fn output_name(name: &str, output: &str) -> String {
    match output {
        "out" => name.to_owned(),
        _ => format!("{name}-{output}"),
    }
}

fn with_references(kind: &str, references: &BTreeSet<StorePath>) -> String {
    let mut text = kind.to_owned();
    for path in references {
        text.push(':');
        text.push_str(&path.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_addresses_read_back() {
        let digest = Sha256::of("x");
        for address in [
            ContentAddress::Text(digest),
            ContentAddress::Fixed(Method::Flat, digest),
            ContentAddress::Fixed(Method::Recursive, digest),
        ] {
            assert_eq!(address.to_string().parse(), Ok(address));
        }
        for text in ["", "text:sha256:", "fixed:md5:abc", &format!("other:{digest}"), "sha256:sha256:x"] {
            assert!(text.parse::<ContentAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn references_are_part_of_the_path() {
        let digest = Sha256::of("x");
        let plain = text_path("x", &digest, &BTreeSet::new()).unwrap();
        let referring = text_path("x", &digest, &BTreeSet::from([plain.clone()])).unwrap();
        assert_ne!(plain, referring);
    }

    #[test]
    fn outputs_are_named_after_their_derivation() {
        assert_eq!(output_name("world", "out"), "world");
        assert_eq!(output_name("world", "dev"), "world-dev");
    }
}
