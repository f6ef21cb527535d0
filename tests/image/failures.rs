//! Images that cannot be made: a clear error, and nothing left behind.

use std::fs;
use std::path::Path;

use fruix::builders::image::{Content, DiskSize, DiskSpec, ImageError, Metadata, Tree, disk};
use miette::Diagnostic;

use crate::specimen;

fn tree(size: usize) -> Tree {
    let mut tree = Tree::new(Metadata::root(0o755));
    tree.add_file("/file", Content::Bytes(vec![1; size]), Metadata::root(0o644)).unwrap();
    tree
}

/// The error of writing `spec` into an empty directory, which must stay empty.
fn failure(spec: &DiskSpec) -> ImageError {
    let dir = tempfile::tempdir().unwrap();
    let error = disk::write(spec, &dir.path().join("disk.img")).unwrap_err();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "something was left behind");
    error
}

#[test]
fn a_disk_too_small_names_the_size_that_is_enough() {
    let mut spec = specimen::spec(tree(50 << 20));
    spec.size = DiskSize::Exact(100 << 20);
    let ImageError::TooSmall { needed, given } = failure(&spec) else { panic!("another error") };
    assert_eq!(given, 100 << 20);
    let help = failure(&spec).help().unwrap().to_string();
    assert!(help.contains(&needed.to_string()), "{help}");

    let dir = tempfile::tempdir().unwrap();
    spec.size = DiskSize::Exact(needed);
    disk::write(&spec, &dir.path().join("disk.img")).unwrap();
    spec.size = DiskSize::Exact(needed - (1 << 20));
    assert!(matches!(failure(&spec), ImageError::TooSmall { .. }));
    spec.size = DiskSize::Exact(0);
    assert!(matches!(failure(&spec), ImageError::TooSmall { .. }));
}

#[test]
fn odd_sizes_and_labels_are_refused() {
    let mut spec = specimen::spec(tree(1));
    spec.size = DiskSize::Exact(1_000_000_001);
    assert!(matches!(failure(&spec), ImageError::UnalignedSize { given: 1_000_000_001, unit: 512, .. }));
    for label in ["", "a b", "a/b", &"x".repeat(37)] {
        let mut spec = specimen::spec(tree(1));
        spec.partition_label = label.to_owned();
        assert!(matches!(failure(&spec), ImageError::InvalidLabel { .. }), "{label}");
    }
}

#[test]
fn a_source_that_vanishes_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("source");
    fs::write(&source, "text").unwrap();
    let mut root = tree(1);
    root.add_host("/host", &source).unwrap();
    fs::remove_file(&source).unwrap();
    let error = failure(&specimen::spec(root));
    assert!(matches!(&error, ImageError::Read { path, .. } if path == &source), "{error}");
}

#[test]
fn the_image_that_was_there_survives_a_failure() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    disk::write(&specimen::spec(tree(1)), &image).unwrap();
    let before = fs::metadata(&image).unwrap().modified().unwrap();
    let mut root = tree(1);
    root.add_file("/gone", Content::Host { path: "/nowhere/at/all".into(), size: 5 }, Metadata::root(0o644))
        .unwrap();
    disk::write(&specimen::spec(root), &image).unwrap_err();
    assert_eq!(fs::metadata(&image).unwrap().modified().unwrap(), before);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_missing_directory_is_named() {
    let error = disk::write(&specimen::spec(tree(1)), Path::new("/nowhere/disk.img")).unwrap_err();
    assert!(error.to_string().starts_with("cannot create the image `/nowhere/disk.img`: "), "{error}");
}

/// A full disk, played with a small file system in namespaces of its own.
#[test]
fn a_full_disk_is_told_and_leaves_nothing() {
    const INNER: &str = "FRUIX_TEST_FULL_DISK";
    if let Some(full) = std::env::var_os(INNER) {
        let full = Path::new(&full);
        let error = disk::write(&specimen::spec(tree(30 << 20)), &full.join("disk.img")).unwrap_err();
        assert!(matches!(error, ImageError::OutOfSpace { .. }), "{error:?}");
        assert_eq!(fs::read_dir(full).unwrap().count(), 0, "something was left behind");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size=8m tmpfs \"${INNER}\" && exec \"$0\" --exact \"$1\"");
    let status = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .arg("failures::a_full_disk_is_told_and_leaves_nothing")
        .env(INNER, dir.path())
        .status()
        .unwrap();
    assert!(status.success());
}
