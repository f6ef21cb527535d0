//! Emptying a directory with several threads, who share what is still to be done.
//!
//! The topmost levels of a tree are shared, each directory by itself and many files by parts; what lies deeper is
//! emptied by whoever comes to it. So few directories are open, however wide or deep the tree: what was found last,
//! which is the deepest, is begun first.

use std::ffi::OsString;
use std::sync::Arc;

use crate::util::crew;

use super::deep::empty_deep;
use super::{Contents, Directory, open_directory, remove_name};

/// How many levels are shared. Each thread holds about so many directories open.
const LEVELS: usize = 8;
/// How many files one thread removes at a time.
const BATCH: usize = 64;

/// Removes everything in a directory.
pub fn empty(top: Directory) -> nix::Result<()> {
    let tasks = list(Arc::new(Node { directory: top, above: None, level: 0 }))?;
    crew::exhaust(crew::MEMBERS, tasks, || Task::run)
}

/// A directory that is being emptied.
struct Node {
    directory: Directory,
    /// The directory that it lies in, and its name there; nothing for the topmost.
    above: Option<(Arc<Node>, OsString)>,
    /// How many directories it lies in.
    level: usize,
}

/// What one thread does at a time.
enum Task {
    /// Empties and removes a directory.
    Directory(Arc<Node>, OsString),
    /// Removes some files.
    Files(Arc<Node>, Vec<OsString>),
}

impl Task {
    /// Does it, and gives what is to be done then.
    fn run(self) -> nix::Result<Vec<Task>> {
        match self {
            Task::Files(node, names) => {
                remove_files(&node.directory, &names)?;
                leave(node)?;
                Ok(Vec::new())
            }
            Task::Directory(above, name) => {
                let directory = open_directory(&above.directory, &name)?;
                let level = above.level + 1;
                if level == LEVELS {
                    empty_deep(directory)?;
                    remove_name(&above.directory, &name, Directory::remove_directory)?;
                    leave(above)?;
                    return Ok(Vec::new());
                }
                list(Arc::new(Node { directory, above: Some((above, name)), level }))
            }
        }
    }
}

/// Removes the files of a directory, where they are few, and gives what else is to be done.
fn list(node: Arc<Node>) -> nix::Result<Vec<Task>> {
    let Contents { directories, files } = Contents::of(&node.directory)?;
    let mut tasks = Vec::new();
    tasks.extend(directories.into_iter().map(|name| Task::Directory(Arc::clone(&node), name)));
    if files.len() <= BATCH {
        remove_files(&node.directory, &files)?;
    } else {
        tasks.extend(files.chunks(BATCH).map(|names| Task::Files(Arc::clone(&node), names.to_vec())));
    }
    leave(node)?;
    Ok(tasks)
}

fn remove_files(directory: &Directory, names: &[OsString]) -> nix::Result<()> {
    names.iter().try_for_each(|name| remove_name(directory, name, Directory::remove))
}

/// Is done with a directory. Whoever is the last removes it, which is then empty, and is done with the one above.
fn leave(mut node: Arc<Node>) -> nix::Result<()> {
    while let Some(Node { directory, above: Some((above, name)), .. }) = Arc::into_inner(node) {
        drop(directory);
        remove_name(&above.directory, &name, Directory::remove_directory)?;
        node = above;
    }
    Ok(())
}
