//! Which generation to go to: `3`, `+1`, `-1`.

use std::fmt;
use std::str::FromStr;

use super::Generation;

/// A generation, by its number or by its place from the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Number(u32),
    /// So many generations later, of those that are there.
    Later(usize),
    /// So many generations earlier, of those that are there.
    Earlier(usize),
}

impl Target {
    /// The number of the generation that is meant, which need not be there if it was given as such.
    pub fn of(self, generations: &[Generation]) -> Option<u32> {
        let current = || generations.iter().position(|generation| generation.is_current);
        let index = match self {
            Target::Number(number) => return Some(number),
            Target::Later(by) => current()?.checked_add(by)?,
            Target::Earlier(by) => current()?.checked_sub(by)?,
        };
        generations.get(index).map(|generation| generation.number)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Number(number) => write!(out, "{number}"),
            Target::Later(by) => write!(out, "+{by}"),
            Target::Earlier(by) => write!(out, "-{by}"),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "`{text}` is no generation: give its number, or `-1` for the one before the current one and `+1` for \
                 the one after it"
            )
        };
        let digits = text.trim_start_matches(['+', '-']);
        if digits.is_empty() || text.len() > digits.len() + 1 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let target = match text.as_bytes()[0] {
            b'+' => digits.parse().map(Target::Later),
            b'-' => digits.parse().map(Target::Earlier),
            _ => digits.parse().map(Target::Number),
        };
        target.map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::SystemTime;

    use super::*;

    /// Of generations 1, 4, 5 and 9, where the third is the current one.
    fn meant(text: &str) -> Option<u32> {
        let generation = |number| Generation {
            number,
            link: PathBuf::new(),
            created: SystemTime::UNIX_EPOCH,
            is_current: number == 5,
        };
        text.parse::<Target>().unwrap().of(&[1, 4, 5, 9].map(generation))
    }

    #[test]
    fn places_count_what_is_there() {
        assert_eq!(meant("4"), Some(4));
        assert_eq!(meant("7"), Some(7), "that it is missing is for the profile to say");
        assert_eq!(meant("-1"), Some(4));
        assert_eq!(meant("-2"), Some(1));
        assert_eq!(meant("-3"), None);
        assert_eq!(meant("+1"), Some(9));
        assert_eq!(meant("+2"), None);
        assert_eq!(meant("+0"), Some(5));
        assert_eq!(Target::Earlier(1).of(&[]), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "+", "--1", "1+", "+-1", "x", "1.5", "99999999999", "-99999999999999999999"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
