//! Archives are those of Nix.

mod support;

use std::collections::BTreeSet;
use std::fs;

use fruix::content_address::source_path;
use fruix::nar;
use fruix::store::tree;
use support::{nix::Nix, trees};

#[test]
fn dumps_restores_and_names_a_tree_as_nix_does() {
    let nix = Nix::new();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let tree = directory.path().join("tree");
    fs::create_dir(&tree).expect("create");
    trees::make_varied(&tree);

    let theirs = nix.run("nix-store", ["--dump".as_ref(), tree.as_os_str()]);
    let mut ours = Vec::new();
    tree::dump(&tree, &mut ours).expect("dumps");
    assert!(ours == theirs, "the archives differ: {} and {} bytes", ours.len(), theirs.len());

    let restored = directory.path().join("restored");
    nar::restore(theirs.as_slice(), &restored).expect("restores");
    let again = nix.run("nix-store", ["--dump".as_ref(), restored.as_os_str()]);
    assert!(again == theirs, "the restored tree differs");

    let found = tree::digest(&tree).expect("hashes");
    assert_eq!(found.nar_size, theirs.len() as u64);
    let path = source_path("tree", &found.nar_hash, &BTreeSet::new()).expect("a good name");
    assert_eq!(path.to_string(), nix.line("nix-store", ["--add".as_ref(), tree.as_os_str()]));
}
