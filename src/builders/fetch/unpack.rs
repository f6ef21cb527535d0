//! Unpacking a tar archive that nobody vouches for.
//!
//! The compression (none, gzip, xz, zstd) is told by the first bytes, not by a name. An entry that would
//! land outside the tree, by `..` or through a symlink, ends the unpacking, and so does one that is neither file,
//! directory nor link. An absolute name counts from the top of the tree, as it does for tar(1).
//!
//! Leading directories that hold nothing but one directory are dropped: `fruix-1.0/…` and FreeBSD's
//! `usr/src/…` both become the tree that was meant.
//!
//! All that is written lies below the output, because in a sandbox each output, like the scratch directory, is a
//! mount of its own, and nothing can be moved from one to the other.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek},
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use tar::EntryType;
use thiserror::Error;

/// Why an archive was not unpacked.
#[derive(Debug, Error, Diagnostic)]
pub enum UnpackError {
    #[error("cannot read the archive: {error}")]
    #[diagnostic(help("it has to be a tar archive, plain or compressed by gzip, xz or zstd"))]
    Read { error: io::Error },

    #[error("cannot unpack `{}`: {error}", entry.display())]
    Write { entry: PathBuf, error: io::Error },

    #[error("the archive's entry `{}` would lie outside the tree", entry.display())]
    #[diagnostic(help("such an archive is broken or hostile: get it from somewhere else"))]
    Outside { entry: PathBuf },

    #[error("the archive's entry `{}` is neither file, directory nor link", entry.display())]
    #[diagnostic(help("a store item holds nothing else"))]
    Kind { entry: PathBuf },

    #[error("the archive holds nothing")]
    #[diagnostic(help("see whether the address gives what it should"))]
    Empty,

    #[error("cannot make `{}` of the unpacked tree: {error}", path.display())]
    Place { path: PathBuf, error: io::Error },
}

/// Unpacks the archive to `out`, where nothing is yet.
pub fn unpack(archive: &Path, out: &Path) -> Result<(), UnpackError> {
    let place = |error| UnpackError::Place { path: out.to_owned(), error };
    fs::create_dir(out).map_err(place)?;
    let mut archive = tar::Archive::new(open(archive).map_err(|error| UnpackError::Read { error })?);
    let entries = archive.entries().map_err(|error| UnpackError::Read { error })?;
    for entry in entries {
        let mut entry = entry.map_err(|error| UnpackError::Read { error })?;
        unpack_entry(&mut entry, out)?;
    }
    let tree = tree_meant(out).map_err(place)?;
    if fs::read_dir(&tree).map_err(place)?.next().is_none() {
        return Err(UnpackError::Empty);
    }
    if tree == out { Ok(()) } else { raise(&tree, out).map_err(place) }
}

/// Moves what is in `tree`, which lies alone and deep in `out`, to `out` itself.
fn raise(tree: &Path, out: &Path) -> io::Result<()> {
    // Under a name that nothing in the tree has.
    let aside = tempfile::Builder::new().prefix(".unpacked-").rand_bytes(16).tempdir_in(out)?;
    for entry in fs::read_dir(out)? {
        let entry = entry?.path();
        if entry != aside.path() {
            fs::rename(&entry, aside.path().join(entry.file_name().unwrap_or_default()))?;
        }
    }
    let tree = aside.path().join(tree.strip_prefix(out).map_err(io::Error::other)?);
    for entry in fs::read_dir(tree)? {
        let entry = entry?;
        fs::rename(entry.path(), out.join(entry.file_name()))?;
    }
    aside.close()
}

/// Unpacks one entry below `out`.
pub fn unpack_entry(entry: &mut tar::Entry<'_, impl Read>, out: &Path) -> Result<(), UnpackError> {
    let path = entry.path().map_err(|error| UnpackError::Read { error })?.into_owned();
    match entry.header().entry_type() {
        EntryType::XGlobalHeader => return Ok(()),
        EntryType::Directory => return make_directory(&path, out),
        EntryType::Regular
        | EntryType::Continuous
        | EntryType::GNUSparse
        | EntryType::Link
        | EntryType::Symlink => {}
        _ => return Err(UnpackError::Kind { entry: path }),
    }
    // Neither times nor owners are kept: the store knows none.
    entry.set_preserve_mtime(false);
    // `unpack_in` follows no symlink out of the directory, but passes over `..` without a word.
    match entry.unpack_in(out) {
        Ok(true) => Ok(()),
        Ok(false) => Err(UnpackError::Outside { entry: path }),
        Err(error) => Err(UnpackError::Write { entry: path, error }),
    }
}

/// Makes a directory of the archive, with a mode that lets its files be written whatever the archive says.
fn make_directory(path: &Path, out: &Path) -> Result<(), UnpackError> {
    use std::path::Component;

    let mut place = out.to_owned();
    for component in path.components() {
        match component {
            Component::Normal(name) => place.push(name),
            Component::CurDir | Component::RootDir => continue,
            Component::ParentDir | Component::Prefix(_) => {
                return Err(UnpackError::Outside { entry: path.to_owned() });
            }
        }
        match fs::symlink_metadata(&place) {
            Ok(there) if there.is_dir() => {}
            Ok(_) => return Err(UnpackError::Outside { entry: path.to_owned() }),
            Err(_) => fs::create_dir(&place)
                .map_err(|error| UnpackError::Write { entry: path.to_owned(), error })?,
        }
    }
    Ok(())
}

/// The archive's tar stream.
pub fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut magic = Vec::with_capacity(6);
    file.by_ref().take(6).read_to_end(&mut magic)?;
    file.rewind()?;
    let file = BufReader::with_capacity(1 << 17, file);
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        [0xfd, b'7', b'z', b'X', b'Z', 0] => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(file)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(zstd::Decoder::with_buffer(file)?),
        _ => Box::new(file),
    })
}

/// The innermost directory that is all there is.
fn tree_meant(out: &Path) -> io::Result<PathBuf> {
    let mut tree = out.to_owned();
    loop {
        let mut entries = fs::read_dir(&tree)?;
        let (Some(only), None) = (entries.next(), entries.next()) else { return Ok(tree) };
        let only = only?;
        if !only.file_type()?.is_dir() {
            return Ok(tree);
        }
        tree = only.path();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// An entry whose name is written as it is, with no check of the tar crate in the way.
    fn entry(kind: EntryType, name: &str, link: &str, data: &[u8]) -> Vec<u8> {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(data.len() as u64);
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend_from_slice(data);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }

    fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = entries.concat();
        bytes.extend_from_slice(&[0; 1024]);
        bytes
    }

    fn try_unpack(bytes: &[u8]) -> (tempfile::TempDir, Result<(), UnpackError>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::write(path.join("archive"), bytes).unwrap();
        let outcome = unpack(&path.join("archive"), &path.join("out"));
        (directory, outcome)
    }

    fn sample() -> Vec<u8> {
        archive(&[
            entry(EntryType::Directory, "usr/src/sys", "", b""),
            entry(EntryType::Regular, "usr/src/Makefile", "", b"all:\n"),
            entry(EntryType::Symlink, "usr/src/link", "Makefile", b""),
            entry(EntryType::Regular, "usr/src/sys/main.c", "", b"int x;\n"),
        ])
    }

    #[test]
    fn every_compression_is_told_by_its_first_bytes() {
        let plain = sample();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&plain).unwrap();
        let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
        xz.write_all(&plain).unwrap();
        let packed = [
            gzip.finish().unwrap(),
            xz.finish().unwrap(),
            zstd::encode_all(plain.as_slice(), 1).unwrap(),
            plain,
        ];
        for bytes in packed {
            let (directory, outcome) = try_unpack(&bytes);
            outcome.unwrap();
            let out = directory.path().join("out");
            assert_eq!(fs::read_to_string(out.join("link")).unwrap(), "all:\n");
            assert_eq!(fs::read_to_string(out.join("sys/main.c")).unwrap(), "int x;\n");
            assert_eq!(fs::read_dir(&out).unwrap().count(), 3, "leading directories are dropped");
        }
    }

    #[test]
    fn an_entry_outside_the_tree_ends_it() {
        for name in ["../escaped", "a/../../escaped"] {
            for kind in [EntryType::Regular, EntryType::Directory] {
                let (directory, outcome) = try_unpack(&archive(&[entry(kind, name, "", b"")]));
                assert!(matches!(outcome, Err(UnpackError::Outside { .. })), "{name}: {outcome:?}");
                assert!(!directory.path().join("escaped").exists());
            }
        }
    }

    #[test]
    fn a_symlink_leads_nothing_out_of_the_tree() {
        let target = tempfile::tempdir().unwrap();
        let to = target.path().to_str().unwrap();
        for kind in [EntryType::Regular, EntryType::Directory] {
            let bytes =
                archive(&[entry(EntryType::Symlink, "out", to, b""), entry(kind, "out/escaped", "", b"")]);
            let (_directory, outcome) = try_unpack(&bytes);
            assert!(outcome.is_err());
            assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn an_absolute_name_counts_from_the_top_of_the_tree() {
        let bytes = archive(&[
            entry(EntryType::Directory, "/etc", "", b""),
            entry(EntryType::Regular, "/etc/a", "", b"a"),
            entry(EntryType::Regular, "/b", "", b"b"),
        ]);
        let (directory, outcome) = try_unpack(&bytes);
        outcome.unwrap();
        assert_eq!(fs::read_to_string(directory.path().join("out/etc/a")).unwrap(), "a");
    }

    #[test]
    fn an_archive_of_nothing_is_no_tree() {
        for entries in [vec![], vec![entry(EntryType::Directory, "usr/src", "", b"")]] {
            let (_directory, outcome) = try_unpack(&archive(&entries));
            assert!(matches!(outcome, Err(UnpackError::Empty)), "{outcome:?}");
        }
    }

    #[test]
    fn devices_and_rubbish_are_refused() {
        let (_directory, outcome) = try_unpack(&archive(&[entry(EntryType::Fifo, "pipe", "", b"")]));
        assert!(matches!(outcome, Err(UnpackError::Kind { .. })), "{outcome:?}");
        let (_directory, outcome) = try_unpack(&[b'x'; 2048]);
        assert!(matches!(outcome, Err(UnpackError::Read { .. })), "{outcome:?}");
    }
}
