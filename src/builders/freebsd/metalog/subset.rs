//! Taking a part of a METALOG, and putting parts together.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Entry, Kind, Metalog, MetalogError};

impl Metalog {
    /// The entries that `wanted` takes, with the directories that lead to them.
    ///
    /// Where the first name of a link group is not among them, the next one becomes the file.
    pub fn subset(&self, wanted: impl Fn(&Path, &Entry) -> bool) -> Metalog {
        let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        let mut first_names: BTreeMap<&Path, PathBuf> = BTreeMap::new();
        for (path, entry) in self.entries().filter(|(path, entry)| wanted(path, entry)) {
            let mut entry = entry.clone();
            match &mut entry.kind {
                Kind::File => drop(first_names.insert(path, path.to_owned())),
                Kind::HardLink { to } => {
                    // Entries come sorted, but a group's first name need not: it may come later than this one.
                    if let Some((original, _)) = self.entries.get_key_value(to) {
                        let kept = wanted(original, &self.entries[original]);
                        let first = first_names
                            .entry(original)
                            .or_insert_with(|| if kept { original.clone() } else { path.to_owned() });
                        entry.kind = if first.as_path() == path {
                            Kind::File
                        } else {
                            Kind::HardLink { to: first.clone() }
                        };
                    }
                }
                Kind::Directory | Kind::Symlink { .. } => {}
            }
            entries.insert(path.to_owned(), entry);
        }
        let parents: Vec<&Path> = entries
            .keys()
            .flat_map(|path| path.ancestors().skip(1))
            .filter_map(|path| self.entries.get_key_value(path).map(|(path, _)| path.as_path()))
            .collect();
        for parent in parents {
            entries.entry(parent.to_owned()).or_insert_with(|| self.entries[parent].clone());
        }
        // Every METALOG has a top, even one of nothing.
        if let Some(top) = self.entries.get(Path::new("")) {
            entries.entry(PathBuf::new()).or_insert_with(|| top.clone());
        }
        Metalog { entries }
    }

    /// One METALOG of several. Where more than one has a path, that of the part that `owner` says by its number counts,
    /// if it is among them, else the first.
    ///
    /// # Errors
    /// Something lies below what is no directory in the part that owns it.
    pub fn union(parts: Vec<Metalog>, owner: &dyn Fn(&Path) -> usize) -> Result<Metalog, MetalogError> {
        let mut entries: BTreeMap<PathBuf, Entry> = BTreeMap::new();
        for (number, part) in parts.into_iter().enumerate() {
            for (path, entry) in part.entries {
                if owner(&path) == number || !entries.contains_key(&path) {
                    entries.insert(path, entry);
                }
            }
        }
        Metalog::from_entries(entries)
    }
}
