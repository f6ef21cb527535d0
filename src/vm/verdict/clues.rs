//! Lines of a console that are known to tell why something failed, wherever they come.

use crate::vm::console::{Outcome, Sign};

/// So many lines are remembered: the first ones, for what follows a fault is mostly its consequence.
const MOST: usize = 6;

/// What a line has in it, and what to try then.
const KNOWN: &[(&str, &str)] = &[
    (
        "failed with error 19",
        "no disk of the machine has that name: give the root file system in `file-systems` the label of the image, \
         `fruix-root`, and see that the kernel has the driver of the disk (the lines above `Trying to mount root` list \
         the disks)",
    ),
    (
        "failed with error 22",
        "what lies on that disk is no file system of that type, or is damaged, or there are wrong mount options: see \
         `file-systems` and `loader`, or write the image again",
    ),
    (
        "failed with error 2.",
        "the kernel lacks that type of file system: add it to the kernel's configuration",
    ),
    (
        "unable to (re-)mount root",
        "the root file system is what the kernel does not find: see `file-systems`",
    ),
    (
        "going nowhere without my init",
        "init ended, or could not be started: the world in the store is damaged (`fruix store verify \
         --check-contents`), or lacks memory",
    ),
    ("init died", "init ended: give the machine more memory, or look for what killed it above"),
    (
        "RUN fsck_ffs MANUALLY",
        "the root file system is damaged: boot the machine with another disk, or its console, and repair it with \
         fsck_ffs",
    ),
    ("UNEXPECTED SOFT UPDATE INCONSISTENCY", "the root file system is damaged: repair it with fsck_ffs"),
    ("file system full", "the disk is full: give it more room (`--disk-size`, or `--size` of the image)"),
    ("filesystem full", "the disk is full: give it more room (`--disk-size`, or `--size` of the image)"),
    ("out of swap space", "the machine has too little memory: give it more with `--memory`"),
    ("Cannot allocate memory", "the machine has too little memory: give it more with `--memory`"),
    (
        "No DHCPOFFERS received",
        "nobody on the network answers DHCP: see that the network card is connected, or declare a fixed address",
    ),
    ("no link", "the network card has no link: see how the machine is connected"),
    (
        "does not exist",
        "something has no such name: a network card or a device is called otherwise on this machine (`vtnet0`, `em0`, \
         `xn0`, …)",
    ),
    (
        "Shared object \"",
        "a program lacks a library of the closure: `fruix store verify --check-contents`, or build what it comes from \
         for this version of FreeBSD",
    ),
    ("Address already in use", "two services want one port: see `sockstat -l` in the guest"),
    (
        "exited on signal",
        "a program crashed: see `/var/log/messages`, and whether it was built for this version of FreeBSD",
    ),
    ("Exec format error", "a program is none of FreeBSD's, or of another processor's"),
    (
        "Fatal trap",
        "the kernel or one of its modules has a fault: try the kernel of the generation before, or GENERIC",
    ),
    ("can't load '", "a file that the loader is told to load is not on the disk, or is damaged"),
    ("cannot load /", "a file that the loader is told to load is not on the disk, or is damaged"),
    ("ABORTING BOOT", "rc gave up: what it says above must be mended first"),
];

/// Lines of a panic that say where it was.
fn is_of_backtrace(line: &str) -> bool {
    line.starts_with('#') && line.contains(" at ")
}

/// What was found so far.
#[derive(Debug, Default)]
pub struct Clues {
    found: Vec<(String, Option<&'static str>)>,
    has_panicked: bool,
}

impl Clues {
    pub fn take(&mut self, sign: &Sign) {
        let line = match sign {
            Sign::Said(line) | Sign::Stopped { line, .. } => line.trim(),
            _ => return,
        };
        self.has_panicked |= matches!(sign, Sign::Stopped { outcome: Outcome::Panic, .. });
        let advice = KNOWN.iter().find(|(text, _)| line.contains(text)).map(|(_, advice)| *advice);
        let is_panic = self.has_panicked && (line.starts_with("panic: ") || is_of_backtrace(line));
        let is_new = self.found.iter().all(|(known, _)| known != line);
        if (advice.is_some() || is_panic) && is_new && self.found.len() < MOST {
            self.found.push((line.to_owned(), advice));
        }
    }

    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(line, _)| line.as_str())
    }

    pub fn advice(&self) -> impl Iterator<Item = &'static str> {
        self.found.iter().filter_map(|(_, advice)| *advice)
    }
}
