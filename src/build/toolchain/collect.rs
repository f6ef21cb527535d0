//! Which files of the machine a tool chain holds, and where.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, Metadata},
    io,
    path::{Component, Path, PathBuf},
};

use super::{
    ToolchainError, alternatives,
    dpkg::{Database, Package},
    glance::Look,
};

/// What no build needs, and what would double the item.
const LEFT_OUT: [&str; 8] = [
    "usr/share/doc",
    "usr/share/doc-base",
    "usr/share/info",
    "usr/share/lintian",
    "usr/share/bug",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/menu",
];

/// The only trees of the machine that a tool chain holds, beside `usr`, where they are not links into it.
const TOP_LEVEL: [&str; 5] = ["bin", "lib", "lib32", "lib64", "sbin"];

/// One entry of a tool chain.
#[derive(Debug)]
pub enum Entry {
    Directory,
    /// A file or a symlink, to be copied.
    Copy {
        from: PathBuf,
        metadata: Metadata,
    },
    /// A symlink that no package has.
    Link {
        target: PathBuf,
    },
}

/// The entries by relative path: a directory comes before what is in it.
pub type Entries = BTreeMap<PathBuf, Entry>;

/// What the packages put below `host` (`/`, but in tests).
///
/// Gives besides what was looked at: all that the answer depends on, save the package database.
pub fn collect(
    host: &Path,
    database: &Database,
    packages: &[&Package],
) -> Result<(Entries, Vec<Look>), ToolchainError> {
    let mut collector =
        Collector { host, entries: Entries::new(), parents: HashMap::new(), looks: Vec::new() };
    for package in packages {
        for path in database.files(package)? {
            collector.add(&path)?;
        }
    }
    let directory = host.join("var/lib/dpkg/alternatives");
    let links = alternatives::links(&directory, |path| {
        collector.place(Path::new(path)).is_some_and(|place| collector.entries.contains_key(&place))
    })?;
    for (link, target) in links {
        if let Some(place) = collector.place(Path::new(&link)) {
            collector.entries.insert(place, Entry::Link { target: PathBuf::from(target) });
        }
    }
    collector.add_top_level_links()?;
    // Where the sandbox mounts the sources and the objects of FreeBSD.
    for place in ["usr/src", "usr/obj"] {
        collector.entries.insert(PathBuf::from(place), Entry::Directory);
    }
    collector.add_parents();
    collector.look_at_parents();
    collector.looks.extend(alternatives::files(&directory).into_iter().map(Look::Whole));
    Ok((collector.entries, collector.looks))
}

struct Collector<'a> {
    host: &'a Path,
    entries: Entries,
    /// Directories seen, with where they really are.
    parents: HashMap<PathBuf, Option<PathBuf>>,
    /// What was looked at so far.
    looks: Vec<Look>,
}

impl Collector<'_> {
    fn add(&mut self, path: &Path) -> Result<(), ToolchainError> {
        let Some(place) = self.place_remembered(path) else { return Ok(()) };
        if is_left_out(&place) {
            return Ok(());
        }
        let from = self.host.join(&place);
        self.looks.push(Look::Whole(from.clone()));
        let metadata = match fs::symlink_metadata(&from) {
            Ok(metadata) => metadata,
            // Excluded by dpkg's configuration, say.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(ToolchainError::Io { what: "examine", path: from, error }),
        };
        if metadata.is_dir() {
            // When its entries changed does not matter.
            self.looks.pop();
            self.looks.push(Look::Kind(from));
            self.entries.insert(place, Entry::Directory);
        } else if metadata.is_symlink() || (metadata.is_file() && is_public(&metadata)) {
            self.entries.insert(place, Entry::Copy { from, metadata });
        }
        Ok(())
    }

    /// Where the path really is, relative to the host's root: `/bin/sh` → `usr/bin/sh`.
    fn place(&self, path: &Path) -> Option<PathBuf> {
        let parent = self.host.join(path.parent()?.strip_prefix("/").ok()?).canonicalize().ok()?;
        let host = self.host.canonicalize().ok()?;
        Some(parent.strip_prefix(host).ok()?.join(path.file_name()?))
    }

    fn place_remembered(&mut self, path: &Path) -> Option<PathBuf> {
        let parent = path.parent()?;
        if let Some(known) = self.parents.get(parent) {
            return Some(known.as_ref()?.join(path.file_name()?));
        }
        let place = self.place(path);
        let known = place.as_deref().and_then(Path::parent).map(Path::to_owned);
        self.parents.insert(parent.to_owned(), known);
        place
    }

    /// `/bin` → `usr/bin` and its like, where the machine has them and the tool chain has what they show.
    fn add_top_level_links(&mut self) -> Result<(), ToolchainError> {
        for name in TOP_LEVEL {
            let from = self.host.join(name);
            let Ok(target) = fs::read_link(&from) else { continue };
            let below = target.strip_prefix("/").unwrap_or(&target);
            if self.entries.keys().any(|place| place.starts_with(below) && place != below) {
                self.entries.insert(PathBuf::from(name), Entry::Link { target: below.to_owned() });
            }
        }
        Ok(())
    }

    /// The directories on the way to the files: where one is a link, the files are elsewhere.
    fn look_at_parents(&mut self) {
        for parent in self.parents.keys().flat_map(|parent| parent.ancestors()) {
            let below = parent.strip_prefix("/").unwrap_or(parent);
            self.looks.push(Look::Kind(self.host.join(below)));
        }
        self.looks.extend(TOP_LEVEL.iter().map(|name| Look::Kind(self.host.join(name))));
    }

    fn add_parents(&mut self) {
        let parents = self.entries.keys().flat_map(|place| place.ancestors().skip(1)).map(Path::to_owned);
        for parent in parents.filter(|parent| !parent.as_os_str().is_empty()).collect::<Vec<_>>() {
            self.entries.entry(parent).or_insert(Entry::Directory);
        }
    }
}

fn is_left_out(place: &Path) -> bool {
    let Some(Component::Normal(first)) = place.components().next() else { return true };
    let belongs = first == "usr" || TOP_LEVEL.iter().any(|name| first == *name);
    !belongs
        || LEFT_OUT.iter().any(|tree| place.starts_with(tree))
        || place.components().any(|component| component.as_os_str() == "__pycache__")
}

/// Whether everyone may read the file: whether it is held must not depend on who asks.
fn is_public(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o004 != 0
}
