//! Archiving what lies in the file system, one file after the other.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use nix::fcntl::OFlag;

use crate::hash::{Hasher, Sha256};
use crate::util::fs::{Operation, PathContext as _};

use super::{NarError, NarWriter, unsupported_kind};

/// Writes the archive of the file, directory or symbolic link at `path`; a link is not followed.
pub fn dump(path: &Path, out: impl Write) -> Result<(), NarError> {
    let out = io::BufWriter::with_capacity(COPY_LEN, out);
    let mut writer = NarWriter::new(out).map_err(NarError::Write)?;
    dump_node(path, &mut writer, &mut vec![0; COPY_LEN])?;
    writer.into_inner().flush().map_err(NarError::Write)
}

/// The SHA-256 digest and the size in bytes of the archive of `path`.
pub fn hash(path: &Path) -> Result<(Sha256, u64), NarError> {
    let mut hasher = Hasher::new();
    dump(path, &mut hasher)?;
    let size = hasher.bytes_seen();
    Ok((hasher.finish(), size))
}

/// How much of a file is copied at once, in bytes.
const COPY_LEN: usize = 128 * 1024;

fn dump_node<W: Write>(path: &Path, writer: &mut NarWriter<W>, buffer: &mut [u8]) -> Result<(), NarError> {
    let metadata = fs::symlink_metadata(path).at(Operation::Inspect, path)?;
    if metadata.is_dir() {
        dump_directory(path, writer, buffer)
    } else if metadata.is_file() {
        dump_file(path, writer, buffer)
    } else if metadata.is_symlink() {
        let target = fs::read_link(path).at(Operation::Read, path)?;
        writer.symlink(target.as_os_str().as_bytes()).map_err(NarError::Write)
    } else {
        let kind = unsupported_kind(metadata.file_type());
        Err(NarError::Unsupported { path: path.to_owned(), kind })
    }
}

fn dump_directory<W: Write>(
    path: &Path,
    writer: &mut NarWriter<W>,
    buffer: &mut [u8],
) -> Result<(), NarError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).at(Operation::List, path)? {
        names.push(entry.at(Operation::List, path)?.file_name());
    }
    names.sort_unstable();
    writer.directory().map_err(NarError::Write)?;
    for name in names {
        writer.entry(name.as_bytes()).map_err(NarError::Write)?;
        dump_node(&path.join(&name), writer, buffer)?;
        writer.end_entry().map_err(NarError::Write)?;
    }
    writer.end_directory().map_err(NarError::Write)
}

fn dump_file<W: Write>(path: &Path, writer: &mut NarWriter<W>, buffer: &mut [u8]) -> Result<(), NarError> {
    let (mut file, metadata) = open_regular(path)?;
    let size = metadata.len();
    writer.file(is_executable(&metadata), size).map_err(NarError::Write)?;
    let mut left = size;
    loop {
        let count = match file.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).at(Operation::Read, path)?,
        };
        left = left
            .checked_sub(count as u64)
            .filter(|&left| count > 0 || left == 0)
            .ok_or_else(|| other_size(path.to_owned(), size, &metadata, &file))?;
        if count == 0 {
            check_unchanged(path, &metadata, &file)?;
            return writer.end_file(size).map_err(NarError::Write);
        }
        writer.contents(&buffer[..count]).map_err(NarError::Write)?;
    }
}

/// Opens what was seen as a regular file: what took its place since is neither followed nor waited for.
pub(crate) fn open_regular(path: &Path) -> Result<(File, Metadata), NarError> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path);
    let file = opened.at(Operation::Open, path)?;
    let metadata = file.metadata().at(Operation::Inspect, path)?;
    match metadata.is_file() {
        true => Ok((file, metadata)),
        false => Err(NarError::Changed { path: path.to_owned() }),
    }
}

/// Refuses a file that was written to since it had the attributes `before`, even if its size is the same.
pub(crate) fn check_unchanged(path: &Path, before: &Metadata, file: &File) -> Result<(), NarError> {
    let after = file.metadata().at(Operation::Inspect, path)?;
    let stamp = |metadata: &Metadata| (metadata.len(), metadata.mtime(), metadata.mtime_nsec());
    match stamp(before) == stamp(&after) {
        true => Ok(()),
        false => Err(NarError::Changed { path: path.to_owned() }),
    }
}

/// Why a file gave more or fewer bytes than its `size`: it changed, or never had a size, as those of `/proc`.
pub(crate) fn other_size(path: PathBuf, size: u64, before: &Metadata, file: &File) -> NarError {
    match check_unchanged(&path, before, file) {
        Ok(()) if size == 0 => NarError::NoSize { path },
        _ => NarError::Changed { path },
    }
}

/// Whether an archive marks the file as executable: its owner may execute it.
pub(crate) fn is_executable(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o100 != 0
}
