//! Each change that a command makes fails, or ends the process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fruix::builders::image::{DiskSize, DiskSpec, FreeSpace, Manner, Metadata, Seed, Tree, disk, output};
use fruix::profile::Profile;
use fruix::store::Layout;
use fruix::store_path::StorePath;

use super::place::{FRUIX, Place, names};
use super::scenario::{Scenario, sample};
use super::trace;

/// What goes wrong, as `fruix::util::faults` calls it.
pub const FAULTS: [&str; 3] = ["EIO", "ENOSPC", "kill"];

/// How many points of each kind of fault are tried in each scenario, unless all are.
pub const SAMPLE: usize = 6;

/// The lines of a log of faults: number, whether it is a fault, kind and path.
fn changes(log: &Path) -> Vec<(usize, bool, String, String)> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let change = |line: &str| {
        let (number, rest) = line.split_once(' ')?;
        let (is_fault, rest) = rest.strip_prefix("FAULT ").map_or((false, rest), |rest| (true, rest));
        let (kind, path) = rest.split_once(' ')?;
        Some((number.parse().ok()?, is_fault, kind.to_owned(), path.to_owned()))
    };
    text.lines().map(|line| change(line).unwrap_or_else(|| panic!("no line of the log: {line}"))).collect()
}

/// Tries a sample of the points of a scenario, and gives the number of those that there are.
fn sweep(scenario: &Scenario) -> usize {
    let clean = scenario.ready.copied();
    let log = clean.directory.path().join("faults.log");
    let mut program = Command::new(FRUIX);
    scenario.run(&clean, {
        program.env("FRUIX_FAULT_LOG", &log);
        program
    });
    let points = changes(&log).into_iter().map(|(number, ..)| number).max().unwrap_or(0);
    for fault in FAULTS {
        for number in sample(points, SAMPLE) {
            let place = scenario.ready.copied();
            let when = format!("{}, {fault} at {number}", scenario.name);
            let log = place.directory.path().join("faults.log");
            let mut program = Command::new(FRUIX);
            program.env("FRUIX_FAULT", format!("{number}:{fault}")).env("FRUIX_FAULT_LOG", &log);
            let output = scenario.run(&place, program);
            // A full disk hinders only what needs space.
            let hit = fault == "ENOSPC" || changes(&log).iter().any(|(_, is_fault, ..)| *is_fault);
            assert!(hit, "{when}: there was no fault");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(!stderr.contains("panicked"), "{when}: {stderr}");
            scenario.check_recovery(&place, &when);
        }
    }
    points
}

fn sweep_and_tell(scenario: &Scenario, least: usize) {
    let points = sweep(scenario);
    eprintln!("{}: {points} points", scenario.name);
    assert!(points >= least, "{}: only {points} points", scenario.name);
}

#[test]
fn nothing_breaks_where_a_first_item_is_added() {
    sweep_and_tell(&Scenario::first_item(), 40);
}

#[test]
fn nothing_breaks_where_another_item_is_added() {
    sweep_and_tell(&Scenario::another_item(), 30);
}

#[test]
fn nothing_breaks_where_several_threads_add_an_item() {
    sweep_and_tell(&Scenario::item_of_several_threads(), 60);
}

#[test]
fn nothing_breaks_in_a_build() {
    sweep_and_tell(&Scenario::build(), 60);
}

#[test]
fn nothing_breaks_in_a_repair() {
    sweep_and_tell(&Scenario::repair(), 3);
}

#[test]
fn nothing_breaks_where_facts_are_written_again() {
    sweep_and_tell(&Scenario::facts(), 3);
}

#[test]
fn nothing_breaks_where_files_come_to_be_shared() {
    sweep_and_tell(&Scenario::sharing(), 20);
}

#[test]
fn nothing_breaks_where_a_database_is_made_again() {
    sweep_and_tell(&Scenario::rebuild(), 1);
}

#[test]
fn nothing_breaks_where_garbage_is_collected() {
    sweep_and_tell(&Scenario::collection(), 20);
}

#[test]
fn nothing_breaks_where_garbage_is_collected_in_parts() {
    sweep_and_tell(&Scenario::large_collection(), 40);
}

#[test]
fn nothing_goes_around_the_layer() {
    if !trace::is_possible() {
        return;
    }
    // Not a build: a builder has no part in it, and writes where it likes.
    for scenario in Scenario::without_builders() {
        let place = scenario.ready.copied();
        let log = place.directory.path().join("faults.log");
        let steps = trace::record(&scenario, &place, Some(&log));
        let root = place.root();
        let is_ours =
            |path: &Path| path.starts_with(&root) && !path.display().to_string().contains("store.sqlite");
        let seen: Vec<_> = steps.iter().filter(|step| is_ours(step.path())).collect();
        let mut seen: Vec<_> = seen
            .into_iter()
            .map(|step| (step.kind().to_owned(), step.path().display().to_string()))
            .collect();
        let logged = changes(&log).into_iter().map(|(_, _, kind, path)| (kind, path));
        let mut logged: Vec<_> = logged.filter(|(_, path)| is_ours(Path::new(path))).collect();
        // SQLite flushes the directory of its files itself.
        seen.retain(|(kind, path)| kind != "Sync" || !path.ends_with("/db"));
        logged.retain(|(kind, path)| kind != "Sync" || !path.ends_with("/db"));
        for change in &seen {
            let place = logged.iter().position(|logged| logged == change);
            logged.swap_remove(place.unwrap_or_else(|| panic!("{}: {change:?} goes around", scenario.name)));
        }
        // To remove a directory as a file, and to give a file a name that is there, is tried, and the system refuses.
        logged.retain(|(kind, _)| kind != "Remove" && kind != "HardLink");
        assert_eq!(logged, [], "{}: not seen by the system", scenario.name);
    }
}

#[test]
fn no_fault_of_the_database_leaves_anything_broken() {
    if !trace::is_possible() {
        return;
    }
    let calls = "openat,pwrite64,ftruncate,unlink,fsync,fdatasync";
    let scenarios = [
        Scenario::first_item(),
        Scenario::another_item(),
        Scenario::build(),
        Scenario::rebuild(),
        Scenario::collection(),
        Scenario::large_collection(),
    ];
    for scenario in scenarios {
        // Without a fault: how many calls there are.
        let points = faulty_database(&scenario, &scenario.ready.copied(), calls, None).lines().count();
        eprintln!("{}: {points} points of the database", scenario.name);
        assert!(points > 10, "{}: only {points} points of the database", scenario.name);
        for fault in ["error=EIO", "error=ENOSPC", "signal=KILL"] {
            for number in sample(points, SAMPLE) {
                let place = scenario.ready.copied();
                let when = format!("{}, the database's {number}th call, {fault}", scenario.name);
                faulty_database(&scenario, &place, calls, Some((fault, number)));
                scenario.check_recovery(&place, &when);
            }
        }
    }
}

/// Runs a scenario while a call on one of the database's files fails, or ends the process, and gives what was seen.
fn faulty_database(scenario: &Scenario, place: &Place, calls: &str, fault: Option<(&str, usize)>) -> String {
    let log = place.directory.path().join("strace.log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e"]).arg(format!("trace={calls}"));
    if let Some((fault, number)) = fault {
        strace.arg("-e").arg(format!("inject={calls}:{fault}:when={number}"));
    }
    for part in ["store.sqlite", "store.sqlite-wal", "store.sqlite-journal"] {
        strace.arg("-P").arg(place.below("frx/var/fruix/db").join(part));
    }
    strace.arg("-o").arg(&log).arg(FRUIX);
    scenario.run(place, strace);
    fs::read_to_string(log).expect("strace writes a log")
}

/// Runs one of the tests below, which only do what is to be disturbed, on a place, and gives whether it succeeded and its
/// log of faults.
pub fn disturb(
    place: &Place,
    work: &str,
    fault: &str,
    number: usize,
) -> (bool, Vec<(usize, bool, String, String)>) {
    let log = place.directory.path().join("faults.log");
    let mut program = Command::new(std::env::current_exe().expect("this test"));
    program.env("FRUIX_FAULT", format!("{number}:{fault}")).env("FRUIX_FAULT_LOG", &log);
    let output = run_work(program, place, work);
    let log = changes(&log);
    // A full disk hinders only what needs space.
    let hit = fault == "ENOSPC" || number == usize::MAX || log.iter().any(|(_, is_fault, ..)| *is_fault);
    assert!(hit, "{work}, {fault} at {number}: there was no fault");
    (output.status.success(), log)
}

/// Runs one of the tests below on a place, by way of `program`.
pub fn run_work(mut program: Command, place: &Place, work: &str) -> Output {
    program.args(["--exact", work, "--ignored"]).env("FRUIX_TEST_ROOT", place.root());
    program.output().expect("runs")
}

/// Where the work is to be done.
pub fn disturbed_root() -> PathBuf {
    std::env::var_os("FRUIX_TEST_ROOT").expect("called by another test").into()
}

/// The tests that only do what is to be disturbed.
pub const WRITE_AN_IMAGE: &str = "points::write_an_image";
pub const SWITCH_A_PROFILE: &str = "points::switch_a_profile";

#[test]
fn an_image_has_its_name_only_when_it_is_whole() {
    let clean = Place::new();
    fs::create_dir(clean.root()).expect("create");
    let (wrote, log) = disturb(&clean, WRITE_AN_IMAGE, "EIO", usize::MAX);
    assert!(wrote && output::is_whole(&clean.below("disk.img")).expect("reads"));
    let points = log.len();
    eprintln!("image: {points} points");
    assert!(points >= 6, "only {points} points");
    for kind in FAULTS {
        for number in sample(points, SAMPLE) {
            let place = clean.beside();
            fs::create_dir(place.root()).expect("create");
            let (wrote, _) = disturb(&place, WRITE_AN_IMAGE, kind, number);
            let when = format!("{kind} at {number} of {points}");
            let image = place.below("disk.img");
            if image.exists() {
                assert!(output::is_whole(&image).expect("reads"), "{when}");
            }
            assert!(!wrote || image.exists(), "{when}: it said that it wrote one");
            check_image_again(&place, &when);
        }
    }
}

/// The image is written again, and nothing is left of the time before.
pub fn check_image_again(place: &Place, when: &str) {
    let image = place.below("disk.img");
    write_image(&image);
    output::sweep(&place.root()).expect("sweeps");
    assert_eq!(names(&place.root()), ["disk.img"], "{when}");
    assert!(output::is_whole(&image).expect("reads"), "{when}");
}

#[test]
#[ignore = "another test calls it"]
fn write_an_image() {
    write_image(&disturbed_root().join("disk.img"));
}

#[test]
fn a_profile_is_the_old_or_the_new_one() {
    let scenario = Scenario::collection();
    let clean = scenario.ready.copied();
    let (switched, log) = disturb(&clean, SWITCH_A_PROFILE, "EIO", usize::MAX);
    assert!(switched);
    assert_eq!(state(&clean), (vec![2], Some(2)));
    let points = log.len();
    eprintln!("profile: {points} points");
    for kind in FAULTS {
        for number in sample(points, SAMPLE) {
            let place = scenario.ready.copied();
            let when = format!("{kind} at {number} of {points}");
            disturb(&place, SWITCH_A_PROFILE, kind, number);
            check_profile(&scenario, &place, &when);
        }
    }
}

/// The generations of a place, and which is the current one.
fn state(place: &Place) -> (Vec<u32>, Option<u32>) {
    let profile = Profile::system(&Layout::new(&place.root()).expect("a layout"));
    let numbers = profile.generations().expect("lists").into_iter().map(|one| one.number);
    (numbers.collect(), profile.current().expect("reads"))
}

/// The profile is as before, or as after, or between; and can be changed again.
pub fn check_profile(scenario: &Scenario, place: &Place, when: &str) {
    let possible = [(vec![1], Some(1)), (vec![1, 2], Some(1)), (vec![1, 2], Some(2)), (vec![2], Some(2))];
    assert!(possible.contains(&state(place)), "{when}: {:?}", state(place));
    // Whatever it is, it keeps its item from the collector.
    scenario.check_recovery(place, when);
    change_profile(&place.root());
}

#[test]
#[ignore = "another test calls it"]
fn switch_a_profile() {
    change_profile(&disturbed_root());
}

/// Makes another generation of what the current one is, switches to it, and deletes those before.
fn change_profile(root: &Path) {
    let profile = Profile::system(&Layout::new(root).expect("a layout"));
    let generations = profile.generations().expect("lists");
    let current = generations.iter().find(|one| one.is_current).expect("one is current");
    let item = fs::read_link(&current.link).expect("a link");
    let item = StorePath::from_absolute(item.to_str().expect("text")).expect("an item");
    let next = profile.add(&item).expect("adds").number;
    profile.switch(next).expect("switches");
    let others: Vec<u32> = generations.iter().map(|one| one.number).collect();
    profile.delete(&others).expect("deletes");
}

fn write_image(out: &Path) {
    let spec = DiskSpec {
        root: Tree::new(Metadata::root(0o755)),
        esp: Tree::new(Metadata::root(0o755)),
        size: DiskSize::Fit(FreeSpace { percent: 0, bytes: 0 }),
        partition_label: "root".into(),
        volume_label: "root".into(),
        seed: Seed::from_text("test"),
        time: 1,
    };
    let manner = Manner { durable: true, ..Manner::default() };
    disk::write_as(&spec, out, &manner).expect("writes");
}
