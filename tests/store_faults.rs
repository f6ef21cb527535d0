//! The store under faults: processes that die and system calls that fail at any point, leftovers that cannot be
//! removed, stores that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use fruix::util::fs::remove_tree;

const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");

/// No program needs so many of one system call to add a small tree: the sweep is not ending.
const TOO_MANY: usize = 60;

/// A directory with a tree to add, and room for stores.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir_all(directory.path().join("tree/sub")).expect("create");
        fs::write(directory.path().join("tree/sub/file"), "contents").expect("write");
        Place { directory }
    }

    fn tree(&self) -> PathBuf {
        self.directory.path().join("tree")
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    fn below(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn fruix(&self, args: &[&str]) -> Output {
        command(Command::new(FRUIX), &self.root(), args)
    }

    fn add(&self) -> Output {
        self.fruix(&["store", "add", self.tree().to_str().expect("text")])
    }

    /// The store holds whole items only, each with its facts, and nothing else.
    fn check(&self, when: &str) {
        let output = self.fruix(&["store", "verify"]);
        assert!(output.status.success(), "{when}: {output:?}");
        let (items, facts) = (names(&self.below("frx/store")), names(&self.below("frx/var/fruix/db/items")));
        let expected: Vec<String> = items.iter().map(|item| format!("{item}.json")).collect();
        assert_eq!(facts, expected, "{when}");
        assert_eq!(names(&self.below("frx/var/fruix/sessions")), [""; 0], "{when}");
        assert_eq!(names(&self.below("frx/var/fruix/locks")), [""; 0], "{when}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

fn command(mut command: Command, root: &Path, args: &[&str]) -> Output {
    command.arg("--root").arg(root).args(args).env_remove("FRUIX_ROOT").output().expect("runs")
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("lists").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

/// Adds the tree while the `number`th of the system calls fails, or ends the process. Tells whether there was one.
fn add_with_fault(place: &Place, calls: &str, fault: &str, number: usize) -> bool {
    let log = place.directory.path().join("strace.log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", &format!("trace={calls}")]);
    strace.args(["-e", &format!("inject={calls}:{fault}:when={number}"), "-o"]).arg(&log).arg(FRUIX);
    command(strace, &place.root(), &["store", "add", place.tree().to_str().expect("text")]);
    let log = fs::read_to_string(log).expect("strace writes a log");
    log.contains("INJECTED") || log.contains("killed by SIGKILL")
}

#[test]
fn no_fault_at_any_point_of_adding_leaves_anything_broken() {
    if Command::new("strace").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: faults are injected by strace, which is not installed");
        return;
    }
    let sweeps = [
        // What gives names: items, facts, directories of the store.
        ("rename,mkdir", "signal=KILL"),
        ("rename,mkdir", "error=ENOSPC"),
        ("fsync,fdatasync,syncfs", "error=EIO"),
        // The database, which writes so, and the journal.
        ("pwrite64", "signal=KILL"),
        ("pwrite64", "error=ENOSPC"),
        ("ftruncate,unlink,unlinkat", "signal=KILL"),
    ];
    let path = Place::new().add().stdout;
    let mut points = 0;
    for (calls, fault) in sweeps {
        for number in 1.. {
            assert!(number < TOO_MANY, "{calls} {fault}: no end in sight");
            let place = Place::new();
            let when = format!("{calls} {fault} at {number}");
            if !add_with_fault(&place, calls, fault, number) {
                break;
            }
            points += 1;
            // Whatever is registered is whole, before anything is cleaned up.
            let verified = place.fruix(&["store", "verify"]);
            let stderr = String::from_utf8_lossy(&verified.stderr);
            let unmade = stderr.contains("there is no store") || stderr.contains("is lost or empty");
            assert!(verified.status.success() || unmade, "{when}: {stderr}");
            // The next command does the work, and says where.
            let added = place.add();
            assert!(added.status.success(), "{when}: {}", String::from_utf8_lossy(&added.stderr));
            assert_eq!(added.stdout, path, "{when}");
            place.check(&when);
        }
    }
    assert!(points > 30, "only {points} points");
}

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
    for name in names(&place.below("frx/var/fruix/db")) {
        if name.starts_with("store.sqlite") {
            fs::remove_file(place.below("frx/var/fruix/db").join(name)).expect("remove");
        }
    }
    let output = place.add();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && stderr.contains("fruix store rebuild-database"), "{stderr}");
    let output = place.fruix(&["store", "rebuild-database"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.contains("1 items registered, 0 left out"), "{stderr}");
    assert_eq!(place.add().stdout, added.stdout);
    place.check("after rebuilding");
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
    let output = place.fruix(&["store", "verify"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.starts_with(&format!("changed {}: `sub/file`", path.trim())), "{stdout}");
    assert!(place.fruix(&["store", "verify", "--repair"]).status.success());
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
    for args in
        [&["store", "path-info", path.trim()][..], &["store", "verify"], &["store", "dump", path.trim()]]
    {
        let mut reader = Command::new(&program);
        if nix::unistd::geteuid().is_root() {
            reader.uid(NOBODY).gid(NOBODY);
        }
        let output = command(reader, &place.root(), args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mistyped = place.directory.path().join("mistyped");
    let output = command(Command::new(FRUIX), &mistyped, &["store", "verify"]);
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
