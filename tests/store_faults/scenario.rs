//! What a command does to a store while something goes wrong, and what must be true afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use fruix::derivation::{Derivation, Hashes, Output as Declared};
use fruix::profile::Profile;
use fruix::store::{Layout, Store};
use fruix::store_path::StorePath;

use super::place::{FRUIX, Place, UNUSED, command, names};

/// So many items are more than a collection has the database forget at a time.
const ITEMS: usize = 20;

/// A command, and a root that is ready for it.
pub struct Scenario {
    pub name: &'static str,
    pub ready: Place,
    arguments: Vec<String>,
    /// Whether something is wrong with the store before the command.
    is_damaged: bool,
    /// What lies in the store after it.
    items: Vec<String>,
}

impl Scenario {
    fn new(name: &'static str, ready: Place, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut scenario = Scenario { name, ready, arguments, is_damaged: false, items: Vec::new() };
        let clean = scenario.ready.copied();
        scenario.succeed(&clean, "without a fault");
        scenario.items = clean.items();
        scenario
    }

    fn damaged(self) -> Self {
        Scenario { is_damaged: true, ..self }
    }

    /// A tree is added to a store that is not there yet.
    pub fn first_item() -> Self {
        let place = Place::new();
        let tree = place.input("tree");
        Self::new("first item", place, &["store", "add", &tree])
    }

    /// A tree is added to a store that holds another.
    pub fn another_item() -> Self {
        let place = Place::new();
        assert!(place.fruix(&["store", "add", &place.input("other")]).status.success());
        let tree = place.input("tree");
        Self::new("another item", place, &["store", "add", &tree])
    }

    /// A tree is added whose files are so large that each is read and written by a thread of its own.
    pub fn item_of_several_threads() -> Self {
        let place = Place::new();
        let tree = place.input("large");
        fs::create_dir(&tree).expect("create");
        for number in 0..12_u8 {
            fs::write(format!("{tree}/{number}"), vec![number; 600_000]).expect("write");
        }
        Self::new("item of several threads", place, &["store", "add", &tree])
    }

    /// Two derivations are built, of which one needs the other: a file, and a tree with one of every kind.
    pub fn build() -> Self {
        let place = Place::new();
        let store = Store::open(Layout::new(&place.root()).expect("a layout")).expect("a store");
        let mut hashes = Hashes::new();
        let mut add =
            |name: &str, builder: &str, (variable, text): (&str, String), inputs: BTreeMap<_, _>| {
                let mut derivation = Derivation {
                    outputs: BTreeMap::from([("out".to_owned(), Declared::default())]),
                    input_drvs: inputs,
                    system: "builtin".to_owned(),
                    builder: format!("builtin:{builder}"),
                    env: BTreeMap::from([(variable.to_owned(), text)]),
                    ..Derivation::default()
                };
                let drv = derivation.instantiate(name, &mut hashes).expect("instantiates");
                store.add_derivation(&derivation, name).expect("adds");
                (drv, derivation.outputs["out"].path.clone().expect("an output"))
            };
        let (first, output) = add("first", "text", ("text", "one".to_owned()), BTreeMap::new());
        let inputs = BTreeMap::from([(first, BTreeSet::from(["out".to_owned()]))]);
        let form = format!(
            r##"(begin
                (define (file name) (string-append #$output "/" name))
                (write-file (file "sub/long") (make-string 100000 #\x))
                (append-to-file (file "sub/long") "{output}")
                (write-file (file "run") "#!/bin/sh\n")
                (chmod-executable (file "run"))
                (symlink "sub/long" (file "link")))"##
        );
        let (second, _) = add("second", "computed", ("form", form), inputs);
        drop(store);
        Self::new("build", place, &["build", &second.to_string()])
    }

    /// The mode of a file is put right.
    pub fn repair() -> Self {
        let place = Place::new();
        assert!(place.add().status.success());
        let file = place.below("frx/store").join(&place.items()[0]).join("sub/file");
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("chmod");
        Self::new("repair", place, &["store", "verify", "--check-contents", "--repair"]).damaged()
    }

    /// Lost facts are written again.
    pub fn facts() -> Self {
        let place = Place::new();
        assert!(place.add().status.success());
        let facts = place.below("frx/var/fruix/db/items");
        for name in names(&facts) {
            fs::remove_file(facts.join(name)).expect("remove");
        }
        Self::new("facts", place, &["store", "verify", "--repair"]).damaged()
    }

    /// Items come to share files.
    pub fn sharing() -> Self {
        let place = Place::new();
        for name in ["tree", "other", "last"] {
            assert!(place.fruix(&["store", "add", &place.input(name)]).status.success());
        }
        Self::new("sharing", place, &["store", "optimise"])
    }

    /// A lost database is made again.
    pub fn rebuild() -> Self {
        let place = Place::new();
        assert!(place.add().status.success());
        for name in names(&place.below("frx/var/fruix/db")) {
            if name.starts_with("store.sqlite") {
                fs::remove_file(place.below("frx/var/fruix/db").join(name)).expect("remove");
            }
        }
        Self::new("rebuild", place, &["store", "rebuild-database"]).damaged()
    }

    /// Two of three items are garbage, and collected; so is what nobody has used for long.
    pub fn collection() -> Self {
        let place = Place::new();
        for name in ["tree", "other", "last"] {
            assert!(place.fruix(&["store", "add", &place.input(name)]).status.success());
        }
        let layout = Layout::new(&place.root()).expect("a layout");
        let kept = place.items().into_iter().find(|item| item.ends_with("-tree")).expect("it was added");
        let kept = StorePath::from_base_name(&kept).expect("a base name");
        let profile = Profile::system(&layout);
        let generation = profile.add(&kept).expect("a generation");
        profile.switch(generation.number).expect("switches");
        for unused in UNUSED {
            let unused = place.below(unused);
            fs::create_dir_all(&unused).expect("create");
            fs::write(unused.join("x"), "").expect("write");
        }
        Self::new("collection", place, &["store", "gc"])
    }

    /// Many items are garbage: some are taken out while others are forgotten.
    pub fn large_collection() -> Self {
        let place = Place::new();
        for number in 0..ITEMS {
            let name = format!("item-{number}");
            fs::write(place.input(&name), &name).expect("write");
            assert!(place.fruix(&["store", "add", &place.input(&name)]).status.success());
        }
        Self::new("large collection", place, &["store", "gc"])
    }

    /// All of them that go without a builder, whose calls are not this program's.
    pub fn without_builders() -> Vec<Self> {
        vec![
            Self::first_item(),
            Self::another_item(),
            Self::repair(),
            Self::facts(),
            Self::rebuild(),
            Self::sharing(),
            Self::collection(),
            Self::large_collection(),
        ]
    }

    /// Runs the command in a root, by way of `program`, which may be one that runs the other.
    pub fn run(&self, place: &Place, program: Command) -> Output {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        command(program, &place.root(), &arguments)
    }

    fn succeed(&self, place: &Place, when: &str) -> String {
        let output = self.run(place, Command::new(FRUIX));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{when}: {stderr}");
        stderr
    }

    /// Nothing is registered in the store that is not whole, before anything is cleaned up.
    pub fn check_untouched(&self, place: &Place, when: &str) {
        let verified = place.fruix(&["store", "verify", "--check-contents"]);
        let stderr = String::from_utf8_lossy(&verified.stderr);
        let unmade = stderr.contains("there is no store") || stderr.contains("is lost or empty");
        assert!(verified.status.success() || unmade || self.is_damaged, "{when}: {stderr}");
    }

    /// Whether something lies in the store directory that nobody knows, and the command will not make.
    fn leaves_something(&self, place: &Place) -> bool {
        let layout = Layout::new(&place.root()).expect("a layout");
        let Ok(store) = Store::open_to_read(layout) else { return false };
        let registered = |name: &str| {
            StorePath::from_base_name(name).is_ok_and(|path| store.is_valid(&path).unwrap_or(false))
        };
        place.items().iter().any(|name| !registered(name) && !self.items.contains(name))
    }

    /// The command does now what it was to do before, and says what it found; the next one that writes leaves nothing of
    /// it.
    pub fn check_recovery(&self, place: &Place, when: &str) {
        self.check_untouched(place, when);
        let left = self.leaves_something(place);
        let mut said = self.succeed(place, when);
        // What was added before would be remembered, and nothing written.
        let more = place.fruix(&["store", "add", &place.input("more")]);
        said.push_str(&String::from_utf8_lossy(&more.stderr));
        assert!(more.status.success(), "{when}: {said}");
        // A collector has words of its own for it.
        let is_told = ["interrupted run", "that were no items"].iter().any(|words| said.contains(words));
        assert!(!left || is_told, "{when}: {said}");
        place.check(when);
        let path = String::from_utf8(more.stdout).expect("text");
        let added = path.trim().rsplit('/').next().unwrap_or_default();
        let items: Vec<String> = place.items().into_iter().filter(|name| name != added).collect();
        assert_eq!(items, self.items, "{when}");
    }
}

/// A sample of so many points: all where `FRUIX_FAULT_POINTS` says so, otherwise `count` at even distances.
pub fn sample(points: usize, count: usize) -> Vec<usize> {
    if std::env::var_os("FRUIX_FAULT_POINTS").is_some_and(|which| which == "all") || points <= count {
        return (1..=points).collect();
    }
    (0..count).map(|index| 1 + index * (points - 1) / (count - 1)).collect()
}
