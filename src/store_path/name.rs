//! Which names a store item may have.

use std::fmt;

/// The longest allowed name, in bytes: with the hash part, `-`, and suffixes such as `.lock` or `.drv` added
/// by the store, a base name stays within the 255 bytes of a file name.
pub const MAX_NAME_LEN: usize = 211;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    Empty,
    TooLong,
    /// `.`, `..`, or one of them before a `-`: names that a careless tool takes for directories.
    Dots,
    Character(char),
}

impl fmt::Display for NameFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameFault::Empty => write!(out, "it is empty"),
            NameFault::TooLong => write!(out, "it is longer than {MAX_NAME_LEN} bytes"),
            NameFault::Dots => write!(out, "it starts like the directory `.` or `..`"),
            NameFault::Character(character) => write!(out, "it has the character {character:?}"),
        }
    }
}

/// Checks a name against Nix's alphabet, and against the dotted names that newer versions of Nix refuse.
pub fn check_name(name: &str) -> Result<(), NameFault> {
    if name.is_empty() {
        return Err(NameFault::Empty);
    }
    if name.len() > MAX_NAME_LEN {
        return Err(NameFault::TooLong);
    }
    if matches!(name.split('-').next(), Some("." | "..")) {
        return Err(NameFault::Dots);
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '?' | '=');
    match name.chars().find(|&c| !allowed(c)) {
        Some(character) => Err(NameFault::Character(character)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_alphabet() {
        for name in ["a", "A-z+0.9_?=", ".hidden", "-", "a..", &"x".repeat(MAX_NAME_LEN)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn names_the_fault() {
        assert_eq!(check_name(""), Err(NameFault::Empty));
        assert_eq!(check_name(&"x".repeat(MAX_NAME_LEN + 1)), Err(NameFault::TooLong));
        assert_eq!(check_name("a b"), Err(NameFault::Character(' ')));
        assert_eq!(check_name("a/b"), Err(NameFault::Character('/')));
        assert_eq!(check_name("grün"), Err(NameFault::Character('ü')));
        for name in [".", "..", ".-x", "..-x"] {
            assert_eq!(check_name(name), Err(NameFault::Dots), "{name}");
        }
    }
}
