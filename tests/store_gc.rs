//! Garbage collection as a user sees it, with real processes beside it.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use fruix::store::{Layout, Store, Text};
use fruix::store_path::StorePath;
use fruix::util::fs::remove_tree;
use serde_json::Value;
use support::disk::SmallDisk;

const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");

/// A store of its own.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Place { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    fn layout(&self) -> Layout {
        Layout::new(&self.root()).expect("a layout")
    }

    fn store(&self) -> Store {
        Store::open(self.layout()).expect("opens")
    }

    /// Adds a text by a process, as it were, that has ended then.
    fn add(&self, name: &str, references: &[&StorePath]) -> StorePath {
        let references: BTreeSet<_> = references.iter().map(|path| (*path).clone()).collect();
        self.store().add_text(name, name, &references).expect("adds")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(FRUIX);
        command.env_remove("FRUIX_ROOT").arg("--root").arg(self.root()).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("fruix runs")
    }

    fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.stdout(args)).expect("JSON")
    }

    /// What a command that has to fail says.
    fn failure(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?}");
        String::from_utf8(output.stderr).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn is_there(&self, item: &StorePath) -> bool {
        self.layout().physical(item).symlink_metadata().is_ok()
    }

    fn link(&self, below: &str, target: impl AsRef<Path>) -> PathBuf {
        let link = self.directory.path().join(below);
        fs::create_dir_all(link.parent().expect("a directory")).expect("create");
        symlink(target, &link).expect("symlink");
        link
    }

    /// The store is whole: nothing damaged, nothing that nobody knows.
    fn check(&self) {
        let verified = self.run(&["store", "verify", "--check-contents"]);
        assert!(verified.status.success(), "{verified:?}");
        let names = |directory: PathBuf| {
            let entries = fs::read_dir(directory).expect("lists");
            let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("lists").file_name();
            let mut names: Vec<_> = entries.map(|entry| name(entry).into_string().expect("text")).collect();
            names.retain(|name| name != ".links");
            names.sort();
            names
        };
        let layout = self.layout();
        let facts = names(layout.facts_dir());
        let items = names(layout.store_dir());
        assert_eq!(facts, items.iter().map(|item| format!("{item}.json")).collect::<Vec<_>>());
        assert_eq!(names(layout.sessions_dir()), [""; 0]);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

#[test]
fn roots_live_and_dead_are_listed_and_garbage_is_deleted() {
    let place = Place::new();
    let lib = place.add("lib", &[]);
    let (kept, dead) = (place.add("kept", &[&lib]), place.add("dead", &[&lib]));
    let link = place.link("root/frx/var/fruix/gcroots/mine", kept.to_string());
    let gc = |option| place.stdout(&["store", "gc", option]);
    assert!(gc("--list-roots").contains(&format!("{} -> {kept}\n", link.display())));
    let live: Vec<_> =
        [&kept, &lib].iter().map(|item| item.to_string()).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(gc("--list-live").lines().collect::<Vec<_>>(), live);
    assert_eq!(gc("--list-dead"), format!("{dead}\n"));
    assert_eq!(gc("--dry-run"), format!("{dead}\n"));
    let roots = place.json(&["store", "gc", "--list-roots", "--json"]);
    let expected = serde_json::json!({ "kind": "link", "link": link, "item": kept });
    assert!(roots.as_array().expect("rows").contains(&expected), "{roots}");
    assert!(place.is_there(&dead), "nothing was deleted yet");

    let why = place.stdout(&["store", "why-live", &lib.to_string()]);
    assert_eq!(why, format!("{}\n  keeps {kept}\n  refers to {lib}\n", link.display()));
    assert!(
        place.failure(&["store", "why-live", &dead.to_string()]).ends_with(&format!("nothing keeps {dead}"))
    );
    assert!(place.failure(&["store", "delete", &lib.to_string()]).contains("is in use"));

    let collected = place.json(&["store", "gc", "--json"]);
    assert_eq!(collected["items"], 1);
    assert!(!place.is_there(&dead) && place.is_there(&lib) && place.is_there(&kept));
    place.check();
}

#[test]
fn generations_are_roots_until_they_are_deleted() {
    let place = Place::new();
    let items = ["one", "two", "three"].map(|name| place.add(name, &[]));
    for (number, item) in (1..).zip(&items) {
        place.link(&format!("root/frx/var/fruix/profiles/system-{number}-link"), item.to_string());
    }
    place.link("root/frx/var/fruix/profiles/system", "system-2-link");
    assert_eq!(place.stdout(&["store", "gc", "--list-dead"]), "");
    assert!(place.failure(&["store", "gc", "--delete-generations", "2"]).contains("is the current one"));
    assert!(place.failure(&["store", "gc", "--delete-generations", "3x"]).contains("names no generations"));
    let planned = place.stdout(&["store", "gc", "--dry-run", "--delete-generations", "1..2"]);
    assert_eq!(planned, format!("{}\n", items[0]));
    place.stdout(&["store", "gc", "--delete-generations", "1..2"]);
    assert_eq!(items.each_ref().map(|item| place.is_there(item)), [false, true, true]);
    place.stdout(&["store", "gc", "--delete-generations", "old"]);
    assert_eq!(items.each_ref().map(|item| place.is_there(item)), [false, true, false]);
    place.check();
}

#[test]
fn settings_come_from_the_file_and_the_command_line() {
    let place = Place::new();
    place.add("x", &[]);
    let file = place.root().join("frx/etc/fruix.conf");
    fs::create_dir_all(file.parent().expect("a directory")).expect("create");
    fs::write(&file, "keep-outputs = false\nkeep-drvs = true\n").expect("write");
    let stderr = place.failure(&["store", "gc"]);
    assert!(
        stderr.contains("no setting is called `keep-drvs`") && stderr.contains("fruix.conf:2:1"),
        "{stderr}"
    );
    fs::write(&file, "keep-outputs = true\n").expect("write");
    place.stdout(&["store", "gc", "--list-dead"]);
    let stderr = place.failure(&["--option", "keep-outputs", "maybe", "store", "gc"]);
    assert!(stderr.contains("`maybe` is no value of `keep-outputs`"), "{stderr}");
    place.stdout(&["--option", "keep-outputs", "false", "store", "gc"]);
}

#[test]
fn what_a_running_process_uses_stays() {
    let place = Place::new();
    let tool = place.directory.path().join("tool");
    fs::create_dir(&tool).expect("create");
    fs::copy("/bin/sleep", tool.join("sleep")).expect("copy");
    // Not the same as in another run of this test: a process is believed to use what its environment names.
    let own_name = format!("named-{}", std::process::id());
    let (program, named) = (place.store().add_tree("tool", &tool).expect("adds"), place.add(&own_name, &[]));
    let mut command = Command::new(place.layout().physical(&program).join("sleep"));
    let child = command.arg("100").env("NAMED", named.to_string());
    let mut child =
        child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
    let roots = place.run(&["store", "gc", "--list-roots"]);
    let collected = place.run(&["store", "gc"]);
    let there = [&program, &named].map(|item| place.is_there(item));
    child.kill().expect("kills");
    child.wait().expect("waits");
    assert!(collected.status.success(), "{collected:?}");
    let roots = String::from_utf8(roots.stdout).expect("text");
    assert_eq!(there, [true, true], "{roots}");
    assert!(roots.contains(&format!("{{process {}: exe}} -> {program}", child.id())), "{roots}");
    place.stdout(&["store", "gc"]);
    assert_eq!([&program, &named].map(|item| place.is_there(item)), [false, false]);
}

#[test]
fn identical_files_are_shared_until_no_item_has_them() {
    let place = Place::new();
    let tree = |name: &str| {
        let tree = place.directory.path().join(name);
        fs::create_dir(&tree).expect("create");
        fs::write(tree.join("same"), "contents").expect("write");
        fs::write(tree.join("own"), name).expect("write");
        place.stdout(&["store", "add", tree.to_str().expect("text")]).trim().to_owned()
    };
    let items = ["one", "two"].map(tree);
    let optimised = place.json(&["store", "optimise", "--json"]);
    let expected = serde_json::json!({ "items": 2, "files": 1, "bytes": 8, "interrupted": false });
    assert_eq!(optimised, expected);
    place.check();
    place.link("root/frx/var/fruix/gcroots/mine", &items[0]);
    let collected = place.json(&["store", "gc", "--json"]);
    assert_eq!((&collected["items"], &collected["unshared"]), (&1.into(), &3.into()), "`own` of the second");
    place.check();

    let links = place.layout().links_dir();
    let shared = fs::read_dir(&links).expect("lists").next().expect("one").expect("lists").path();
    fs::remove_file(&shared).expect("remove");
    fs::write(&shared, "damaged").expect("write");
    let verified = place.run(&["store", "verify", "--check-contents"]);
    let stdout = String::from_utf8(verified.stdout).expect("text");
    assert!(!verified.status.success() && stdout == format!("modified {}\n", shared.display()), "{stdout}");
    place.stdout(&["store", "verify", "--check-contents", "--repair"]);
    assert!(!shared.exists());
    place.check();
}

#[test]
fn garbage_is_collected_on_a_full_disk() {
    let place = Place::new();
    let Some(disk) = SmallDisk::at(&place.root(), "40m") else {
        eprintln!("skipped: this user may mount no file system");
        return;
    };
    let tree = place.directory.path().join("tree");
    fs::create_dir(&tree).expect("create");
    fs::write(tree.join("large"), vec![1; 4 << 20]).expect("write");
    let item = place.stdout(&["store", "add", tree.to_str().expect("text")]);
    let text = |number| Text {
        name: format!("text-{number}"),
        contents: "x".repeat(100),
        references: BTreeSet::new(),
    };
    place.store().add_texts((0..1500).map(text).collect()).expect("adds");
    disk.fill();
    let stderr = place.failure(&["store", "add", FRUIX]);
    assert!(stderr.contains("`fruix store gc` makes room"), "{stderr}");

    let collected = place.json(&["store", "gc", "--json"]);
    assert_eq!(collected["items"], 1501, "{item}");
    place.check();
    assert!(place.layout().reserve().exists(), "for the next time");
    place.stdout(&["store", "add", tree.to_str().expect("text")]);
}

#[test]
fn what_nobody_has_used_for_long_is_shown_and_removed() {
    let place = Place::new();
    let item = place.add("item", &[]);
    let var = place.layout().var_dir();
    let make = |path: &str, days: u64| {
        let path = var.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("create");
        fs::write(&path, vec![1; 100_000]).expect("write");
        let then = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        let times = fs::FileTimes::new().set_accessed(then).set_modified(then);
        fs::File::open(&path).expect("opens").set_times(times).expect("ages");
        path
    };
    let [image, failed, fresh] = [("cache/images/a.img", 50), ("failed/b", 40), ("cache/images/c.img", 3)]
        .map(|(path, days)| make(path, days));
    let shown = place.stdout(&["store", "gc", "--dry-run"]);
    assert_eq!(shown, format!("{}\n{}\n{item}\n", image.display(), failed.display()));
    assert!(image.exists());
    let json = place.json(&["store", "gc", "--json", "--max-freed", "1K"]);
    assert_eq!((&json["spares"], &json["items"]), (&1.into(), &0.into()), "caches go first: {json}");
    assert!(!image.exists() && failed.exists() && place.is_there(&item));
    let json = place.json(&["--option", "keep-unused", "1w", "store", "gc", "--json"]);
    assert_eq!((&json["spares"], &json["items"]), (&1.into(), &1.into()), "{json}");
    assert!(fresh.exists());
    place.stdout(&["--option", "max-cache-size", "1000", "store", "gc"]);
    assert!(!fresh.exists());
}
