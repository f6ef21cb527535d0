//! Each path is made once, and the dead leave nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fruix::store_path::StorePath;

use super::crowd::{self, PROCESSES, rounds};
use super::place::{KINDS, Place, words};

/// What the process of this number is to do.
fn arguments(place: &Place, number: usize) -> Vec<String> {
    let kind = number / 3 % KINDS;
    match number % 6 {
        0 | 3 => words(&["store", "add", &place.tree(kind)]),
        // The last needs all of them.
        1 => words(&["build", &place.derivations[KINDS - 1].to_string()]),
        4 => words(&["build", &place.derivations[kind].to_string()]),
        2 => words(&["store", "verify", "--check-contents"]),
        _ => words(&["store", "requisites", &place.derivations[kind].to_string()]),
    }
}

fn is_item(line: &str) -> bool {
    line.starts_with("/frx/store/") && Path::new(line).file_name().is_some()
}

/// All that the processes reported, and how often they built what; `deadly` if some are to be killed.
fn stampede(place: &Place, deadly: bool) -> (BTreeSet<String>, BTreeMap<String, usize>) {
    let commands: Vec<_> = (0..PROCESSES).map(|number| arguments(place, number)).collect();
    let (mut reported, mut built) = (BTreeSet::new(), BTreeMap::new());
    for (command, output) in commands.iter().zip(crowd::stampede(place, &commands, deadly)) {
        let Some(output) = output else { continue };
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {stderr}");
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
    for round in 0..rounds() {
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
                place.succeed(&arguments(&place, number));
            }
            place.add_last();
            assert_eq!(place.builds(), [1; KINDS], "round {round}");
            let items = place.names("frx/store");
            // Trees, derivations, outputs, and the last.
            assert_eq!(items.len(), 3 * KINDS + 1, "round {round}: {items:?}");
            place.check(&format!("round {round}"));
        }
    }
}
