//! What was lost, changed or left over, and stores that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use fruix::util::fs::remove_tree;

use super::place::{FRUIX, Place, command, names};
use super::trace;

#[test]
fn a_leftover_that_cannot_be_removed_is_a_warning() {
    let place = Place::new();
    assert!(place.add().status.success());
    fs::create_dir(place.below("frx/store/.tmp--x")).expect("create");
    let leftover = place.below("frx/store/.tmp-1f.0123456789abcdef-0");
    fs::create_dir_all(leftover.join("sub")).expect("create");
    // A mount point cannot be removed. Where that cannot be had (for an ordinary user), the names alone are tested.
    let mount = Command::new("mount").args(["-t", "tmpfs", "none"]).arg(leftover.join("sub")).output();
    let is_mounted = mount.is_ok_and(|output| output.status.success());
    fs::write(place.tree().join("new"), "").expect("write");
    let output = place.add();
    if is_mounted {
        Command::new("umount").arg(leftover.join("sub")).status().expect("umount");
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(!is_mounted || stderr.contains("that an interrupted run left stays"), "{stderr}");
}

#[test]
fn a_lost_database_is_made_again() {
    let place = Place::new();
    let added = place.add();
    let lose = || {
        for name in names(&place.below("frx/var/fruix/db")) {
            if name.starts_with("store.sqlite") {
                fs::remove_file(place.below("frx/var/fruix/db").join(name)).expect("remove");
            }
        }
    };
    lose();
    let output = place.add();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.contains("it was made again, with 1 items"), "{stderr}");
    assert_eq!(output.stdout, added.stdout);
    lose();
    let output = place.fruix(&["store", "rebuild-database"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.contains("1 items registered, 0 left out"), "{stderr}");
    assert_eq!(place.add().stdout, added.stdout);
    place.check("after rebuilding");
}

#[test]
fn a_full_disk_is_no_reason_to_replace_a_database() {
    if !trace::is_possible() {
        return;
    }
    let place = Place::new();
    let added = place.add();
    let directory = place.below("frx/var/fruix/db");
    let mut full = Command::new("strace");
    full.args(["-f", "-qq", "-o", "/dev/null", "-e", "inject=pwrite64:error=ENOSPC"]);
    for name in ["store.sqlite", "store.sqlite.new"] {
        for part in ["", "-wal", "-journal"] {
            full.arg("-P").arg(directory.join(format!("{name}{part}")));
        }
    }
    let output = command(
        {
            full.arg(FRUIX);
            full
        },
        &place.root(),
        &["store", "rebuild-database"],
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !stderr.contains("beyond use"), "{stderr}");
    for words in ["nothing is lost", "disk is full", "free some space"] {
        assert!(stderr.contains(words), "{stderr}");
    }
    assert!(!names(&directory).iter().any(|name| name.contains(".new") || name.contains(".old")), "{stderr}");
    assert_eq!(place.add().stdout, added.stdout);
    place.check("after a disk that was full");
}

#[test]
fn what_was_deleted_is_added_again() {
    let place = Place::new();
    let added = place.add();
    let path = String::from_utf8(added.stdout).expect("text");
    let item = place.below(path.trim().trim_start_matches('/'));
    remove_tree(&item).expect("remove");
    let output = place.fruix(&["store", "path-info", path.trim()]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("nothing is there"), "{stderr}");
    assert!(place.add().status.success());
    assert!(item.join("sub/file").exists());
    place.check("after adding again");

    fs::set_permissions(item.join("sub/file"), fs::Permissions::from_mode(0o644)).expect("chmod");
    let output = place.fruix(&["store", "verify", "--check-contents"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.starts_with(&format!("changed {}: `sub/file`", path.trim())), "{stdout}");
    assert!(place.fruix(&["store", "verify", "--check-contents", "--repair"]).status.success());
    place.check("after repair");
}

#[test]
fn a_store_that_cannot_be_written_can_be_read() {
    const NOBODY: u32 = 65534;
    let place = Place::new();
    let path = String::from_utf8(place.add().stdout).expect("text");
    let var = place.below("frx/var/fruix");
    for (directory, mode) in [(place.directory.path(), 0o755), (&var, 0o555), (&var.join("db"), 0o555)] {
        fs::set_permissions(directory, fs::Permissions::from_mode(mode)).expect("chmod");
    }
    // A copy, because nobody may look into the directory of the build.
    let program = place.directory.path().join("fruix");
    // By another process: a test beside this one may start a program meanwhile, which then has the copy open too.
    assert!(Command::new("cp").arg(FRUIX).arg(&program).status().expect("cp").success());
    for args in [
        &["store", "path-info", path.trim()][..],
        &["store", "verify", "--check-contents"],
        &["store", "dump", path.trim()],
    ] {
        let mut reader = Command::new(&program);
        if nix::unistd::geteuid().is_root() {
            reader.uid(NOBODY).gid(NOBODY);
        }
        let output = command(reader, &place.root(), args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mistyped = place.directory.path().join("mistyped");
    let output = command(Command::new(FRUIX), &mistyped, &["store", "verify", "--check-contents"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no store below"));
    assert!(!mistyped.exists());
}

#[test]
fn a_path_in_an_item_is_dumped_from_the_chosen_root() {
    let place = Place::new();
    let path = String::from_utf8(place.add().stdout).expect("text");
    let file = format!("{}/sub/file", path.trim());
    let output = place.fruix(&["store", "dump", &file]);
    let mut expected = Vec::new();
    fruix::store::tree::dump(&place.tree().join("sub/file"), &mut expected).expect("dumps");
    assert!(output.stdout == expected, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_no_archive_can_hold_is_named_as_what_it_is() {
    let place = Place::new();
    for (path, words) in [
        ("/proc/self/status", "gives bytes, but says that it has none"),
        ("/dev/null", "it is a device"),
        (place.directory.path().to_str().expect("text"), "holds the store itself"),
    ] {
        assert!(place.add().status.success());
        let output = place.fruix(&["store", "add", "--name", "x", path]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && stderr.contains(words), "{stderr}");
    }
}
