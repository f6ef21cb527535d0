//! The functions of the script, run by a POSIX shell over a machine that is a directory.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    process::Command,
};

use super::{ServiceStep, functions, steps};

mod accounts;
mod etc;
mod root;
mod switch;
mod trial;

/// A machine with a closure at `system`; `pwd_mkdb` only puts the file in place.
struct Machine {
    directory: tempfile::TempDir,
}

impl Machine {
    fn new(passwd: &str, group: &str) -> Self {
        let machine = Self { directory: tempfile::tempdir().unwrap() };
        for directory in ["etc", "frx/var/fruix", "run", "world/usr/share/skel"] {
            fs::create_dir_all(machine.at(directory)).unwrap();
        }
        symlink(machine.at("system"), machine.at("run/current-system")).unwrap();
        let pwd_mkdb = "touch \"$3/pwd.db\" \"$3/spwd.db\"; mv \"$4\" \"$3/master.passwd\"\n";
        machine.program("pwd_mkdb", pwd_mkdb);
        symlink("/bin", machine.at("world/bin")).unwrap();
        symlink("/usr/bin", machine.at("world/usr/bin")).unwrap();
        machine.declare(passwd, group);
        machine
    }

    /// The accounts of the current system.
    fn declare(&self, passwd: &str, group: &str) {
        self.put("system/activation/accounts/passwd", passwd);
        self.put("system/activation/accounts/group", group);
        self.put("system/activation/accounts/homes", "");
    }

    /// What of `/etc` the current system has: directories, and links, each to a file that says its own name.
    fn declare_etc(&self, directories: &str, links: &str, files: &str) {
        self.put("system/activation/etc-directories", directories);
        self.put("system/activation/etc-links", links);
        let _ = fs::remove_dir_all(self.at("system/etc"));
        files.split_whitespace().for_each(|file| self.put(&format!("system/etc/{file}"), file));
    }

    fn at(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn put(&self, path: &str, contents: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), contents).unwrap();
    }

    /// A program that stands for one of FreeBSD's.
    fn program(&self, name: &str, script: &str) {
        let path = format!("world/rescue/{name}");
        self.put(&path, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.at(&path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Runs steps as a boot does; the status and what was said.
    fn run(&self, steps: &str) -> (bool, String) {
        self.run_with(&[], steps)
    }

    fn run_with(&self, arguments: &[&str], steps: &str) -> (bool, String) {
        let path = |name: &str| self.at(name).to_str().unwrap().to_owned();
        let script = functions(&path("system"), &path("world"), self.directory.path().to_str().unwrap());
        // Links lead to where the machine has its current system.
        let script = script.replace("/run/current-system/etc/", &path("run/current-system/etc/"));
        self.put("activate", &format!("{script}\n{steps}\n"));
        let output =
            Command::new("sh").arg(self.at("activate")).args(arguments).env_clear().output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.success(), said)
    }

    fn activate_accounts(&self) {
        let (success, said) = self.run("step accounts accounts");
        assert!(success && said == "fruix: activate: accounts: ok\n", "{said}");
    }
}

const BASE: &str = "root:0:0::Charlie &:/root:/bin/sh\n";
const BASE_GROUPS: &str = "wheel:0:root\nteam::\n";

#[test]
fn a_step_that_fails_says_why_and_how_to_go_on() {
    let machine = Machine::new("bob::nowhere:::/:/bin/sh\n", "wheel:0:\n");
    let (success, said) = machine.run("step accounts accounts\nstep homes homes");
    assert!(!success);
    assert!(said.contains("activate: accounts: FAILED no group nowhere for the account bob\n"), "{said}");
    let tools = format!("PATH={}\n", machine.at("world/rescue").display());
    assert!(
        said.contains(&tools) && said.ends_with(&format!("{}\n", machine.at("system/activate").display()))
    );
    assert!(!said.contains("homes"), "{said}");
}

#[test]
fn the_last_words_of_a_program_are_why_it_failed() {
    let machine = Machine::new(BASE, BASE_GROUPS);
    machine.program("pwd_mkdb", "echo 'pwd_mkdb: a warning' >&2; echo 'pwd_mkdb: no space' >&2; exit 1");
    let (success, said) = machine.run("step accounts accounts");
    assert!(!success);
    assert!(said.starts_with("pwd_mkdb: a warning\npwd_mkdb: no space\n"), "{said}");
    assert!(said.contains("\nfruix: activate: accounts: FAILED pwd_mkdb: no space\n"), "{said}");
    let (success, said) = machine.run("warn() { echo careful >&2; }\nstep warn warn");
    assert!(success && said == "careful\nfruix: activate: warn: ok\n", "{said}");
}

#[test]
fn a_script_that_breaks_off_is_reported() {
    let machine = Machine::new("", "");
    let (success, said) = machine.run("broken() { echo \"$never_set\"; }\nstep broken broken");
    assert!(!success && said.contains("fruix: activate: broken: FAILED"), "{said}");
    assert!(said.contains("never_set"), "{said}");
}

#[test]
fn a_service_whose_step_is_no_script_fails_alone() {
    let machine = Machine::new("", "");
    let step = |name, path: &str, script| ServiceStep { name, path: path.into(), script };
    let good = step("good", "1-good", "echo \"${not_set}\" *.none; cd /; number=7");
    let bad = step("bad", "2-bad", "echo 'never closed");
    for step in [&good, &bad] {
        machine.put(&format!("system/{}", step.path), step.script);
    }
    let all = steps(&[good, bad]);
    let (own, _) = all.split_once("\nboot_step check-root").unwrap();
    let finish = "current=\nstep good service_step_0\n[ -z \"${number-}\" ] && step bad service_step_1\nstep finish activated";
    let (success, said) = machine.run(&format!("{own}\n{finish}"));
    assert!(!success, "{said}");
    assert!(said.starts_with(" *.none\nfruix: activate: good: ok\n"), "{said}");
    assert!(
        said.contains("fruix: activate: bad: FAILED") && !machine.at("run/fruix-activated").exists(),
        "{said}"
    );
}

#[test]
fn only_a_whole_activation_leaves_its_mark() {
    assert!(steps(&[]).ends_with("\nstep finish activated\n"));
    let machine = Machine::new("", "");
    assert!(machine.run("step finish activated").0);
    let system = machine.at("system");
    assert_eq!(machine.text("run/fruix-activated"), format!("{}\n", system.display()));
    // The next one begins by taking it away. (Debian's mv knows no -h.)
    machine.program("mv", "exit 1");
    let (_, said) = machine.run("step current-system current_system");
    assert!(said.contains("current-system: FAILED") && !machine.at("run/fruix-activated").exists(), "{said}");
}

/// Where a link of the machine leads, as the machine sees it.
fn link(machine: &Machine, path: &str) -> String {
    let target = fs::read_link(machine.at(path)).unwrap().into_os_string().into_string().unwrap();
    target.replace(machine.directory.path().to_str().unwrap(), "")
}
