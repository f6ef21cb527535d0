//! The store commands as a user runs them, against the real Nix where it has the same command.

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use fruix::util::fs::remove_tree;
use nix::unistd::geteuid;
use support::{nix::Nix, trees};

/// A user and a group without a name.
const NOBODY_IN_PARTICULAR: u32 = 54_321;

/// A root with a space in its name, and a tree to add.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let tree = directory.path().join("a-tree");
        fs::create_dir(&tree).expect("create");
        trees::make_varied(&tree);
        Place { directory }
    }

    fn tree(&self) -> PathBuf {
        self.directory.path().join("a-tree")
    }

    fn store_dir(&self) -> PathBuf {
        self.directory.path().join("the root/frx/store")
    }

    fn fruix(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        command.arg("--root").arg(self.directory.path().join("the root"));
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.fruix().args(args).output().expect("fruix runs")
    }

    fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn add(&self, tree: &Path) -> String {
        self.stdout(&["store", "add", tree.to_str().expect("text")]).trim_end().to_owned()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

/// A user who may have no more threads. The system counts them by user, and does not count those of root.
struct Crowded {
    directory: tempfile::TempDir,
}

impl Crowded {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        fs::copy(env!("CARGO_BIN_EXE_fruix"), directory.path().join("fruix")).expect("copy");
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).expect("chmod");
        fs::create_dir(directory.path().join("root")).expect("create");
        if geteuid().is_root() {
            let user = Some(NOBODY_IN_PARTICULAR);
            chown(directory.path().join("root"), user, user).expect("chown");
        }
        Crowded { directory }
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new("prlimit");
        command.arg("--nproc=1").arg(self.directory.path().join("fruix"));
        command.arg("--root").arg(self.directory.path().join("root"));
        command.args(args).env("HOME", self.directory.path()).stdin(Stdio::null());
        if geteuid().is_root() {
            command.uid(NOBODY_IN_PARTICULAR).gid(NOBODY_IN_PARTICULAR);
        }
        command.output().expect("prlimit runs")
    }
}

impl Drop for Crowded {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

#[test]
fn a_user_who_may_have_no_more_threads_has_one_do_it_all() {
    let (crowded, place) = (Crowded::new(), Place::new());
    let tree = crowded.directory.path().join("a-tree");
    fs::create_dir(&tree).expect("create");
    trees::make_varied(&tree);
    // That of the user who made it is nobody else's to read.
    fs::set_permissions(tree.join("a.b"), fs::Permissions::from_mode(0o644)).expect("chmod");
    let stdout = |args: &[&str]| {
        let output = crowded.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let tree = tree.to_str().expect("text");
    let path = place.add(&place.tree());
    assert_eq!(String::from_utf8(stdout(&["store", "add", tree])).expect("text").trim_end(), path);
    let archive = place.run(&["store", "dump", &path]).stdout;
    assert!(stdout(&["store", "dump", tree]) == archive && stdout(&["store", "dump", &path]) == archive);
    stdout(&["store", "verify", "--check-contents"]);
    stdout(&["store", "gc"]);
    let item = crowded.directory.path().join("root").join(path.trim_start_matches('/'));
    assert!(!item.exists(), "{}", item.display());
}

#[test]
fn a_user_who_may_have_no_more_threads_is_told_so() {
    // One carries what the client says, another what the daemon does.
    let output = Crowded::new().run(&["daemon", "--stdio"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the system gives fruix no more threads") && said.contains("ulimit -u"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn add_and_dump_agree_with_nix_store() {
    let (place, nix) = (Place::new(), Nix::new());
    let tree = place.tree();
    let path = place.add(&tree);
    assert_eq!(path, nix.line("nix-store", ["--add".as_ref(), tree.as_os_str()]));
    let archive = nix.run("nix-store", ["--dump".as_ref(), tree.as_os_str()]);
    assert!(place.run(&["store", "dump", &path]).stdout == archive, "the dump of the item differs");
    let physical = place.store_dir().join(path.strip_prefix("/frx/store/").expect("a store path"));
    assert!(place.run(&["store", "dump", physical.to_str().expect("text")]).stdout == archive);

    let file = tree.join("a/tool");
    assert_eq!(place.add(&file), nix.line("nix-store", ["--add".as_ref(), file.as_os_str()]));
    let link = tree.join("dangling");
    assert_eq!(place.add(&link), nix.line("nix-store", ["--add".as_ref(), link.as_os_str()]));
}

#[test]
fn what_is_known_is_printed() {
    let place = Place::new();
    let path = place.add(&place.tree());
    assert!(path.ends_with("-a-tree"));
    let named = place.stdout(&["store", "add", "--name", "other", place.tree().to_str().expect("text")]);
    assert!(named.ends_with("-other\n"), "{named}");

    let text = place.stdout(&["store", "path-info", &path]);
    assert!(text.starts_with(&format!("path: {path}\nnar-hash: sha256:")), "{text}");
    let json = place.stdout(&["store", "path-info", "--json", &path]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json[0]["path"], path);
    assert_eq!(place.stdout(&["store", "requisites", &path]), format!("{path}\n"));
    assert_eq!(place.stdout(&["store", "referrers", &path]), "");
    // A base name, and a path through a link into the item, name it as well.
    let link = place.directory.path().join("result");
    let item = place.store_dir().join(path.strip_prefix("/frx/store/").expect("a store path"));
    std::os::unix::fs::symlink(item, &link).expect("link");
    for argument in [link.join("a/tool").to_str().expect("text"), &path["/frx/store/".len()..]] {
        assert_eq!(place.stdout(&["store", "requisites", argument]), format!("{path}\n"), "{argument}");
    }
}

#[test]
fn damage_is_reported_by_path_and_fails() {
    let place = Place::new();
    let path = place.add(&place.tree());
    assert_eq!(place.stdout(&["store", "verify", "--check-contents"]), "");
    let file = place.store_dir().join(path.strip_prefix("/frx/store/").expect("a store path")).join("a.b");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("chmod");
    fs::write(&file, "tampered with").expect("write");
    let output = place.run(&["store", "verify", &path]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("modified {path}\n"));
}

#[test]
fn errors_say_what_to_do() {
    let place = Place::new();
    let tree = place.tree();
    let tree = tree.to_str().expect("text");
    let cases: [(&[&str], &str); 6] = [
        (&["store", "add", "/nonexistent"], "check the spelling"),
        (&["store", "add", "--name", "a b", tree], "give another"),
        (&["store", "path-info", "/frx/store/4sb23qrd68rf8hsxc464fdqv72yrx5mc-x"], "is not in the store"),
        (&["store", "dump", "/frx/store/4sb23qrd68rf8hsxc464fdqv72yrx5mc-x"], "is not in the store"),
        (&["store", "requisites", tree], "fruix store add"),
        (&["derivation", "show", "/frx/store/4sb23qrd68rf8hsxc464fdqv72yrx5mc-x.drv"], "is not in the store"),
    ];
    for (args, expected) in cases {
        let output = place.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        // Messages are wrapped to the width of the terminal.
        let words: Vec<&str> = stderr.split_whitespace().filter(|word| *word != "│").collect();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(words.join(" ").contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn output_that_nobody_takes_is_no_panic() {
    let place = Place::new();
    let path = place.add(&place.tree());
    let commands: [&[&str]; 5] = [
        &["store", "path-info", &path],
        &["store", "path-info", "--json", &path],
        &["store", "requisites", &path],
        &["store", "dump", &path],
        &["doctor"],
    ];
    for args in commands {
        let full = fs::File::options().write(true).open("/dev/full").expect("opens");
        let output = place.fruix().args(args).stdout(full).output().expect("fruix runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert!(stderr.contains("No space left"), "{args:?}: {stderr}");

        let (reader, closed) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = place.fruix().args(args).stdout(closed).output().expect("fruix runs");
        assert_eq!(output.status.code(), Some(128 + 13), "{args:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn two_processes_add_the_same_tree() {
    let place = Place::new();
    let start = || {
        place.fruix().args(["store", "add"]).arg(place.tree()).stdout(Stdio::piped()).spawn().expect("starts")
    };
    let children = [start(), start(), start()];
    let paths: Vec<_> =
        children.map(|child| child.wait_with_output().expect("ends").stdout).into_iter().collect();
    assert!(paths.iter().all(|path| *path == paths[0] && !path.is_empty()), "{paths:?}");
    assert_eq!(fs::read_dir(place.store_dir()).expect("lists").count(), 1);
    assert_eq!(place.stdout(&["store", "verify", "--check-contents"]), "");
}

#[test]
fn a_killed_add_leaves_nothing_valid_and_the_next_one_cleans_up() {
    let place = Place::new();
    for number in 0..3000 {
        fs::write(place.tree().join(format!("a/{number}")), trees::pattern(20_000)).expect("write");
    }
    let mut child = place.fruix().args(["store", "add"]).arg(place.tree()).spawn().expect("starts");
    let begun = Instant::now();
    let temporary = || {
        let entries = fs::read_dir(place.store_dir()).into_iter().flatten();
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(".tmp-"))
    };
    while !temporary() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("kill -9");
    child.wait().expect("ends");
    assert!(temporary(), "it was killed in the middle");
    assert_eq!(place.stdout(&["store", "verify", "--check-contents"]), "");

    let output = place.run(&["store", "add", place.tree().to_str().expect("text")]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("removed 1 unfinished item"), "{stderr}");
    assert!(!temporary());
    assert_eq!(place.stdout(&["store", "verify", "--check-contents"]), "");
}

#[test]
fn a_tree_that_cannot_be_read_is_not_added() {
    let place = Place::new();
    let socket = place.tree().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("binds");
    let output = place.run(&["store", "add", place.tree().to_str().expect("text")]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("it is a socket"), "{stderr}");
    assert_eq!(fs::read_dir(place.store_dir()).expect("lists").count(), 0);
}
