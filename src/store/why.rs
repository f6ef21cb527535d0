//! Why one item refers to another: the chain of items, and what in each holds the reference.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use memchr::memmem::Finder;
use serde::Serialize;

use crate::store_path::StorePath;
use crate::util::fs::{FileKind, FsError, Operation, Visited, below, visit};

use super::{StoreAccess, StoreError};

/// How much of a file is looked at at a time.
const PIECE: usize = 1 << 20;

/// How much is shown around a reference.
const BEFORE: usize = 24;
const AFTER: usize = 64;

/// A reference of one item to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub from: StorePath,
    pub to: StorePath,
    /// What of `from` holds it, in the order of a walk through its tree.
    pub places: Vec<Place>,
}

/// Something in an item that holds a reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Relative to the item; empty for the item itself.
    pub path: PathBuf,
    pub what: What,
    /// At which bytes the hash part of the store path begins; of a file's contents, a link's target, or a name.
    pub offsets: Vec<u64>,
    /// What stands around the first of them.
    pub context: String,
}

/// What of a file holds a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    Contents,
    Target,
    Name,
}

/// A shortest chain of references from one item to another, with what holds each; `None` if there is none. An item has
/// the empty chain to itself.
pub fn why(
    store: &dyn StoreAccess,
    from: &StorePath,
    to: &StorePath,
) -> Result<Option<Vec<Step>>, StoreError> {
    let Some(chain) = chain(store, from, to)? else { return Ok(None) };
    let step = |pair: &[StorePath]| {
        let places = places(store, &pair[0], &pair[1])?;
        Ok(Step { from: pair[0].clone(), to: pair[1].clone(), places })
    };
    chain.windows(2).map(step).collect::<Result<_, _>>().map(Some)
}

/// The items of a shortest chain, both ends included.
fn chain(
    store: &dyn StoreAccess,
    from: &StorePath,
    to: &StorePath,
) -> Result<Option<Vec<StorePath>>, StoreError> {
    let mut reached_from = BTreeMap::from([(from.clone(), None)]);
    let mut pending = VecDeque::from([from.clone()]);
    while let Some(item) = pending.pop_front() {
        if item == *to {
            let mut chain = vec![item];
            while let Some(Some(before)) = chain.last().and_then(|item| reached_from.get(item)) {
                chain.push(StorePath::clone(before));
            }
            chain.reverse();
            return Ok(Some(chain));
        }
        for reference in store.path_info(&item)?.references {
            if !reached_from.contains_key(&reference) {
                reached_from.insert(reference.clone(), Some(item.clone()));
                pending.push_back(reference);
            }
        }
    }
    Ok(None)
}

/// What of `item` holds the hash part of `other`.
fn places(store: &dyn StoreAccess, item: &StorePath, other: &StorePath) -> Result<Vec<Place>, StoreError> {
    let root = store.layout().physical(item);
    let finder = Finder::new(other.hash_part().as_bytes());
    let mut places = Vec::new();
    visit::<FsError>(&root, |visited| {
        let Visited { directory, name, place, status } = visited;
        let failed = |operation, error| FsError::new(operation, below(&root, place), error);
        let mut note = |what, found: Found| places.extend(found.place(place.to_owned(), what));
        if !place.as_os_str().is_empty() {
            note(What::Name, Found::in_bytes(&finder, name.as_bytes()));
        }
        match status.kind {
            FileKind::File => {
                let file =
                    directory.open_file(name).map_err(|error| failed(Operation::Open, error.into()))?;
                let found = Found::in_file(&finder, file);
                note(What::Contents, found.map_err(|error| failed(Operation::Read, error))?);
            }
            FileKind::Symlink => {
                let target =
                    directory.read_link(name).map_err(|error| failed(Operation::Read, error.into()))?;
                note(What::Target, Found::in_bytes(&finder, OsStr::as_bytes(&target)));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(places)
}

/// Where something was found.
#[derive(Default)]
struct Found {
    offsets: Vec<u64>,
    context: String,
}

impl Found {
    fn in_bytes(finder: &Finder<'_>, bytes: &[u8]) -> Self {
        let mut found = Self::default();
        found.look(finder, bytes, 0, 0);
        found
    }

    fn in_file(finder: &Finder<'_>, mut file: File) -> io::Result<Self> {
        let mut found = Self::default();
        let mut piece = Vec::new();
        // Of the piece before, so much is kept that nothing is missed at the seam, and something can be shown.
        let (mut start, mut kept) = (0, 0);
        while file.by_ref().take(PIECE as u64).read_to_end(&mut piece)? > 0 {
            found.look(finder, &piece, start, kept);
            kept = piece.len().min(AFTER);
            let gone = piece.len() - kept;
            piece.drain(..gone);
            start += gone as u64;
        }
        Ok(found)
    }

    /// Looks into bytes that begin at `start`, of which the first `seen` were looked into before.
    fn look(&mut self, finder: &Finder<'_>, bytes: &[u8], start: u64, seen: usize) {
        let length = finder.needle().len();
        for at in finder.find_iter(bytes).filter(|at| at + length > seen) {
            if self.offsets.is_empty() {
                let around = &bytes[at.saturating_sub(BEFORE)..bytes.len().min(at + AFTER)];
                let shown =
                    |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { *byte as char } else { '.' };
                self.context = around.iter().map(shown).collect();
            }
            self.offsets.push(start + at as u64);
        }
    }

    fn place(self, path: PathBuf, what: What) -> Option<Place> {
        let Self { offsets, context } = self;
        (!offsets.is_empty()).then_some(Place { path, what, offsets, context })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::store::{Layout, SealRequest, Store};

    #[test]
    fn a_chain_is_told_with_what_holds_each_reference() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::new(directory.path()).unwrap()).unwrap();
        let text = |name: &str, references: &[&StorePath]| {
            let words: Vec<_> = references.iter().map(ToString::to_string).collect();
            let references: BTreeSet<_> = references.iter().map(|&path| path.clone()).collect();
            store.add_text(name, &format!("see {}", words.join(" ")), &references).unwrap()
        };
        let end = text("end", &[]);
        let middle = text("middle", &[&end]);
        let other = text("other", &[]);

        // A tree that refers to `middle` in each way, across the seam of two pieces as well.
        let start = StorePath::from_base_name(&format!("{}-start", "a".repeat(32))).unwrap();
        let build = store.temporary().unwrap();
        let out = build.path().join("out");
        fs::create_dir_all(out.join("sub")).unwrap();
        symlink(format!("{middle}/x"), out.join("link")).unwrap();
        fs::write(out.join("sub").join(middle.base_name()), "").unwrap();
        let seam = [vec![b'-'; PIECE - 40], middle.to_string().into_bytes(), vec![b'-'; 100]].concat();
        fs::write(out.join("seam"), [seam, middle.to_string().into_bytes()].concat()).unwrap();
        fs::write(out.join("nothing"), other.hash_part()).unwrap();
        let outputs = [(start.clone(), out)].into();
        let candidates = [middle.clone()].into();
        let sealed = store.seal(SealRequest { outputs, candidates, ..SealRequest::default() }).unwrap();
        store.commit(sealed, &[]).unwrap();

        let steps = why(&store, &start, &end).unwrap().unwrap();
        assert_eq!(steps.len(), 2);
        let told: Vec<_> = steps[0]
            .places
            .iter()
            .map(|it| (it.path.to_str().unwrap(), it.what, it.offsets.as_slice()))
            .collect();
        let (first, prefix) = (PIECE as u64 - 40, "/frx/store/".len() as u64);
        let second = first + middle.to_string().len() as u64 + 100;
        let in_sub = format!("sub/{}", middle.base_name());
        assert_eq!(
            told,
            [
                ("link", What::Target, [prefix].as_slice()),
                ("seam", What::Contents, &[first + prefix, second + prefix]),
                (&in_sub, What::Name, &[0]),
            ]
        );
        assert_eq!((&steps[1].from, &steps[1].to), (&middle, &end));
        assert_eq!(steps[1].places[0].path, PathBuf::new());
        assert!(steps[1].places[0].context.starts_with("see /frx/store/"), "{steps:?}");

        assert_eq!(why(&store, &start, &start).unwrap(), Some(Vec::new()));
        assert_eq!(why(&store, &end, &start).unwrap(), None);
    }
}
