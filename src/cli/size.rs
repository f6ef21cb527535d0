//! Sizes as people write them.

use std::str::FromStr;

/// A number of bytes, written as a number with an optional unit `K`, `M`, `G` or `T`, each 1024 times the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(u64);

impl Size {
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no size: write a number with K, M, G or T, such as 512M or 4G");
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let shift = match unit.to_ascii_uppercase().as_str() {
            "" => 0,
            "K" | "KIB" => 10,
            "M" | "MIB" => 20,
            "G" | "GIB" => 30,
            "T" | "TIB" => 40,
            _ => return Err(wrong()),
        };
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(1 << shift).map(Self).ok_or_else(wrong)
    }
}

/// A number of bytes for people.
pub fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// So many items, and the size of their archives.
pub fn amount(items: usize, bytes: u64) -> String {
    format!("{items} {}, {}", if items == 1 { "item" } else { "items" }, mebibytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        for (text, bytes) in
            [("0", 0), ("512", 512), ("3K", 3072), ("2m", 2 << 20), ("4GiB", 4 << 30), ("1T", 1 << 40)]
        {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "G", "-1G", "1.5G", "4X", "99999999999T", "4 G", "4iB", "4GiBiB"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
