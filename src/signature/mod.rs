//! Signatures by keys that have names: Ed25519, in the spelling of Nix.
//!
//! Everything is `NAME:BASE64` on one line: a public key has 32 bytes, a secret key 64 (the seed, then the public key),
//! and so has a signature. The name says which key made a signature, so that whoever trusts several knows which to try;
//! it proves nothing by itself.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use miette::Diagnostic;
use thiserror::Error;

/// Why a text is no key or signature.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum SpellingError {
    #[error("this is no {what}: it has no `:`")]
    #[diagnostic(help("a {what} is a name, `:` and base-64, on one line"))]
    NoName { what: &'static str },
    #[error("`{name}` cannot be the name of a key")]
    #[diagnostic(help("a name is made of letters, digits and `._-`, as in `build.example.org-1`"))]
    BadName { name: String },
    #[error("the {what} `{name}:…` is not whole: it has {found} bytes, and {expected} were expected")]
    #[diagnostic(help("see that it was copied whole, and that it is a {what}"))]
    Length { what: &'static str, name: String, found: usize, expected: usize },
    #[error("the {what} `{name}:…` is damaged")]
    #[diagnostic(help("see that it was copied whole and unchanged"))]
    Damaged { what: &'static str, name: String },
}

/// Why a signature does not vouch for what it came with.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum SignatureError {
    #[error("nothing signs it")]
    Missing,
    #[error("it is signed by {}, which is not trusted here", keys(signers))]
    #[diagnostic(help(
        "trusted: {}; if you trust the signer, give its public key, from where you trust it",
        keys(trusted)
    ))]
    Foreign { signers: Vec<String>, trusted: Vec<String> },
    #[error(
        "the signature by `{name}` is wrong: it was made for other contents, or with another key of that name"
    )]
    #[diagnostic(help(
        "what is signed was changed after it was signed, or the public key is not the signer's"
    ))]
    Wrong { name: String },
}

fn keys(names: &[String]) -> String {
    match names {
        [] => "no key".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}

/// What signs. Its spelling is a secret; nothing prints it but [`SecretKey::secret_text`].
pub struct SecretKey {
    name: String,
    key: SigningKey,
}

/// What tells whether a secret key made a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

/// What a key says of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: String,
    signature: ed25519_dalek::Signature,
}

impl SecretKey {
    /// The key whose seed is `seed`, which nobody else may know or guess.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, SpellingError> {
        Ok(Self { name: check_name(name)?.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// What others check its signatures with.
    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs `data`.
    pub fn sign(&self, data: &[u8]) -> Signature {
        Signature { name: self.name.clone(), signature: self.key.sign(data) }
    }

    /// Its spelling, for the file that keeps it.
    pub fn secret_text(&self) -> String {
        spell(&self.name, &self.key.to_keypair_bytes())
    }
}

impl FromStr for SecretKey {
    type Err = SpellingError;

    fn from_str(text: &str) -> Result<Self, SpellingError> {
        const WHAT: &str = "secret key";
        let (name, bytes) = read(WHAT, text)?;
        let key = SigningKey::from_keypair_bytes(&bytes)
            .map_err(|_| SpellingError::Damaged { what: WHAT, name: name.to_owned() })?;
        Ok(Self { name: name.to_owned(), key })
    }
}

impl PublicKey {
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for PublicKey {
    type Err = SpellingError;

    fn from_str(text: &str) -> Result<Self, SpellingError> {
        const WHAT: &str = "public key";
        let (name, bytes) = read(WHAT, text)?;
        let key = VerifyingKey::from_bytes(&bytes)
            .map_err(|_| SpellingError::Damaged { what: WHAT, name: name.to_owned() })?;
        Ok(Self { name: name.to_owned(), key })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spell(&self.name, self.key.as_bytes()))
    }
}

impl FromStr for Signature {
    type Err = SpellingError;

    fn from_str(text: &str) -> Result<Self, SpellingError> {
        let (name, bytes) = read("signature", text)?;
        Ok(Self { name: name.to_owned(), signature: ed25519_dalek::Signature::from_bytes(&bytes) })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spell(&self.name, &self.signature.to_bytes()))
    }
}

/// The trusted key that vouches for `data` by one of the signatures.
///
/// # Errors
/// None does: there is no signature, none by a trusted key, or one that is wrong.
pub fn check<'k>(
    data: &[u8],
    signatures: &[Signature],
    trusted: &'k [PublicKey],
) -> Result<&'k PublicKey, SignatureError> {
    let names = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect();
    let mut wrong = None;
    for signature in signatures {
        for key in trusted.iter().filter(|key| key.name == signature.name) {
            if key.key.verify_strict(data, &signature.signature).is_ok() {
                return Ok(key);
            }
            wrong = Some(signature.name.clone());
        }
    }
    Err(match wrong {
        Some(name) => SignatureError::Wrong { name },
        None if signatures.is_empty() => SignatureError::Missing,
        None => SignatureError::Foreign {
            signers: names(&mut signatures.iter().map(|signature| &signature.name)),
            trusted: names(&mut trusted.iter().map(|key| &key.name)),
        },
    })
}

fn check_name(name: &str) -> Result<&str, SpellingError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match !name.is_empty() && name.chars().all(is_plain) {
        true => Ok(name),
        false => Err(SpellingError::BadName { name: name.to_owned() }),
    }
}

fn spell(name: &str, bytes: &[u8]) -> String {
    format!("{name}:{}", BASE64.encode(bytes))
}

/// The name and the bytes of a spelling. What is wrong is said without what may be a secret.
fn read<'t, const N: usize>(what: &'static str, text: &'t str) -> Result<(&'t str, [u8; N]), SpellingError> {
    let (name, encoded) = text.trim().split_once(':').ok_or(SpellingError::NoName { what })?;
    let name = check_name(name)?;
    let bytes = BASE64.decode(encoded).map_err(|_| SpellingError::Damaged { what, name: name.to_owned() })?;
    let found = bytes.len();
    let bytes = bytes.try_into().map_err(|_| SpellingError::Length {
        what,
        name: name.to_owned(),
        found,
        expected: N,
    })?;
    Ok((name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, seed: u8) -> SecretKey {
        SecretKey::from_seed(name, &[seed; 32]).unwrap()
    }

    /// The first test vector of RFC 8032, in the spelling of Nix.
    #[test]
    fn spellings_and_signatures_are_those_of_others() {
        let seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
        let public = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        let seed: [u8; 32] = BASE64.decode(seed).unwrap().try_into().unwrap();
        let key = SecretKey::from_seed("rfc-1", &seed).unwrap();
        assert_eq!(key.public().to_string(), format!("rfc-1:{public}"));
        assert_eq!(
            key.sign(b"").to_string(),
            "rfc-1:5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw=="
        );
    }

    #[test]
    fn keys_and_signatures_survive_being_written_and_read() {
        let secret = key("here-1", 7);
        let read: SecretKey = format!("{}\n", secret.secret_text()).parse().unwrap();
        assert_eq!(read.public(), secret.public());
        assert_eq!(secret.public().to_string().parse(), Ok(secret.public()));
        let signature = secret.sign(b"data");
        assert_eq!(signature.to_string().parse(), Ok(signature));
    }

    #[test]
    fn a_signature_vouches_for_what_was_signed_and_nothing_else() {
        let (secret, other, namesake) = (key("a", 1), key("b", 2), key("a", 3));
        let signatures = [other.sign(b"data"), secret.sign(b"data")];
        let trusted = [secret.public()];
        assert_eq!(check(b"data", &signatures, &trusted).unwrap().name(), "a");
        assert_eq!(check(b"date", &signatures, &trusted), Err(SignatureError::Wrong { name: "a".into() }));
        assert_eq!(
            check(b"data", &signatures, &[namesake.public()]),
            Err(SignatureError::Wrong { name: "a".into() })
        );
        assert_eq!(check(b"data", &[], &trusted), Err(SignatureError::Missing));
        let foreign = check(b"data", &signatures[..1], &trusted).unwrap_err();
        assert_eq!(foreign.to_string(), "it is signed by `b`, which is not trusted here");
        // A key that was replaced by one of the same name still vouches for what is older.
        assert!(check(b"data", &signatures, &[namesake.public(), secret.public()]).is_ok());
    }

    #[test]
    fn what_is_no_key_is_said_without_the_secret() {
        let said = |text: &str| text.parse::<SecretKey>().err().unwrap().to_string();
        assert_eq!(said("AAAA"), "this is no secret key: it has no `:`");
        assert_eq!(said("a b:AAAA"), "`a b` cannot be the name of a key");
        assert_eq!(said("a:AAAA"), "the secret key `a:…` is not whole: it has 3 bytes, and 64 were expected");
        assert_eq!(said("a:%"), "the secret key `a:…` is damaged");
        let mismatched = [[1; 32], [2; 32]].concat();
        assert_eq!(said(&spell("a", &mismatched)), "the secret key `a:…` is damaged");
        assert!(key("a", 1).public().to_string().parse::<SecretKey>().is_err());
    }
}
