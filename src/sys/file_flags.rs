//! File flags (`chflags(1)`), which FreeBSD has and Linux has not.

use std::{collections::BTreeSet, fs::Metadata};

/// The flags that an installation may set, by name. Not among them: those that the file system sets by itself
/// as files change (`uarch`, `archived`), which say nothing about what was installed.
const NAMES: [(u32, &str); 8] = [
    (0x0000_0001, "nodump"),
    (0x0000_0002, "uchg"),
    (0x0000_0004, "uappnd"),
    (0x0000_0008, "opaque"),
    (0x0000_0010, "uunlnk"),
    (0x0002_0000, "schg"),
    (0x0004_0000, "sappnd"),
    (0x0010_0000, "sunlnk"),
];

/// The names of the flags that are set; none where the system has no flags.
pub fn file_flags(metadata: &Metadata) -> BTreeSet<String> {
    names(bits(metadata))
}

fn names(bits: u32) -> BTreeSet<String> {
    NAMES.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| (*name).to_owned()).collect()
}

#[cfg(target_os = "freebsd")]
fn bits(metadata: &Metadata) -> u32 {
    std::os::freebsd::fs::MetadataExt::st_flags(metadata)
}

#[cfg(not(target_os = "freebsd"))]
fn bits(_: &Metadata) -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_system_sets_by_itself_is_left_out() {
        assert_eq!(names(0x0002_0801), BTreeSet::from(["nodump".to_owned(), "schg".to_owned()]));
    }
}
