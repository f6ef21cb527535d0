//! Something goes wrong while a user chooses what the machine boots: the current generation, the one that is tried once,
//! and what the loader's menu says of all that.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use fruix::builders::system::PARAMETERS_VERSION;
use fruix::profile::Profile;
use fruix::store::Layout;
use fruix::store_path::StorePath;
use fruix::system::generations;
use fruix::system::loader::attempt::Attempt;
use fruix::util::fs::TEMPORARY_PREFIX;
use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{UtimensatFlags, utimensat};
use nix::sys::time::TimeSpec;

use super::place::{Place, names};
use super::points::{FAULTS, SAMPLE, disturb, disturbed_root};
use super::power::{Disk, Fate, fates, record_work, sample_of_cuts};
use super::scenario::sample;
use super::trace;

/// The test that only does what is to be disturbed.
const CHOOSE: &str = "booting::choose_what_boots";

/// A place with two systems: the first generation is the current one.
fn ready() -> Place {
    let place = Place::new();
    let layout = Layout::new(&place.root()).expect("a layout");
    for name in ["tree", "other"] {
        let description = format!(
            r#"{{"version": {PARAMETERS_VERSION}, "label": "{name}", "hostName": "x", "timezone": "UTC", "kernel": "",
                "world": "", "boot": "", "loader": [], "fileSystems": []}}"#
        );
        fs::write(Path::new(&place.input(name)).join("parameters.json"), description).expect("write");
        let added = place.fruix(&["store", "add", &place.input(name)]);
        let path = String::from_utf8(added.stdout).expect("text");
        let item = StorePath::from_absolute(path.trim()).expect("an item");
        Profile::system(&layout).add(&item).expect("a generation");
    }
    generations::switch(&layout, 1).expect("switches");
    place
}

#[test]
#[ignore = "another test calls it"]
fn choose_what_boots() {
    choose(&disturbed_root());
}

/// Has the second generation be tried, then makes it the current one, and has the first be tried.
fn choose(root: &Path) {
    let layout = Layout::new(root).expect("a layout");
    generations::try_once(&layout, 2).expect("arms");
    generations::switch(&layout, 2).expect("switches");
    generations::try_once(&layout, 1).expect("arms");
}

/// Which generation is the current one, and which is to be tried.
fn state(place: &Place) -> (Option<u32>, Option<u32>) {
    let layout = Layout::new(&place.root()).expect("a layout");
    let attempt = Attempt::read(&layout).expect("reads");
    let current = Profile::system(&layout).current().expect("reads");
    (current, attempt.map(|attempt| attempt.generation))
}

/// What the menu says; each generation has a line, and the first line names the current one.
fn menu(place: &Place) -> Vec<String> {
    let menu = fs::read_to_string(place.below("frx/var/fruix/boot/generations")).expect("a menu");
    menu.lines().map(str::to_owned).collect()
}

/// What boots is what some step chose, and never a generation that the user has turned away from; the menu is whole; and the
/// choice can be made again, after which nothing is left of the time before.
fn check(place: &Place, when: &str) {
    let possible = [(Some(1), None), (Some(1), Some(2)), (Some(2), None), (Some(2), Some(1))];
    assert!(possible.contains(&state(place)), "{when}: {:?}", state(place));
    let said = menu(place);
    assert!(["current\t1", "current\t2"].contains(&said[0].as_str()) && said.len() == 3, "{when}: {said:?}");
    choose(&place.root());
    check_chosen(place, when);

    // Long afterwards, the next command that writes.
    let directories = ["boot", "profiles"].map(|name| place.below("frx/var/fruix").join(name));
    let unfinished = |directory: &Path| {
        let names = names(directory).into_iter().filter(|name| name.starts_with(TEMPORARY_PREFIX));
        names.map(|name| directory.join(name)).collect::<Vec<_>>()
    };
    for file in directories.iter().flat_map(|directory| unfinished(directory)) {
        let then = TimeSpec::from_duration(SystemTime::UNIX_EPOCH.elapsed().expect("a clock") / 2);
        utimensat(AT_FDCWD, &file, &then, &then, UtimensatFlags::NoFollowSymlink).expect("ages");
    }
    assert!(place.fruix(&["store", "add", &place.input("more")]).status.success(), "{when}");
    for directory in &directories {
        assert_eq!(unfinished(directory), [""; 0].map(Path::new), "{when}");
    }
}

/// What was chosen is there, as it was reported.
fn check_chosen(place: &Place, when: &str) {
    assert_eq!(state(place), (Some(2), Some(1)), "{when}");
    assert_eq!(menu(place)[0], "current\t2", "{when}");
}

#[test]
fn what_boots_is_what_was_chosen_before_or_after() {
    let ready = ready();
    let clean = ready.copied();
    let (chosen, log) = disturb(&clean, CHOOSE, "EIO", usize::MAX);
    assert!(chosen);
    check_chosen(&clean, "without a fault");
    let points = log.len();
    eprintln!("what boots: {points} points");
    assert!(points > 20, "only {points} points");
    for kind in FAULTS {
        for number in sample(points, SAMPLE) {
            let place = ready.copied();
            disturb(&place, CHOOSE, kind, number);
            check(&place, &format!("{kind} at {number} of {points}"));
        }
    }
}

#[test]
fn no_loss_of_power_changes_what_boots() {
    if !trace::is_possible() {
        return;
    }
    let ready = ready();
    let recorded = ready.copied();
    let steps = record_work(&recorded, CHOOSE);
    let mut states = 0;
    for cut in sample_of_cuts(&steps) {
        for fate in fates() {
            let place = ready.copied();
            Disk { from: recorded.root(), to: place.root() }.write(&steps[..cut], fate);
            check(&place, &format!("no power after call {cut} of {}, {fate:?}", steps.len()));
            states += 1;
        }
    }
    eprintln!("what boots: {states} states of {} calls", steps.len());
    let place = ready.copied();
    Disk { from: recorded.root(), to: place.root() }.write(&steps, Fate::AllLost);
    check_chosen(&place, "no power after all was reported");
}
