//! The store as its users see it, on a root of its own (with a space in its name).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use super::*;
use crate::derivation::{Derivation, Hashes, Output};
use crate::util::fs::remove_tree;

mod losing;

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Place { directory: tempfile::tempdir().unwrap() }
    }

    fn open(&self) -> Store {
        Store::open(Layout::new(&self.directory.path().join("a root")).unwrap()).unwrap()
    }

    /// A small tree; its name is that of the directory.
    fn tree(&self, name: &str) -> PathBuf {
        let tree = self.directory.path().join(name);
        if tree.exists() {
            return tree;
        }
        fs::create_dir_all(tree.join("sub")).unwrap();
        fs::write(tree.join("sub/file"), name).unwrap();
        symlink("sub/file", tree.join("link")).unwrap();
        tree
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Items are read-only: only this function can remove them.
        remove_tree(self.directory.path()).unwrap();
    }
}

fn names_in(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn an_added_tree_is_a_valid_canonical_copy() {
    let place = Place::new();
    let store = place.open();
    let tree = place.tree("tree");
    let path = store.add_tree("tree", &tree).unwrap();
    assert_eq!(path, super::add::tree_path("tree", &tree::digest(&tree).unwrap()).unwrap());
    let item = store.layout().physical(&path);
    assert_eq!(tree::digest(&item).unwrap(), tree::digest(&tree).unwrap());
    assert_eq!(fs::metadata(&item).unwrap().mode() & 0o7777, 0o555);

    let info = store.path_info(&path).unwrap();
    let contents = tree::Contents { nar_hash: info.nar_hash, nar_size: info.nar_size };
    assert_eq!(contents, tree::digest(&tree).unwrap());
    assert_eq!(names_in(&store.layout().store_dir()), [path.base_name()], "no temporary name is left");
    assert_eq!(names_in(&store.layout().locks_dir()), [""; 0]);

    let facts = store.layout().facts_dir().join(format!("{}.json", path.base_name()));
    let facts: PathInfo = serde_json::from_slice(&fs::read(facts).unwrap()).unwrap();
    assert_eq!(facts, info);
    assert!(place.open().is_valid(&path).unwrap(), "it is so for the next process too");
}

#[test]
fn a_failure_in_the_middle_leaves_nothing() {
    let place = Place::new();
    let store = place.open();
    let tree = place.tree("tree");
    for number in 0..2000 {
        fs::write(tree.join(format!("sub/{number}")), "x").unwrap();
    }
    let _socket = std::os::unix::net::UnixListener::bind(tree.join("zzz")).unwrap();
    assert!(store.add_tree("tree", &tree).is_err());
    assert!(store.add_tree("bad name", &tree).is_err());
    assert!(store.add_tree("missing", &tree.join("missing")).is_err());
    assert_eq!(names_in(&store.layout().store_dir()), [""; 0]);
    assert_eq!(store.all_registered().unwrap().0, []);
}

#[test]
fn thousands_of_texts_need_no_thousands_of_open_files() {
    let place = Place::new();
    let store = place.open();
    let (limit, _) = nix::sys::resource::getrlimit(nix::sys::resource::Resource::RLIMIT_NOFILE).unwrap();
    let number = limit.min(2000) + 100;
    let text = |n| Text { name: format!("{n}"), contents: String::new(), references: BTreeSet::new() };
    store.add_texts((0..number).map(text).collect()).unwrap();
    assert_eq!(store.all_registered().unwrap().0.len() as u64, number);
}

#[test]
fn reading_makes_nothing_and_needs_no_right_to_write() {
    let place = Place::new();
    let layout = Layout::new(&place.directory.path().join("mistyped")).unwrap();
    assert!(matches!(Store::open_to_read(layout.clone()), Err(StoreError::NoStore { .. })));
    assert!(!exists(layout.root()).unwrap());

    let store = place.open();
    let path = store.add_text("text", "x", &BTreeSet::new()).unwrap();
    let reader = Store::open_to_read(store.layout().clone()).unwrap();
    assert!(reader.is_valid(&path).unwrap());
    assert!(reader.add_text("other", "x", &BTreeSet::new()).is_err());
}

#[test]
fn contents_that_were_fixed_give_the_path_and_name_no_other() {
    let place = Place::new();
    let store = place.open();
    let input = store.add_text("input", "in", &BTreeSet::new()).unwrap();
    let commit = |path: Option<StorePath>, contents: String| {
        let build = store.temporary().unwrap();
        fs::write(build.path(), contents).unwrap();
        let digest = tree::digest(build.path()).unwrap().nar_hash;
        let method = crate::content_address::Method::Recursive;
        let fixed = crate::content_address::fixed_output_path("x", method, &digest).unwrap();
        let sealed = store.seal(SealRequest {
            outputs: BTreeMap::from([(path.unwrap_or(fixed), build.path().to_owned())]),
            candidates: BTreeSet::from([input.clone()]),
            fixed: Some((method, digest)),
            ..SealRequest::default()
        });
        store.commit(sealed.unwrap(), &[])
    };
    let referring = commit(None, input.to_string()).unwrap_err();
    assert!(matches!(referring, StoreError::FixedWithReferences { .. }), "{referring}");
    let elsewhere = commit(Some(output_path("x")), "x".to_owned()).unwrap_err();
    assert!(matches!(elsewhere, StoreError::WrongPath { .. }), "{elsewhere}");
    commit(None, "x".to_owned()).unwrap();
}

#[test]
fn a_tree_that_holds_the_store_is_refused() {
    let place = Place::new();
    let store = place.open();
    store.add_text("text", "x", &BTreeSet::new()).unwrap();
    for tree in [place.directory.path().to_owned(), store.layout().var_dir()] {
        assert!(matches!(store.add_tree("all", &tree), Err(StoreError::HoldsStore { .. })), "{tree:?}");
    }
}

#[test]
fn many_threads_and_stores_add_the_same_things() {
    let place = Place::new();
    let tree = place.tree("tree");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = place.open();
                for number in 0..5 {
                    store.add_tree("tree", &tree).unwrap();
                    store.add_text("text", &number.to_string(), &BTreeSet::new()).unwrap();
                }
            });
        }
    });
    let store = place.open();
    assert_eq!(store.all_registered().unwrap().0.len(), 6);
    assert_eq!(names_in(&store.layout().store_dir()).len(), 6);
    for path in store.all_registered().unwrap().0 {
        assert_eq!(store.verify(&path).unwrap(), None);
    }
}

#[test]
fn texts_and_derivations_refer_to_valid_items_only() {
    let place = Place::new();
    let store = place.open();
    let one = Text { name: "one".into(), contents: "1".into(), references: BTreeSet::new() };
    let one_path = one.path().unwrap();
    let two =
        Text { name: "two".into(), contents: "2".into(), references: BTreeSet::from([one_path.clone()]) };
    let two_path = two.path().unwrap();

    let error = store.add_texts(vec![two.clone()]).unwrap_err();
    assert!(matches!(error, StoreError::MissingReference { .. }), "{error}");
    assert_eq!(store.all_registered().unwrap().0, []);

    store.add_texts(vec![two, one]).unwrap();
    assert_eq!(store.requisites(&two_path).unwrap(), BTreeSet::from([one_path.clone(), two_path.clone()]));
    assert_eq!(store.referrers(&one_path).unwrap(), BTreeSet::from([two_path.clone()]));

    let mut derivation = Derivation {
        outputs: BTreeMap::from([("out".into(), Output::default())]),
        input_srcs: BTreeSet::from([two_path]),
        builder: "builtin:test".into(),
        system: "builtin".into(),
        ..Derivation::default()
    };
    let path = derivation.instantiate("test", &mut Hashes::new()).unwrap();
    assert_eq!(store.add_derivation(&derivation, "test").unwrap(), path);
    assert_eq!(store.derivation(&path).unwrap(), derivation);
    assert_eq!(store.requisites(&path).unwrap().len(), 3);
    let error = store.derivation(&one_path).unwrap_err();
    assert!(matches!(error, StoreError::NotDerivation { .. }), "{error}");
}

#[test]
fn a_derivation_that_claims_the_path_of_another_is_not_handed_out() {
    let place = Place::new();
    let store = place.open();
    let mut derivation = Derivation {
        outputs: BTreeMap::from([("out".into(), Output::default())]),
        builder: "builtin:test".into(),
        system: "builtin".into(),
        ..Derivation::default()
    };
    derivation.instantiate("evil", &mut Hashes::new()).unwrap();
    let victim = output_path("victim");
    derivation.env.insert("out".into(), victim.to_string());
    derivation.outputs.insert("out".into(), Output { path: Some(victim), fixed: None });
    let evil = store.add_derivation(&derivation, "evil").unwrap();
    let error = store.derivation(&evil).unwrap_err();
    assert!(error.to_string().contains("does not lie where it says"), "{error}");

    // Nor can it be built through another derivation, or come in as a file.
    let mut user = Derivation { outputs: BTreeMap::from([("out".into(), Output::default())]), ..derivation };
    user.env.remove("out");
    user.input_drvs.insert(evil.clone(), BTreeSet::from(["out".to_owned()]));
    let mut hashes = Hashes::new();
    let text = fs::read_to_string(store.layout().physical(&evil)).unwrap();
    hashes.insert(&evil, &Derivation::parse(&text).unwrap()).unwrap();
    user.instantiate("user", &mut hashes).unwrap();
    let user = store.add_derivation(&user, "user").unwrap();
    assert!(store.derivation(&user).is_err());
    let file = place.directory.path().join("evil.drv");
    fs::copy(store.layout().physical(&evil), &file).unwrap();
    let error = store.add_tree("evil.drv", &file).unwrap_err();
    assert!(matches!(error, StoreError::DerivationName { .. }), "{error}");
}

fn output_path(name: &str) -> StorePath {
    crate::content_address::output_path(name, "out", &crate::hash::Sha256::of("modulo")).unwrap()
}

#[test]
fn outputs_are_sealed_checked_and_committed_together() {
    let place = Place::new();
    let store = place.open();
    let input = store.add_text("input", "in", &BTreeSet::new()).unwrap();
    let unused = store.add_text("unused", "un", &BTreeSet::new()).unwrap();
    let (out, dev) = (output_path("x"), output_path("x-dev"));

    let build = store.temporary().unwrap();
    fs::create_dir_all(build.path().join("out/bin")).unwrap();
    fs::write(build.path().join("out/bin/tool"), format!("#!{input}/sh {out}")).unwrap();
    symlink(out.to_string(), build.path().join("dev")).unwrap();
    let request = SealRequest {
        outputs: BTreeMap::from([
            (out.clone(), build.path().join("out")),
            (dev.clone(), build.path().join("dev")),
        ]),
        candidates: BTreeSet::from([input.clone(), unused]),
        ..SealRequest::default()
    };
    let sealed = store.seal(request).unwrap();
    let references = |path: &StorePath| {
        sealed.infos().find(|info| info.path == *path).map(|info| info.references.clone()).unwrap()
    };
    assert_eq!(references(&out), BTreeSet::from([input, out.clone()]));
    assert_eq!(references(&dev), BTreeSet::from([out.clone()]));
    assert!(!store.is_valid(&out).unwrap());

    let record = Realisation {
        output: out.clone(),
        derivation: None,
        origin: Origin::Built,
        kind: "test".into(),
        started: 100,
        ended: 160,
        host: "here".into(),
        machine: None,
        fruix: None,
        sandboxed: true,
        builder: "builtin:test".into(),
        log: None,
    };
    store.commit(sealed, std::slice::from_ref(&record)).unwrap();
    drop(build);
    for path in [&out, &dev] {
        assert_eq!(store.verify(path).unwrap(), None);
    }
    assert_eq!(fs::metadata(store.layout().physical(&out)).unwrap().mode() & 0o777, 0o555);
    assert_eq!(store.realisation(&out).unwrap().as_ref(), Some(&record));
    assert_eq!(store.last_of_kind("test").unwrap().map(|record| record.duration()), Some(60));
    assert_eq!(store.last_of_kind("other").unwrap(), None);
}

#[test]
fn an_output_that_was_not_made_is_named() {
    let place = Place::new();
    let store = place.open();
    let out = output_path("x");
    let request = SealRequest {
        outputs: BTreeMap::from([(out, place.directory.path().join("nothing"))]),
        ..SealRequest::default()
    };
    assert!(matches!(store.seal(request), Err(StoreError::OutputMissing { .. })));
}

#[test]
fn a_database_of_another_kind_is_refused() {
    let place = Place::new();
    let layout = place.open().layout().clone();
    let connection = rusqlite::Connection::open(layout.db()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    assert!(matches!(Store::open(layout.clone()), Err(StoreError::NewerDatabase { found: 99, .. })));
    let connection = rusqlite::Connection::open(layout.db()).unwrap();
    connection.pragma_update(None, "user_version", -1).unwrap();
    assert!(matches!(Store::open(layout.clone()), Err(StoreError::OlderDatabase { found: -1, .. })));
    connection.pragma_update(None, "user_version", 0).unwrap();
    let error = Store::open(layout).unwrap_err();
    assert!(matches!(error, StoreError::ForeignDatabase { .. }), "{error}");
}
