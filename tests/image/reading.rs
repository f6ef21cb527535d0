//! The reader of images, against those that no one here wrote, and against images that lie.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use fruix::builders::image::container::Source;
use fruix::builders::image::reading::{ReadError, Volume};
use fruix::builders::image::{Format, Manner, disk};
use proptest::prelude::*;

use crate::foreign;
use crate::specimen::{self, Described, spec};

const LIMIT: u64 = 1 << 20;

/// The directory and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').expect("an absolute path")
}

/// Reads everything that was described, and compares it.
fn assert_reads(volume: &Volume<'_>, described: &[Described]) {
    for file in described.iter().filter(|file| file.path != "/" && !file.path.starts_with("/crowded/")) {
        let (directory, name) = split(&file.path);
        let directory = volume.directory(directory).unwrap();
        match &file.content {
            None => drop(volume.directory(&file.path).unwrap()),
            Some(target) if file.symlink => {
                assert_eq!(directory.read_link(name).unwrap().as_bytes(), target, "{}", file.path);
            }
            Some(content) => assert!(&directory.read(name, LIMIT).unwrap() == content, "{}", file.path),
        }
    }
    let crowd = volume.directory("/crowded").unwrap();
    assert!(
        described
            .iter()
            .filter_map(|file| file.path.strip_prefix("/crowded/"))
            .all(|name| crowd.contains(name))
    );
}

#[test]
fn images_of_all_formats_are_read_as_grub_reads_them() {
    let dir = tempfile::tempdir().unwrap();
    let described = specimen::varied();
    let spec = spec(specimen::tree(&described));
    for format in ["raw", "qcow2", "vhd", "vmdk"].map(|name| name.parse::<Format>().unwrap()) {
        let image = dir.path().join("disk").with_extension(format.name());
        let report = disk::write_as(&spec, &image, &Manner { format, ..Manner::default() }).unwrap();
        let source = Source::open(&image).unwrap();
        assert_reads(&Volume::of(&source).unwrap(), &described);
        if format == Format::Raw {
            let path = image.to_str().unwrap();
            let others =
                foreign::Disk { path, esp_offset: report.esp_offset, root_offset: report.root_offset };
            let volume = Volume::of(&source).unwrap();
            let read = volume.directory("/sizes").unwrap().read("425985", LIMIT).unwrap();
            assert!(read == others.grub_file("/sizes/425985"));
        }
    }
}

#[test]
fn what_is_not_there_or_not_what_was_expected_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    disk::write(&spec(specimen::tree(&specimen::varied())), &image).unwrap();
    let source = Source::open(&image).unwrap();
    let volume = Volume::of(&source).unwrap();
    let root = volume.directory("/").unwrap();
    assert!(
        matches!(root.read("nothing", LIMIT), Err(ReadError::Missing { path, .. }) if path == "/nothing")
    );
    assert!(matches!(root.read("sizes", LIMIT), Err(ReadError::Kind { found: "a directory", .. })));
    assert!(matches!(root.read_link("target"), Err(ReadError::Kind { found: "a file", .. })));
    assert!(matches!(volume.directory("/target"), Err(ReadError::Kind { .. })));
    // No link is followed.
    assert!(matches!(volume.directory("/links/short"), Err(ReadError::Kind { .. })));
    assert!(matches!(root.read("su", 70_000), Err(ReadError::TooLarge { size: 70_001, .. })));
}

#[test]
fn files_that_are_no_images_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let open = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let source = Source::open(&path).unwrap();
        Volume::of(&source).err().unwrap()
    };
    assert!(matches!(open(b""), ReadError::NoTable { .. }));
    assert!(matches!(open(b"(operating-system)\n"), ReadError::NoTable { .. }));
    let mut table = vec![0; 1 << 20];
    table[512..520].copy_from_slice(b"EFI PART");
    table[584..592].copy_from_slice(&2u64.to_le_bytes());
    table[592..600].copy_from_slice(&[128, 0, 0, 0, 128, 0, 0, 0]);
    assert!(matches!(open(&table), ReadError::NoFileSystem { .. }));
    table[592..596].copy_from_slice(&[0xff; 4]);
    assert!(matches!(open(&table), ReadError::Damaged { .. }));
}

/// Bytes of the parts of an image that say where everything lies.
fn metadata(image: &Path, root: u64) -> Vec<u64> {
    let length = fs::metadata(image).unwrap().len();
    let inodes = root + 40 * 4096..root + 48 * 4096;
    (512..2048).chain(root + 65536..root + 65536 + 1376).chain(inodes).filter(|at| *at < length).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is changed about an image, reading it ends, and with no more than an error.
    #[test]
    fn lies_are_survived(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let image = dir.path().join("disk.img");
        let described: Vec<_> = specimen::varied().into_iter().filter(|it| !it.path.starts_with("/crowded/")).collect();
        let report = disk::write(&spec(specimen::tree(&described)), &image).unwrap();
        let file = File::options().write(true).open(&image).unwrap();
        let places = metadata(&image, report.root_offset);
        for (index, byte) in changes {
            file.write_all_at(&[byte], places[index.index(places.len())]).unwrap();
        }
        let source = Source::open(&image).unwrap();
        if let Ok(volume) = Volume::of(&source) {
            for file in &described {
                let (directory, name) = split(&file.path);
                if let Ok(directory) = volume.directory(directory) {
                    let _ = (directory.read(name, LIMIT), directory.read_link(name));
                }
            }
        }
    }
}
