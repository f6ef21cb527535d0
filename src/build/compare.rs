//! How two trees differ, as a store sees trees: kinds, names, contents, targets of links, and whether a file may be
//! executed. Owners, times and other bits of modes are nothing that a store keeps.

mod sections;

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;
use serde::{Deserialize, Serialize, Serializer};

use crate::util::fs::{FsError, Operation, PathContext as _, below, entries, first_difference};

pub use sections::Section;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Relative to the trees; empty for the trees themselves.
    #[serde(serialize_with = "shown")]
    pub path: PathBuf,
    #[serde(flatten)]
    pub how: How,
}

/// In what it differs: the first tree, then the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase")]
pub enum How {
    OnlyInFirst,
    OnlyInSecond,
    Kind {
        first: Kind,
        second: Kind,
    },
    /// Whether it may be executed.
    Executable {
        first: bool,
        second: bool,
    },
    Target {
        #[serde(serialize_with = "shown")]
        first: PathBuf,
        #[serde(serialize_with = "shown")]
        second: PathBuf,
    },
    /// Sizes in bytes, and the first byte that is not the same; where one is the beginning of the other, its end.
    Contents {
        first: u64,
        second: u64,
        offset: u64,
        /// Of programs and libraries: the sections that differ.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sections: Vec<Section>,
    },
}

/// Names in trees may be any bytes, and JSON has text alone.
fn shown<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Directory,
    File,
    Link,
    Other,
}

impl Kind {
    fn of(status: &Metadata) -> Self {
        match status.file_type() {
            kind if kind.is_dir() => Self::Directory,
            kind if kind.is_file() => Self::File,
            kind if kind.is_symlink() => Self::Link,
            _ => Self::Other,
        }
    }
}

/// Everything in which two trees differ, by path.
pub fn compare(first: &Path, second: &Path) -> Result<Vec<Difference>, FsError> {
    let mut comparison = Comparison { first, second, found: Vec::new() };
    let mut pending = vec![PathBuf::new()];
    while let Some(path) = pending.pop() {
        pending.extend(comparison.look(&path)?);
    }
    comparison.found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(comparison.found)
}

struct Comparison<'a> {
    first: &'a Path,
    second: &'a Path,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    /// Compares what lies at a path of both trees. Gives what lies below it in both.
    fn look(&mut self, path: &Path) -> Result<Vec<PathBuf>, FsError> {
        let (first, second) = (below(self.first, path), below(self.second, path));
        let status = |place: &Path| fs::symlink_metadata(place).at(Operation::Inspect, place);
        let (first_status, second_status) = (status(&first)?, status(&second)?);
        let kinds = (Kind::of(&first_status), Kind::of(&second_status));
        match kinds {
            (Kind::Directory, Kind::Directory) => return self.look_into(path, &first, &second),
            (Kind::File, Kind::File) => {
                let is_executable = |status: &Metadata| status.mode() & 0o100 != 0;
                let modes = (is_executable(&first_status), is_executable(&second_status));
                if modes.0 != modes.1 {
                    self.note(path, How::Executable { first: modes.0, second: modes.1 });
                }
                if let Some(offset) = first_difference((open(&first)?, &first), (open(&second)?, &second))? {
                    let sections = sections::differing(&first, &second)?;
                    let (first, second) = (first_status.len(), second_status.len());
                    self.note(path, How::Contents { first, second, offset, sections });
                }
            }
            (Kind::Link, Kind::Link) => {
                let target = |place: &Path| fs::read_link(place).at(Operation::Read, place);
                let (first, second) = (target(&first)?, target(&second)?);
                if first != second {
                    self.note(path, How::Target { first, second });
                }
            }
            (first, second) if first != second => self.note(path, How::Kind { first, second }),
            _ => {}
        }
        Ok(Vec::new())
    }

    fn look_into(&mut self, path: &Path, first: &Path, second: &Path) -> Result<Vec<PathBuf>, FsError> {
        let names = |directory| {
            let names: Result<BTreeSet<_>, _> =
                entries(directory)?.map(|entry| Ok::<_, FsError>(entry?.file_name())).collect();
            names
        };
        let (first, second) = (names(first)?, names(second)?);
        for name in first.difference(&second) {
            self.note(&path.join(name), How::OnlyInFirst);
        }
        for name in second.difference(&first) {
            self.note(&path.join(name), How::OnlyInSecond);
        }
        Ok(first.intersection(&second).map(|name| path.join(name)).collect())
    }

    fn note(&mut self, path: &Path, how: How) {
        self.found.push(Difference { path: path.to_owned(), how });
    }
}

/// Opens a file of a tree, and nothing that it turned into since it was looked at.
fn open(path: &Path) -> Result<File, FsError> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    File::options().read(true).custom_flags(flags.bits()).open(path).at(Operation::Open, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn put(root: &Path, path: &str, contents: &[u8], mode: u32) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn each_difference_is_told_where_it_is() {
        let places = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let (one, two) = (places[0].path(), places[1].path());
        let long = vec![7; 100_000];
        for root in [one, two] {
            put(root, "same", b"same", 0o444);
            put(root, "deep/long", &long, 0o644);
            symlink("there", root.join("link")).unwrap();
        }
        put(two, "same", b"same", 0o640);
        assert_eq!(compare(one, two).unwrap(), [], "only bits that no store keeps differ");

        put(one, "only", b"", 0o644);
        put(two, "new/file", b"", 0o644);
        put(two, "same", b"same", 0o755);
        let mut changed = long.clone();
        changed[70_003] = 8;
        put(two, "deep/long", &changed, 0o644);
        put(one, "deep/short", b"abc", 0o644);
        put(two, "deep/short", b"abcdef", 0o644);
        fs::remove_file(two.join("link")).unwrap();
        symlink("elsewhere", two.join("link")).unwrap();
        put(one, "turned", b"", 0o644);
        symlink("x", two.join("turned")).unwrap();
        let length = long.len() as u64;
        let told: Vec<_> = compare(one, two)
            .unwrap()
            .into_iter()
            .map(|it| (it.path.display().to_string(), it.how))
            .collect();
        let contents = |first, second, offset| How::Contents { first, second, offset, sections: Vec::new() };
        let expected = [
            ("deep/long", contents(length, length, 70_003)),
            ("deep/short", contents(3, 6, 3)),
            ("link", How::Target { first: "there".into(), second: "elsewhere".into() }),
            ("new", How::OnlyInSecond),
            ("only", How::OnlyInFirst),
            ("same", How::Executable { first: false, second: true }),
            ("turned", How::Kind { first: Kind::File, second: Kind::Link }),
        ];
        assert_eq!(told, expected.map(|(path, how)| (path.to_owned(), how)));
        // The trees themselves may be files.
        let how = compare(&one.join("same"), &two.join("deep/short")).unwrap();
        assert_eq!((how.len(), how[0].path.as_os_str().len()), (1, 0));
    }
}
