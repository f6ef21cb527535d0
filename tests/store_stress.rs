//! Fifty processes on one store, some of which are killed: whatever they do at the same time, each path is made once, what
//! was reported is there, and nothing is left of the dead.
//!
//! `FRUIX_STRESS_ROUNDS` says how often; once without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use fruix::derivation::{Derivation, Hashes, Output as Declared};
use fruix::store::{Layout, Store};
use fruix::store_path::StorePath;
use fruix::util::fs::remove_tree;

/// How many processes there are at a time.
const PROCESSES: usize = 50;

/// How many trees, and how many derivations, each of which needs the one before.
const KINDS: usize = 5;

/// No one is killed later than so many milliseconds after he was started: by then all are at work.
const LATEST_DEATH: u64 = 250;

struct Place {
    directory: tempfile::TempDir,
    /// The last derivation needs all others.
    derivations: Vec<StorePath>,
    /// By derivation, its one output.
    outputs: Vec<StorePath>,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for number in 0..KINDS {
            let tree = directory.path().join(format!("tree-{number}"));
            for file in 0..40 {
                fs::create_dir_all(tree.join(format!("sub-{}", file % 7))).expect("create");
                let text = format!("{file} of {number}").repeat(200);
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
                env: BTreeMap::from([("text".to_owned(), format!("{number} {:?}", place.outputs.last()))]),
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

    fn root(&self) -> PathBuf {
        self.directory.path().join("root")
    }

    fn store(&self) -> Store {
        Store::open(Layout::new(&self.root()).expect("a layout")).expect("a store")
    }

    fn names(&self, below: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.root().join(below)).expect("lists");
        entries.map(|entry| entry.expect("lists").file_name().into_string().expect("text")).collect()
    }

    /// What the process of this number is to do.
    fn arguments(&self, number: usize) -> Vec<String> {
        let kind = number / 3 % KINDS;
        let tree = || self.directory.path().join(format!("tree-{kind}")).display().to_string();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match number % 6 {
            0 | 3 => [words(&["store", "add"]), vec![tree()]].concat(),
            // The last needs all of them.
            1 => vec!["build".to_owned(), self.derivations[KINDS - 1].to_string()],
            4 => vec!["build".to_owned(), self.derivations[kind].to_string()],
            2 => words(&["store", "verify", "--check-contents"]),
            _ => [words(&["store", "requisites"]), vec![self.derivations[kind].to_string()]].concat(),
        }
    }

    fn start(&self, arguments: &[String]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        command.arg("--root").arg(self.root()).args(arguments).env_remove("FRUIX_ROOT");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts")
    }

    fn succeed(&self, arguments: &[String]) -> Output {
        let output = self.start(arguments).wait_with_output().expect("ends");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// How often each output was built, as those say who registered it.
    fn builds(&self) -> Vec<usize> {
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

/// Numbers nobody foresees.
fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

/// Waits for a process, or ends it after a while; `None` if it was ended.
fn wait(mut child: Child, death: Option<Duration>) -> Option<Output> {
    let Some(death) = death else { return Some(child.wait_with_output().expect("ends")) };
    std::thread::sleep(death);
    // It may have ended by itself.
    let alive = child.try_wait().expect("asks").is_none();
    child.kill().expect("kills");
    let output = child.wait_with_output().expect("ends");
    (!alive).then_some(output)
}

fn is_item(line: &str) -> bool {
    line.starts_with("/frx/store/") && Path::new(line).file_name().is_some()
}

/// All that the processes reported; `deadly` if some are to be killed.
fn stampede(place: &Place, deadly: bool) -> (BTreeSet<String>, BTreeMap<String, usize>) {
    let outputs: Vec<(usize, Option<Output>)> = std::thread::scope(|scope| {
        let work = |number: usize| {
            let is_doomed = deadly && [2, 5, 6].contains(&(number % 7));
            let death = is_doomed.then(|| Duration::from_millis(random(LATEST_DEATH)));
            (number, wait(place.start(&place.arguments(number)), death))
        };
        let workers: Vec<_> = (0..PROCESSES).map(|number| scope.spawn(move || work(number))).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).collect()
    });
    let killed = outputs.iter().filter(|(_, output)| output.is_none()).count();
    eprintln!("{killed} of {PROCESSES} were killed");
    let (mut reported, mut built) = (BTreeSet::new(), BTreeMap::new());
    for (number, output) in outputs {
        let Some(output) = output else { continue };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{:?}: {stderr}", place.arguments(number));
        let stdout = String::from_utf8(output.stdout).expect("text");
        reported.extend(stdout.lines().filter(|line| is_item(line)).map(str::to_owned));
        for name in stderr.lines().filter_map(|line| line.strip_prefix("built ")?.split(' ').next()) {
            *built.entry(name.to_owned()).or_default() += 1;
        }
    }
    (reported, built)
}

#[test]
fn each_path_is_made_once_and_the_dead_leave_nothing() {
    let rounds =
        std::env::var("FRUIX_STRESS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    for round in 0..rounds {
        for deadly in [false, true] {
            let place = Place::new();
            let (reported, built) = stampede(&place, deadly);
            // No update was lost: what anybody said is there.
            let store = place.store();
            for line in &reported {
                let path = StorePath::from_absolute(line).expect("a path");
                assert!(store.is_valid(&path).expect("asks"), "round {round}: {path}");
            }
            assert!(built.values().all(|count| *count == 1), "round {round}: {built:?}");
            assert!(deadly || built.len() == KINDS, "round {round}: {built:?}");
            drop(store);
            // What the dead left undone is done, and what they left is gone after the next who writes.
            for number in 0..6 * KINDS {
                place.succeed(&place.arguments(number));
            }
            fs::write(place.directory.path().join("last"), "").expect("write");
            let last = place.directory.path().join("last").display().to_string();
            place.succeed(&["store".to_owned(), "add".to_owned(), last]);
            assert_eq!(place.builds(), [1; KINDS], "round {round}");
            for below in ["frx/var/fruix/locks", "frx/var/fruix/sessions"] {
                assert_eq!(place.names(below), BTreeSet::new(), "round {round}: {below}");
            }
            let items = place.names("frx/store");
            // Trees, derivations, outputs, and the last.
            assert_eq!(items.len(), 3 * KINDS + 1, "round {round}: {items:?}");
            let facts: BTreeSet<String> = items.iter().map(|item| format!("{item}.json")).collect();
            assert_eq!(place.names("frx/var/fruix/db/items"), facts, "round {round}");
            place.succeed(&["store".to_owned(), "verify".to_owned(), "--check-contents".to_owned()]);
        }
    }
}
