//! The right to move items into the store and out of it, and the list of those on their way.
//!
//! Between the moment when an item gets its name and the one when the database knows it, a process may die; and so it may
//! between the moment when the database forgets an item and the one when its name is gone. So whoever moves items
//! writes their names down first, in the one file whose lock gives the right to do so. Whoever takes the lock next finds
//! the list, and removes what it names that is not valid.

use std::fs;
use std::io;

use crate::store_path::StorePath;
use crate::util::fs::{FsError, Operation, PathContext as _, set_len, sync, write_all_at};
use crate::util::lock::FileLock;

use super::layout::Layout;

/// What stands before the name of an item that is on its way out. No item's name begins with it.
const OUT: &str = "-";

/// An item whose way was not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    pub path: StorePath,
    pub way: Way,
}

/// Where an item was to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    In,
    Out,
}

/// The right, while it lives.
#[derive(Debug)]
pub struct Journal {
    lock: FileLock,
}

impl Journal {
    /// Waits for the right, until `give_up` says so: then there is none.
    pub fn acquire(layout: &Layout, give_up: &dyn Fn() -> bool) -> Result<Option<Self>, FsError> {
        let waiting = || tracing::debug!("waiting for another process that moves items into the store");
        let lock = FileLock::acquire(&layout.journal(), waiting, give_up)?;
        Ok(lock.map(|lock| Journal { lock }))
    }

    /// The right, if no one has it.
    pub fn try_acquire(layout: &Layout) -> Result<Option<Self>, FsError> {
        Ok(FileLock::try_acquire(&layout.journal())?.map(|lock| Journal { lock }))
    }

    /// What was begun and not ended. A last line that is not whole was written by one who moved nothing yet.
    pub fn unfinished(&self) -> Result<Vec<Unfinished>, FsError> {
        let text = fs::read(self.lock.path()).at(Operation::Read, self.lock.path())?;
        let text = String::from_utf8_lossy(&text);
        let lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        let unfinished = |line: &str| {
            let (way, name) = line.strip_prefix(OUT).map_or((Way::In, line), |name| (Way::Out, name));
            StorePath::from_base_name(name).ok().map(|path| Unfinished { path, way })
        };
        Ok(lines.filter_map(unfinished).collect())
    }

    /// Writes down, on disk, what is about to be moved in.
    pub fn begin<'a>(&self, items: impl IntoIterator<Item = &'a StorePath>) -> Result<(), FsError> {
        self.write(items.into_iter().map(|item| format!("{}\n", item.base_name())).collect())
    }

    /// Writes down, on disk, the base names of what is about to be forgotten and moved out.
    pub fn begin_removal<'a>(&self, items: impl IntoIterator<Item = &'a str>) -> Result<(), FsError> {
        self.write(items.into_iter().map(|name| format!("{OUT}{name}\n")).collect())
    }

    fn write(&self, text: String) -> Result<(), FsError> {
        let file = self.lock.file();
        let write = || -> io::Result<()> {
            set_len(file, 0)?;
            write_all_at(file, text.as_bytes(), 0)?;
            sync(file)
        };
        write().at(Operation::Write, self.lock.path())
    }

    /// Strikes out the list: all is registered, or gone. It need not reach the disk, for a list of valid items does no
    /// harm.
    pub fn end(&self) {
        if let Err(error) = set_len(self.lock.file(), 0) {
            tracing::debug!("the list of items on their way stays: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::fs::create_dir_all;

    #[test]
    fn the_next_one_learns_what_was_not_ended() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::new(directory.path()).unwrap();
        create_dir_all(layout.db().parent().unwrap()).unwrap();
        let item = |digit: &str| StorePath::from_base_name(&format!("{}-x", digit.repeat(32))).unwrap();
        let going_in = |digit: &str| Unfinished { path: item(digit), way: Way::In };
        let acquire = || Journal::try_acquire(&layout).unwrap();

        let journal = acquire().unwrap();
        assert!(acquire().is_none());
        journal.begin([&item("1"), &item("2")]).unwrap();
        drop(journal);
        let journal = acquire().unwrap();
        assert_eq!(journal.unfinished().unwrap(), [going_in("1"), going_in("2")]);
        journal.begin([&item("3")]).unwrap();
        assert_eq!(journal.unfinished().unwrap(), [going_in("3")]);
        journal.begin_removal([item("3").base_name()]).unwrap();
        assert_eq!(journal.unfinished().unwrap(), [Unfinished { path: item("3"), way: Way::Out }]);
        fs::write(layout.journal(), format!("{}\n{}", item("4").base_name(), item("5").base_name())).unwrap();
        assert_eq!(journal.unfinished().unwrap(), [going_in("4")], "half a line counts for nothing");
        journal.end();
        assert_eq!(journal.unfinished().unwrap(), []);
    }
}
