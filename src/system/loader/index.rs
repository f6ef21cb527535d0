//! What the loader's menu says of each generation: `/frx/var/fruix/boot/generations`.
//!
//! The first line says which is the current one, and each further one is a generation: number, when it was made (UTC),
//! kernel, the base name of its system, and label, with tabs between them. The loader finds the generations themselves
//! in their directory, and the current one by its link: this file is for people to read, and a menu without it, or with
//! an older one, boots what it says.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::{Timestamp, tz::TimeZone};

use crate::profile::ProfileError;
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::system::description::Description;
use crate::system::generations::{self, GenerationError, Installed};
use crate::system::provenance;
use crate::util::fs::{create_dir_all, write_atomic};

/// Where it lies, below `/frx/var/fruix`.
pub const FILE: &str = "boot/generations";

/// The longest label that is written; a screen has eighty columns.
const LONGEST_LABEL: usize = 80;

/// Until then nobody has made a generation: an image says so of its first, which was made at no time.
const NO_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What the menu says of a generation.
#[derive(Debug)]
pub struct Entry<'a> {
    pub number: u32,
    pub made: SystemTime,
    pub kernel: String,
    pub system: &'a StorePath,
    pub label: &'a str,
}

impl<'a> Entry<'a> {
    /// Of a system that is described so, and lies at `physical`.
    pub fn new(
        number: u32,
        made: SystemTime,
        system: &'a StorePath,
        description: &'a Description,
        physical: &Path,
    ) -> Self {
        let kernel = provenance::kernel_name(physical).unwrap_or_default();
        Self { number, made, kernel, system, label: &description.label }
    }

    fn of(layout: &Layout, installed: &'a Installed) -> Self {
        let Installed { generation, system, description } = installed;
        Self::new(generation.number, generation.created, system, description, &layout.physical(system))
    }
}

/// Writes the file anew. Generations that are damaged are left out: the menu shows their numbers.
pub fn refresh(layout: &Layout) -> Result<(), GenerationError> {
    let installed: Vec<_> =
        generations::all(layout)?.into_iter().filter_map(|(_, installed)| installed.ok()).collect();
    let current = installed.iter().find(|installed| installed.generation.is_current);
    let entries: Vec<_> = installed.iter().map(|installed| Entry::of(layout, installed)).collect();
    let path = layout.var_dir().join(FILE);
    create_dir_all(&layout.boot_dir()).map_err(ProfileError::from)?;
    let text = text(current.map(|current| current.generation.number), &entries);
    write_atomic(&path, text.as_bytes(), true).map_err(ProfileError::from)?;
    Ok(())
}

/// What the file says of these.
pub fn text(current: Option<u32>, entries: &[Entry<'_>]) -> String {
    let mut text = String::new();
    if let Some(current) = current {
        let _ = writeln!(text, "current\t{current}");
    }
    for Entry { number, made, kernel, system, label } in entries {
        let _ = writeln!(
            text,
            "{number}\t{}\t{}\t{}\t{}",
            moment(*made),
            printable(kernel),
            system.base_name(),
            printable(label)
        );
    }
    text
}

/// A moment as the menu shows it; nothing where it is not known.
fn moment(time: SystemTime) -> String {
    let is_known = time.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since > NO_TIME);
    match Timestamp::try_from(time) {
        Ok(time) if is_known => time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M").to_string(),
        _ => String::new(),
    }
}

/// What the loader's console can show of a text.
fn printable(text: &str) -> String {
    text.chars().take(LONGEST_LABEL).map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_generation_is_a_line_that_the_loader_can_show() {
        let system = StorePath::from_base_name("33333333333333333333333333333333-system").unwrap();
        let entry = |number, seconds, label| Entry {
            number,
            made: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
            kernel: "GENERIC".to_owned(),
            system: &system,
            label,
        };
        let text = text(Some(2), &[entry(1, 1, "tower"), entry(2, 1_700_000_000, "tüwer\tof\nnine")]);
        assert_eq!(
            text,
            "current\t2\n\
             1\t\tGENERIC\t33333333333333333333333333333333-system\ttower\n\
             2\t2023-11-14 22:13\tGENERIC\t33333333333333333333333333333333-system\tt?wer?of?nine\n"
        );
    }
}
