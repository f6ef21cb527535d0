//! The power goes off.
//!
//! A command's system calls are recorded. For a point at which the power goes off, each call before it is either on the
//! disk for certain, because something that came later flushed it, or may be lost, whatever became of the others: writes
//! to different files, and changes of different names, may reach the disk in any order. From the calls that are kept the
//! disk is put together, and the next command must find its way.
//!
//! What flushes what is the least that POSIX promises, not what one file system does: `fsync` of a file its contents and
//! length, but not its name; `fsync` of a directory the names in it; `syncfs` all. A write that is lost may have reached
//! the disk in part. What is mapped into memory (the index of SQLite's log) is always lost.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _, symlink,
};
use std::path::{Path, PathBuf};

use super::place::Place;
use super::points;
use super::scenario::{Scenario, sample};
use super::trace::{self, Step};

/// At how many points the power goes off, unless at all.
const SAMPLE: usize = 8;

/// Of how many ways to lose some and keep some of what was not flushed each point tries.
const MIXTURES: u64 = 2;

/// What becomes of a call that was not flushed.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    AllLost,
    AllKept,
    /// A throw of dice decides for each.
    Mixed(u64),
}

#[test]
fn no_loss_of_power_breaks_a_store() {
    if !trace::is_possible() {
        return;
    }
    for scenario in Scenario::without_builders() {
        let recorded = scenario.ready.copied();
        let steps = trace::record(&scenario, &recorded, None);
        assert!(steps.len() > 10, "{}: {} calls", scenario.name, steps.len());
        let mut states = 0;
        for cut in sample_of_cuts(&steps) {
            for fate in fates() {
                let place = scenario.ready.copied();
                Disk { from: recorded.root(), to: place.root() }.write(&steps[..cut], fate);
                let when =
                    format!("{}, no power after call {cut} of {}, {fate:?}", scenario.name, steps.len());
                scenario.check_recovery(&place, &when);
                states += 1;
            }
        }
        eprintln!("{}: {states} states of {} calls", scenario.name, steps.len());
    }
}

#[test]
fn no_loss_of_power_in_a_build_leaves_half_of_what_a_builder_wrote() {
    if !trace::is_possible() {
        return;
    }
    let scenario = Scenario::build();
    let recorded = scenario.ready.copied();
    let steps = trace::record(&scenario, &recorded, None);
    let begun = first_of_builder(&steps);
    let mut states = 0;
    for cut in sample(steps.len() - begun, SAMPLE) {
        let cut = begun + cut;
        for fate in fates() {
            let place = scenario.ready.copied();
            Disk { from: recorded.root(), to: place.root() }.write(&steps[..cut], fate);
            let when = format!("a build, no power after call {cut} of {}, {fate:?}", steps.len());
            scenario.check_recovery(&place, &when);
            states += 1;
        }
    }
    eprintln!("a build: {states} states of {} calls", steps.len() - begun);

    // What the builders wrote is part of that: without the flush, it would be lost, and registered.
    let flushed = |step: &Step| matches!(step, Step::SyncAll(_));
    assert!(steps[begun..].iter().any(flushed));
    let unflushed: Vec<Step> = steps.iter().filter(|step| !flushed(step)).cloned().collect();
    let place = scenario.ready.copied();
    Disk { from: recorded.root(), to: place.root() }.write(&unflushed, Fate::AllLost);
    let verified = place.fruix(&["store", "verify", "--check-contents"]);
    let stdout = String::from_utf8_lossy(&verified.stdout);
    for name in ["first", "second"] {
        assert!(!verified.status.success() && stdout.contains(&format!("-{name}")), "{stdout}");
    }
}

/// The first call by which a builder wrote to one of its outputs.
fn first_of_builder(steps: &[Step]) -> usize {
    let is_output = |step: &Step| {
        let names: Vec<_> = step.path().components().rev().take(3).collect();
        matches!(step, Step::Write(..))
            && names.get(1).is_some_and(|name| name.as_os_str() == "store")
            && names.get(2).is_some_and(|name| name.as_os_str().to_string_lossy().starts_with(".tmp-"))
    };
    steps.iter().position(is_output).expect("what a builder writes is recorded")
}

/// After which calls the power goes off.
pub fn sample_of_cuts(steps: &[Step]) -> Vec<usize> {
    sample(steps.len(), SAMPLE)
}

/// How the power goes off at a point.
pub fn fates() -> impl Iterator<Item = Fate> {
    [Fate::AllLost, Fate::AllKept].into_iter().chain((0..MIXTURES).map(Fate::Mixed))
}

/// What a test that only does some work does to a place.
pub fn record_work(place: &Place, work: &str) -> Vec<Step> {
    let program = std::env::current_exe().expect("this test");
    let mut steps =
        trace::record_program(place, &program, None, |strace| points::run_work(strace, place, work));
    // The rest is the test's, and not the work's.
    steps.retain(|step| step.path().starts_with(place.root()));
    assert!(steps.len() > 5, "{work}: {} calls", steps.len());
    steps
}

#[test]
fn no_loss_of_power_leaves_half_an_image() {
    if !trace::is_possible() {
        return;
    }
    let recorded = Place::new();
    fs::create_dir(recorded.root()).expect("create");
    let steps = record_work(&recorded, points::WRITE_AN_IMAGE);
    let image = fs::read(recorded.below("disk.img")).expect("an image");
    let mut states = 0;
    for cut in sample_of_cuts(&steps) {
        for fate in fates() {
            let place = recorded.beside();
            fs::create_dir(place.root()).expect("create");
            Disk { from: recorded.root(), to: place.root() }.write(&steps[..cut], fate);
            let when = format!("no power after call {cut} of {}, {fate:?}", steps.len());
            // A name that is there names the whole.
            if let Ok(found) = fs::read(place.below("disk.img")) {
                assert!(found == image, "{when}");
            }
            points::check_image_again(&place, &when);
            states += 1;
        }
    }
    eprintln!("image: {states} states of {} calls", steps.len());
}

#[test]
fn no_loss_of_power_breaks_a_profile() {
    if !trace::is_possible() {
        return;
    }
    let scenario = Scenario::collection();
    let recorded = scenario.ready.copied();
    let steps = record_work(&recorded, points::SWITCH_A_PROFILE);
    let mut states = 0;
    for cut in sample_of_cuts(&steps) {
        for fate in fates() {
            let place = scenario.ready.copied();
            Disk { from: recorded.root(), to: place.root() }.write(&steps[..cut], fate);
            let when = format!("no power after call {cut} of {}, {fate:?}", steps.len());
            points::check_profile(&scenario, &place, &when);
            states += 1;
        }
    }
    eprintln!("profile: {states} states of {} calls", steps.len());
}

#[test]
fn what_was_reported_survives() {
    if !trace::is_possible() {
        return;
    }
    for scenario in [Scenario::first_item(), Scenario::another_item()] {
        let recorded = scenario.ready.copied();
        let steps = trace::record(&scenario, &recorded, None);
        let root = recorded.root();
        // The path of the item, to the standard output.
        let report = |step: &Step| matches!(step, Step::Write(path, _, bytes) if !path.starts_with(&root) && bytes.starts_with(b"/frx/store"));
        let reported = steps.iter().position(report).expect("the path is printed");
        let Step::Write(_, _, path) = &steps[reported] else { unreachable!("it is a write") };
        let path = String::from_utf8(path.clone()).expect("text");
        for fate in [Fate::AllLost, Fate::AllKept].into_iter().chain((0..20).map(Fate::Mixed)) {
            let place = scenario.ready.copied();
            Disk { from: root.clone(), to: place.root() }.write(&steps[..=reported], fate);
            let output = place.fruix(&["store", "verify", path.trim()]);
            assert!(output.status.success(), "{}, {fate:?}: {output:?}", scenario.name);
        }
    }
}

/// Puts together, below `to`, what the disk held of what was done below `from`.
pub struct Disk {
    pub from: PathBuf,
    pub to: PathBuf,
}

impl Disk {
    pub fn write(&self, steps: &[Step], fate: Fate) {
        let mut dice = Dice::new(fate, steps.len());
        for (index, step) in steps.iter().enumerate() {
            if steps[index + 1..].iter().any(|later| flushes(later, step)) {
                self.apply(step, None);
                continue;
            }
            match fate {
                Fate::AllLost => {}
                Fate::AllKept => self.apply(step, None),
                Fate::Mixed(_) => match dice.throw(4) {
                    0 | 1 => {}
                    2 => self.apply(step, None),
                    _ => self.apply(step, Some(&mut dice)),
                },
            }
        }
    }

    /// Does a call again. What depends on something that was lost is lost too. With dice, a write is cut off somewhere.
    fn apply(&self, step: &Step, cut: Option<&mut Dice>) {
        let place = |path: &Path| path.strip_prefix(&self.from).ok().map(|below| self.to.join(below));
        let Some(path) = place(step.path()) else { return };
        if path.display().to_string().ends_with("-shm") {
            return;
        }
        // Errors mean that something it depends on was lost.
        let _ = match step {
            Step::Create(_, mode) => {
                OpenOptions::new().append(true).create(true).mode(*mode).open(path).map(drop)
            }
            Step::MakeDirectory(_, mode) => fs::DirBuilder::new().mode(*mode).create(path),
            Step::Symlink(target, _) => symlink(target, path),
            Step::HardLink(file, _) => place(file).map_or(Ok(()), |file| fs::hard_link(file, path)),
            Step::Write(_, offset, bytes) => {
                let kept = cut.map_or(bytes.len(), |dice| dice.throw(bytes.len() as u64 + 1) as usize);
                let file = OpenOptions::new().write(true).open(path);
                file.and_then(|file| file.write_all_at(&bytes[..kept], *offset))
            }
            Step::SetLength(_, length) | Step::Allocate(_, length) => {
                OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(*length))
            }
            Step::Rename(from, _) => place(from).map_or(Ok(()), |from| fs::rename(from, path)),
            Step::Remove(_) => fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)),
            Step::SetMode(_, mode) => fs::set_permissions(path, fs::Permissions::from_mode(*mode)),
            Step::SetTimes(_) => {
                let time = nix::sys::time::TimeSpec::new(1, 0);
                let flags = nix::sys::stat::UtimensatFlags::NoFollowSymlink;
                nix::sys::stat::utimensat(nix::fcntl::AT_FDCWD, &path, &time, &time, flags)
                    .map_err(Into::into)
            }
            Step::SetOwner(_) | Step::Sync(_) | Step::SyncAll(_) => Ok(()),
        };
    }
}

/// Whether a call brings what an earlier one did to disk.
fn flushes(later: &Step, step: &Step) -> bool {
    let Step::Sync(synced) = later else { return matches!(later, Step::SyncAll(_)) };
    match step {
        Step::Write(path, ..)
        | Step::SetLength(path, _)
        | Step::Allocate(path, _)
        | Step::SetMode(path, _)
        | Step::SetTimes(path)
        | Step::SetOwner(path) => path == synced,
        Step::Create(path, _)
        | Step::MakeDirectory(path, _)
        | Step::Symlink(_, path)
        | Step::HardLink(_, path)
        | Step::Rename(_, path)
        | Step::Remove(path) => path.parent() == Some(synced),
        Step::Sync(_) | Step::SyncAll(_) => true,
    }
}

/// Numbers that look like chance, and are the same each time.
struct Dice(u64);

impl Dice {
    fn new(fate: Fate, seed: usize) -> Self {
        let number = if let Fate::Mixed(number) = fate { number } else { 0 };
        Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (seed as u64 + 1))
    }

    /// A number below `sides`.
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

#[test]
fn only_what_was_flushed_is_certain() {
    let path = |text: &str| PathBuf::from(text);
    let write = Step::Write(path("/a/file"), 0, b"x".to_vec());
    let rename = Step::Rename(path("/b/file"), path("/a/file"));
    let (file, directory, all) =
        (Step::Sync(path("/a/file")), Step::Sync(path("/a")), Step::SyncAll(path("/elsewhere")));
    assert!(flushes(&file, &write) && !flushes(&directory, &write) && flushes(&all, &write));
    assert!(!flushes(&file, &rename) && flushes(&directory, &rename) && flushes(&all, &rename));
    assert!(!flushes(&write, &rename));
}
