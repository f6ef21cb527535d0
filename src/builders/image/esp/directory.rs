//! Entries of FAT directories.

use super::name::{Names, UNITS_PER_SLOT};

/// Bytes of an entry.
pub const ENTRY: u64 = 32;

/// Attributes.
const VOLUME_LABEL: u8 = 0x08;
const DIRECTORY: u8 = 0x10;
const ARCHIVE: u8 = 0x20;
const LONG_NAME: u8 = 0x0f;

/// Appends the entry of the volume label.
pub fn push_label(bytes: &mut Vec<u8>, label: &[u8; 11], mtime: i64) {
    push_short(bytes, label, VOLUME_LABEL, 0, 0, mtime);
}

/// Appends `.` and `..`.
pub fn push_dots(bytes: &mut Vec<u8>, own: u32, parent: u32, mtime: i64) {
    push_short(bytes, b".          ", DIRECTORY, own, 0, mtime);
    push_short(bytes, b"..         ", DIRECTORY, parent, 0, mtime);
}

/// Appends a file of `size` bytes, or a directory, that starts at `cluster`.
pub fn push(bytes: &mut Vec<u8>, names: &Names, cluster: u32, size: Option<u64>, mtime: i64) {
    push_long(bytes, names);
    let attributes = if size.is_some() { ARCHIVE } else { DIRECTORY };
    push_short(bytes, &names.short, attributes, cluster, size.unwrap_or(0) as u32, mtime);
}

fn push_short(bytes: &mut Vec<u8>, name: &[u8; 11], attributes: u8, cluster: u32, size: u32, mtime: i64) {
    let (date, time) = dos_time(mtime);
    let cluster = cluster.to_le_bytes();
    bytes.extend_from_slice(name);
    bytes.extend_from_slice(&[attributes, 0, 0]);
    bytes.extend_from_slice(&time.to_le_bytes()); // creation
    bytes.extend_from_slice(&date.to_le_bytes());
    bytes.extend_from_slice(&date.to_le_bytes()); // access
    bytes.extend_from_slice(&cluster[2..]);
    bytes.extend_from_slice(&time.to_le_bytes()); // modification
    bytes.extend_from_slice(&date.to_le_bytes());
    bytes.extend_from_slice(&cluster[..2]);
    bytes.extend_from_slice(&size.to_le_bytes());
}

/// Appends the entries of the long name, the last part first.
fn push_long(bytes: &mut Vec<u8>, names: &Names) {
    let check = names.short.iter().fold(0u8, |sum, &byte| sum.rotate_right(1).wrapping_add(byte));
    for (index, part) in names.long.chunks(UNITS_PER_SLOT).enumerate().rev() {
        let last = (index + 1) * UNITS_PER_SLOT >= names.long.len();
        // A NUL ends a name that leaves room; ones fill the rest.
        let mut units = [u16::MAX; UNITS_PER_SLOT];
        units[..part.len()].copy_from_slice(part);
        if let Some(end) = units.get_mut(part.len()) {
            *end = 0;
        }
        let push_units = |bytes: &mut Vec<u8>, range: std::ops::Range<usize>| {
            bytes.extend(units[range].iter().flat_map(|unit| unit.to_le_bytes()));
        };
        bytes.push((index + 1) as u8 | if last { 0x40 } else { 0 });
        push_units(bytes, 0..5);
        bytes.extend_from_slice(&[LONG_NAME, 0, check]);
        push_units(bytes, 5..11);
        bytes.extend_from_slice(&[0; 2]);
        push_units(bytes, 11..13);
    }
}

/// Date and time as FAT writes them: from 1980 to 2107, in steps of two seconds, without a time zone.
fn dos_time(seconds: i64) -> (u16, u16) {
    const FIRST: i64 = 315_532_800; // 1980-01-01T00:00:00Z
    const LAST: i64 = 4_354_819_198; // 2107-12-31T23:59:58Z
    let seconds = seconds.clamp(FIRST, LAST);
    let (days, time) = (seconds / 86400, seconds % 86400);
    // Days to a civil date after Howard Hinnant, with years that begin in March.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    let year = year + era * 400;
    let date = (year - 1980) << 9 | month << 5 | day;
    let time = (time / 3600) << 11 | (time / 60 % 60) << 5 | ((time % 60) / 2);
    (date as u16, time as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(dos_time(1), (1 << 5 | 1, 0));
        // 2024-02-29T12:34:56Z
        assert_eq!(dos_time(1_709_210_096), (44 << 9 | 2 << 5 | 29, 12 << 11 | 34 << 5 | 28));
        assert_eq!(dos_time(i64::MAX), (127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29));
    }

    #[test]
    fn a_long_name_that_fills_its_entries_has_no_end_mark() {
        let names = Names { short: *b"ABCDEF~1   ", long: "abcdefghijklm".encode_utf16().collect() };
        let mut bytes = Vec::new();
        push(&mut bytes, &names, 5, Some(9), 0);
        assert_eq!(bytes.len() as u64, names.slots() * ENTRY);
        assert_eq!(bytes[0], 0x41);
        assert_eq!(bytes[30..32], [b'm', 0]);
        assert_eq!(bytes[32 + 26..], [5, 0, 9, 0, 0, 0]);
    }
}
