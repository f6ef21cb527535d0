//! A root with a store, and trees to put into it.

use std::fs::{self, FileTimes};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use fruix::util::fs::remove_tree;

pub const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");

/// Where things lie that nobody has used for long, and that a collection removes.
pub const UNUSED: [&str; 2] = ["frx/var/fruix/cache/images", "frx/var/fruix/failed"];

/// A directory with a root in it.
pub struct Place {
    pub directory: tempfile::TempDir,
    /// Where the trees are.
    inputs: PathBuf,
}

impl Place {
    /// Trees, and room for a store.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let inputs = directory.path().to_owned();
        // No other place has the same items: who uses those, in whatever root, would keep these from collectors.
        let own = inputs.display();
        for name in ["tree", "other", "last", "more"] {
            fs::create_dir_all(inputs.join(name).join("sub")).expect("create");
            fs::write(inputs.join(name).join("sub/file"), format!("contents of {name} of {own}"))
                .expect("write");
            fs::write(inputs.join(name).join("sub/same"), format!("the same in all of {own}"))
                .expect("write");
            std::os::unix::fs::symlink("sub/file", inputs.join(name).join("link")).expect("link");
        }
        Place { directory, inputs }
    }

    /// A copy of the root, and the same trees.
    pub fn copied(&self) -> Self {
        let place = self.beside();
        if self.root().exists() {
            let copied = Command::new("cp").arg("-a").arg(self.root()).arg(place.root()).status();
            assert!(copied.expect("cp").success());
        }
        // To be copied is to be used.
        for unused in UNUSED {
            for name in names(&place.below(unused)) {
                let file = fs::File::open(place.below(unused).join(name)).expect("opens");
                let then = SystemTime::UNIX_EPOCH;
                file.set_times(FileTimes::new().set_accessed(then).set_modified(then)).expect("ages");
            }
        }
        place
    }

    /// Room for another store, and the same trees.
    pub fn beside(&self) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        Place { directory, inputs: self.inputs.clone() }
    }

    /// A tree to add.
    pub fn input(&self, name: &str) -> String {
        self.inputs.join(name).to_str().expect("text").to_owned()
    }

    pub fn tree(&self) -> PathBuf {
        self.inputs.join("tree")
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    pub fn below(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn fruix(&self, args: &[&str]) -> Output {
        command(Command::new(FRUIX), &self.root(), args)
    }

    pub fn add(&self) -> Output {
        self.fruix(&["store", "add", &self.input("tree")])
    }

    /// What lies in the store, but for the pool of shared files.
    pub fn items(&self) -> Vec<String> {
        let mut items = names(&self.below("frx/store"));
        items.retain(|name| name != ".links");
        items
    }

    /// The store holds whole items only, each with its facts, and nothing else.
    pub fn check(&self, when: &str) {
        let output = self.fruix(&["store", "verify", "--check-contents"]);
        assert!(output.status.success(), "{when}: {output:?}");
        let facts = names(&self.below("frx/var/fruix/db/items"));
        let expected: Vec<String> = self.items().iter().map(|item| format!("{item}.json")).collect();
        assert_eq!(facts, expected, "{when}");
        for unused in UNUSED {
            assert_eq!(names(&self.below(unused)), [""; 0], "{when}");
        }
        assert_eq!(names(&self.below("frx/var/fruix/sessions")), [""; 0], "{when}");
        assert_eq!(names(&self.below("frx/var/fruix/locks")), [""; 0], "{when}");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

pub fn command(mut command: Command, root: &Path, args: &[&str]) -> Output {
    command.arg("--root").arg(root).args(args).env_remove("FRUIX_ROOT").output().expect("runs")
}

pub fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("lists").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}
