//! From an item to an archive, as `make packagesystem` makes them of an installed tree.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use liblzma::write::XzEncoder;
use tar::{EntryType, Header};

use super::{FLAGS_HEADER, ReleaseSetError};
use crate::builders::freebsd::metalog::{Entry, Kind, Metalog};

/// How hard to compress: what xz(1) does when it is not told.
const LEVEL: u32 = 6;

/// The time of all files, that of everything in a store.
const TIME: u64 = 1;

/// What was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Paths in the archive, as MANIFEST counts them.
    pub paths: usize,
}

/// Writes the tree in an item that has a METALOG to `out`, as a tar archive compressed by xz. The same item gives the same
/// bytes.
pub fn pack(item: &Path, out: impl Write) -> Result<Packed, ReleaseSetError> {
    let metalog = Metalog::of_item(item)?;
    let mut archive = tar::Builder::new(XzEncoder::new(out, LEVEL));
    for (path, entry) in metalog.entries() {
        append(&mut archive, item, path, entry)?;
    }
    let written = archive.into_inner().and_then(XzEncoder::finish);
    written.map_err(|source| ReleaseSetError::Write { source })?;
    Ok(Packed { paths: metalog.len() })
}

fn append(
    archive: &mut tar::Builder<impl Write>,
    item: &Path,
    path: &Path,
    entry: &Entry,
) -> Result<(), ReleaseSetError> {
    let unwritable = |source| ReleaseSetError::Write { source };
    if !entry.flags.is_empty() {
        let flags = entry.flags.iter().cloned().collect::<Vec<_>>().join(",");
        archive.append_pax_extensions([(FLAGS_HEADER, flags.as_bytes())]).map_err(unwritable)?;
    }
    let mut header = header(entry).map_err(unwritable)?;
    let name = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match &entry.kind {
        Kind::Directory => archive.append_data(&mut header, name, io::empty()),
        Kind::HardLink { to } => archive.append_link(&mut header, name, to),
        Kind::Symlink { target } => archive.append_link(&mut header, name, target),
        Kind::File => {
            let place = item.join(path);
            let unreadable = |source| ReleaseSetError::Read { path: place.clone(), source };
            let file = File::open(&place).map_err(unreadable)?;
            header.set_size(file.metadata().map_err(unreadable)?.len());
            archive.append_data(&mut header, name, file)
        }
    }
    .map_err(unwritable)
}

fn header(entry: &Entry) -> io::Result<Header> {
    let mut header = Header::new_gnu();
    header.set_entry_type(match entry.kind {
        Kind::Directory => EntryType::Directory,
        Kind::File => EntryType::Regular,
        Kind::HardLink { .. } => EntryType::Link,
        Kind::Symlink { .. } => EntryType::Symlink,
    });
    header.set_username(&entry.owner.name)?;
    header.set_groupname(&entry.group.name)?;
    header.set_uid(entry.owner.id.into());
    header.set_gid(entry.group.id.into());
    header.set_mode(entry.mode);
    header.set_mtime(TIME);
    header.set_size(0);
    Ok(header)
}
