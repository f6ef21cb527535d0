//! The two names of a file on FAT: its own, and one of eight and three characters.

use std::collections::BTreeSet;

/// UTF-16 units in one entry of a long name.
pub const UNITS_PER_SLOT: usize = 13;

/// The longest name in UTF-16 units.
const MAX_UNITS: usize = 255;

/// The names of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The short name, padded with spaces, without its dot.
    pub short: [u8; 11],
    /// The long name; empty where the short one says it all.
    pub long: Vec<u16>,
}

impl Names {
    /// How many directory entries the names take.
    pub fn slots(&self) -> u64 {
        1 + self.long.len().div_ceil(UNITS_PER_SLOT) as u64
    }
}

/// The names that a directory has already.
#[derive(Debug, Default)]
pub struct Taken {
    short: BTreeSet<[u8; 11]>,
    /// In upper case: FAT does not tell cases apart.
    long: BTreeSet<String>,
}

impl Taken {
    /// The names for a file that is to be called `name`, or the reason why it cannot be.
    pub fn add(&mut self, name: &[u8]) -> Result<Names, &'static str> {
        let name = str::from_utf8(name).map_err(|_| "its name is not UTF-8")?;
        if name.chars().any(|c| c.is_control() || "\"*/:<>?\\|".contains(c)) || name.ends_with(['.', ' ']) {
            return Err("its name has a character that FAT reserves");
        }
        let long: Vec<u16> = name.encode_utf16().collect();
        if long.len() > MAX_UNITS {
            return Err("its name is too long");
        }
        if !self.long.insert(name.to_uppercase()) {
            return Err("another name there differs only in case");
        }
        let (short, faithful) = shorten(name);
        if faithful && self.short.insert(short) {
            let exact = spell(&short) == name;
            return Ok(Names { short, long: if exact { Vec::new() } else { long } });
        }
        let free = (1..).map(|number| numbered(&short, number)).find(|short| !self.short.contains(short));
        let short = free.ok_or("the directory is full")?;
        self.short.insert(short);
        Ok(Names { short, long })
    }
}

/// A short form of `name`, and whether it lost nothing but case.
fn shorten(name: &str) -> ([u8; 11], bool) {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    };
    let mut short = [b' '; 11];
    let mut faithful = true;
    let (head, tail) = short.split_at_mut(8);
    for (part, text) in [(head, stem), (tail, extension)] {
        let mut slots = part.iter_mut();
        for character in text.chars() {
            let byte = match character {
                c if c.is_ascii_alphanumeric() || "!#$%&'()-@^_`{}~".contains(c) => {
                    c.to_ascii_uppercase() as u8
                }
                ' ' | '.' => {
                    faithful = false;
                    continue;
                }
                _ => {
                    faithful = false;
                    b'_'
                }
            };
            match slots.next() {
                Some(slot) => *slot = byte,
                None => faithful = false,
            }
        }
    }
    (short, faithful)
}

/// The short name with `~number` at the end of its stem.
fn numbered(short: &[u8; 11], number: u32) -> [u8; 11] {
    let suffix = format!("~{number}");
    let kept = short[..8].iter().take_while(|&&byte| byte != b' ').count().min(8 - suffix.len());
    let mut result = *short;
    result[kept..8].fill(b' ');
    result[kept..kept + suffix.len()].copy_from_slice(suffix.as_bytes());
    result
}

/// The short name as people write it.
fn spell(short: &[u8; 11]) -> String {
    let part = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let (stem, extension) = (part(&short[..8]), part(&short[8..]));
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<(String, bool)> {
        let mut taken = Taken::default();
        list.iter()
            .map(|name| taken.add(name.as_bytes()).unwrap())
            .map(|names| (spell(&names.short), names.long.is_empty()))
            .collect()
    }

    #[test]
    fn short_names_stay_as_they_are() {
        assert_eq!(names(&["BOOTX64.EFI", "EFI"]), [("BOOTX64.EFI".into(), true), ("EFI".into(), true)]);
    }

    #[test]
    fn others_get_a_short_name_of_their_own() {
        let made = names(&["loader.efi", "a longer name.conf", "a longer one.conf", ".hidden", "x.y.z"]);
        let short: Vec<&str> = made.iter().map(|(short, _)| short.as_str()).collect();
        assert_eq!(short, ["LOADER.EFI", "ALONGE~1.CON", "ALONGE~2.CON", "HIDDEN~1", "XY~1.Z"]);
        assert!(made.iter().all(|&(_, exact)| !exact));
    }
}
