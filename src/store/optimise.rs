//! Sharing identical files of all items by hard links, through the pool `.links` in the store directory.
//!
//! A directory that a link is put into is not canonical for a moment. So the items whose turn it is are written down
//! first, in a note beside the database; who finds it sets right what one who was interrupted could not.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;
use crate::sys::durability::sync_tree;
use crate::util::fs::{
    FsError, Operation, PathContext as _, entries_if_there, exists, read_to_string, remove_file, write_atomic,
};
use crate::util::lock::FileLock;

use super::tree::Tree;
use super::tree::share::{Pool, Same, Saved, digest};
use super::{Layout, Store, StoreError};

/// So many files are replaced before others may register items again, and so many items are noted at most.
const BATCH_FILES: usize = 2048;
const BATCH_ITEMS: usize = 512;

/// Items with files that are to be replaced.
type Batch = Vec<(StorePath, Tree, Vec<Same>)>;

/// What became of the files of a store.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optimised {
    /// How many items were looked at.
    pub items: usize,
    /// What was replaced.
    pub saved: Saved,
    /// Whether the user ended it before the last item.
    pub interrupted: bool,
}

impl Store {
    /// Has identical files share their contents.
    pub fn optimise(&self) -> Result<Optimised, StoreError> {
        // Nothing is deleted meanwhile.
        let _collector = self.collector_lock()?;
        self.restore_noted()?;
        let mut pool = Pool::open(self.layout.links_dir())?;
        let owner = self.layout.owner()?;
        let mut optimised = Optimised::default();
        let mut batch = Batch::new();
        for item in self.all_registered()?.0 {
            if self.is_interrupted() {
                optimised.interrupted = true;
                break;
            }
            let place = self.layout.physical(&item);
            if !exists(&place)? {
                continue;
            }
            let tree = Tree::walk(&place)?;
            let same = tree.find_same(&mut pool, owner)?;
            optimised.items += 1;
            if same.is_empty() {
                continue;
            }
            batch.push((item, tree, same));
            let files: usize = batch.iter().map(|(.., same)| same.len()).sum();
            if files >= BATCH_FILES || batch.len() >= BATCH_ITEMS {
                self.replace_batch(std::mem::take(&mut batch), &mut optimised.saved)?;
            }
        }
        self.replace_batch(batch, &mut optimised.saved)?;
        Ok(optimised)
    }

    /// Has the files of a tree that is on its way into the store share with those that are there.
    pub(super) fn share_files(&self, place: &Path) -> Result<(), StoreError> {
        let tree = Tree::walk(place)?;
        let mut pool = Pool::open(self.layout.links_dir())?;
        let same = tree.find_same(&mut pool, self.layout.owner()?)?;
        tree.replace_same(&same, self.session()?.temporary().path())?;
        Ok(())
    }

    fn replace_batch(&self, batch: Batch, saved: &mut Saved) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let session = self.session()?;
        // Whoever registers something looks at what is there, and might find a directory not canonical.
        let _journal = self.journal()?;
        let note: String = batch.iter().map(|(item, ..)| format!("{}\n", item.base_name())).collect();
        write_atomic(&self.layout.optimising(), note.as_bytes(), true)?;
        for (_, tree, same) in &batch {
            let now = tree.replace_same(same, session.temporary().path())?;
            saved.files += now.files;
            saved.bytes += now.bytes;
        }
        let places: Vec<PathBuf> = batch.iter().map(|(item, ..)| self.layout.physical(item)).collect();
        session.flush(&places.iter().map(PathBuf::as_path).collect::<Vec<_>>())?;
        Ok(remove_file(&self.layout.optimising())?)
    }

    /// Sets right the directories that an interrupted run left writable.
    pub(super) fn end_optimising(&self) -> Result<(), StoreError> {
        if !exists(&self.layout.optimising())? {
            return Ok(());
        }
        // Whoever is at it, and alive, has this lock.
        match FileLock::try_acquire(&self.layout.collector_lock())? {
            Some(_collector) => self.restore_noted(),
            None => Ok(()),
        }
    }

    /// Whether files of the item are being shared, or were when that was interrupted.
    pub(super) fn is_being_shared(&self, item: &StorePath) -> Result<bool, StoreError> {
        let note = self.layout.optimising();
        match fs::read_to_string(&note) {
            Ok(items) => Ok(items.lines().any(|line| line == item.base_name())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(FsError::new(Operation::Read, note, error).into()),
        }
    }

    fn restore_noted(&self) -> Result<(), StoreError> {
        let note = self.layout.optimising();
        if !exists(&note)? {
            return Ok(());
        }
        let items = read_to_string(&note)?;
        let items: Vec<_> = items.lines().filter_map(|line| StorePath::from_base_name(line).ok()).collect();
        for item in &items {
            let place = self.layout.physical(item);
            if exists(&place)? {
                Tree::walk(&place)?.restore_directories()?;
                sync_tree(&place)?;
            }
        }
        tracing::warn!(
            "set right the modes of {} items that an interrupted run was about to share files of",
            items.len()
        );
        Ok(remove_file(&note)?)
    }

    /// The names in the pool whose files are not what they say; with `repair` they are removed. Items that share such a
    /// file are found damaged by themselves.
    pub fn verify_pool(&self, repair: bool) -> Result<Vec<PathBuf>, StoreError> {
        let mut wrong = Vec::new();
        for link in pool_files(&self.layout)? {
            let metadata = match fs::symlink_metadata(&link) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                metadata => metadata.at(Operation::Inspect, &link)?,
            };
            let executable = metadata.permissions().mode() & 0o111 != 0;
            let name = link.file_name().unwrap_or_default();
            if !metadata.is_file() || digest(&link, executable)?.base32().as_str() != name {
                if repair {
                    remove_file(&link)?;
                }
                wrong.push(link);
            }
        }
        Ok(wrong)
    }

    /// Removes from the pool what no item has any more. Gives how many bytes are free by that.
    pub(super) fn prune_pool(&self) -> Result<u64, StoreError> {
        let mut bytes = 0;
        for link in pool_files(&self.layout)? {
            let metadata = fs::symlink_metadata(&link).at(Operation::Inspect, &link)?;
            if metadata.nlink() == 1 {
                // One who is about to share it finds it gone, or has it by another name by now.
                remove_file(&link)?;
                bytes += metadata.len();
            }
        }
        Ok(bytes)
    }
}

fn pool_files(layout: &Layout) -> Result<Vec<PathBuf>, FsError> {
    entries_if_there(&layout.links_dir())?.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Settings;
    use crate::sys::processes::recorded::Recorded;
    use crate::util::fs::remove_tree;

    struct Place {
        directory: tempfile::TempDir,
        store: Store,
    }

    impl Place {
        fn new(settings: Settings) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let store = Store::open(Layout::new(&directory.path().join("root")).unwrap()).unwrap();
            Place { directory, store: store.with_settings(settings) }
        }

        /// Adds a tree with these files: path, contents, mode. Gives where it lies.
        fn add(&self, name: &str, files: &[(&str, &str, u32)]) -> PathBuf {
            let tree = self.directory.path().join(name);
            for (file, contents, mode) in files {
                let file = tree.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, contents).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(*mode)).unwrap();
            }
            let item = self.store.add_tree(name, &tree).unwrap();
            self.store.layout().physical(&item)
        }

        fn assert_whole(&self) {
            for item in self.store.all_registered().unwrap().0 {
                assert_eq!(self.store.verify(&item).unwrap(), None);
            }
        }

        fn pool(&self) -> usize {
            pool_files(self.store.layout()).unwrap().len()
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            remove_tree(self.directory.path()).unwrap();
        }
    }

    fn inode(path: PathBuf) -> u64 {
        fs::metadata(path).unwrap().ino()
    }

    #[test]
    fn what_is_the_same_is_shared_and_nothing_else_changes() {
        let place = Place::new(Settings::default());
        let one =
            place.add("one", &[("a", "text", 0o644), ("sub/tool", "text", 0o755), ("empty", "", 0o644)]);
        let two =
            place.add("two", &[("b", "text", 0o600), ("deep/er/b", "text", 0o644), ("empty", "", 0o644)]);
        let optimised = place.store.optimise().unwrap();
        assert_eq!((optimised.items, optimised.saved), (2, Saved { files: 2, bytes: 8 }));
        assert_eq!(inode(one.join("a")), inode(two.join("b")));
        assert_eq!(inode(one.join("a")), inode(two.join("deep/er/b")));
        assert_ne!(inode(one.join("a")), inode(one.join("sub/tool")), "one of them is executable");
        assert_ne!(inode(one.join("empty")), inode(two.join("empty")), "there is nothing to share");
        place.assert_whole();
        assert_eq!(place.store.optimise().unwrap().saved, Saved::default());
        assert!(!place.store.layout().optimising().exists());
        assert_eq!(fs::read_dir(place.store.layout().store_dir()).unwrap().count(), 3);
    }

    #[test]
    fn the_pool_loses_what_no_item_has() {
        let mut place = Place::new(Settings::default());
        for name in ["one", "two"] {
            place.add(name, &[(name, "text", 0o644), ("own", name, 0o644)]);
        }
        place.store.optimise().unwrap();
        assert_eq!(place.pool(), 3);
        let collector = Store::open(place.store.layout().clone()).unwrap();
        assert_eq!(collector.collect(&Recorded::default(), None).unwrap().items, 0, "they are held");
        assert_eq!(place.pool(), 3);
        // Their owner ends.
        place.store = Store::open(place.store.layout().clone()).unwrap();
        let collected = collector.collect(&Recorded::default(), None).unwrap();
        assert_eq!((collected.items, collected.unshared), (2, 10));
        assert_eq!(place.pool(), 0);
    }

    #[test]
    fn a_damaged_file_is_not_spread() {
        let place = Place::new(Settings::default());
        let one = place.add("one", &[("a", "text", 0o644)]);
        place.store.optimise().unwrap();
        // Its size and time stay, as those do where a disk fails.
        let change = |text: &str| {
            fs::set_permissions(one.join("a"), fs::Permissions::from_mode(0o644)).unwrap();
            fs::write(one.join("a"), text).unwrap();
            fs::set_permissions(one.join("a"), fs::Permissions::from_mode(0o444)).unwrap();
        };
        change("tent");
        assert_eq!(place.store.verify_pool(false).unwrap().len(), 1);
        let two = place.add("two", &[("b", "text", 0o644)]);
        let three = place.add("three", &[("c", "text", 0o644)]);
        assert_eq!(place.store.optimise().unwrap().saved.files, 1);
        assert_eq!(fs::read_to_string(two.join("b")).unwrap(), "text");
        assert_eq!(inode(two.join("b")), inode(three.join("c")));
        assert_eq!(place.store.verify_pool(true).unwrap().len(), 0, "the right file has taken its place");
    }

    #[test]
    fn what_is_added_shares_at_once_where_that_is_wanted() {
        let place = Place::new(Settings { auto_optimise_store: true, ..Settings::default() });
        let one = place.add("one", &[("a", "text", 0o644)]);
        let two = place.add("two", &[("a", "text", 0o644), ("sub/b", "text", 0o644), ("c", "other", 0o644)]);
        assert_eq!(inode(one.join("a")), inode(two.join("a")));
        assert_eq!(inode(one.join("a")), inode(two.join("sub/b")));
        place.assert_whole();
        assert_eq!(fs::read_dir(place.store.layout().store_dir()).unwrap().count(), 3);
    }

    #[test]
    fn what_an_interrupted_run_left_is_set_right_by_the_next_command() {
        let place = Place::new(Settings::default());
        let one = place.add("one", &[("sub/a", "text", 0o644)]);
        let note = format!("{}\n", one.file_name().unwrap().to_str().unwrap());
        fs::write(place.store.layout().optimising(), note).unwrap();
        fs::set_permissions(one.join("sub"), fs::Permissions::from_mode(0o755)).unwrap();
        let next = Store::open(place.store.layout().clone()).unwrap();
        next.add_text("next", "", &std::collections::BTreeSet::new()).unwrap();
        place.assert_whole();
        assert!(!place.store.layout().optimising().exists());
    }
}
