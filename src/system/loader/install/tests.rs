//! The steps, on a machine whose programs note how they are called.

use std::cell::RefCell;

use super::*;

/// A machine with a loader in the unit `a`, and firmware with one entry.
struct Machine {
    directory: tempfile::TempDir,
    running: &'static str,
    order: RefCell<String>,
    entries: RefCell<Vec<String>>,
    calls: RefCell<Vec<String>>,
}

impl Machine {
    fn new(running: &'static str) -> Self {
        let machine = Self {
            directory: tempfile::tempdir().unwrap(),
            running,
            order: RefCell::new("0001".to_owned()),
            entries: RefCell::new(vec!["+Boot0001* Disk".to_owned()]),
            calls: RefCell::default(),
        };
        machine.offer("old");
        for name in ["units", "esp"] {
            fs::create_dir(machine.at(name)).unwrap();
        }
        write_unit(&machine.at("units"), running, &machine.at("assets")).unwrap();
        machine
    }

    /// Has the assets be of this version.
    fn offer(&self, version: &str) {
        for file in ["loader.efi", "lua/loader.lua", "defaults/loader.conf"] {
            let path = self.at("assets").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, version).unwrap();
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn places(&self) -> Places {
        let [assets, units, mount_point] = ["assets", "units", "esp"].map(|name| self.at(name));
        Places { assets, units, mount_point }
    }

    fn install(&self) -> Result<Outcome, InstallError> {
        self.calls.borrow_mut().clear();
        install(&self.places(), self)
    }

    fn calls_of(&self, program: &str) -> Vec<String> {
        let calls = self.calls.borrow();
        calls.iter().filter_map(|call| Some(call.strip_prefix(program)?.trim().to_owned())).collect()
    }
}

impl Programs for Machine {
    fn run(&self, program: &str, arguments: &[&str]) -> Result<String, InstallError> {
        let call = [&[program], arguments].concat().join(" ");
        let fail = |said: &str| InstallError::Command { command: call.clone(), said: said.to_owned() };
        self.calls.borrow_mut().push(call.replace(self.directory.path().to_str().unwrap(), ""));
        match (program, arguments) {
            ("kenv", _) if self.running == "a" => Err(fail("")),
            ("kenv", _) => Ok(format!("{}\n", self.running)),
            ("mount", _) => Ok("/dev/gpt/root\t/\tufs\trw\t1 1\n".to_owned()),
            ("sysctl", _) => {
                Ok("0 DISK d 1 512\n1 PART dp1 1 512 ty efi\n1 PART dp2\n2 LABEL gpt/root\n".to_owned())
            }
            ("efibootmgr", _) if self.order.borrow().is_empty() => Err(fail("efi variables not supported")),
            ("efibootmgr", ["-v"]) => {
                Ok(format!("BootOrder  : {}\n{}\n", self.order.borrow(), self.entries.borrow().join("\n")))
            }
            ("efibootmgr", ["-c", .., "-L", label, "-e", _]) => {
                let number = format!("{:04}", self.entries.borrow().len() + 1);
                self.entries.borrow_mut().push(format!(" Boot{number}  {label} HD(1)"));
                let order = format!("{number}, {}", self.order.borrow());
                self.order.replace(order);
                Ok(String::new())
            }
            ("efibootmgr", ["-o", order]) => {
                self.order.replace(order.replace(',', ", "));
                Ok(String::new())
            }
            _ => Ok(String::new()),
        }
    }
}

#[test]
fn a_newer_loader_is_started_once_and_comes_first_when_it_has_started_the_machine() {
    let mut machine = Machine::new("a");
    assert_eq!(machine.install().unwrap(), Outcome::UpToDate { unit: "a".to_owned() });
    machine.offer("new");
    assert_eq!(plan(&machine.places(), &machine).unwrap(), Outcome::Next { unit: "b".to_owned() });
    assert!(!machine.at("units/b").exists(), "a plan changes nothing");
    assert_eq!(machine.install().unwrap(), Outcome::Next { unit: "b".to_owned() });
    assert_eq!(fs::read_to_string(machine.at("esp/EFI/fruix/loader-b.efi")).unwrap(), "new");
    assert_eq!(fs::read_to_string(machine.at("units/b/lua/loader.lua")).unwrap(), "new");
    assert!(machine.at("units/b/lua/fruix.lua").is_file());
    assert_eq!(fs::read_to_string(machine.at("units/a/lua/loader.lua")).unwrap(), "old");
    assert_eq!(*machine.order.borrow(), "0001", "the order is what it was");
    assert_eq!(
        machine.calls_of("efibootmgr"),
        [
            "-v",
            "-c -l /esp/EFI/fruix/loader-b.efi -L Fruix b -e fruix.loader=b",
            "-v",
            "-o 0001",
            "-a -b 0002",
            "-n -b 0002",
        ]
    );

    machine.running = "b";
    assert_eq!(machine.install().unwrap(), Outcome::First { unit: "b".to_owned() });
    assert_eq!(*machine.order.borrow(), "0002, 0001");
    assert_eq!(machine.install().unwrap(), Outcome::UpToDate { unit: "b".to_owned() });
}

#[test]
fn the_units_take_turns_and_that_of_the_image_stays() {
    let mut machine = Machine::new("a");
    for (version, running, next) in [("2", "a", "b"), ("3", "b", "c"), ("4", "c", "b"), ("5", "b", "c")] {
        machine.running = running;
        machine.offer(version);
        assert_eq!(machine.install().unwrap(), Outcome::Next { unit: next.to_owned() });
    }
    assert_eq!(machine.entries.borrow().len(), 3, "an entry is made once for each");
    assert_eq!(fs::read_to_string(machine.at("units/a/loader.efi")).unwrap(), "old");
}

#[test]
fn firmware_without_variables_changes_nothing() {
    let machine = Machine::new("a");
    machine.order.replace(String::new());
    machine.offer("new");
    assert!(matches!(machine.install(), Err(InstallError::Command { .. })));
    assert!(!machine.at("units/b").exists() && machine.calls_of("mount_msdosfs").is_empty());
}

#[test]
fn a_script_of_this_program_that_is_newer_makes_another_unit() {
    let machine = Machine::new("a");
    fs::write(machine.at("units/a/lua/fruix.lua"), "an older one").unwrap();
    assert_eq!(machine.install().unwrap(), Outcome::Next { unit: "b".to_owned() });
}
