//! Disk images: whole, readable by others, and the same every time.

mod consistency;
mod containers;
mod failures;
mod foreign;
mod reader;
mod reading;
mod specimen;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::process::Command;

use fruix::builders::image::{Content, DiskReport, DiskSize, Manner, Metadata, Tree, disk};
use proptest::prelude::*;
use reader::Ufs;
use specimen::{Described, spec};

fn sha256(path: &Path) -> String {
    let output = Command::new("sha256sum").arg("-b").arg(path).output().expect("sha256sum");
    String::from_utf8_lossy(&output.stdout[..64]).into_owned()
}

/// Writes a disk with `tree` as its root.
fn write(tree: Tree, path: &Path) -> DiskReport {
    disk::write(&spec(tree), path).expect("an image")
}

/// Compares what lies on the disk with the description it was made from.
fn assert_holds(ufs: &Ufs, described: &[Described]) {
    let paths = ufs.paths();
    for file in described {
        let inode = ufs.inode(paths[file.path.as_bytes()]);
        let Metadata { uid, gid, mode, flags, mtime } = file.metadata;
        assert_eq!(inode.owner(), (uid.into(), gid.into()), "{}", file.path);
        assert_eq!(inode.mode() & 0o7777, mode, "{}", file.path);
        assert_eq!((inode.flags(), inode.mtime()), (flags.into(), mtime as u64), "{}", file.path);
        match &file.content {
            Some(content) => assert!(&ufs.read(&inode) == content, "contents of {}", file.path),
            None => assert!(inode.is_directory(), "{}", file.path),
        }
    }
}

#[test]
fn everything_a_tree_holds_lies_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    let described = specimen::varied();
    let report = write(specimen::tree(&described), &image);
    let ufs = Ufs::open(&image, report.root_offset);
    assert_eq!(consistency::check(&ufs) as u64, report.files);
    assert_holds(&ufs, &described);
    let free = ufs.field64(1016) * ufs.block_size() + ufs.field64(1032) * ufs.frag_size();
    assert_eq!(free, report.root_free);
    assert_eq!(fs::metadata(&image).unwrap().len(), report.size);
}

#[test]
fn hard_links_share_an_inode() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    let mut tree = Tree::new(Metadata::root(0o755));
    tree.add_file("/rescue/sh", Content::Bytes(b"one binary".to_vec()), Metadata::root(0o555)).unwrap();
    for number in 0..150 {
        tree.add_hard_link(format!("/rescue/name-{number}"), "/rescue/sh").unwrap();
    }
    let report = write(tree, &image);
    let ufs = Ufs::open(&image, report.root_offset);
    assert_eq!(consistency::check(&ufs), 3);
    let paths = ufs.paths();
    assert_eq!(paths.len(), 1 + 1 + 151);
    let number = paths[b"/rescue/sh".as_slice()];
    assert_eq!(ufs.inode(number).links(), 151);
    assert_eq!(paths[b"/rescue/name-149".as_slice()], number);
}

#[test]
fn other_readers_agree() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    let described = specimen::varied();
    let loader = vec![0x4d; 654_321];
    let mut spec = spec(specimen::tree(&described));
    let firmware = |content: &[u8]| Content::Bytes(content.to_vec());
    spec.esp.add_file("/EFI/BOOT/BOOTX64.EFI", firmware(&loader), Metadata::root(0o644)).unwrap();
    spec.esp
        .add_file("/EFI/FreeBSD/a loader with a long name.efi", firmware(b"l"), Metadata::root(0o644))
        .unwrap();
    for number in 0..200 {
        let path = format!("/many/file number {number}.txt");
        spec.esp.add_file(path, firmware(number.to_string().as_bytes()), Metadata::root(0o644)).unwrap();
    }
    let report = disk::write(&spec, &image).unwrap();
    let path = image.to_str().unwrap();
    let others = foreign::Disk { path, esp_offset: report.esp_offset, root_offset: report.root_offset };

    let partitions = others.check_partitions();
    assert!(partitions.contains("516E7CB6-6ECF-11D6-8FF8-00022D09712B"), "{partitions}");
    assert!(partitions.contains("C12A7328-F81F-11D2-BA4B-00A0C93EC93B"), "{partitions}");
    assert!(partitions.contains("Partition name: 'fruix-root'"), "{partitions}");

    others.check_esp(dir.path());
    assert!(others.esp_file("/EFI/BOOT/BOOTX64.EFI") == loader);
    assert_eq!(others.esp_names("/EFI/FreeBSD"), ["/EFI/FreeBSD/a loader with a long name.efi"]);
    assert_eq!(others.esp_names("/many").len(), 200);
    assert_eq!(others.esp_file("/many/file number 199.txt"), b"199");

    let statistics = others.statistics();
    assert!(statistics.contains("UFS 2") && statistics.contains("Volume Name: fruix-volume"), "{statistics}");
    let ufs = Ufs::open(&image, report.root_offset);
    let paths = ufs.paths();
    let listing: BTreeSet<String> = others.listing().into_iter().collect();
    for file in &described {
        let number = paths[file.path.as_bytes()];
        let kind = match &file.content {
            None => "d/d",
            Some(_) if file.symlink => "l/l",
            Some(_) => "r/r",
        };
        let listed = format!("{kind} {number}:\t{}", file.path.trim_start_matches('/'));
        assert!(file.path == "/" || listing.contains(&listed), "{listed} is not in the listing");
    }
    // A process for each file: those of one crowd are left out.
    for file in described.iter().filter(|file| !file.symlink && !file.path.starts_with("/crowded/")) {
        let Some(content) = &file.content else { continue };
        assert!(&others.grub_file(&file.path) == content, "GRUB reads {}", file.path);
        assert!(&others.inode(paths[file.path.as_bytes()]) == content, "The Sleuth Kit reads {}", file.path);
    }
    // GRUB follows symbolic links. (Of short ones GRUB 2.06 forgets the last byte.)
    assert_eq!(others.grub_file("/links/long"), b"target");
    assert_eq!(others.grub_names("/crowded").len(), specimen::CROWD);
}

#[test]
fn several_groups_and_all_common_levels_of_indirection() {
    const MARKS: [u64; 6] = [0, 393_215, 393_216, 134_610_943, 134_610_944, 1_400_000_000];
    let dir = tempfile::tempdir().unwrap();
    let (sparse, image) = (dir.path().join("sparse"), dir.path().join("disk.img"));
    let file = File::create(&sparse).unwrap();
    for mark in MARKS {
        file.write_all_at(&[mark as u8 | 1], mark).unwrap();
    }
    let mut tree = Tree::new(Metadata::root(0o755));
    tree.add_file("/sparse", Content::host(&sparse).unwrap(), Metadata::root(0o644)).unwrap();
    // More inodes than one group has.
    for number in 0..90_000 {
        let path = format!("/{}/{}", number / 300, number % 300);
        tree.add_symlink(path, "to", Metadata::root(0o755)).unwrap();
    }
    let report = write(tree, &image);
    let ufs = Ufs::open(&image, report.root_offset);
    assert!(ufs.groups() >= 3, "{} groups", ufs.groups());
    assert_eq!(consistency::check(&ufs) as u64, report.files);
    let inode = ufs.inode(ufs.paths()[b"/sparse".as_slice()]);
    for mark in MARKS {
        let start = mark.saturating_sub(1);
        let read = ufs.read_part(&inode, start, mark - start + 1);
        assert_eq!(read.last(), Some(&(mark as u8 | 1)), "at {mark}");
        assert!(read.len() == 1 || MARKS.contains(&start) || read[0] == 0);
    }
    let occupied = fs::metadata(&image).unwrap().blocks() * 512;
    assert!(occupied < 64 << 20, "the image takes {occupied} bytes for a sparse file");
}

#[test]
fn the_same_input_gives_the_same_disk() {
    let dir = tempfile::tempdir().unwrap();
    let host = dir.path().join("host");
    fs::create_dir(&host).unwrap();
    let described = specimen::varied();
    let shuffled: Vec<Described> = described.iter().rev().cloned().collect();
    let (one, two) = (dir.path().join("one.img"), dir.path().join("elsewhere.img"));
    write(specimen::tree(&described), &one);
    let before = nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o077));
    write(specimen::tree_of_host_files(&shuffled, &host), &two);
    nix::sys::stat::umask(before);
    assert_eq!(sha256(&one), sha256(&two));

    let mut other = spec(specimen::tree(&described));
    other.seed = fruix::builders::image::Seed::from_text("another");
    disk::write_as(&other, &two, &Manner { durable: true, ..Manner::default() }).unwrap();
    assert_ne!(sha256(&one), sha256(&two), "identifiers do not depend on the seed");
}

#[test]
fn an_exact_size_is_kept_and_the_fitting_one_is_close() {
    let dir = tempfile::tempdir().unwrap();
    let image = dir.path().join("disk.img");
    let mut spec = spec(specimen::tree(&specimen::varied()));
    spec.size = DiskSize::Exact(3_000_000_000 / 512 * 512);
    let report = disk::write(&spec, &image).unwrap();
    assert_eq!(fs::metadata(&image).unwrap().len(), report.size);
    assert_eq!(report.size, 3_000_000_000 / 512 * 512);
    let ufs = Ufs::open(&image, report.root_offset);
    consistency::check(&ufs);
    foreign::Disk {
        path: image.to_str().unwrap(),
        esp_offset: report.esp_offset,
        root_offset: report.root_offset,
    }
    .check_partitions();
    assert!(report.root_free > 2_500_000_000, "{report:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any small tree: whole, and read back as it was.
    #[test]
    fn any_tree_is_written_whole(described in specimen::any_tree()) {
        let dir = tempfile::tempdir().unwrap();
        let image = dir.path().join("disk.img");
        let report = write(specimen::tree(&described), &image);
        let ufs = Ufs::open(&image, report.root_offset);
        prop_assert_eq!(consistency::check(&ufs) as u64, report.files);
        assert_holds(&ufs, &described);
    }
}
