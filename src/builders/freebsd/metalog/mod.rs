//! METALOG: what a FreeBSD tree needs beyond what a store item can say.
//!
//! A NAR knows names, contents, symlinks and one executable bit. A FreeBSD base also needs owners, groups, the
//! other mode bits, file flags and hard links. FreeBSD's own unprivileged install (`-DNO_ROOT`) writes them to
//! an mtree file named METALOG, and every FreeBSD item keeps such a file at its top, in a normal form:
//!
//! ```text
//! #mtree
//! . type=dir uname=root uid=0 gname=wheel gid=0 mode=0755
//! ./rescue/[ type=file uname=root uid=0 gname=wheel gid=0 mode=0555
//! ./rescue/cat type=file uname=root uid=0 gname=wheel gid=0 mode=0555 tags=hardlink=./rescue/[
//! ./sys type=link uname=root uid=0 gname=wheel gid=0 mode=0755 link=usr/src/sys
//! ./usr/bin/su type=file uname=root uid=0 gname=wheel gid=0 mode=4555 flags=schg tags=package=runtime
//! ```
//!
//! - one line for each path of the item save METALOG itself, sorted by component, parents first and always
//!   present; no comments but the first line, no sizes, times or digests (the item says those itself), so
//!   the same tree gives the same bytes;
//! - `uname` and `gname` are the names, `uid` and `gid` the numbers that the tree's own `etc/master.passwd` and
//!   `etc/group` give them;
//! - the names of one file (hard links) are a link group: its first name is the file, and every other one has
//!   the tag `hardlink=` with that first name. In the item the others are relative symlinks to it, so that
//!   nothing depends on inode numbers, which no archive keeps. A tag, because `mtree` and `makefs -F` let tags
//!   pass and refuse keywords of our own;
//! - names are escaped as `vis(3)` does (see [`vis`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

mod accounts;
mod parse;
mod subset;
mod tree;
pub(super) mod vis;
mod write;

pub use accounts::Accounts;
pub use tree::Attributes;

/// The name of the file at the top of an item.
pub const FILE_NAME: &str = "METALOG";

/// Why a METALOG could not be read or made.
#[derive(Debug, Error, Diagnostic)]
pub enum MetalogError {
    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("see that it exists and that you may read it"))]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(help("see whether the disk is full"))]
    Write { path: PathBuf, source: io::Error },

    #[error("METALOG line {line}: {problem}: `{text}`")]
    #[diagnostic(help(
        "the file must be in the format of mtree(5), as `make -DNO_ROOT installworld` writes it"
    ))]
    Syntax { line: usize, problem: &'static str, text: String },

    #[error("METALOG has no `{keyword}` for `{}`", path.display())]
    #[diagnostic(help("the METALOG of a store item names owner, group and mode of every path"))]
    MissingKeyword { path: PathBuf, keyword: &'static str },

    #[error("METALOG names the {what} `{name}` for `{}`, but no account file knows it", path.display())]
    #[diagnostic(help("numbers come from etc/master.passwd and etc/group of the tree and of its source"))]
    UnknownAccount { path: PathBuf, what: &'static str, name: String },

    #[error("METALOG has entries below `{}`, which is no directory", path.display())]
    #[diagnostic(help("install into an empty directory, so that no other tree's files lie in the way"))]
    NotADirectory { path: PathBuf },

    #[error("`{}` is a hard link to `{}`, which METALOG does not have as a file", path.display(), to.display())]
    #[diagnostic(help("the item is damaged; `fruix store verify --check-contents` says more"))]
    DanglingLink { path: PathBuf, to: PathBuf },

    #[error("`{}` is a device, socket or pipe, which a store item cannot hold", path.display())]
    #[diagnostic(help("remove it from the tree; devices belong to devfs"))]
    SpecialFile { path: PathBuf },
}

/// A user or a group: its name, and the number the tree's account files give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub id: u32,
}

/// What a path is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Directory,
    File,
    /// Another name of the file `to`, itself a path of this METALOG that is a [`Kind::File`].
    HardLink {
        to: PathBuf,
    },
    Symlink {
        target: OsString,
    },
}

/// What METALOG says of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    pub owner: Account,
    pub group: Account,
    /// The permission bits with setuid, setgid and sticky: at most `0o7777`.
    pub mode: u32,
    /// Names of file flags as in `chflags(1)`, sorted: `schg`, `uarch`, …
    pub flags: BTreeSet<String>,
    /// Free words, such as `package=runtime`; without the `hardlink=` tag, which is in `kind`.
    pub tags: BTreeSet<String>,
}

impl Entry {
    /// A directory as `mkdir` by root makes it; what a parent without an entry gets.
    fn parent() -> Entry {
        Entry {
            kind: Kind::Directory,
            owner: Account { name: "root".to_owned(), id: 0 },
            group: Account { name: "wheel".to_owned(), id: 0 },
            mode: 0o755,
            flags: BTreeSet::new(),
            tags: BTreeSet::new(),
        }
    }

    /// Whether it runs with its owner's or group's rights.
    pub fn is_setid(&self) -> bool {
        matches!(self.kind, Kind::File | Kind::HardLink { .. }) && self.mode & 0o6000 != 0
    }

    /// Whether anyone may execute it: the one bit that a store item keeps.
    pub fn is_executable(&self) -> bool {
        self.mode & 0o111 != 0
    }
}

/// The METALOG of a tree: an entry for each of its paths, relative to its top, which is the empty path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metalog {
    entries: BTreeMap<PathBuf, Entry>,
}

impl Metalog {
    /// Reads the METALOG of a store item: `item/METALOG`.
    pub fn of_item(item: &Path) -> Result<Metalog, MetalogError> {
        let path = item.join(FILE_NAME);
        let text = fs::read(&path).map_err(|source| MetalogError::Read { path, source })?;
        Metalog::parse(&text)
    }

    /// Reads the normal form; lines that lack something are errors.
    pub fn parse(text: &[u8]) -> Result<Metalog, MetalogError> {
        let nobody = Accounts::default();
        let entries = parse::lines(text)?
            .into_iter()
            .map(|(path, line)| Ok((path.clone(), line.into_entry(&path, &nobody)?)))
            .collect::<Result<_, MetalogError>>()?;
        Metalog::from_entries(entries)
    }

    /// Adds the parents that have no entry, and checks that every path lies in a directory and every hard
    /// link leads to a file.
    fn from_entries(mut entries: BTreeMap<PathBuf, Entry>) -> Result<Metalog, MetalogError> {
        let parents: BTreeSet<PathBuf> =
            entries.keys().flat_map(|path| path.ancestors().skip(1).map(Path::to_owned)).collect();
        for path in parents {
            let entry = entries.entry(path.clone()).or_insert_with(Entry::parent);
            if entry.kind != Kind::Directory {
                return Err(MetalogError::NotADirectory { path });
            }
        }
        for (path, entry) in &entries {
            if let Kind::HardLink { to } = &entry.kind
                && entries.get(to).is_none_or(|first| first.kind != Kind::File)
            {
                return Err(MetalogError::DanglingLink { path: path.clone(), to: to.clone() });
            }
        }
        Ok(Metalog { entries })
    }

    /// What it says of the path, which is relative to the top.
    pub fn get(&self, path: &Path) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// All entries, parents before what is in them.
    pub fn entries(&self) -> impl Iterator<Item = (&Path, &Entry)> {
        self.entries.iter().map(|(path, entry)| (path.as_path(), entry))
    }

    /// The files that run with their owner's or group's rights.
    pub fn setid_files(&self) -> impl Iterator<Item = (&Path, &Entry)> {
        self.entries().filter(|(_, entry)| entry.is_setid())
    }

    /// How many paths it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no paths at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes it to `item/METALOG`.
    pub fn write_to_item(&self, item: &Path) -> Result<(), MetalogError> {
        let path = item.join(FILE_NAME);
        fs::write(&path, self.to_bytes()).map_err(|source| MetalogError::Write { path, source })
    }
}

/// The symlink target that leads from `from` to `to`, both relative to the same top, without leaving that top
/// unless it must: `usr/bin/a` to `usr/sbin/b` is `../sbin/b`.
pub fn relative_target(from: &Path, to: &Path) -> PathBuf {
    let start: Vec<_> = from.parent().into_iter().flat_map(Path::components).collect();
    let end: Vec<_> = to.components().collect();
    let shared = start.iter().zip(&end).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Path::new(".."), start.len() - shared);
    up.chain(end[shared..].iter().map(|part| Path::new(part.as_os_str()))).collect()
}

/// A path for a message: bytes that are no text are shown as replacement characters.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The path these bytes name.
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests;
