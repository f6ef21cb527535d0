//! The formats of hypervisors: the same disk in all of them, to QEMU's own tools and read back by Fruix.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use fruix::builders::image::container::{Blocks, Source, SourceError};
use fruix::builders::image::{Content, DiskSize, DiskSpec, Format, Manner, Metadata, Tree, disk};
use proptest::prelude::*;

use crate::foreign::run;
use crate::{sha256, specimen};

const FORMATS: [Format; 5] =
    [Format::Raw, Format::Qcow2, Format::Vhd(Blocks::Used), Format::Vhd(Blocks::All), Format::Vmdk];

/// What QEMU calls the format.
fn qemu_name(format: Format) -> &'static str {
    match format {
        Format::Vhd(_) => "vpc",
        other => other.name(),
    }
}

/// A disk of `size` bytes with a few files, one of them larger than any chunk and half of zeros.
fn spec(size: u64) -> DiskSpec {
    let mut tree = Tree::new(Metadata::root(0o755));
    let noise = |n: u32| (n.wrapping_mul(0x9e37_79b9) >> 24) as u8;
    let large = (0..9_000_001).map(|n| if n < 4_500_000 { 0 } else { noise(n) }).collect();
    for (path, content) in [("/large", large), ("/small", b"small".to_vec()), ("/empty", Vec::new())] {
        tree.add_file(path, Content::Bytes(content), Metadata::root(0o644)).unwrap();
    }
    DiskSpec { size: DiskSize::Exact(size), ..specimen::spec(tree) }
}

fn write(spec: &DiskSpec, path: &Path, format: Format) {
    disk::write_as(spec, path, &Manner { format, ..Manner::default() }).unwrap();
}

/// All of a disk.
fn bytes(source: &Source) -> Vec<u8> {
    let mut bytes = vec![0xaa; source.size() as usize];
    source.read_at(&mut bytes, 0).unwrap();
    bytes
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_format_holds_the_same_disk() {
    let dir = tempfile::tempdir().unwrap();
    let raw = dir.path().join("raw");
    // A whole number of grains, and neither of blocks nor of cylinders.
    let spec = spec((203 << 20) + (64 << 10));
    write(&spec, &raw, Format::Raw);
    let expected = fs::read(&raw).unwrap();
    for (number, format) in FORMATS.into_iter().enumerate() {
        let path = dir.path().join(format!("{number}.{}", format.name()));
        write(&spec, &path, format);
        let arguments = ["compare", "-f", "raw", "-F", qemu_name(format), text(&raw), text(&path)];
        run("qemu-img", &arguments);
        let source = Source::open(&path).unwrap();
        assert_eq!(source.size(), expected.len() as u64, "{format:?}");
        assert!(bytes(&source) == expected, "{format:?} reads otherwise");
        let about = fs::metadata(&path).unwrap();
        assert!(about.blocks() * 512 < 24 << 20, "{format:?} takes {} bytes", about.blocks() * 512);
    }
}

#[test]
fn qemu_finds_nothing_wrong_with_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    let spec = spec(6 << 30);
    for format in [Format::Qcow2, Format::Vmdk] {
        let path = dir.path().join(format.name());
        write(&spec, &path, format);
        let verdict = run("qemu-img", &["check", "-f", format.name(), text(&path)]);
        let verdict = String::from_utf8(verdict).unwrap();
        assert!(verdict.starts_with("No errors were found on the image."), "{verdict}");
    }
}

#[test]
fn the_same_disk_gives_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let spec = spec(160 << 20);
    let mut other = spec.clone();
    other.seed = fruix::builders::image::Seed::from_text("another");
    // Raw disks have a test of their own, and all blocks are sparse only until they are read.
    for format in [Format::Qcow2, Format::Vhd(Blocks::Used), Format::Vmdk] {
        let path = |place: &str| {
            let directory = dir.path().join(place);
            fs::create_dir_all(&directory).unwrap();
            directory.join("disk")
        };
        write(&spec, &path("one"), format);
        write(&spec, &path("two"), format);
        write(&other, &path("other"), format);
        assert_eq!(sha256(&path("one")), sha256(&path("two")), "{format:?}");
        assert_ne!(sha256(&path("one")), sha256(&path("other")), "{format:?} has identifiers of its own");
    }
}

/// Sizes that no geometry of cylinders, heads and sectors gives, to the readers that go by the footer.
#[test]
fn a_vhd_is_exactly_as_large_as_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("disk.vhd");
    for size in [(150 << 20) + 512, (3 << 30) + (1 << 20), 16 << 30] {
        write(&spec(size), &path, Format::Vhd(Blocks::Used));
        let about = run("qemu-img", &["info", "--output=json", "-f", "vpc", text(&path)]);
        let about: serde_json::Value = serde_json::from_slice(&about).unwrap();
        assert_eq!(about["virtual-size"], size);
    }
}

/// What other tools write is read: blocks that are there in part, tables in other places, other sizes of clusters.
#[test]
fn images_of_qemu_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let raw = dir.path().join("raw");
    write(&spec(150 << 20), &raw, Format::Raw);
    let expected = fs::read(&raw).unwrap();
    let cases = [
        ("qcow2", "compat=0.10"),
        ("qcow2", "compat=1.1,cluster_size=4096"),
        ("qcow2", "preallocation=metadata,lazy_refcounts=on"),
        ("vpc", "subformat=dynamic,force_size=on"),
        ("vpc", "subformat=fixed,force_size=on"),
        ("vmdk", "subformat=monolithicSparse"),
    ];
    for (format, options) in cases {
        let path = dir.path().join("other");
        run("qemu-img", &["convert", "-O", format, "-o", options, text(&raw), text(&path)]);
        let source = Source::open(&path).unwrap();
        assert!(bytes(&source) == expected, "{format} with {options} reads otherwise");
    }
}

#[test]
fn what_is_not_understood_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    write(&spec(160 << 20), &at("raw"), Format::Raw);
    let convert = |to: &str, arguments: &[&str]| {
        run("qemu-img", &[&["convert"], arguments, &[text(&at("raw")), text(&at(to))]].concat());
        Source::open(&at(to)).unwrap_err()
    };
    let compressed = convert("compressed", &["-c", "-O", "qcow2"]);
    assert!(matches!(compressed, SourceError::Unsupported { .. }), "{compressed}");
    let stream = convert("stream", &["-O", "vmdk", "-o", "subformat=streamOptimized"]);
    assert!(matches!(stream, SourceError::Unsupported { .. }), "{stream}");
    let base = at("base.qcow2");
    write(&spec(160 << 20), &base, Format::Qcow2);
    run("qemu-img", &["create", "-f", "qcow2", "-b", text(&base), "-F", "qcow2", text(&at("above"))]);
    let above = Source::open(&at("above")).unwrap_err();
    assert!(above.to_string().ends_with("is a qcow2 image on top of another image"), "{above}");
    assert!(matches!(Source::open(dir.path()), Err(SourceError::NotAFile { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Bytes of headers and tables that are wrong: an error or another disk, but nothing that ends the program.
    #[test]
    fn damaged_images_do_no_harm(
        format in prop::sample::select(&FORMATS[1..4]),
        damage in prop::collection::vec((0..0x5_0000u64, any::<u8>()), 1..20),
        at_header in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("disk");
        write(&specimen::spec(Tree::new(Metadata::root(0o755))), &path, format);
        let file = File::options().write(true).open(&path).unwrap();
        for (place, value) in damage {
            file.write_all_at(&[value], if at_header { place % 512 } else { place }).unwrap();
        }
        if let Ok(source) = Source::open(&path) {
            let mut some = vec![0; 8192];
            let _ = source.read_at(&mut some, source.size() / 2);
        }
    }
}
