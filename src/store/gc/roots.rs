//! Roots: what keeps items alive from outside of the store.
//!
//! - Links below `gcroots`, to an item or, below `gcroots/auto`, to a link anywhere that leads to one.
//! - Profiles: each generation, and the links to the current ones.
//! - The system that runs and the one that was booted, of which modules may be loaded later.
//! - What running processes of fruix hold (see [`crate::store::hold`]).
//! - What any running process uses (see [`crate::sys::processes`]).

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use crate::store::{Layout, StoreError};
use crate::store_path::{HASH_PART_LEN, STORE_DIR, StorePath};
use crate::sys::processes::ProcessTable;
use crate::util::fs::{FsError, Operation, PathContext as _, directory_of, entries_if_there};

use super::graph::{Graph, Node};

/// More links than that lead in a circle.
const LONGEST_CHAIN: usize = 40;

/// Something that keeps an item alive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    #[serde(flatten)]
    pub origin: Origin,
    /// What is kept.
    pub item: StorePath,
}

/// Where a root is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Origin {
    /// A link that leads to the item; of an indirect root, the one outside.
    Link { link: PathBuf },
    /// A running process of fruix that needs it.
    Session { session: String },
    /// A running process that uses it.
    Process { process: u32, what: String },
    /// It became valid while garbage was collected.
    New,
    /// Something of another user's, who alone is to know what.
    Foreign,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Link { link } => write!(out, "{}", link.display()),
            Origin::Session { session } => {
                let process = session.split('.').next().and_then(|id| u32::from_str_radix(id, 16).ok());
                write!(out, "{{fruix, process {}}}", process.unwrap_or_default())
            }
            Origin::Process { process, what } => write!(out, "{{process {process}: {what}}}"),
            Origin::New => write!(out, "{{registered just now}}"),
            Origin::Foreign => write!(out, "{{of another user}}"),
        }
    }
}

/// What the links say.
#[derive(Debug, Default)]
pub struct Links {
    pub roots: Vec<Root>,
    /// Indirect roots that lead to no item any more: the link below `gcroots/auto`, and where it leads to.
    pub stale: Vec<(PathBuf, PathBuf)>,
}

/// Where a link leads to, by however many others.
enum End {
    Item(StorePath),
    /// Nothing, or nothing in the store.
    Elsewhere,
}

impl Links {
    /// Reads all links that count as roots.
    pub fn read(layout: &Layout) -> Result<Self, StoreError> {
        let canonical = layout.store_dir().canonicalize().unwrap_or_else(|_| layout.store_dir());
        let follow = |link: &Path| {
            let end = follow(layout, &canonical, link);
            end.map_err(|error| StoreError::Root { link: link.to_owned(), error: Box::new(error) })
        };
        let mut links = Links::default();
        for link in links_below(&layout.gcroots_dir())? {
            if link.parent() == Some(&layout.indirect_roots_dir()) {
                links.add_indirect(&link, follow(&link)?)?;
            } else if let End::Item(item) = follow(&link)? {
                links.roots.push(Root { origin: Origin::Link { link }, item });
            }
        }
        let profiles = links_below(&layout.profiles_dir())?;
        for link in profiles.into_iter().chain(layout.system_links()) {
            if let End::Item(item) = follow(&link)? {
                links.roots.push(Root { origin: Origin::Link { link }, item });
            }
        }
        Ok(links)
    }

    /// Adds a link below `gcroots/auto`, which was found to lead to `end`. One that is no more since it was listed, as
    /// the one that a new link is before it has its name, is nobody's root: who makes one holds its item meanwhile.
    fn add_indirect(&mut self, link: &Path, end: End) -> Result<(), FsError> {
        let Some(outside) = unless_absent(fs::read_link(link), link)? else { return Ok(()) };
        match end {
            End::Item(item) => self.roots.push(Root { origin: Origin::Link { link: outside }, item }),
            End::Elsewhere => self.stale.push((link.to_owned(), outside)),
        }
        Ok(())
    }
}

/// All symbolic links in a directory and those below it; none where there is no such directory.
fn links_below(directory: &Path) -> Result<Vec<PathBuf>, FsError> {
    let mut links = Vec::new();
    for entry in entries_if_there(directory)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type().at(Operation::Inspect, &path)?;
        if kind.is_symlink() {
            links.push(path);
        } else if kind.is_dir() {
            links.extend(links_below(&path)?);
        }
    }
    links.sort();
    Ok(links)
}

/// Follows a link, and those it leads to, until one says that it leads into the store: what a path in an item is, is not
/// looked at. `canonical` is the store directory as the kernel knows it.
fn follow(layout: &Layout, canonical: &Path, link: &Path) -> Result<End, FsError> {
    let mut place = link.to_owned();
    for _ in 0..LONGEST_CHAIN {
        let Some(target) = unless_absent(fs::read_link(&place), &place)? else { return Ok(End::Elsewhere) };
        let target = directory_of(&place).join(target);
        if let Some(item) = layout.item_of(&target) {
            return Ok(End::Item(item));
        }
        // Its directory may have another name, by `..` or by a link.
        let (directory, Some(name)) = (directory_of(&target), target.file_name()) else {
            return Ok(End::Elsewhere);
        };
        let Some(directory) = unless_absent(directory.canonicalize(), directory)? else {
            return Ok(End::Elsewhere);
        };
        place = directory.join(name);
        let below = place.strip_prefix(canonical).ok().map(|below| layout.store_dir().join(below));
        if let Some(item) = below.and_then(|place| layout.item_of(&place)) {
            return Ok(End::Item(item));
        }
    }
    Ok(End::Elsewhere)
}

/// What is not there, or is no link, is no error.
fn unless_absent<T>(result: io::Result<T>, path: &Path) -> Result<Option<T>, FsError> {
    use io::ErrorKind::{InvalidInput, NotADirectory, NotFound};
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if [NotFound, NotADirectory, InvalidInput].contains(&error.kind()) => Ok(None),
        Err(error) => Err(FsError::new(Operation::Read, path, error)),
    }
}

/// The items that running processes use. One whose name is cut off is known by its hash part.
pub fn of_processes(
    table: &dyn ProcessTable,
    layout: &Layout,
    graph: &Graph,
) -> Result<Vec<(Node, Root)>, StoreError> {
    let scanner = Scanner::new(layout);
    let mut roots = Vec::new();
    table.read(&mut |trace| {
        scanner.each(trace.text, |hash_part| {
            let node = graph.find_by_hash_part(hash_part);
            if let Some((node, item)) = node.and_then(|node| Some((node, graph.path(node)?))) {
                let origin = Origin::Process { process: trace.process, what: trace.what.to_owned() };
                roots.push((node, Root { origin, item }));
            }
        });
    })?;
    roots.sort();
    roots.dedup();
    Ok(roots)
}

/// Finds store paths in texts.
struct Scanner {
    /// What a path begins with: the store directory, by each of its names.
    prefixes: Vec<Finder<'static>>,
}

impl Scanner {
    fn new(layout: &Layout) -> Self {
        let physical = layout.store_dir();
        let canonical = physical.canonicalize().unwrap_or_else(|_| physical.clone());
        let mut names = vec![PathBuf::from(STORE_DIR), physical, canonical];
        names.sort();
        names.dedup();
        let prefix = |name: PathBuf| [name.as_os_str().as_bytes(), b"/"].concat();
        let finder = |name| Finder::new(&prefix(name)).into_owned();
        Scanner { prefixes: names.into_iter().map(finder).collect() }
    }

    /// Calls `found` with what may be the hash part of each path.
    fn each(&self, text: &[u8], mut found: impl FnMut(&str)) {
        for prefix in &self.prefixes {
            for place in prefix.find_iter(text) {
                let rest = &text[place + prefix.needle().len()..];
                if let Some(Ok(hash_part)) = rest.get(..HASH_PART_LEN).map(std::str::from_utf8) {
                    found(hash_part);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::graph::tests::graph;
    use super::*;
    use crate::sys::processes::recorded::Recorded;
    use crate::util::fs::create_dir_all;

    fn name(digit: &str) -> String {
        format!("{}-x", digit.repeat(32))
    }

    /// A root with a link into the store for each pair of its path and its target.
    fn links(links: &[(&str, &str)]) -> (tempfile::TempDir, Layout, Links) {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(&directory.path().join("root")).unwrap();
        create_dir_all(&layout.store_dir()).unwrap();
        for (link, target) in links {
            let link = directory.path().join(link);
            create_dir_all(link.parent().unwrap()).unwrap();
            symlink(target.replace("DIR", directory.path().to_str().unwrap()), link).unwrap();
        }
        let links = Links::read(&layout).unwrap();
        (directory, layout, links)
    }

    /// What the links keep: the first digit of each item, sorted.
    fn kept(links: &Links) -> String {
        let mut kept: Vec<_> = links.roots.iter().map(|root| &root.item.base_name()[..1]).collect();
        kept.sort_unstable();
        kept.concat()
    }

    #[test]
    fn links_profiles_and_systems_are_roots() {
        let item = |digit: &str| format!("/frx/store/{}", name(digit));
        let (directory, _, links) = links(&[
            ("root/frx/var/fruix/gcroots/a", &item("1")),
            ("root/frx/var/fruix/gcroots/deep/er/b", &format!("DIR/root/frx/store/{}/bin", name("2"))),
            ("root/frx/var/fruix/gcroots/c", &format!("../../../store/{}", name("3"))),
            ("root/frx/var/fruix/gcroots/auto/x", "DIR/home/result"),
            ("home/result", &format!("../root/frx/store/{}", name("4"))),
            ("root/frx/var/fruix/profiles/system-1-link", &item("5")),
            ("root/frx/var/fruix/profiles/system-2-link", &item("6")),
            ("root/frx/var/fruix/profiles/system", "system-2-link"),
            ("root/run/booted-system", &item("7")),
            ("root/run/current-system", &item("8")),
            ("root/frx/var/fruix/gcroots/nowhere", "/nonexistent"),
            ("root/frx/var/fruix/gcroots/circle", "circle"),
        ]);
        assert_eq!(kept(&links), "123456678");
        assert!(links.stale.is_empty());
        let outside = directory.path().join("home/result");
        assert!(links.roots.iter().any(|root| root.origin == Origin::Link { link: outside.clone() }));
    }

    #[test]
    fn an_indirect_root_that_leads_nowhere_is_stale() {
        let (directory, layout, links) = links(&[
            ("root/frx/var/fruix/gcroots/auto/gone", "DIR/home/gone"),
            ("root/frx/var/fruix/gcroots/auto/other", "DIR/home/other"),
            ("home/other", "/etc"),
            ("root/frx/var/fruix/gcroots/auto/file", "DIR/home/file/result"),
            ("home/file", "/dev/null"),
        ]);
        let stale: Vec<_> = links.stale.iter().map(|(link, _)| link.file_name().unwrap()).collect();
        assert_eq!(stale, ["file", "gone", "other"]);
        assert_eq!(links.stale[1].1, directory.path().join("home/gone"));
        assert!(links.roots.is_empty() && layout.gcroots_dir().exists());
    }

    #[test]
    fn an_indirect_root_that_goes_while_it_is_looked_at_is_none() {
        let (_directory, layout, mut links) = links(&[]);
        let renamed = layout.indirect_roots_dir().join(".new-1");
        links.add_indirect(&renamed, End::Elsewhere).unwrap();
        assert!(links.roots.is_empty() && links.stale.is_empty());
    }

    #[test]
    fn what_processes_use_is_found_by_any_name_of_the_store() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        let names = ["1", "2", "3"].map(name);
        let graph = graph(&names.each_ref().map(String::as_str), &[], &[]);
        let physical = layout.store_dir();
        let table = Recorded {
            traces: vec![
                (7, "exe", format!("/frx/store/{}/bin/sh", names[0]).into_bytes()),
                (8, "environ", format!("X=\0Y={}/{}.", physical.display(), names[1]).into_bytes()),
                (8, "maps", b"/frx/store/short".to_vec()),
            ],
            fails: false,
        };
        let roots = of_processes(&table, &layout, &graph).unwrap();
        let found: Vec<_> =
            roots.iter().map(|(node, root)| (graph.name(*node), root.origin.to_string())).collect();
        let expected = [
            (names[0].as_str(), "{process 7: exe}".to_owned()),
            (&names[1], "{process 8: environ}".to_owned()),
        ];
        assert_eq!(found, expected);
        let blind = Recorded { fails: true, ..table };
        assert!(of_processes(&blind, &layout, &graph).is_err());
    }
}
