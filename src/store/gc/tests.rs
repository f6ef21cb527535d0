//! Collections as a whole, with processes that were written down.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::*;
use crate::store::Settings;
use crate::store::Text;
use crate::store::gc::roots::Root;
use crate::sys::processes::recorded::Recorded;
use crate::util::fs::{create_dir_all, exists, remove_tree};

/// A store, opened by one who holds nothing, and by one who adds to it.
struct Place {
    directory: tempfile::TempDir,
    store: Store,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(Layout::new(directory.path()).unwrap()).unwrap();
        Place { directory, store }
    }

    /// Adds a text by a process that has ended then.
    fn add(&self, name: &str, references: &[&StorePath]) -> StorePath {
        let references = references.iter().map(|path| (*path).clone()).collect();
        self.other().add_text(name, name, &references).unwrap()
    }

    /// The store as another process has it.
    fn other(&self) -> Store {
        Store::open(self.store.layout().clone()).unwrap()
    }

    fn root(&self, name: &str, item: &StorePath) -> PathBuf {
        let link = self.store.layout().gcroots_dir().join(name);
        create_dir_all(link.parent().unwrap()).unwrap();
        symlink(item.to_string(), &link).unwrap();
        link
    }

    fn collect(&self) -> Collected {
        self.store.collect(&Recorded::default(), None).unwrap()
    }

    /// Whether the item is there, in every respect; it is so in all or none.
    fn is_there(&self, item: &StorePath) -> bool {
        let registered = self.store.database.is_registered(item).unwrap();
        assert_eq!(exists(&self.store.layout().physical(item)).unwrap(), registered);
        assert_eq!(exists(&super::super::facts::file(self.store.layout(), item)).unwrap(), registered);
        registered
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.directory.path()).unwrap();
    }
}

#[test]
fn what_a_root_keeps_stays_and_the_rest_goes() {
    let place = Place::new();
    let lib = place.add("lib", &[]);
    let kept = place.add("kept", &[&lib]);
    let dead = place.add("dead", &[&lib, &kept]);
    let deader = place.add("deader", &[&dead]);
    let link = place.root("a", &kept);
    let snapshot = place.store.snapshot(&Recorded::default()).unwrap();
    assert_eq!(snapshot.roots(), [Root { origin: Origin::Link { link: link.clone() }, item: kept.clone() }]);
    let names = |items: Vec<(StorePath, u64)>| -> BTreeSet<StorePath> {
        items.into_iter().map(|(item, _)| item).collect()
    };
    assert_eq!(names(snapshot.live()), BTreeSet::from([lib.clone(), kept.clone()]));
    assert_eq!(names(snapshot.dead()), BTreeSet::from([dead.clone(), deader.clone()]));
    let chain = snapshot.why_live(&lib).unwrap();
    assert_eq!(chain.to_string(), format!("{} -> {kept} -> {lib}", link.display()));
    assert_eq!(snapshot.why_live(&dead), None);

    let collected = place.collect();
    assert_eq!((collected.items, collected.interrupted), (2, false));
    assert_eq!([&lib, &kept, &dead, &deader].map(|item| place.is_there(item)), [true, true, false, false]);
    assert_eq!(place.collect().items, 0);
    fs::remove_file(link).unwrap();
    assert_eq!(place.collect().items, 2);
    assert_eq!(fs::read_dir(place.store.layout().store_dir()).unwrap().count(), 0);
}

#[test]
fn trees_go_whole_and_logs_with_their_derivations() {
    let place = Place::new();
    let tree = place.directory.path().join("tree");
    create_dir_all(&tree.join("sub/deeper")).unwrap();
    fs::write(tree.join("sub/file"), "x").unwrap();
    let item = place.other().add_tree("tree", &tree).unwrap();
    let drv = place.add("a.drv", &[]);
    let log = place.store.layout().log_file(&drv);
    create_dir_all(log.parent().unwrap()).unwrap();
    fs::write(&log, "").unwrap();
    assert_eq!(place.collect().items, 2);
    assert!(!place.is_there(&item) && !place.is_there(&drv) && !log.exists());
    assert_eq!(fs::read_dir(place.store.layout().store_dir()).unwrap().count(), 0);
}

#[test]
fn what_a_process_holds_or_uses_stays() {
    let place = Place::new();
    let (lib, other) = (place.add("lib", &[]), place.add("other", &[]));
    let used = place.add("used", &[&lib]);
    let owner = place.other();
    owner.hold([&other]).unwrap();
    let text = format!("{}/bin/sh", place.store.layout().physical(&used).display()).into_bytes();
    let mut table = Recorded { traces: vec![(1, "exe", text)], fails: false };
    assert_eq!(place.store.collect(&table, None).unwrap().items, 0);
    drop(owner);
    assert_eq!(place.store.collect(&table, None).unwrap().items, 1);
    assert_eq!([&lib, &used, &other].map(|item| place.is_there(item)), [true, true, false]);
    table.fails = true;
    table.traces.clear();
    assert!(matches!(place.store.collect(&table, None), Err(StoreError::Processes(_))));
    assert!(place.is_there(&used), "nothing is deleted while it is not known what runs");
}

#[test]
fn derivations_and_outputs_are_kept_as_the_settings_say() {
    let place = Place::new();
    let source = place.add("source", &[]);
    let drv = place.add("thing.drv", &[&source]);
    let out = place.add("thing", &[]);
    let mut info = place.store.path_info(&out).unwrap();
    info.deriver = Some(drv.clone());
    place.store.database.register(&[&info], &[]).unwrap();
    let link = place.root("out", &out);
    let dead = |settings: Settings| {
        let store = place.other().with_settings(settings);
        store.snapshot(&Recorded::default()).unwrap().dead().len()
    };
    assert_eq!(dead(Settings::default()), 0);
    assert_eq!(dead(Settings { keep_derivations: false, ..Settings::default() }), 2);
    let snapshot = place.store.snapshot(&Recorded::default()).unwrap();
    let steps = snapshot.why_live(&source).unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.by).collect::<Vec<_>>(), [By::Root, By::Deriver, By::Reference]);
    fs::remove_file(link).unwrap();
    place.root("drv", &drv);
    assert_eq!(dead(Settings::default()), 1);
    // What is no derivation says nothing of its outputs: they might be needed.
    let keeping = place.other().with_settings(Settings { keep_outputs: true, ..Settings::default() });
    assert!(matches!(keeping.snapshot(&Recorded::default()), Err(StoreError::NotDerivation { .. })));
}

#[test]
fn what_is_needed_since_the_round_began_stays() {
    let place = Place::new();
    let lib = place.add("lib", &[]);
    let items = ["linked", "held", "referred", "dead"].map(|name| place.add(name, &[&lib]));
    let [linked, held, referred, dead] = &items;
    let mut round = round::Round::new(&place.store, &Recorded::default()).unwrap();
    place.root("late", linked);
    let owner = place.other();
    owner.hold([held]).unwrap();
    let new = place.add("new", &[referred]);
    let groups = order::referrers_first(&round.snapshot.graph, |_| true);
    let mut collected = Collected::default();
    assert_eq!(round.delete(&groups, None, &mut collected).unwrap(), round::Outcome::Done);
    assert_eq!(collected.items, 1);
    assert_eq!(
        [linked, held, referred, dead, &lib, &new].map(|item| place.is_there(item)),
        [true, true, true, false, true, true]
    );
}

#[test]
fn a_reference_that_nobody_saw_coming_ends_the_round() {
    let place = Place::new();
    let (a, b) = (place.add("a", &[]), place.add("b", &[]));
    let mut round = round::Round::new(&place.store, &Recorded::default()).unwrap();
    // An item that was lost comes back, and refers to something now.
    let mut info = place.store.path_info(&b).unwrap();
    info.references.insert(a.clone());
    place.store.database.register(&[&info], &[]).unwrap();
    let node = round.snapshot.graph.find(a.base_name()).unwrap();
    let mut collected = Collected::default();
    assert_eq!(round.delete(&[vec![node]], None, &mut collected).unwrap(), round::Outcome::Outdated);
    assert!(place.is_there(&a) && place.is_there(&b));
    drop(round);
    assert_eq!(place.collect().items, 2, "the next round knows it");
}

#[test]
fn what_was_deleted_before_the_round_ended_counts() {
    let place = Place::new();
    let items: Vec<_> = (0..20).map(|number| place.add(&format!("item-{number:02}"), &[])).collect();
    let mut round = round::Round::new(&place.store, &Recorded::default()).unwrap();
    let mut info = place.store.path_info(&items[19]).unwrap();
    info.references.insert(items[18].clone());
    place.store.database.register(&[&info], &[]).unwrap();
    let node = |item: &StorePath| vec![round.snapshot.graph.find(item.base_name()).unwrap()];
    let groups: Vec<_> = items[..19].iter().map(node).collect();
    let mut collected = Collected::default();
    assert_eq!(round.delete(&groups, None, &mut collected).unwrap(), round::Outcome::Outdated);
    let there = items.iter().filter(|item| place.is_there(item)).count();
    assert_eq!((collected.items, there), (16, 4), "parts of eight items each");
    assert_eq!(collected.bytes, 16 * info.nar_size);
    drop(round);
    assert_eq!(place.collect().items, 4);
}

#[test]
fn only_so_much_is_freed_as_is_asked_for() {
    let place = Place::new();
    let items: Vec<_> = (0..10).map(|number| place.add(&format!("item-{number}"), &[])).collect();
    let size = place.store.path_info(&items[0]).unwrap().nar_size;
    let collected = place.store.collect(&Recorded::default(), Some(size + 1)).unwrap();
    assert_eq!((collected.items, collected.bytes), (2, 2 * size));
    assert_eq!(items.iter().filter(|item| place.is_there(item)).count(), 8);
    assert_eq!(place.store.collect(&Recorded::default(), Some(0)).unwrap().items, 0);
}

#[test]
fn what_was_never_registered_goes_unless_somebody_makes_or_names_it() {
    let place = Place::new();
    let layout = place.store.layout();
    let path = |name: &str| {
        Text { name: name.to_owned(), contents: String::new(), references: BTreeSet::new() }.path().unwrap()
    };
    let items = ["left", "made", "named", "held"].map(path);
    for item in &items {
        create_dir_all(&layout.physical(item).join("sub")).unwrap();
    }
    fs::create_dir(layout.store_dir().join("no-item")).unwrap();
    let [left, made, named, held] = &items;
    let other = place.other();
    let lock = other.lock_path(made, &|| false).unwrap();
    place.root("named", named);
    other.hold([held]).unwrap();
    assert_eq!(place.collect().leftovers, 1);
    assert_eq!(items.each_ref().map(|item| layout.physical(item).exists()), [false, true, true, true]);
    assert!(layout.store_dir().join("no-item").exists());
    drop(lock);
    assert_eq!(place.collect().leftovers, 1);
    assert!(!layout.physical(left).exists() && !layout.physical(made).exists());
}

#[test]
fn however_many_were_never_registered_all_go() {
    let place = Place::new();
    let number = leftovers::CHUNK + 44;
    for number in 0..number {
        let name = StorePath::from_base_name(&format!("{number:032}-left")).unwrap();
        fs::write(place.store.layout().physical(&name), "").unwrap();
    }
    assert_eq!(place.collect().leftovers, number);
    assert_eq!(place.collect().leftovers, 0);
}

#[test]
fn only_what_is_dead_and_not_needed_is_deleted_by_name() {
    let place = Place::new();
    let lib = place.add("lib", &[]);
    let (kept, dead) = (place.add("kept", &[&lib]), place.add("dead", &[]));
    let referrer = place.add("referrer", &[&dead]);
    place.root("a", &kept);
    let delete = |items: &[&StorePath]| {
        let items = items.iter().map(|item| (*item).clone()).collect();
        place.store.delete(&Recorded::default(), &items)
    };
    let error = delete(&[&dead, &referrer, &lib]).unwrap_err();
    assert!(matches!(&error, StoreError::Live { chain, .. } if chain.contains("gcroots/a")), "{error}");
    assert!(matches!(delete(&[&dead]), Err(StoreError::Needed { .. })));
    assert!(place.is_there(&dead));
    assert_eq!(delete(&[&dead, &referrer]).unwrap().items, 2);
    assert!(matches!(delete(&[&dead]), Err(StoreError::NotValid { .. })));
    assert!(place.is_there(&lib) && place.is_there(&kept));
}

#[test]
fn a_link_that_was_made_as_root_keeps_its_item_until_it_goes() {
    let place = Place::new();
    let item = place.add("item", &[]);
    let link = place.directory.path().join("result");
    link_root(&place.other(), &link, &item).unwrap();
    assert_eq!(fs::read_link(&link).unwrap(), place.store.layout().physical(&item));
    assert_eq!(place.collect().items, 0);
    let error = link_root(&place.other(), Path::new("/dev/null"), &item).unwrap_err();
    assert!(matches!(error, StoreError::NoLink { .. }));
    fs::remove_file(&link).unwrap();
    let collected = place.collect();
    assert_eq!((collected.items, collected.stale_roots), (1, vec![link]));
    assert_eq!(fs::read_dir(place.store.layout().indirect_roots_dir()).unwrap().count(), 0);
}

#[test]
fn what_was_forgotten_and_not_removed_goes_with_the_next_command() {
    let place = Place::new();
    let (gone, kept) = (place.add("gone", &[]), place.add("kept", &[]));
    // As after a crash between the database and the names.
    let journal = place.store.journal().unwrap();
    journal.begin_removal([gone.base_name(), kept.base_name()]).unwrap();
    let id = place.store.database.last_number().unwrap() - 1;
    place.store.database.forget(&[(id, gone.base_name())]).unwrap();
    drop(journal);
    place.add("next", &[]);
    assert!(!place.is_there(&gone) && place.is_there(&kept));
}
