//! What only a real FreeBSD tree can show.
//!
//! These tests pass without doing anything, and say so, unless a variable names a tree:
//!
//! - `FRUIX_FREEBSD_SRC`: a source tree;
//! - `FRUIX_FREEBSD_INSTALLED`: what `make -DNO_ROOT installworld distribution installkernel` made of it.

use std::{
    env, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use fruix::{
    builders::freebsd::{
        import::{self, Slice},
        metalog::{Kind, Metalog},
        source_tree::SourceTree,
        src_conf,
    },
    nar,
    store::tree,
};

/// The tree the variable names; without it, the reason why the test shows nothing.
fn tree(variable: &str) -> Option<PathBuf> {
    let tree = env::var_os(variable).map(PathBuf::from);
    if tree.is_none() {
        eprintln!("skipped: {variable} is not set");
    }
    tree
}

#[test]
fn a_source_tree_tells_its_version_and_options() {
    let Some(path) = tree("FRUIX_FREEBSD_SRC") else { return };
    let source = SourceTree::open(&path).unwrap();
    assert!(source.version().release().contains('.'), "{:?}", source.version());
    assert!(source.kernel_configurations("amd64").join("GENERIC").is_file());

    src_conf::check(&source, "WITHOUT_MAN=yes\nWITHOUT_KERBEROS=yes\nWITH_LOADER_VERBOSE=yes\n").unwrap();
    let error = src_conf::check(&source, "WITHOUT_KERBROS=yes\n").unwrap_err();
    assert!(miette::Diagnostic::help(&error).unwrap().to_string().contains("WITHOUT_KERBEROS"));
}

#[test]
fn an_installed_tree_becomes_an_item_that_loses_nothing_in_an_archive() {
    let Some(path) = tree("FRUIX_FREEBSD_INSTALLED") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let (item, restored) = (scratch.path().join("item"), scratch.path().join("restored"));
    let metalog = import::import(&path, Slice::All, &item).unwrap();

    let su = metalog.get(Path::new("usr/bin/su")).unwrap();
    assert_eq!((su.mode, su.owner.name.as_str(), su.owner.id), (0o4555, "root", 0));
    assert!(su.flags.contains("schg"), "{:?}", su.flags);
    let wall = metalog.get(Path::new("usr/bin/wall")).unwrap();
    assert_eq!((wall.mode, wall.group.name.as_str(), wall.group.id), (0o2555, "tty", 4));
    assert!(metalog.setid_files().count() >= 20);
    let rescue = metalog
        .entries()
        .filter(|(path, entry)| path.starts_with("rescue") && matches!(entry.kind, Kind::HardLink { .. }));
    assert!(rescue.count() > 100);
    assert!(size(&item.join("rescue")) < 40 << 20, "the rescue binary is there once");

    let mut archive = io::BufWriter::new(fs::File::create(scratch.path().join("nar")).unwrap());
    tree::dump(&item, &mut archive).unwrap();
    drop(archive);
    nar::restore(io::BufReader::new(fs::File::open(scratch.path().join("nar")).unwrap()), &restored).unwrap();
    assert_eq!(Metalog::of_item(&restored).unwrap(), metalog);
    for (path, entry) in metalog.entries() {
        let metadata = fs::symlink_metadata(restored.join(path)).unwrap();
        match &entry.kind {
            Kind::Directory => assert!(metadata.is_dir(), "{path:?}"),
            Kind::File => assert!(metadata.is_file() && metadata.nlink() == 1, "{path:?}"),
            Kind::Symlink { target } => {
                assert_eq!(fs::read_link(restored.join(path)).unwrap(), Path::new(target));
            }
            Kind::HardLink { to } => assert_eq!(
                fs::canonicalize(restored.join(path)).unwrap(),
                fs::canonicalize(restored.join(to)).unwrap()
            ),
        }
    }
}

/// The bytes of the files in a directory; symlinks count nothing.
fn size(directory: &Path) -> u64 {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap())
        .filter(|metadata| metadata.is_file())
        .map(|metadata| metadata.len())
        .sum()
}
