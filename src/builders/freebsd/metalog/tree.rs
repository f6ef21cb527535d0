//! Making the METALOG of a tree on disk.
//!
//! The disk says what each path is, where a symlink leads and which names share one file. Owner, group, mode
//! and flags come from the METALOG of an unprivileged install, or, where root installed, from the disk too.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{Accounts, Entry, FILE_NAME, Kind, Metalog, MetalogError, parse, parse::Line};

/// Where owner, group, mode and flags of a tree come from.
#[derive(Debug, Clone, Copy)]
pub enum Attributes<'a> {
    /// The text of the METALOG that the install wrote. Paths it does not name belong to `root:wheel`.
    Log(&'a [u8]),
    /// The tree itself.
    Disk,
}

/// One path as the disk has it.
struct Found {
    path: PathBuf,
    kind: Kind,
    metadata: fs::Metadata,
}

impl Metalog {
    /// The METALOG of the tree, without `tree/METALOG` itself and without what `wanted` refuses; what is below
    /// a refused directory is not looked at.
    pub fn of_tree(
        tree: &Path,
        attributes: Attributes,
        accounts: &Accounts,
        wanted: &dyn Fn(&Path) -> bool,
    ) -> Result<Metalog, MetalogError> {
        let found = Walk::of(tree, wanted)?;
        let entries = match attributes {
            Attributes::Disk => found.into_iter().map(|found| from_disk(found, accounts)).collect(),
            Attributes::Log(text) => from_log(found, parse::lines(text)?, accounts)?,
        };
        Metalog::from_entries(entries)
    }
}

/// The entry of a path whose attributes the disk tells.
fn from_disk(found: Found, accounts: &Accounts) -> (PathBuf, Entry) {
    let entry = Entry {
        kind: found.kind,
        owner: accounts.user_with_id(found.metadata.uid()),
        group: accounts.group_with_id(found.metadata.gid()),
        mode: found.metadata.mode() & 0o7777,
        flags: crate::sys::file_flags(&found.metadata),
        tags: Default::default(),
    };
    (found.path, entry)
}

/// The entries of paths whose attributes a log tells. All names of one file have the attributes that the log gives
/// the first of them it names: `install` logs a file before the links to it, and for those its default mode.
fn from_log(
    found: Vec<Found>,
    mut lines: BTreeMap<PathBuf, Line>,
    accounts: &Accounts,
) -> Result<BTreeMap<PathBuf, Entry>, MetalogError> {
    let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
    let mut groups: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for Found { path, kind, .. } in &found {
        if let Kind::HardLink { to } = kind {
            groups.entry(to.clone()).or_default().push(path.clone());
        }
    }
    for Found { path, kind, metadata } in found {
        let entry = match &kind {
            Kind::HardLink { to } if entries.contains_key(to) => {
                Entry { kind: kind.clone(), ..entries[to].clone() }
            }
            _ => {
                let names = std::iter::once(&path).chain(groups.get(&path).into_iter().flatten());
                let first = names.filter_map(|name| Some((lines.get(name)?.first_line, name))).min();
                let line = first.and_then(|(_, name)| lines.remove(name)).unwrap_or_default();
                let mode = unlogged_mode(&kind, &metadata);
                line.with_kind(kind, mode, &path, accounts)?
            }
        };
        entries.insert(path, entry);
    }
    Ok(entries)
}

/// The mode of a path that the log does not name: independent of the umask of the one who installed.
fn unlogged_mode(kind: &Kind, metadata: &fs::Metadata) -> u32 {
    let executable = metadata.mode() & 0o100 != 0;
    match kind {
        Kind::File | Kind::HardLink { .. } if !executable => 0o644,
        _ => 0o755,
    }
}

/// A walk over a tree, which visits in the order of a METALOG.
struct Walk<'a> {
    tree: &'a Path,
    wanted: &'a dyn Fn(&Path) -> bool,
    /// By device and inode number: the first name seen of a file that has several.
    first_names: HashMap<(u64, u64), PathBuf>,
    found: Vec<Found>,
}

impl<'a> Walk<'a> {
    fn of(tree: &'a Path, wanted: &'a dyn Fn(&Path) -> bool) -> Result<Vec<Found>, MetalogError> {
        let mut walk = Walk { tree, wanted, first_names: HashMap::new(), found: Vec::new() };
        walk.visit(PathBuf::new())?;
        Ok(walk.found)
    }

    fn visit(&mut self, path: PathBuf) -> Result<(), MetalogError> {
        let on_disk = if path.as_os_str().is_empty() { self.tree.to_owned() } else { self.tree.join(&path) };
        let unreadable = |source| MetalogError::Read { path: on_disk.clone(), source };
        let metadata = fs::symlink_metadata(&on_disk).map_err(unreadable)?;
        let kind = self.kind(&path, &on_disk, &metadata)?;
        let is_directory = kind == Kind::Directory;
        self.found.push(Found { path: path.clone(), kind, metadata });
        if is_directory {
            let mut names = fs::read_dir(&on_disk)
                .and_then(|list| list.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>, _>>())
                .map_err(unreadable)?;
            names.sort_unstable();
            for name in names {
                let below = path.join(name);
                if below.as_os_str() != FILE_NAME && (self.wanted)(&below) {
                    self.visit(below)?;
                }
            }
        }
        Ok(())
    }

    fn kind(&mut self, path: &Path, on_disk: &Path, metadata: &fs::Metadata) -> Result<Kind, MetalogError> {
        let file_type = metadata.file_type();
        if file_type.is_dir() {
            return Ok(Kind::Directory);
        }
        if file_type.is_symlink() {
            let target = fs::read_link(on_disk)
                .map_err(|source| MetalogError::Read { path: on_disk.to_owned(), source })?;
            return Ok(Kind::Symlink { target: target.into_os_string() });
        }
        if !file_type.is_file() {
            return Err(MetalogError::SpecialFile { path: on_disk.to_owned() });
        }
        if metadata.nlink() > 1 {
            let first =
                self.first_names.entry((metadata.dev(), metadata.ino())).or_insert_with(|| path.to_owned());
            if first != path {
                return Ok(Kind::HardLink { to: first.clone() });
            }
        }
        Ok(Kind::File)
    }
}
