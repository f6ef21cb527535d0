//! Release sets of a system's base: `base.txz` and `kernel.txz`, with the MANIFEST that lists them.
//!
//! A base that was built here serves elsewhere as one that was published: who declares it as `release-set`s needs neither
//! source nor tool chain.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use super::description::{Description, DescriptionError};
use crate::builders::freebsd::release_set::{ReleaseSetError, pack};
use crate::hash::{Hasher, Sha256};
use crate::store::StoreAccess;
use crate::store_path::{StorePath, StorePathError};
use crate::util::fs::{FsError, OutFile, Unfinished, create_dir_all, write_atomic};

/// The file that lists the sets.
pub const MANIFEST: &str = "MANIFEST";

/// How the names of sets begin that are not complete.
const UNFINISHED: &str = ".fruix-set-";

/// Where a description names the kernel, below its item.
const KERNEL: &str = "/boot/kernel";

#[derive(Debug, Error, Diagnostic)]
pub enum ReleaseSetsError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Description(#[from] DescriptionError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] StorePathError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Pack(#[from] ReleaseSetError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
}

/// A set that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Set {
    /// Where it lies.
    pub file: PathBuf,
    /// As MANIFEST has it, and a `release-set` wants it.
    pub sha256: String,
    /// How many paths it has.
    pub paths: usize,
}

/// The sets of a base, and what lists them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    pub sets: Vec<Set>,
    pub manifest: Manifest,
}

/// The list that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Where it lies.
    pub file: PathBuf,
    /// What a `release-manifest` wants.
    pub sha256: String,
}

/// Writes the sets of the system's base to `directory`, which is made if it is not there.
pub fn write(
    store: &dyn StoreAccess,
    system: &StorePath,
    directory: &Path,
) -> Result<Written, ReleaseSetsError> {
    let description = Description::read(&store.layout().physical(system))?;
    let kernel = description.kernel.strip_suffix(KERNEL).unwrap_or(&description.kernel);
    create_dir_all(directory)?;
    let mut sets = Vec::new();
    let mut lines = String::new();
    for (name, about, item) in
        [("base", "Base system", description.world.as_str()), ("kernel", "Kernel", kernel)]
    {
        let item = store.layout().physical(&StorePath::from_absolute(item)?);
        let set = write_set(&item, directory.join(format!("{name}.txz")))?;
        let (sha256, paths) = (&set.sha256, set.paths);
        lines.push_str(&format!("{name}.txz\t{sha256}\t{paths}\t{name}\t\"{about} (MANDATORY)\"\ton\n"));
        sets.push(set);
    }
    let manifest = Manifest { file: directory.join(MANIFEST), sha256: Sha256::of(&lines).hex() };
    write_atomic(&manifest.file, lines.as_bytes(), false)?;
    Ok(Written { sets, manifest })
}

fn write_set(item: &Path, file: PathBuf) -> Result<Set, ReleaseSetsError> {
    let mut unfinished = Unfinished::beside(&file, UNFINISHED, 0o666)?;
    let mut out = Hashing { file: unfinished.file(), hasher: Hasher::new() };
    let packed = pack(item, &mut out)?;
    let digest: Sha256 = out.hasher.finish();
    unfinished.persist(&file)?;
    Ok(Set { file, sha256: digest.hex(), paths: packed.paths })
}

/// A file that is hashed while it is written.
struct Hashing<'f> {
    file: &'f mut OutFile,
    hasher: Hasher,
}

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
