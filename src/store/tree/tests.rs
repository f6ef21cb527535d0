//! Archives of trees against themselves; `tests/nix_nar.rs` compares with the real Nix.

use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use super::*;
use crate::nar::{MAGIC, NarReader, restore};

/// A tree with everything an archive can hold.
fn make_tree(root: &Path) {
    fs::create_dir_all(root.join("empty directory/nested")).unwrap();
    fs::write(root.join("a.b"), "before a/").unwrap();
    fs::create_dir(root.join("a")).unwrap();
    fs::write(root.join("a/tool"), vec![7u8; 300_001]).unwrap();
    fs::set_permissions(root.join("a/tool"), Permissions::from_mode(0o755)).unwrap();
    fs::write(root.join("a/empty"), "").unwrap();
    symlink("../nowhere", root.join("link")).unwrap();
    let odd = std::ffi::OsString::from_vec(vec![b'x', 0xff, b'\n', b'"']);
    fs::write(root.join(odd), "eight by").unwrap();
    fs::hard_link(root.join("a/tool"), root.join("same tool")).unwrap();
}

fn dump_bytes(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    dump(path, &mut bytes).unwrap();
    bytes
}

#[test]
fn restoring_a_dump_gives_the_same_dump() {
    let directory = tempfile::tempdir().unwrap();
    let (tree, copy) = (directory.path().join("tree"), directory.path().join("copy"));
    fs::create_dir(&tree).unwrap();
    make_tree(&tree);
    let archive = dump_bytes(&tree);
    restore(archive.as_slice(), &copy).unwrap();
    assert_eq!(dump_bytes(&copy), archive);
    let contents = Contents { nar_hash: Sha256::of(&archive), nar_size: archive.len() as u64 };
    assert_eq!(digest(&copy).unwrap(), contents);

    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(fs::metadata(copy.join("same tool")).unwrap().nlink(), 1, "hard links become files");
}

#[test]
fn files_and_links_alone_are_archives_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "x").unwrap();
    let link = directory.path().join("link");
    symlink("file", &link).unwrap();
    for (index, path) in [file, link].iter().enumerate() {
        let copy = directory.path().join(format!("copy-{index}"));
        restore(dump_bytes(path).as_slice(), &copy).unwrap();
        assert_eq!(dump_bytes(&copy), dump_bytes(path));
    }
}

#[test]
fn every_truncation_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let tree = directory.path().join("tree");
    fs::create_dir_all(tree.join("d")).unwrap();
    fs::write(tree.join("d/file"), "twelve bytes").unwrap();
    symlink("d", tree.join("link")).unwrap();
    let archive = dump_bytes(&tree);
    for end in 0..archive.len() {
        let mut reader = NarReader::new(&archive[..end]);
        let failed = loop {
            match reader.next_event() {
                Ok(Some(_)) => {}
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        assert!(failed, "cut at byte {end}");
    }
}

/// Builds an archive of strings, as `(length, bytes, padding)` each.
fn archive(strings: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for string in strings {
        bytes.extend((string.len() as u64).to_le_bytes());
        bytes.extend_from_slice(string);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
    }
    bytes
}

fn entries(names: &[&[u8]]) -> Vec<u8> {
    let mut strings: Vec<&[u8]> = vec![MAGIC, b"(", b"type", b"directory"];
    for name in names {
        strings.extend([b"entry", b"(", b"name", *name, b"node"] as [&[u8]; 5]);
        strings.extend([b"(", b"type", b"symlink", b"target", b"t", b")", b")"] as [&[u8]; 7]);
    }
    strings.push(b")");
    archive(&strings)
}

#[test]
fn hostile_archives_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let restored = |bytes: &[u8], name: &str| restore(bytes, &directory.path().join(name));
    restored(&entries(&[b"a", b"b"]), "good").unwrap();

    let bad_names: [&[&[u8]]; 7] =
        [&[b".."], &[b"."], &[b""], &[b"a/b"], &[b"a\0b"], &[b"b", b"a"], &[b"a", b"a"]];
    for (index, names) in bad_names.iter().enumerate() {
        let result = restored(&entries(names), &format!("names-{index}"));
        assert!(matches!(result, Err(NarError::Malformed { .. })), "{names:?}");
    }

    let mut huge = archive(&[MAGIC, b"(", b"type"]);
    huge.extend(u64::MAX.to_le_bytes());
    assert!(matches!(restored(&huge, "huge"), Err(NarError::Malformed { .. })));

    let mut long_file = archive(&[MAGIC, b"(", b"type", b"regular", b"contents"]);
    long_file.extend(u64::MAX.to_le_bytes());
    long_file.extend(b"short");
    assert!(matches!(restored(&long_file, "long"), Err(NarError::Malformed { .. })));

    let mut dirty = archive(&[MAGIC]);
    *dirty.last_mut().unwrap() = 1;
    assert!(matches!(restored(&dirty, "dirty"), Err(NarError::Malformed { .. })));
}

#[test]
fn deep_archives_do_not_exhaust_the_stack() {
    let mut strings: Vec<&[u8]> = vec![MAGIC];
    for _ in 0..200_000 {
        strings.extend([b"(", b"type", b"directory", b"entry", b"(", b"name", b"d", b"node"] as [&[u8]; 8]);
    }
    let bytes = archive(&strings);
    let mut reader = NarReader::new(bytes.as_slice());
    while let Ok(Some(_)) = reader.next_event() {}
}

#[test]
fn pipes_and_sockets_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let error = dump(directory.path(), Vec::new()).unwrap_err();
    assert!(error.to_string().ends_with("socket`: it is a socket"), "{error}");
}
