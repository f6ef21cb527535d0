//! Collectors beside all others: what a process needs, and what a root keeps, stays; of the rest nothing is left.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};

use fruix::store::{Layout, Store};
use fruix::store_path::StorePath;

use super::crowd::{PROCESSES, random, rounds, stampede};
use super::place::{KINDS, Place, words};

/// Of so many processes, this many hold what they add.
const HOLDERS: usize = 3;

/// What the process of this number is to do.
fn arguments(place: &Place, number: usize) -> Vec<String> {
    let kind = number / 10 % KINDS;
    let derivation = place.derivations[kind].to_string();
    match number % 10 {
        0 => words(&["store", "add", &place.tree(kind)]),
        1 => words(&["build", &derivation]),
        2 => words(&["build", &derivation, "--out-link", &link(place, number)]),
        3 | 4 => words(&["store", "gc"]),
        5 => words(&["store", "gc", "--max-freed", "1K"]),
        6 => words(&["store", "optimise"]),
        7 => words(&["store", "verify", "--check-contents"]),
        8 => words(&["store", "delete", place.outputs[kind].base_name()]),
        _ => words(&["build", &place.derivations[KINDS - 1].to_string()]),
    }
}

/// Where the process of this number makes a root.
fn link(place: &Place, number: usize) -> String {
    place.directory.path().join(format!("result-{number}")).display().to_string()
}

/// Whether a command may end so. That something cannot be deleted is no defect.
fn is_in_order(command: &[String], output: &Output) -> bool {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let reasons = ["is not in the store", "is in use", "is needed by"];
    output.status.success() || command[1] == "delete" && reasons.iter().any(|reason| stderr.contains(reason))
}

/// Makes a root of an item.
fn keep(place: &Place, name: &str, item: &StorePath) {
    let roots = place.root().join("frx/var/fruix/gcroots");
    fs::create_dir_all(&roots).expect("create");
    symlink(item.to_string(), roots.join(name)).expect("link");
}

/// Adds one text after the other, each of which refers to the one before, while others collect. All are there to the end.
fn hold(place: &Place, holder: usize, is_over: &AtomicBool) -> usize {
    let store = place.store();
    let mut added: Vec<StorePath> = Vec::new();
    while !is_over.load(Ordering::SeqCst) {
        let references = added.last().cloned().into_iter().collect::<BTreeSet<_>>();
        let name = format!("text-{holder}-{}", added.len());
        added.push(store.add_text(&name, &random(u64::MAX).to_string(), &references).expect("adds"));
        let some = &added[random(added.len() as u64) as usize];
        assert!(store.is_whole(some).expect("asks"), "{some}");
    }
    for item in &added {
        assert!(store.verify(item).expect("reads").is_none(), "{item}");
    }
    added.len()
}

#[test]
fn what_is_needed_stays_while_others_collect() {
    for round in 0..rounds() {
        let is_deadly = round % 2 == 0;
        let place = Place::new();
        // All derivations are kept by the last, and one of the trees.
        keep(&place, "derivations", &place.derivations[KINDS - 1]);
        let added = place.succeed(&words(&["store", "add", &place.tree(0)]));
        let tree = String::from_utf8(added.stdout).expect("text");
        let tree = StorePath::from_absolute(tree.trim()).expect("a path");
        keep(&place, "tree", &tree);
        let commands: Vec<_> = (0..PROCESSES).map(|number| arguments(&place, number)).collect();
        let is_over = AtomicBool::new(false);
        let (outputs, held) = std::thread::scope(|scope| {
            let hold = |holder| hold(&place, holder, &is_over);
            let holders: Vec<_> = (0..HOLDERS).map(|number| scope.spawn(move || hold(number))).collect();
            let outputs = stampede(&place, &commands, is_deadly);
            is_over.store(true, Ordering::SeqCst);
            let held: usize = holders.into_iter().map(|holder| holder.join().expect("holds")).sum();
            (outputs, held)
        });
        eprintln!("{held} items were held");
        let when = format!("round {round}");
        assert!(held > HOLDERS, "{when}");
        check(&place, &commands, &outputs, &when);
        assert!(place.store().is_whole(&tree).expect("asks"), "{when}");
        assert!(place.derivations.iter().all(|drv| place.store().is_whole(drv).expect("asks")), "{when}");
        check_emptied(&place, &when);
    }
}

/// With its roots, everything goes.
fn check_emptied(place: &Place, when: &str) {
    let layout = Layout::new(&place.root()).expect("a layout");
    fs::remove_dir_all(layout.gcroots_dir()).expect("remove");
    place.succeed(&words(&["store", "gc"]));
    place.check(when);
    let left = place.names("frx/store");
    assert!(left.iter().all(|name| name == ".links"), "{when}: {left:?}");
    assert!(!layout.links_dir().exists() || place.names("frx/store/.links").is_empty(), "{when}");
}

/// Everybody succeeded, who made a root has it, and nothing is left of the others.
fn check(place: &Place, commands: &[Vec<String>], outputs: &[Option<Output>], when: &str) {
    let store: Store = place.store();
    for (number, (command, output)) in commands.iter().zip(outputs).enumerate() {
        let Some(output) = output else { continue };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(is_in_order(command, output), "{when}: {command:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{when}: {command:?}: {stderr}");
        if command.iter().any(|argument| argument == "--out-link") {
            let target = fs::read_link(link(place, number)).expect("a link");
            let item = store.layout().item_of(&target).expect("an item");
            assert!(store.is_whole(&item).expect("asks"), "{when}: {item}");
        }
    }
    drop(store);
    place.add_last();
    place.check(when);
}
