//! Unpacking an archive.

use std::ffi::OsStr;
use std::io::{self, BufReader, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::util::fs::{Anchor, Cursor, Operation, OutFile, PathContext as _};

use super::reader::Entry;
use super::{Event, NarError, NarReader, Node};

/// Unpacks an archive, which is all that `input` holds, to `path`, where nothing may be yet. Modes are the usual ones
/// under the process's umask; files marked executable are so for all. On an error, what was unpacked so far is left for
/// the caller to remove.
pub fn restore(input: impl Read, path: &Path) -> Result<(), NarError> {
    let mut reader = NarReader::new(BufReader::new(input));
    let anchor = Anchor::of(path)?;
    let mut cursor = Cursor::new(&anchor);
    // Relative to the tree, those that are open in the archive.
    let mut directories: Vec<PathBuf> = Vec::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Leave => {
                directories.pop();
            }
            Event::Entry(Entry { name, node }) => {
                let entry = match directories.last() {
                    Some(directory) => directory.join(OsStr::from_bytes(&name)),
                    None => PathBuf::new(),
                };
                restore_node(&mut reader, path, &mut cursor, &entry, &node)?;
                if node == Node::Directory {
                    directories.push(entry);
                }
            }
        }
    }
    reader.expect_end()
}

fn restore_node<R: Read>(
    reader: &mut NarReader<R>,
    root: &Path,
    cursor: &mut Cursor<'_>,
    entry: &Path,
    node: &Node,
) -> Result<(), NarError> {
    let place = || if entry.as_os_str().is_empty() { root.to_owned() } else { root.join(entry) };
    let (directory, name) = cursor.locate(entry).at_place(Operation::Open, place)?;
    match node {
        Node::Directory => directory.create_directory(name, 0o777).at_place(Operation::Create, place)?,
        Node::Symlink { target } => {
            directory.create_symlink(OsStr::from_bytes(target), name).at_place(Operation::Link, place)?;
        }
        Node::File { executable, .. } => {
            let mode = if *executable { 0o777 } else { 0o666 };
            let file = directory.create_file(name, mode).at_place(Operation::Create, place)?;
            io::copy(reader, &mut OutFile::new(file, place())).at_place(Operation::Write, place)?;
        }
    }
    Ok(())
}
