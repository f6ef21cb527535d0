//! Sharing files that are the same: each becomes a hard link to one of them, which a pool knows by its digest.
//!
//! Only canonical files share, so that mode, time and owner, which belong to the file and not to its names, are right for
//! all; whether a file is executable is part of its digest. Before a file is replaced, it is compared with what replaces
//! it, byte by byte: a damaged file is not spread.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use serde::{Deserialize, Serialize};

use crate::hash::{Hasher, Sha256};
use crate::util::fs::{
    Cursor, FsError, Operation, PathContext as _, create_dir_all, entries, first_difference, hard_link,
    remove_file, rename,
};

use super::canonical::{MTIME, canonical_mode};
use super::{Kind, Tree, TreeEntry};

/// The files that others share, by their digests.
#[derive(Debug)]
pub struct Pool {
    directory: PathBuf,
    /// The inode numbers of its files: what has one of them shares already.
    inodes: HashSet<u64>,
}

/// A file of a tree that the pool has as well.
#[derive(Debug)]
pub struct Same {
    /// Its place among the entries of the tree.
    entry: usize,
    /// The name in the pool.
    link: PathBuf,
    size: u64,
}

/// What sharing saved.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// How many files are links now that were none.
    pub files: usize,
    /// Their sizes together.
    pub bytes: u64,
}

impl Pool {
    /// The pool in a directory, which is made where there is none.
    pub fn open(directory: PathBuf) -> Result<Self, FsError> {
        create_dir_all(&directory)?;
        let mut inodes = HashSet::new();
        for entry in entries(&directory)? {
            inodes.insert(entry?.ino());
        }
        Ok(Pool { directory, inodes })
    }

    /// Takes a file into the pool. Gives the name under which the pool has the same file already, if it is another.
    fn offer(&mut self, place: &Path, executable: bool) -> Result<Option<PathBuf>, FsError> {
        let link = self.directory.join(digest(place, executable)?.base32());
        match hard_link(place, &link) {
            Ok(()) => self.learn(place)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if is_same(place, &link)? {
                    return Ok(Some(link));
                }
                // What has this name has changed.
                remove_file(&link)?;
                hard_link(place, &link)?;
                self.learn(place)?;
            }
            // It has as many names as a file can have: then it is shared enough.
            Err(error) if is_too_many(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    fn learn(&mut self, place: &Path) -> Result<(), FsError> {
        let metadata = fs::symlink_metadata(place).at(Operation::Inspect, place)?;
        self.inodes.insert(metadata.ino());
        Ok(())
    }
}

impl Tree {
    /// The files that the pool has as well, after it has taken those that it had not. Nothing in the tree changes.
    pub fn find_same(&self, pool: &mut Pool, owner: u32) -> Result<Vec<Same>, FsError> {
        let mut same = Vec::new();
        for (number, entry) in self.entries.iter().enumerate() {
            let Kind::File { size, executable, links } = entry.kind else { continue };
            let shares = links.is_some_and(|links| pool.inodes.contains(&links.inode));
            if size == 0 || shares || entry.uncanonical(owner).is_some() {
                continue;
            }
            if let Some(link) = pool.offer(&entry.below(&self.root), executable)? {
                same.push(Same { entry: number, link, size });
            }
        }
        Ok(same)
    }

    /// Puts links in the places of files. Each is made under the name `temporary`, in the file system of the tree. While
    /// it runs, directories of the tree may be writable; and they stay so where it is interrupted, until
    /// [`Tree::restore_directories`].
    pub fn replace_same(&self, same: &[Same], temporary: &Path) -> Result<Saved, FsError> {
        let mut saved = Saved::default();
        let mut cursor = Cursor::new(&self.anchor);
        for Same { entry, link, size } in same {
            let entry = &self.entries[*entry];
            let place = entry.below(&self.root);
            match hard_link(link, temporary) {
                Ok(()) => {}
                // It can have no more names: the next that are the same share with this one.
                Err(error) if is_too_many(&error) => {
                    hard_link(&place, temporary)?;
                    rename(temporary, link)?;
                    continue;
                }
                // It was taken for one that nobody shares any more.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            }
            replace(entry, &mut cursor, temporary, &place)?;
            saved.files += 1;
            saved.bytes += size;
        }
        Ok(saved)
    }

    /// Gives every directory of the tree its canonical mode and times.
    pub fn restore_directories(&self) -> Result<(), FsError> {
        let mut cursor = Cursor::new(&self.anchor);
        for entry in self.entries.iter().filter(|entry| entry.kind == Kind::Directory) {
            let place = entry.below(&self.root);
            let restore = |directory: &crate::util::fs::Directory| {
                directory.set_own_mode(canonical_mode(true))?;
                directory.set_own_times(MTIME)
            };
            cursor.directory(&entry.path).and_then(restore).at(Operation::SetMode, &place)?;
        }
        Ok(())
    }
}

/// Moves `temporary` to the place of a file, whose directory is as it was afterwards.
fn replace(
    entry: &TreeEntry,
    cursor: &mut Cursor<'_>,
    temporary: &Path,
    place: &Path,
) -> Result<(), FsError> {
    if entry.depth == 0 {
        return rename(temporary, place);
    }
    let (directory, _) = cursor.locate(&entry.path).at(Operation::Open, place)?;
    directory.set_own_mode(0o755).at(Operation::SetMode, place)?;
    let replaced = rename(temporary, place);
    let restored = directory.set_own_mode(canonical_mode(true)).and_then(|()| directory.set_own_times(MTIME));
    replaced.and(restored.at(Operation::SetMode, place))
}

/// The digest by which the pool knows a file.
pub fn digest(file: &Path, executable: bool) -> Result<Sha256, FsError> {
    let mut hasher = Hasher::new();
    hasher.update(if executable { b"executable\0" } else { b"plain\0" });
    File::open(file).and_then(|mut file| io::copy(&mut file, &mut hasher)).at(Operation::Read, file)?;
    Ok(hasher.finish())
}

fn is_same(one: &Path, other: &Path) -> Result<bool, FsError> {
    let open = |path: &Path| File::open(path).at(Operation::Open, path);
    let (first, second) = (open(one)?, open(other)?);
    let metadata = |file: &File, path: &Path| file.metadata().at(Operation::Inspect, path);
    let (first_is, second_is) = (metadata(&first, one)?, metadata(&second, other)?);
    if (first_is.len(), first_is.mode(), first_is.uid())
        != (second_is.len(), second_is.mode(), second_is.uid())
    {
        return Ok(false);
    }
    Ok(first_difference((&first, one), (&second, other))?.is_none())
}

fn is_too_many(error: &FsError) -> bool {
    error.error.raw_os_error() == Some(Errno::EMLINK as i32)
}
