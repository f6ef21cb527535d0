//! What was lost, changed or left half done, and how it is found and made good.

use rusqlite::Connection;

use super::*;

#[test]
fn an_item_that_was_renamed_and_not_registered_is_made_again() {
    let place = Place::new();
    let store = place.open();
    let tree = place.tree("tree");
    let path = super::super::add::tree_path("tree", &tree::digest(&tree).unwrap()).unwrap();
    fs::create_dir(store.layout().physical(&path)).unwrap();
    assert!(!store.is_valid(&path).unwrap());
    store.add_tree("tree", &tree).unwrap();
    assert_eq!(store.verify(&path).unwrap(), None);
}

/// All that the database says, in an order of its own.
fn tables(store: &Store) -> Vec<String> {
    let connection = Connection::open(store.layout().db()).unwrap();
    let queries = [
        "select base_name || nar_hash || nar_size || ifnull(deriver, '-') || ifnull(content_address, '-') ||
            registered from items order by 1",
        "select a.base_name || b.base_name from refs join items a on a.id = referrer
            join items b on b.id = reference order by 1",
        "select output || kind || ended || record from realisations order by 1",
    ];
    let rows = |query| {
        let mut statement = connection.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    };
    queries.into_iter().flat_map(rows).collect()
}

#[test]
fn a_lost_database_is_no_empty_store_and_is_made_again_the_same() {
    let place = Place::new();
    let store = place.open();
    let tree = store.add_tree("tree", &place.tree("tree")).unwrap();
    let text = store.add_text("text", "x", &BTreeSet::from([tree.clone()])).unwrap();
    let user = store.add_text("user", "y", &BTreeSet::from([text.clone()])).unwrap();
    build_output(&store, "built", 7);
    build_output(&store, "other", 9);
    let layout = store.layout().clone();
    let before = tables(&store);
    assert_eq!(before.len(), 5 + 4 + 2, "{before:#?}");
    drop(store);

    let lose = |how: &dyn Fn(&Path)| {
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", layout.db().display()));
        }
        how(&layout.db());
    };
    for how in [&|db: &Path| fs::remove_file(db).unwrap(), &|db: &Path| fs::write(db, "").unwrap()]
        as [&dyn Fn(&Path); 2]
    {
        lose(how);
        let rebuilt = Store::rebuild_database(&layout).unwrap();
        assert_eq!((rebuilt.registered, rebuilt.left_out), (5, vec![]));
        assert_eq!(tables(&place.open()), before);
        for open in [Store::open, Store::open_to_read] {
            lose(how);
            assert_eq!(tables(&open(layout.clone()).unwrap()), before, "whoever opens it makes it again");
        }
    }
    lose(&|db| fs::write(db, "this is no database, however long one looks at it".repeat(100)).unwrap());
    assert!(Store::open(layout.clone()).is_err());
    assert!(Store::rebuild_database(&layout).unwrap().replaced.is_some());
    assert_eq!(tables(&place.open()), before);

    // What is not as the facts say stays out, and what refers to it.
    remove_tree(&layout.physical(&text)).unwrap();
    let rebuilt = Store::rebuild_database(&layout).unwrap();
    assert_eq!(rebuilt.registered, 3, "{:?}", rebuilt.left_out);
    assert!(rebuilt.left_out.iter().any(|line| line.starts_with(&format!("missing {text}"))));
    assert!(rebuilt.left_out.iter().any(|line| line.starts_with(&format!("incomplete {user}"))));
}

#[test]
fn a_database_that_can_be_used_is_filled_again_in_its_place() {
    let place = Place::new();
    let store = place.open();
    let tree = store.add_tree("tree", &place.tree("tree")).unwrap();
    Connection::open(store.layout().db()).unwrap().execute("delete from items", []).unwrap();
    assert!(!store.is_valid(&tree).unwrap());
    let rebuilt = Store::rebuild_database(store.layout()).unwrap();
    assert_eq!((rebuilt.registered, rebuilt.replaced), (1, None));
    assert!(store.is_valid(&tree).unwrap(), "whoever had it open sees what it holds now");
    store.add_text("user", "x", &BTreeSet::from([tree])).unwrap();
}

#[test]
fn a_valid_item_that_is_gone_is_made_again() {
    let place = Place::new();
    let store = place.open();
    let tree = store.add_tree("tree", &place.tree("tree")).unwrap();
    let user = store.add_text("user", "x", &BTreeSet::from([tree.clone()])).unwrap();
    let built = build_output(&store, "built", 7);
    assert!(store.is_whole(&user).unwrap());
    for path in [&tree, &built] {
        remove_tree(&store.layout().physical(path)).unwrap();
        assert!(!store.is_valid(path).unwrap());
        assert!(matches!(store.path_info(path), Err(StoreError::Gone { .. })));
    }
    assert!(store.is_valid(&user).unwrap() && !store.is_whole(&user).unwrap());
    store.add_tree("tree", &place.tree("tree")).unwrap();
    // A build may give something else the second time.
    assert_eq!(build_output(&store, "built", 8), built);
    for path in [&tree, &user, &built] {
        assert_eq!(store.verify(path).unwrap(), None);
    }
    assert_eq!(store.referrers(&tree).unwrap(), BTreeSet::from([user]));
    let before = tables(&store);
    Store::rebuild_database(store.layout()).unwrap();
    assert_eq!(tables(&store), before, "both records are among the facts");
}

/// An output called `name` that holds a number, built at that time, and its path.
fn build_output(store: &Store, name: &str, number: u64) -> StorePath {
    let path = output_path(name);
    let build = store.temporary().unwrap();
    fs::create_dir_all(build.path().join("out")).unwrap();
    fs::write(build.path().join("out/file"), format!("{number} {path}")).unwrap();
    let outputs = BTreeMap::from([(path.clone(), build.path().join("out"))]);
    let sealed = store.seal(SealRequest { outputs, ..SealRequest::default() }).unwrap();
    let record = Realisation {
        output: path.clone(),
        derivation: None,
        origin: Origin::Built,
        kind: "test".into(),
        started: number,
        ended: number,
        host: "here".into(),
        machine: None,
        fruix: None,
        sandboxed: true,
        builder: "builtin:test".into(),
        log: None,
    };
    store.commit(sealed, &[record]).unwrap();
    path
}

#[test]
fn what_was_moved_and_not_registered_is_removed_by_the_next_writer() {
    let place = Place::new();
    let store = place.open();
    let kept = store.add_text("kept", "x", &BTreeSet::new()).unwrap();
    let layout = store.layout().clone();
    drop(store);
    let lost = output_path("lost");
    fs::create_dir_all(layout.physical(&lost).join("sub")).unwrap();
    fs::write(facts::file(&layout, &lost), "{}").unwrap();
    fs::write(layout.journal(), format!("{}\n{}\n", lost.base_name(), kept.base_name())).unwrap();

    let _session = place.open().temporary().unwrap();
    assert!(!exists(&layout.physical(&lost)).unwrap());
    assert_eq!(facts::files(&layout).unwrap(), [facts::file(&layout, &kept)]);
    assert_eq!(fs::read(layout.journal()).unwrap(), b"");
    assert_eq!(place.open().verify(&kept).unwrap(), None);
}

#[test]
fn what_lies_at_the_path_of_an_item_stays_if_it_is_the_item() {
    let place = Place::new();
    let tree = place.tree("tree");
    let store = place.open();
    let path = store.add_tree("tree", &tree).unwrap();
    let target = store.layout().physical(&path);
    let inode = || fs::metadata(&target).unwrap().ino();
    let before = inode();
    let connection = Connection::open(store.layout().db()).unwrap();
    connection.execute("delete from items", []).unwrap();
    store.add_tree("tree", &tree).unwrap();
    assert_eq!(inode(), before, "it is registered as it lies there");

    connection.execute("delete from items", []).unwrap();
    fs::set_permissions(&target, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    fs::write(target.join("more"), "").unwrap();
    store.add_tree("tree", &tree).unwrap();
    assert_eq!(store.verify(&path).unwrap(), None);
    assert_eq!(names_in(&store.layout().store_dir()), [path.base_name()]);
}

#[test]
fn a_failure_to_register_takes_back_what_was_moved() {
    let place = Place::new();
    let store = place.open();
    let missing = output_path("missing");
    let text = Text { name: "x".into(), contents: "x".into(), references: BTreeSet::from([missing]) };
    assert!(matches!(store.add_texts(vec![text]), Err(StoreError::MissingReference { .. })));
    assert_eq!(names_in(&store.layout().store_dir()), [""; 0]);
    assert_eq!(names_in(&store.layout().facts_dir()), [""; 0]);
    assert_eq!(fs::read(store.layout().journal()).unwrap(), b"");
}

#[test]
fn damage_is_found() {
    let place = Place::new();
    let store = place.open();
    let good = store.add_tree("good", &place.tree("good")).unwrap();
    let modified = store.add_tree("modified", &place.tree("modified")).unwrap();
    let missing = store.add_text("missing", "x", &BTreeSet::new()).unwrap();

    let file = store.layout().physical(&modified).join("sub/file");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    fs::write(&file, "tampered").unwrap();
    fs::remove_file(store.layout().physical(&missing)).unwrap();

    let writable = store.add_tree("writable", &place.tree("writable")).unwrap();
    let changed = store.layout().physical(&writable).join("sub");
    fs::set_permissions(&changed, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let bad = store.add_text("bad", "x", &BTreeSet::new()).unwrap();
    let address = crate::content_address::ContentAddress::Text(crate::hash::Sha256::of("y")).to_string();
    let connection = Connection::open(store.layout().db()).unwrap();
    connection
        .execute("update items set content_address = ? where base_name = ?", [&address, bad.base_name()])
        .unwrap();
    let worse = store.add_text("worse", "x", &BTreeSet::new()).unwrap();
    connection.execute("update items set nar_hash = 'x' where base_name = ?", [worse.base_name()]).unwrap();
    connection
        .execute("insert into items (base_name, nar_hash, nar_size, registered) values ('?', '', 0, 0)", [])
        .unwrap();

    let fault = |path| store.verify(path).unwrap().map(|problem| problem.fault);
    assert_eq!(fault(&good), None);
    assert!(matches!(fault(&writable), Some(Fault::NotCanonical(what)) if what.place == Path::new("sub")));
    assert!(matches!(fault(&bad), Some(Fault::Entry(_))));
    assert!(matches!(fault(&worse), Some(Fault::Entry(_))));
    let (items, problems) = store.all_registered().unwrap();
    assert_eq!((items.len(), problems.len()), (6, 1), "one bad row hides no other");
    assert_eq!(fault(&modified), Some(Fault::Modified));
    assert_eq!(fault(&missing), Some(Fault::Missing));
    assert!(matches!(store.verify(&output_path("x")), Err(StoreError::NotValid { .. })));

    let repair = |path| store.repair(&store.verify(path).unwrap().unwrap()).unwrap();
    assert_eq!(repair(&writable), Repair::Mended);
    assert_eq!(fault(&writable), None);
    assert!(matches!(repair(&modified), Repair::PutAway(Some(place)) if place.is_dir()));
    assert_eq!(fault(&modified), Some(Fault::Missing));
    assert_eq!(store.add_tree("modified", &place.tree("modified")).unwrap(), modified);
    assert_eq!(fault(&modified), None);
    assert_eq!(repair(&bad), Repair::None);
}
