//! Unpacking an archive.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::util::fs::{Operation, PathContext as _};

use super::reader::Entry;
use super::{Event, NarError, NarReader, Node};

/// Unpacks an archive, which is all that `input` holds, to `path`, where nothing may be yet. Modes are the usual ones under the process's umask;
/// files marked executable are so for all. On an error, what was unpacked so far is left for the caller to
/// remove.
pub fn restore(input: impl Read, path: &Path) -> Result<(), NarError> {
    let mut reader = NarReader::new(BufReader::new(input));
    let mut directories: Vec<PathBuf> = Vec::new();
    while let Some(event) = reader.next_event()? {
        match event {
            Event::Leave => {
                directories.pop();
            }
            Event::Entry(Entry { name, node }) => {
                // Names are checked by the reader and every directory was made here, so no link is followed.
                let place = match directories.last() {
                    Some(directory) => directory.join(OsStr::from_bytes(&name)),
                    None => path.to_owned(),
                };
                restore_node(&mut reader, &place, &node)?;
                if node == Node::Directory {
                    directories.push(place);
                }
            }
        }
    }
    reader.expect_end()
}

fn restore_node<R: Read>(reader: &mut NarReader<R>, place: &Path, node: &Node) -> Result<(), NarError> {
    match node {
        Node::Directory => fs::create_dir(place).at(Operation::Create, place)?,
        Node::Symlink { target } => {
            symlink(OsStr::from_bytes(target), place).at(Operation::Link, place)?;
        }
        Node::File { executable, .. } => {
            let mode = if *executable { 0o777 } else { 0o666 };
            let mut options = OpenOptions::new();
            options.write(true).create_new(true).mode(mode);
            let mut file = options.open(place).at(Operation::Create, place)?;
            io::copy(reader, &mut file).at(Operation::Write, place)?;
        }
    }
    Ok(())
}
