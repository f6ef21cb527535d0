//! Sets made of items, and items made of sets.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::*;

/// A directory with an item that has everything a METALOG can say.
fn item() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let item = directory.path().join("item");
    let long = format!("usr/share/{}/{}", "d".repeat(120), "f".repeat(120));
    let files = [
        "bin/freebsd-version",
        "sbin/init",
        "usr/bin/su",
        "usr/include/stdio.h",
        "boot/defaults/loader.conf",
        "rescue/cat",
        &long,
    ];
    for path in files {
        fs::create_dir_all(item.join(path).parent().unwrap()).unwrap();
        fs::write(item.join(path), path).unwrap();
    }
    fs::create_dir_all(item.join("boot/kernel")).unwrap();
    fs::write(item.join("boot/kernel/kernel"), "kernel").unwrap();
    fs::create_dir_all(item.join("var/empty")).unwrap();
    symlink("cat", item.join("rescue/sh")).unwrap();
    symlink("usr/src/sys", item.join("sys")).unwrap();
    let line = |path: &str, more: &str| format!("./{path} {more}\n");
    let root = "uname=root uid=0 gname=wheel gid=0";
    let mut text = String::new();
    for path in [
        "bin/freebsd-version",
        "sbin/init",
        "usr/include/stdio.h",
        "boot/defaults/loader.conf",
        "rescue/cat",
        &long,
    ] {
        text += &line(path, &format!("type=file {root} mode=0555"));
    }
    text += &line("boot/kernel/kernel", &format!("type=file {root} mode=0555"));
    text += &line("usr/bin/su", &format!("type=file {root} mode=4555 flags=schg"));
    text += &line("rescue/sh", &format!("type=file {root} mode=0555 tags=hardlink=./rescue/cat"));
    text += &line("sys", &format!("type=link {root} mode=0755 link=usr/src/sys"));
    text += &line("var/empty", "type=dir uname=man uid=9 gname=operator gid=5 mode=0555 flags=schg,sunlnk");
    Metalog::parse(text.as_bytes()).unwrap().write_to_item(&item).unwrap();
    directory
}

fn packed(directory: &Path) -> PathBuf {
    let set = directory.join("base.txz");
    let expected = Metalog::of_item(&directory.join("item")).unwrap().len();
    assert_eq!(pack(&directory.join("item"), fs::File::create(&set).unwrap()).unwrap().paths, expected);
    set
}

/// Takes a slice of a set, to `directory/SLICE/OUTPUT`.
fn slice(directory: &Path, set: &Path, name: &str) -> Result<(), BuilderError> {
    let build_dir = directory.join(name);
    fs::create_dir_all(&build_dir).unwrap();
    let outputs = ["out", "dev", "debug"].map(|output| (output.to_owned(), build_dir.join(output)));
    run(&BuilderContext {
        env: BTreeMap::from([
            ("set".to_owned(), set.display().to_string()),
            ("slice".to_owned(), name.to_owned()),
        ]),
        outputs: BTreeMap::from(outputs),
        build_dir,
        cores: 1,
    })
}

#[test]
fn what_goes_into_a_set_comes_out_of_it() {
    let directory = item();
    let at = directory.path();
    let set = packed(at);
    let all = Metalog::of_item(&at.join("item")).unwrap();
    for name in ["world", "kernel"] {
        slice(at, &set, name).unwrap();
    }
    let world = Metalog::of_item(&at.join("world/out")).unwrap();
    let is_part = |path: &Path| !path.starts_with("boot/kernel") && !path.starts_with("usr/include");
    for (path, entry) in all.entries().filter(|(path, _)| is_part(path)) {
        assert_eq!(world.get(path), Some(entry), "{}", path.display());
    }
    assert_eq!(fs::read_to_string(at.join("world/out/rescue/sh")).unwrap(), "rescue/cat");
    assert!(at.join("world/dev/usr/include/stdio.h").is_file());
    assert!(at.join("kernel/out/boot/kernel/kernel").is_file());
    assert!(!at.join("kernel/out/sbin").exists() && !at.join("world/out/boot/kernel").exists());
}

#[test]
fn the_same_item_gives_the_same_set_and_others_read_it() {
    let directory = item();
    let set = packed(directory.path());
    let first = fs::read(&set).unwrap();
    assert_eq!(first, fs::read(packed(directory.path())).unwrap());
    let listed = std::process::Command::new("tar").arg("-tvJf").arg(&set).env("TZ", "UTC").output().unwrap();
    let listing = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.status.success() && listing.contains("-r-sr-xr-x root/wheel"), "{listing}");
    assert!(listing.contains("rescue/sh link to rescue/cat"), "{listing}");
}

#[test]
fn a_set_that_is_damaged_or_another_one_is_refused() {
    let directory = item();
    let at = directory.path();
    let set = packed(at);
    let whole = fs::read(&set).unwrap();
    // Without its last bytes the archive is whole, and the check sums of the compression are not there.
    for length in [whole.len() - 8, whole.len() / 2, 3] {
        fs::write(&set, &whole[..length]).unwrap();
        let error = slice(&at.join(length.to_string()), &set, "world").unwrap_err();
        assert!(error.to_string().contains("cannot read the archive"), "{length}: {error}");
    }
    fs::write(&set, &whole).unwrap();
    let metalog = Metalog::of_item(&at.join("item")).unwrap().subset(|path, _| !path.starts_with("boot"));
    fs::remove_file(at.join("item/METALOG")).unwrap();
    metalog.write_to_item(&at.join("item")).unwrap();
    let error = slice(&at.join("other"), &packed(at), "kernel").unwrap_err();
    assert!(error.to_string().contains("has no kernel"), "{error}");
}
