//! A store, with trees and derivations to put into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use fruix::derivation::{Derivation, Hashes, Output as Declared};
use fruix::store::{Layout, Store};
use fruix::store_path::StorePath;
use fruix::util::fs::remove_tree;

/// How many trees, and how many derivations, each of which needs the one before.
pub const KINDS: usize = 5;

pub struct Place {
    pub directory: tempfile::TempDir,
    /// The last derivation needs all others.
    pub derivations: Vec<StorePath>,
    /// By derivation, its one output.
    pub outputs: Vec<StorePath>,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        // No other place has the same items: who uses those, in whatever root, would keep these from collectors.
        let own = directory.path().display().to_string();
        for number in 0..KINDS {
            let tree = directory.path().join(format!("tree-{number}"));
            for file in 0..40 {
                fs::create_dir_all(tree.join(format!("sub-{}", file % 7))).expect("create");
                let text = format!("{file} of {number} of {own}").repeat(200);
                fs::write(tree.join(format!("sub-{}/{file}", file % 7)), text).expect("write");
            }
        }
        let mut place = Place { directory, derivations: Vec::new(), outputs: Vec::new() };
        let store = place.store();
        let mut hashes = Hashes::new();
        for number in 0..KINDS {
            let before =
                place.derivations.last().map(|drv| (drv.clone(), BTreeSet::from(["out".to_owned()])));
            let mut derivation = Derivation {
                outputs: BTreeMap::from([("out".to_owned(), Declared::default())]),
                input_drvs: before.into_iter().collect(),
                system: "builtin".to_owned(),
                builder: "builtin:text".to_owned(),
                env: BTreeMap::from([(
                    "text".to_owned(),
                    format!("{number} {:?} {own}", place.outputs.last()),
                )]),
                ..Derivation::default()
            };
            let name = format!("link-{number}");
            let drv = derivation.instantiate(&name, &mut hashes).expect("instantiates");
            store.add_derivation(&derivation, &name).expect("adds");
            place.derivations.push(drv);
            place.outputs.push(derivation.outputs["out"].path.clone().expect("an output"));
        }
        place
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    /// A tree to add.
    pub fn tree(&self, kind: usize) -> String {
        self.directory.path().join(format!("tree-{kind}")).display().to_string()
    }

    pub fn store(&self) -> Store {
        Store::open(Layout::new(&self.root()).expect("a layout")).expect("a store")
    }

    pub fn names(&self, below: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.root().join(below)).expect("lists");
        entries.map(|entry| entry.expect("lists").file_name().into_string().expect("text")).collect()
    }

    pub fn start(&self, arguments: &[String]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        command.arg("--root").arg(self.root()).args(arguments).env_remove("FRUIX_ROOT");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
    }

    pub fn succeed(&self, arguments: &[String]) -> Output {
        let output = self.start(arguments).wait_with_output().expect("ends");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Adds something, by which what the dead left is removed.
    pub fn add_last(&self) {
        let last = self.directory.path().join("last");
        fs::write(&last, "").expect("write");
        self.succeed(&words(&["store", "add", &last.display().to_string()]));
    }

    /// The store holds whole items only, each with its facts, and nothing is left of anybody.
    pub fn check(&self, when: &str) {
        self.succeed(&words(&["store", "verify", "--check-contents"]));
        for below in ["frx/var/fruix/locks", "frx/var/fruix/sessions"] {
            assert_eq!(self.names(below), BTreeSet::new(), "{when}: {below}");
        }
        let mut items = self.names("frx/store");
        items.remove(".links");
        let facts: BTreeSet<String> = items.iter().map(|item| format!("{item}.json")).collect();
        assert_eq!(self.names("frx/var/fruix/db/items"), facts, "{when}");
    }

    /// How often each output was built, as those say who registered it.
    pub fn builds(&self) -> Vec<usize> {
        let facts = |output: &StorePath| {
            let file =
                self.root().join("frx/var/fruix/db/items").join(format!("{}.json", output.base_name()));
            let facts: serde_json::Value =
                serde_json::from_slice(&fs::read(file).expect("facts")).expect("JSON");
            facts["realisations"].as_array().map_or(0, Vec::len)
        };
        self.outputs.iter().map(facts).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).expect("removes read-only items");
    }
}

/// The arguments of a command.
pub fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
