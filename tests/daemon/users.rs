//! What users may do, and what they get.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    sync::Arc,
};

use fruix::{
    daemon::Client,
    hash::Sha256,
    store::{Layout, PathInfo, Realisation, Store, StoreAccess, Workplace},
    store_path::StorePath,
};

use super::fixture::{ALICE, BOB, Daemon, SOCKET, home, stderr};

fn make_tree(at: &Path) {
    fs::create_dir_all(at.join("sub")).unwrap();
    fs::write(at.join("sub/file"), vec![b'x'; 700_000]).unwrap();
    fs::write(at.join("run"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(at.join("run"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("sub/file", at.join("link")).unwrap();
}

#[test]
fn what_a_user_adds_is_what_root_would_have_added() {
    let Some(daemon) = Daemon::start("") else { return };
    let tree = home(daemon.root.path(), ALICE).join("tree");
    make_tree(&tree);
    let elsewhere = tempfile::tempdir().unwrap();
    let direct = Store::open(Layout::new(elsewhere.path()).unwrap()).unwrap();
    let expected = direct.add_tree("tree", &tree).unwrap();
    let tree = tree.to_str().unwrap();
    assert_eq!(daemon.output(ALICE, &["store", "add", tree]), expected.to_string());
    assert_eq!(daemon.output(BOB, &["store", "requisites", expected.base_name()]), expected.to_string());
    assert_eq!(daemon.output(BOB, &["store", "referrers", expected.base_name()]), "");
    let info: Vec<PathInfo> =
        serde_json::from_str(&daemon.output(BOB, &["store", "path-info", "--json", expected.base_name()]))
            .unwrap();
    let theirs = PathInfo { registration_time: 0, ..direct.path_info(&expected).unwrap() };
    assert_eq!(PathInfo { registration_time: 0, ..info[0].clone() }, theirs);
    let store = daemon.store();
    assert_eq!(store.verify(&expected).unwrap(), None);
    assert_eq!(fs::metadata(store.layout().physical(&expected)).unwrap().uid(), 0);
    // The second time nothing is sent; and another user's files are nobody's business.
    assert_eq!(daemon.output(ALICE, &["store", "add", tree]), expected.to_string());
    fs::set_permissions(tree, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(daemon.failure(BOB, &["store", "add", tree]).contains("cannot open"));
    assert_eq!(daemon.leftovers(), 0);
}

#[test]
fn only_those_are_served_who_are_allowed() {
    let settings = |users: &str| format!("allowed-users = root {users}\n");
    let Some(mut daemon) = Daemon::start(&settings(&ALICE.to_string())) else { return };
    daemon.output(ALICE, &["store", "add", "/etc/hostname"]);
    let refusal = daemon.failure(BOB, &["store", "add", "/etc/hostname"]);
    assert!(
        refusal.contains("the daemon does not serve you") && refusal.contains("allowed-users"),
        "{refusal}"
    );
    // A group, by the number of it that no name stands for.
    daemon.change_settings(&settings(&format!("@{BOB}")));
    daemon.output(BOB, &["store", "add", "/etc/hostname"]);
    daemon.failure(ALICE, &["store", "add", "/etc/hostname"]);
    // What cannot be understood changes nothing.
    daemon.change_settings("allowed-user = *\n");
    daemon.failure(ALICE, &["store", "add", "/etc/hostname"]);
}

#[test]
fn links_of_users_keep_items_from_whoever_collects() {
    let Some(daemon) = Daemon::start("") else { return };
    let link = home(daemon.root.path(), ALICE).join("result");
    let text = "(computed-file \"kept\" #~(write-file #$output \"kept\"))";
    let kept = daemon.output(ALICE, &["build", "-e", text, "--out-link", link.to_str().unwrap()]);
    let kept = StorePath::from_absolute(&kept).unwrap();
    assert_eq!(fs::read_link(&link).unwrap(), daemon.layout().physical(&kept));
    let garbage =
        StorePath::from_absolute(&daemon.output(ALICE, &["store", "add", "/etc/hostname"])).unwrap();
    daemon.output(BOB, &["store", "gc"]);
    let store = daemon.store();
    assert!(store.is_valid(&kept).unwrap() && !store.is_valid(&garbage).unwrap());
    fs::remove_file(&link).unwrap();
    daemon.output(BOB, &["store", "gc"]);
    assert!(!store.is_valid(&kept).unwrap());
}

/// What a test that runs as another user begins with: nothing, unless it does.
pub fn client() -> Option<Client> {
    let socket = std::env::var_os(SOCKET)?;
    let own = tempfile::tempdir().unwrap();
    Some(Client::connect(socket.as_ref(), Workplace::new(Layout::new(own.path()).unwrap())).unwrap())
}

/// An item that some derivation is said to have made.
fn foreign_item(contents: &str) -> (PathInfo, Vec<u8>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), contents).unwrap();
    let mut archive = Vec::new();
    fruix::store::tree::dump(file.path(), &mut archive).unwrap();
    let info = PathInfo {
        path: StorePath::from_base_name(&format!("{}-foreign", "f".repeat(32))).unwrap(),
        nar_hash: Sha256::of(&archive),
        nar_size: archive.len() as u64,
        references: BTreeSet::new(),
        deriver: None,
        content_address: None,
        registration_time: 0,
    };
    (info, archive)
}

#[test]
fn only_the_trusted_say_what_was_built_elsewhere() {
    if let Some(client) = client() {
        let (info, archive) = foreign_item("contents");
        match client.add_item(info, archive.as_slice()) {
            Ok(()) => assert!(client.is_trusted()),
            Err(error) => {
                assert!(!client.is_trusted() && error.to_string().contains("trusted users alone"), "{error}");
                // The connection goes on all the same.
                assert!(client.valid(&[]).unwrap().is_empty());
                panic!("refused");
            }
        }
        return;
    }
    let Some(daemon) = Daemon::start(&format!("trusted-users = {BOB}\n")) else { return };
    let (info, _) = foreign_item("contents");
    let test = "users::only_the_trusted_say_what_was_built_elsewhere";
    let refused = daemon.test_as(ALICE, test);
    assert!(!refused.status.success() && stderr(&refused).contains("refused"), "{}", stderr(&refused));
    assert!(!daemon.store().is_valid(&info.path).unwrap());
    let output = daemon.test_as(BOB, test);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(daemon.store().is_valid(&info.path).unwrap());
}

#[test]
fn nobody_gets_away_with_a_lie() {
    let Some(daemon) = Daemon::start("") else { return };
    let own = tempfile::tempdir().unwrap();
    let client = Client::connect(&daemon.socket(), Workplace::new(Layout::new(own.path()).unwrap())).unwrap();
    let (info, archive) = foreign_item("contents");
    let lie = PathInfo { nar_hash: Sha256::of("other"), ..info.clone() };
    let error = client.add_item(lie, archive.as_slice()).unwrap_err();
    assert!(error.to_string().contains("other contents than its name says"), "{error}");
    let more = [archive.as_slice(), b"more"].concat();
    assert!(client.add_item(info.clone(), more.as_slice()).is_err());
    assert!(client.add_item(info.clone(), &archive[..archive.len() - 1]).is_err());
    client.add_item(info.clone(), archive.as_slice()).unwrap();
    assert!(client.is_valid(&info.path).unwrap());
    assert_eq!(daemon.leftovers(), 0);
}

#[test]
fn a_tree_that_cannot_be_read_to_its_end_costs_no_connection() {
    let Some(daemon) = Daemon::start("") else { return };
    let own = tempfile::tempdir().unwrap();
    let client = Arc::new(
        Client::connect(&daemon.socket(), Workplace::new(Layout::new(own.path()).unwrap())).unwrap(),
    );
    // A file of the kernel's says that it is empty, and is not: that is noticed in the middle of the archive.
    let error = client.add_tree("status", Path::new("/proc/self/status")).unwrap_err();
    assert!(error.to_string().contains("/status"), "{error}");
    let added = client.add_tree("hostname", Path::new("/etc/hostname")).unwrap();
    assert!(client.is_whole(&added).unwrap());
    let none: Option<Realisation> = client.realisation(&added).unwrap();
    assert_eq!(none, None);
    assert_eq!(daemon.leftovers(), 0);
}

#[test]
fn what_is_larger_than_is_allowed_is_refused_and_leaves_nothing() {
    let Some(daemon) = Daemon::start("max-add-size = 100000\n") else { return };
    let tree = home(daemon.root.path(), ALICE).join("tree");
    make_tree(&tree);
    let refusal = daemon.failure(ALICE, &["store", "add", tree.to_str().unwrap()]);
    assert!(refusal.contains("larger than is allowed"), "{refusal}");
    assert_eq!(fs::read_dir(daemon.layout().store_dir()).unwrap().count(), 0);
    daemon.output(ALICE, &["store", "add", tree.join("run").to_str().unwrap()]);
}
