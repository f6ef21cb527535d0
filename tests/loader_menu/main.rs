//! The scripts that show generations in the loader's menu, run by a Lua interpreter on a machine made up of tables.
//!
//! FreeBSD's own scripts around them are stood for by those of the miniature tree; `FRUIX_FREEBSD_SRC` names a tree
//! with the real ones, and then all tests run with both. Skipped where there is no lua5.4: `tests/run.sh` installs it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fruix::system::loader::unit::{ENTRANCE, OWN_SCRIPTS};

const STAND_INS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/tiny-src/stand");
const MACHINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/loader_menu/machine.lua");
const PROFILES: &str = "/frx/var/fruix/profiles";
const ATTEMPT: &str = "/frx/var/fruix/boot/try";
const INDEX: &str = "/frx/var/fruix/boot/generations";

/// What stands at a path of the disk.
enum Entry {
    File(String),
    Link(String),
}

/// A disk with a loader's scripts and some generations, the second of which is the current one.
struct Disk(BTreeMap<String, Entry>);

impl Disk {
    fn new(stand: &Path, generations: u32) -> Self {
        let mut disk = Self(BTreeMap::new());
        disk.add_unit(stand, "a");
        disk.file(&format!("/boot/lua/{}", ENTRANCE.0), ENTRANCE.1);
        let defaults = fs::read_to_string(stand.join("defaults/loader.conf")).unwrap();
        disk.file("/boot/defaults/loader.conf", &defaults);
        disk.link("/boot/loader.conf", &format!("{PROFILES}/system/boot/loader.conf"));
        disk.link(&format!("{PROFILES}/system"), "system-2-link");
        disk.file("/frx/store/world/sbin/init", "");
        let mut index = "current\t2\n".to_owned();
        for number in 1..=generations {
            disk.add_generation(number);
            let _ = writeln!(
                index,
                "{number}\t2026-11-{number:02} 10:00\tKERNEL{number}\tsystem-{number}\ttower"
            );
        }
        disk.file(INDEX, &index);
        disk
    }

    fn add_unit(&mut self, stand: &Path, unit: &str) {
        let scripts = fs::read_dir(stand.join("lua")).unwrap().map(|entry| entry.unwrap().path());
        for script in scripts.filter(|path| path.extension().is_some_and(|extension| extension == "lua")) {
            let name = script.file_name().unwrap().to_str().unwrap();
            self.file(&format!("/boot/fruix/{unit}/lua/{name}"), &fs::read_to_string(&script).unwrap());
        }
        for (name, text) in OWN_SCRIPTS {
            self.file(&format!("/boot/fruix/{unit}/lua/{name}"), text);
        }
    }

    fn add_generation(&mut self, number: u32) {
        let system = format!("/frx/store/system-{number}");
        self.link(&format!("{PROFILES}/system-{number}-link"), &system);
        let settings = [
            ("kernel", format!("/frx/store/kernel-{number}/boot/kernel")),
            ("init_path", "/frx/store/world/sbin/init".to_owned()),
            ("init_script", format!("{system}/activate")),
            ("fruix.system", system.clone()),
            ("autoboot_delay", "1".to_owned()),
            // No other generation has it.
            (&format!("only.{number}"), "yes".to_owned()),
        ]
        .map(|(name, value)| format!("{name}=\"{value}\"\n"));
        self.file(&format!("{system}/boot/loader.conf"), &settings.concat());
        self.file(&format!("{system}/activate"), "");
        self.file(&format!("/frx/store/kernel-{number}/boot/kernel/kernel"), "");
    }

    fn file(&mut self, path: &str, contents: &str) {
        self.0.insert(path.to_owned(), Entry::File(contents.to_owned()));
    }

    fn link(&mut self, path: &str, target: &str) {
        self.0.insert(path.to_owned(), Entry::Link(target.to_owned()));
    }

    fn remove(&mut self, path: &str) {
        self.0.remove(path).unwrap_or_else(|| panic!("no {path}"));
    }

    /// Starts the machine, with these keys pressed.
    fn start(&self, keys: &str) -> Start {
        self.start_unit(keys, None)
    }

    fn start_unit(&self, keys: &str, unit: Option<&str>) -> Start {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("disk.lua");
        fs::write(&path, self.as_lua()).unwrap();
        let output = Command::new("lua5.4").arg(MACHINE).arg(path).arg(keys).args(unit).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Start::read(&String::from_utf8(output.stdout).unwrap())
    }

    fn as_lua(&self) -> String {
        let quoted = |text: &str| {
            let bytes = text.bytes().map(|byte| format!("\\{byte:03}"));
            format!("\"{}\"", bytes.collect::<String>())
        };
        let mut lua = "return {\n".to_owned();
        for (path, entry) in &self.0 {
            let _ = match entry {
                Entry::File(contents) => writeln!(lua, "[{}] = {},", quoted(path), quoted(contents)),
                Entry::Link(target) => writeln!(lua, "[{}] = {{{}}},", quoted(path), quoted(target)),
            };
        }
        lua + "}\n"
    }
}

/// What a start of the machine showed.
#[derive(Debug, Default)]
struct Start {
    said: String,
    environment: BTreeMap<String, String>,
    written: BTreeMap<String, String>,
    end: String,
}

impl Start {
    fn read(output: &str) -> Self {
        let mut start = Self::default();
        for line in output.lines() {
            if let Some((name, value)) = line.strip_prefix("@env ").and_then(|it| it.split_once('=')) {
                start.environment.insert(name.to_owned(), value.to_owned());
            } else if let Some((path, text)) = line.strip_prefix("@write ").and_then(|it| it.split_once(' '))
            {
                start.written.insert(path.to_owned(), text.to_owned());
            } else if let Some(end) = line.strip_prefix('@') {
                end.clone_into(&mut start.end);
            } else {
                start.said += &(without_cursor(line) + "\n");
            }
        }
        start
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    /// Fails unless the machine boots this generation, with its settings and no other's.
    fn assert_boots(&self, number: u32) {
        assert_eq!(self.end, "boot", "{self:#?}");
        let only: Vec<_> = self.environment.keys().filter(|name| name.starts_with("only.")).collect();
        assert_eq!(only, [&format!("only.{number}")], "{self:#?}");
        let kernel = format!("/frx/store/kernel-{number}/boot/kernel/kernel");
        let loaded = self.get("kernelname").unwrap();
        // FreeBSD's scripts look for the name `kernel` in a directory.
        assert!(
            loaded == kernel || self.get("module_path").unwrap().starts_with(&kernel[..kernel.len() - 7])
        );
    }

    fn attempt(&self) -> Option<&str> {
        self.written.get(ATTEMPT).map(String::as_str)
    }

    /// The lines of the menu in which generations are, as they were shown first.
    fn generations(&self) -> Vec<&str> {
        let lines = self.said.lines().flat_map(|line| line.split("  \t"));
        lines.filter(|line| line.contains("Generation ")).collect()
    }
}

/// The text of a terminal with a tab, and two blanks, where the cursor moves.
fn without_cursor(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\x1b') {
        text += before;
        let end = after.find(|c: char| c.is_ascii_alphabetic()).map_or(after.len(), |at| at + 1);
        if after[..end].ends_with(['H', 'J']) {
            text += "  \t";
        }
        rest = &after[end..];
    }
    text + rest
}

/// The directories with a loader's files to try: `lua` and `defaults` are below them.
fn stands() -> Vec<PathBuf> {
    if Command::new("lua5.4").arg("-v").output().is_err() {
        eprintln!("skipped: lua5.4 is not installed");
        return vec![];
    }
    let real = std::env::var_os("FRUIX_FREEBSD_SRC").map(|tree| PathBuf::from(tree).join("stand"));
    [PathBuf::from(STAND_INS)].into_iter().chain(real).collect()
}

/// Runs a test with each loader there is, on a disk with so many generations.
fn with_disk(generations: u32, test: impl Fn(&mut Disk)) {
    for stand in stands() {
        test(&mut Disk::new(&stand, generations));
    }
}

#[test]
fn the_menu_lists_generations_and_the_current_one_is_the_default() {
    with_disk(3, |disk| {
        let start = disk.start("");
        start.assert_boots(2);
        assert_eq!(
            start.generations(),
            [
                "1. Generation 3  2026-11-03 10:00  KERNEL3  tower",
                "2. Generation 2  2026-11-02 10:00  KERNEL2  tower (current) [Enter]",
                "3. Generation 1  2026-11-01 10:00  KERNEL1  tower",
            ]
        );
        assert_eq!((start.get("fruix.generation"), start.get("fruix.try")), (Some("2"), None));
        assert!(start.written.is_empty());
        disk.start(" \r").assert_boots(2);
    });
}

#[test]
fn a_key_boots_another_generation_with_its_settings_alone() {
    with_disk(3, |disk| {
        let start = disk.start("3");
        start.assert_boots(1);
        assert_eq!((start.get("fruix.generation"), start.get("fruix.try")), (Some("1"), None));
        assert!(start.written.is_empty());
    });
}

#[test]
fn what_is_to_be_tried_is_booted_once() {
    with_disk(3, |disk| {
        disk.file(ATTEMPT, "armed 3\n");
        let start = disk.start("");
        start.assert_boots(3);
        assert_eq!(start.attempt(), Some("spent 3\\n"));
        assert!(start.generations()[0].ends_with("(to be tried) [Enter]"), "{start:#?}");
        for (name, value) in [
            ("fruix.try", "3"),
            ("fruix.generation", "3"),
            ("kern.panic_reboot_wait_time", "5"),
            ("debug.debugger_on_panic", "0"),
            ("vfs.root.mountfrom.options", "ro\\n.onfail reboot\\n.timeout\\n"),
        ] {
            assert_eq!(start.get(name), Some(value), "{name}");
        }

        disk.file(ATTEMPT, "spent 3\n");
        let next = disk.start("");
        next.assert_boots(2);
        assert_eq!((next.get("fruix.try"), next.get("kern.panic_reboot_wait_time")), (None, None));
        assert!(next.written.is_empty());
    });
}

#[test]
fn who_picks_another_generation_ends_the_trial() {
    with_disk(3, |disk| {
        disk.file(ATTEMPT, "armed 3\n");
        let start = disk.start("2");
        start.assert_boots(2);
        assert_eq!(start.attempt(), Some("spent 3\\n"));
        for name in ["fruix.try", "kern.panic_reboot_wait_time", "vfs.root.mountfrom.options"] {
            assert_eq!(start.get(name), None, "{name}");
        }
    });
}

#[test]
fn nothing_is_tried_that_cannot_be_tried_once() {
    with_disk(3, |disk| {
        disk.file(ATTEMPT, "armed 3\n");
        disk.file("/read-only", "");
        let start = disk.start("");
        start.assert_boots(2);
        assert!(start.said.contains("generation 3 is not tried"), "{start:#?}");
    });
}

#[test]
fn a_damaged_attempt_is_none() {
    with_disk(3, |disk| {
        for text in ["", "armed", "armed \n", "armed x\n", "armed 03\n", "spentarmed 3\n", "\0\0\0\0\0 3\n"] {
            disk.file(ATTEMPT, text);
            disk.start("").assert_boots(2);
        }
    });
}

#[test]
fn a_generation_that_is_not_whole_is_not_tried() {
    with_disk(3, |disk| {
        disk.file(ATTEMPT, "armed 7\n");
        let start = disk.start("");
        start.assert_boots(2);
        assert_eq!(start.attempt(), Some("spent 7\\n"));
        disk.file(ATTEMPT, "armed 3\n");
        for missing in ["system-3/activate", "kernel-3/boot/kernel/kernel", "system-3/boot/loader.conf"] {
            let path = format!("/frx/store/{missing}");
            let entry = disk.0.remove(&path).unwrap();
            let start = disk.start("");
            start.assert_boots(2);
            assert_eq!((start.attempt(), start.get("fruix.try")), (Some("spent 3\\n"), None), "{missing}");
            disk.0.insert(path, entry);
        }
    });
}

#[test]
fn a_kernel_that_cannot_be_loaded_restarts_a_trial() {
    with_disk(3, |disk| {
        disk.file(ATTEMPT, "armed 3\n");
        disk.file("/frx/store/kernel-3/boot/kernel/kernel", "damaged");
        let start = disk.start("");
        assert_eq!((start.end.as_str(), start.attempt()), ("reboot", Some("spent 3\\n")), "{start:#?}");
    });
}

#[test]
fn the_index_is_for_people_alone() {
    with_disk(3, |disk| {
        disk.file(
            INDEX,
            "current\t3\n1\tno\n3\t\x1b[2J\tx\tsystem-3\ty\n2\t2026\tK\tsystem-2\tthe second\tand more\n",
        );
        let start = disk.start("");
        start.assert_boots(2);
        assert_eq!(
            start.generations(),
            ["1. Generation 3", "2. Generation 2  2026  K  the second (current) [Enter]", "3. Generation 1"]
        );
        disk.remove(INDEX);
        let start = disk.start("");
        start.assert_boots(2);
        assert_eq!(start.generations(), ["1. Generation 3", "2. Generation 2", "3. Generation 1"]);
        assert!(start.said.contains("[Enter]: the current one"), "{start:#?}");
        disk.start("1").assert_boots(3);
    });
}

#[test]
fn of_a_hundred_generations_each_can_be_reached() {
    with_disk(100, |disk| {
        let start = disk.start("");
        start.assert_boots(2);
        let shown = start.generations();
        assert_eq!(shown.len(), 5, "{shown:#?}");
        assert!(shown[0].starts_with("1. Generation 100 "));
        // Five on the first page, seven on each further one, and the last four on the last.
        let mut keys = " ".to_owned();
        keys += &"g".repeat(14);
        let last = disk.start(&(keys.clone() + "4"));
        assert!(last.said.contains("4. Generation 1 "), "{}", last.said);
        last.assert_boots(1);
        disk.start(" gg1").assert_boots(88);
    });
}

#[test]
fn the_newest_whole_generation_takes_the_place_of_a_damaged_current_one() {
    with_disk(4, |disk| {
        disk.remove("/frx/store/kernel-2/boot/kernel/kernel");
        disk.remove("/frx/store/system-4/activate");
        let start = disk.start("");
        start.assert_boots(3);
        assert!(start.said.contains("generation 3 takes its place"), "{start:#?}");
        assert_eq!(start.get("fruix.try"), None);
        disk.remove(&format!("{PROFILES}/system"));
        disk.start("").assert_boots(3);
    });
}

#[test]
fn a_loader_runs_the_scripts_of_its_unit() {
    for stand in stands() {
        let mut disk = Disk::new(&stand, 3);
        disk.add_unit(&stand, "b");
        for unit in ["a", "b"] {
            let path = format!("/boot/fruix/{unit}/lua/local.lua");
            let Some(Entry::File(text)) = disk.0.remove(&path) else { unreachable!() };
            disk.file(&path, &format!("print('unit {unit}')\n{text}"));
        }
        for (unit, expected) in [(None, "unit a"), (Some("b"), "unit b"), (Some("c"), "unit a")] {
            let start = disk.start_unit("", unit);
            start.assert_boots(2);
            assert!(start.said.contains(expected), "{start:#?}");
        }
    }
}

#[test]
fn a_fault_in_the_scripts_boots_the_current_generation() {
    with_disk(3, |disk| {
        for fault in ["error('a fault')", "a syntax error", "return nil"] {
            disk.file("/boot/fruix/a/lua/fruix.lua", fault);
            let start = disk.start("");
            start.assert_boots(2);
            assert!(start.said.contains("cannot be shown"), "{start:#?}");
        }
    });
}
