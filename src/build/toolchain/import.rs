//! Copying the collected files into the store, once.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    MANIFEST, NAME, ToolchainError,
    collect::{Entries, Entry, collect},
    dpkg::{Database, Package},
    glance::{self, Look},
};
use crate::{
    hash::{Hasher, Sha256},
    store::StoreAccess,
    store_path::StorePath,
    util::fs::{OutFile, create_dir, create_symlink, set_open_mode, write_new},
};

/// Part of the fingerprint: changes when other files are collected, or they are laid out otherwise.
const FORMAT: u32 = 1;

/// What `MANIFEST.json` says.
#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    /// What was asked for, sorted.
    roots: Vec<&'a str>,
    /// What it took, sorted.
    packages: Vec<ManifestPackage<'a>>,
}

#[derive(Serialize)]
struct ManifestPackage<'a> {
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
}

/// Makes the item for the installed Debian packages `roots` and all they depend on.
pub fn import(store: &dyn StoreAccess, roots: &[String]) -> Result<StorePath, ToolchainError> {
    import_from(store, Path::new("/"), roots)
}

fn import_from(store: &dyn StoreAccess, host: &Path, roots: &[String]) -> Result<StorePath, ToolchainError> {
    if let Some(item) = glance::recall(store, host, roots)? {
        return Ok(item);
    }
    let Survey { entries, manifest, looks } = survey(host, roots)?;
    let fingerprint = fingerprint(&entries, &manifest);
    let unchanged = || {
        let again = survey(host, roots)?;
        Ok::<bool, ToolchainError>(self::fingerprint(&again.entries, &again.manifest) == fingerprint)
    };
    let item = match store.recall(NAME, &fingerprint)? {
        Some(item) => item,
        None => {
            let place = store.temporary()?;
            copy(&entries, &manifest, place.path())?;
            if !unchanged()? {
                return Err(ToolchainError::Changed);
            }
            let item = store.adopt_tree(NAME, place.path())?;
            store.remember(NAME, &fingerprint, &item);
            item
        }
    };
    glance::remember(store, (host, roots), looks, &item, unchanged)?;
    Ok(item)
}

/// What the item holds.
struct Survey {
    entries: Entries,
    manifest: Vec<u8>,
    /// What was looked at to find out.
    looks: Vec<Look>,
}

fn survey(host: &Path, roots: &[String]) -> Result<Survey, ToolchainError> {
    let directory = host.join("var/lib/dpkg");
    let database = Database::read(&directory)?;
    let packages = database.closure(roots)?;
    let (entries, mut looks) = collect(host, &database, &packages)?;
    looks.push(Look::Whole(directory.join("status")));
    looks.extend(packages.iter().map(|package| Look::Whole(database.list_of(package))));
    Ok(Survey { entries, manifest: manifest(roots, &packages), looks })
}

fn manifest(roots: &[String], packages: &[&Package]) -> Vec<u8> {
    let mut roots = roots.iter().map(String::as_str).collect::<Vec<_>>();
    roots.sort_unstable();
    roots.dedup();
    let packages = packages
        .iter()
        .map(|Package { name, version, architecture, .. }| ManifestPackage { name, version, architecture })
        .collect();
    let manifest = Manifest { format: FORMAT, roots, packages };
    let mut text = serde_json::to_vec_pretty(&manifest).expect("names and versions are plain strings");
    text.push(b'\n');
    text
}

/// What tells an unchanged tool chain: `ctime` and inode besides size and `mtime`, since dpkg sets `mtime`.
fn fingerprint(entries: &Entries, manifest: &[u8]) -> Sha256 {
    let mut digest = Hasher::new();
    digest.update(manifest);
    for (place, entry) in entries {
        digest.update(place.as_os_str().as_encoded_bytes());
        match entry {
            Entry::Directory => digest.update(b"\0directory\0"),
            Entry::Link { target } => {
                digest.update(b"\0link\0");
                digest.update(target.as_os_str().as_encoded_bytes());
                digest.update(b"\0");
            }
            Entry::Copy { metadata, .. } => {
                digest.update(b"\0copy\0");
                let numbers = [
                    metadata.dev() as i64,
                    metadata.ino() as i64,
                    i64::from(metadata.mode()),
                    metadata.size() as i64,
                    metadata.mtime(),
                    metadata.mtime_nsec(),
                    metadata.ctime(),
                    metadata.ctime_nsec(),
                ];
                numbers.iter().for_each(|number| digest.update(&number.to_le_bytes()));
            }
        }
    }
    digest.finish()
}

fn copy(entries: &Entries, manifest: &[u8], tree: &Path) -> Result<(), ToolchainError> {
    make_directory(tree)?;
    for (place, entry) in entries {
        let to = tree.join(place);
        match entry {
            Entry::Directory => make_directory(&to)?,
            Entry::Link { target } => make_link(target.clone(), &to)?,
            Entry::Copy { from, metadata } if metadata.is_symlink() => {
                make_link(fs::read_link(from).map_err(ToolchainError::io("read", from))?, &to)?;
            }
            Entry::Copy { from, metadata } => copy_file(from, metadata.mode(), &to)?,
        }
    }
    let path = tree.join(MANIFEST);
    write_new(&path, manifest).map_err(|error| error.error).map_err(ToolchainError::io("write", &path))
}

fn make_directory(at: &Path) -> Result<(), ToolchainError> {
    create_dir(at, 0o777).map_err(|error| error.error).map_err(ToolchainError::io("make the directory", at))
}

fn make_link(target: PathBuf, at: &Path) -> Result<(), ToolchainError> {
    create_symlink(&target, at).map_err(|error| error.error).map_err(ToolchainError::io("make the link", at))
}

/// Copies what the store keeps of a file: its bytes, and whether it can be run. Never its setuid bit.
fn copy_file(from: &Path, mode: u32, to: &Path) -> Result<(), ToolchainError> {
    let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
    let copy = || -> io::Result<()> {
        let mut original = File::open(from)?;
        let mut copy = OutFile::create_new(to, mode).map_err(|error| error.error)?;
        io::copy(&mut original, &mut copy)?;
        set_open_mode(copy.file(), mode)
    };
    copy().map_err(ToolchainError::io("copy", from))
}
