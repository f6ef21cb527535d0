//! From an archive to a tree and the METALOG that an install would have written.

use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use tar::EntryType;

use super::{FLAGS_HEADER, ReleaseSetError};
use crate::builders::fetch::{UnpackError, open_archive, unpack_entry};
use crate::builders::freebsd::metalog::vis;

/// A flag that the file system sets by itself as files change: it says nothing about what was packed.
const ARCHIVED: &str = "uarch";

/// Unpacks the archive to the new directory `tree`, and gives the text of the METALOG.
pub fn unpack(archive: &Path, tree: &Path) -> Result<Vec<u8>, ReleaseSetError> {
    fs::create_dir(tree).map_err(|source| ReleaseSetError::Place { path: tree.to_owned(), source })?;
    let unreadable = |error| UnpackError::Read { error };
    let mut archive = tar::Archive::new(open_archive(archive).map_err(unreadable)?);
    let mut log = Vec::new();
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        if let Some(line) = line(&mut entry).map_err(unreadable)? {
            log.extend_from_slice(line.as_bytes());
        }
        unpack_entry(&mut entry, tree)?;
    }
    // The end of a compressed stream is where its check sum is.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(unreadable)?;
    Ok(log)
}

/// The line for an entry; none for what is no path, and for further names of a file, which have what the file has.
fn line(entry: &mut tar::Entry<'_, impl Read>) -> std::io::Result<Option<String>> {
    let kind = match entry.header().entry_type() {
        EntryType::Directory => "dir",
        EntryType::Symlink => "link",
        EntryType::XGlobalHeader | EntryType::Link => return Ok(None),
        _ => "file",
    };
    let flags = flags(entry)?;
    let header = entry.header();
    let name = |name: Option<&[u8]>, keyword: &str| match name {
        Some(name) if !name.is_empty() => format!(" {keyword}={}", vis::encode(name)),
        _ => String::new(),
    };
    let owners = name(header.username_bytes(), "uname") + &name(header.groupname_bytes(), "gname");
    let (uid, gid, mode) = (header.uid()?, header.gid()?, header.mode()? & 0o7777);
    let path = entry.path()?;
    // An absolute name counts from the top.
    let path = path.strip_prefix("/").unwrap_or(&path).strip_prefix(".").unwrap_or(&path);
    let path = vis::encode(path.as_os_str().as_bytes());
    let top = if path.is_empty() { ".".to_owned() } else { format!("./{path}") };
    Ok(Some(format!("{top} type={kind}{owners} uid={uid} gid={gid} mode={mode:04o}{flags}\n")))
}

fn flags(entry: &mut tar::Entry<'_, impl Read>) -> std::io::Result<String> {
    let mut flags = Vec::new();
    for extension in entry.pax_extensions()?.into_iter().flatten() {
        let extension = extension?;
        if extension.key_bytes() == FLAGS_HEADER.as_bytes() {
            let value = String::from_utf8_lossy(extension.value_bytes()).into_owned();
            flags.extend(value.split(',').filter(|flag| *flag != ARCHIVED).map(str::to_owned));
        }
    }
    flags.retain(|flag| !flag.is_empty() && flag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    Ok(if flags.is_empty() { String::new() } else { format!(" flags={}", flags.join(",")) })
}
