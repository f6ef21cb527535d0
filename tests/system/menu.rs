//! Disks with several generations: which one boots by itself, for a key, once, and after the power has failed.
//!
//! The miniature loader reads and writes the files that the scripts for FreeBSD's loader read and write.

use std::fs;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fruix::builders::image::{Content, Metadata, disk};
use fruix::store::{Layout, PathInfo, Store, StoreAccess as _};
use fruix::store_path::StorePath;
use fruix::system::image::{self, Closure, Parameters};
use fruix::util::host::Host;
use fruix::vm::qemu::{Firmware, QEMU};

use super::place::Place;

/// So long a machine has for what it is to say; it says it within seconds.
const PATIENCE: Duration = Duration::from_secs(120);
const ATTEMPT: &str = "/frx/var/fruix/boot/try";

/// The systems, by the names of their hosts: two that boot at once, one whose kernel panics, and one that waits for a key.
const HOSTS: [&str; 4] = ["first", "second", "panicking", "waiting"];

fn system(host: &str) -> &'static StorePath {
    static SYSTEMS: OnceLock<Vec<StorePath>> = OnceLock::new();
    let systems = SYSTEMS.get_or_init(|| {
        let (place, _) = Place::shared();
        let built = HOSTS.map(|host| {
            let host_name = format!("(host-name \"{host}\")");
            let mut edits = vec![("(host-name \"tiny\")", host_name.as_str())];
            match host {
                "panicking" => edits.push(("(kernconf \"TINY\")", "(kernconf \"PANIC\")")),
                "waiting" => edits.push(("\"autoboot_delay\" . \"0\"", "\"autoboot_delay\" . \"60\"")),
                _ => {}
            }
            StorePath::from_absolute(&place.built(host, &edits)).unwrap()
        });
        built.into()
    });
    let index = HOSTS.iter().position(|other| *other == host).unwrap();
    &systems[index]
}

/// The items of a system, with where they lie.
fn items(store: &Store, system: &StorePath) -> Vec<(PathInfo, PathBuf)> {
    let infos = store.closure_infos(system).unwrap().into_iter();
    infos.map(|info| (info.clone(), store.layout().physical(&info.path))).collect()
}

/// A machine with a disk of its own, on which the first generation is the current one.
struct Machine {
    directory: tempfile::TempDir,
}

impl Machine {
    /// `generations`: their hosts. `attempt`: what the file of that name holds.
    fn new(generations: [&str; 3], attempt: Option<&str>) -> Self {
        let store = Store::open_to_read(Layout::new(&Place::shared().0.root()).unwrap()).unwrap();
        let [first, others @ ..] = generations.map(system);
        let closure = Closure { system: first, items: items(&store, first) };
        let mut spec = image::spec(&closure, Parameters::default()).unwrap();
        for (number, system) in (2..).zip(others) {
            for (info, physical) in items(&store, system) {
                if !closure.items.iter().any(|(other, _)| other.path == info.path)
                    && !spec.root.contains(info.path.to_string())
                {
                    spec.root.add_host(info.path.to_string(), physical).unwrap();
                }
            }
            let link = format!("/frx/var/fruix/profiles/system-{number}-link");
            spec.root.add_symlink(link, system.to_string(), Metadata::root(0o755)).unwrap();
        }
        if let Some(attempt) = attempt {
            let content = Content::Bytes(attempt.as_bytes().to_vec());
            spec.root.add_file(ATTEMPT, content, Metadata::root(0o644)).unwrap();
        }
        let machine = Self { directory: tempfile::tempdir().unwrap() };
        disk::write(&spec, &machine.at("disk.img")).unwrap();
        let firmware = Firmware::find(&Host::this()).unwrap();
        fs::copy(&firmware.variables, machine.at("variables.fd")).unwrap();
        machine
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn power_on(&self) -> Running {
        let serial = self.at("serial.log");
        let _ = fs::remove_file(self.at("console"));
        fs::write(&serial, "").unwrap();
        let firmware = Firmware::find(&Host::this()).unwrap();
        let drive = |unit: u32, path: &Path, options: &str| {
            format!("if=pflash,unit={unit},format=raw,{options}file={}", path.display())
        };
        let disk = format!("if=none,id=disk,format=raw,file={}", self.at("disk.img").display());
        let (console, log) = (self.at("console"), serial.display());
        let chardev =
            format!("socket,id=console,path={},server=on,wait=off,logfile={log}", console.display());
        let qemu = Command::new(QEMU)
            .args("-nodefaults -no-user-config -display none -vga none -machine q35 -accel tcg".split(' '))
            .args(["-m", "512M", "-drive", &drive(0, &firmware.code, "readonly=on,")])
            .args(["-drive", &drive(1, &self.at("variables.fd"), ""), "-drive", &disk])
            .args([
                "-device",
                "virtio-blk-pci,drive=disk",
                "-chardev",
                &chardev,
                "-serial",
                "chardev:console",
            ])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Running { qemu, serial, console }
    }
}

/// A machine that runs. Its power is cut when it is dropped.
struct Running {
    qemu: Child,
    serial: PathBuf,
    console: PathBuf,
}

impl Running {
    /// Waits until the console has said `text`, and gives all it has said.
    fn wait_for(&mut self, text: &str) -> String {
        let started = Instant::now();
        loop {
            let said = String::from_utf8_lossy(&fs::read(&self.serial).unwrap()).into_owned();
            if said.contains(text) {
                return said;
            }
            assert!(started.elapsed() < PATIENCE, "no `{text}` in\n{said}");
            assert!(self.qemu.try_wait().unwrap().is_none(), "QEMU has ended:\n{said}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn press(&self, key: &str) {
        UnixStream::connect(&self.console).unwrap().write_all(key.as_bytes()).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.qemu.kill();
        let _ = self.qemu.wait();
    }
}

fn ready(host: &str) -> String {
    format!("fruix: ready: {host} ")
}

#[test]
fn the_menu_lists_generations_and_a_key_boots_one() {
    let machine = Machine::new(["waiting", "second", "panicking"], None);
    let mut running = machine.power_on();
    let menu = running.wait_for("3. Generation 1");
    assert!(menu.contains("1. Generation 3\r\n2. Generation 2\r\n3. Generation 1"), "{menu}");
    running.press("2");
    let said = running.wait_for(&ready("second"));
    let shown = format!("3. Generation 1  TINY {} waiting, FreeBSD tiny", system("waiting").base_name());
    assert!(said.contains(&shown) && !said.contains("fruix.try"), "{said}");
}

#[test]
fn a_generation_that_panics_is_tried_once_and_the_current_one_comes_back() {
    let machine = Machine::new(["first", "second", "panicking"], Some("armed 3\n"));
    let mut running = machine.power_on();
    let said = running.wait_for(&ready("first"));
    let (trial, after) = said.split_once("panic: KERNCONF asks for it").expect("a panic");
    assert!(trial.contains("trying generation 3 once") && trial.contains("tiny: env fruix.try=3"), "{said}");
    assert!(!after.contains("trying") && !after.contains("fruix.try"), "{said}");
}

#[test]
fn the_power_may_fail_at_any_moment_of_a_trial() {
    // What the console says last, and whether the attempt may still be to be made then.
    for (moment, may_try) in [
        ("reading /boot/defaults", true),
        ("trying generation 2 once", false),
        ("fruix: ready: second ", false),
    ] {
        let machine = Machine::new(["first", "second", "panicking"], Some("armed 2\n"));
        machine.power_on().wait_for(moment);
        let said = machine.power_on().wait_for("fruix: ready: ");
        let tried = said.contains("trying generation 2 once");
        assert!(said.contains(&ready(if tried { "second" } else { "first" })), "{said}");
        assert!(may_try || !tried, "after `{moment}`:\n{said}");
    }
}
