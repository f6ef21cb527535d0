//! Which generations are meant: `3`, `1..4`, `..4`, `6..`, `1,5..7`, `2w`, `old`.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use super::Generation;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A choice of generations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All but the current one.
    Old,
    /// Those that were made longer ago, but for the current one.
    OlderThan(Duration),
    /// Those with these numbers. Of a range, those that are there, but for the current one; a single number means that
    /// one.
    Numbers(Vec<RangeInclusive<u32>>),
}

impl Selection {
    /// The numbers of those that are meant. A single number is among them whether it is there or not.
    pub fn of(&self, generations: &[Generation], now: SystemTime) -> Vec<u32> {
        let chosen = |wanted: &dyn Fn(&Generation) -> bool| {
            let others = generations.iter().filter(|generation| !generation.is_current && wanted(generation));
            others.map(|generation| generation.number).collect::<Vec<_>>()
        };
        match self {
            Selection::Old => chosen(&|_| true),
            Selection::OlderThan(age) => {
                chosen(&|generation| now.duration_since(generation.created).is_ok_and(|since| since > *age))
            }
            Selection::Numbers(ranges) => {
                let mut numbers = Vec::new();
                for range in ranges {
                    match range.start() == range.end() {
                        true => numbers.push(*range.start()),
                        false => numbers.extend(chosen(&|generation| range.contains(&generation.number))),
                    }
                }
                numbers.sort_unstable();
                numbers.dedup();
                numbers
            }
        }
    }
}

impl FromStr for Selection {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "old" {
            return Ok(Selection::Old);
        }
        if let Some(age) = age(text) {
            return Ok(Selection::OlderThan(age));
        }
        let ranges: Option<Vec<_>> = text.split(',').map(range).collect();
        ranges.map(Selection::Numbers).ok_or_else(|| {
            format!(
                "`{text}` names no generations: write numbers as in `3`, `1..4`, `6..` or `1,5`, an age as in `20d`, \
                 `2w` or `6m`, or `old` for all but the current one"
            )
        })
    }
}

/// Days, weeks, or months of thirty days: `20d`, `2w`, `6m`.
pub fn age(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        _ => return None,
    };
    DAY.checked_mul(digits(number)?.checked_mul(days)?)
}

fn range(text: &str) -> Option<RangeInclusive<u32>> {
    let Some((from, to)) = text.split_once("..") else {
        let number = digits(text)?;
        return Some(number..=number);
    };
    let end = |text: &str, open| if text.is_empty() { Some(open) } else { digits(text) };
    let (from_number, to_number) = (end(from, 0)?, end(to, u32::MAX)?);
    (from_number <= to_number && !(from.is_empty() && to.is_empty())).then_some(from_number..=to_number)
}

/// Digits and nothing else: Rust would take `+1`.
fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const NOW: Duration = Duration::from_secs(1_000_000_000);

    /// Five generations, each ten days older than the next; the fourth is the current one.
    fn chosen(text: &str) -> Vec<u32> {
        let now = SystemTime::UNIX_EPOCH + NOW;
        let generations: Vec<_> = (1..=5)
            .map(|number| Generation {
                number,
                link: PathBuf::new(),
                created: now - DAY * 10 * (5 - number),
                is_current: number == 4,
            })
            .collect();
        text.parse::<Selection>().unwrap().of(&generations, now)
    }

    #[test]
    fn numbers_ranges_and_ages() {
        assert_eq!(chosen("3"), [3]);
        assert_eq!(chosen("4"), [4], "that it is the current one is for the profile to say");
        assert_eq!(chosen("9"), [9]);
        assert_eq!(chosen("1..4"), [1, 2, 3]);
        assert_eq!(chosen("..2"), [1, 2]);
        assert_eq!(chosen("3.."), [3, 5]);
        assert_eq!(chosen("5,1,1..2"), [1, 2, 5]);
        assert_eq!(chosen("old"), [1, 2, 3, 5]);
        assert_eq!(chosen("20d"), [1, 2]);
        assert_eq!(chosen("2w"), [1, 2, 3]);
        assert_eq!(chosen("1m"), [1]);
        assert_eq!(chosen("0d"), [1, 2, 3], "what is made this moment is not older");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "..",
            "4..1",
            "+1",
            "1,",
            "w",
            "2y",
            "-1",
            "1 ..4",
            "99999999999",
            "old,1",
            "é",
            "4294967295m",
        ] {
            assert!(text.parse::<Selection>().is_err(), "{text}");
        }
    }
}
