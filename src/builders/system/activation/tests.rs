//! The functions of the script, run by a POSIX shell over a machine that is a directory.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use super::functions;

/// A machine with a closure at `system`; `pwd_mkdb` only puts the file in place.
struct Machine {
    directory: tempfile::TempDir,
}

impl Machine {
    fn new(passwd: &str, group: &str, links: &str) -> Self {
        let machine = Self { directory: tempfile::tempdir().unwrap() };
        for directory in ["etc", "frx/var/fruix", "run", "world/usr/share/skel"] {
            fs::create_dir_all(machine.at(directory)).unwrap();
        }
        let pwd_mkdb = "touch \"$3/pwd.db\" \"$3/spwd.db\"; mv \"$4\" \"$3/master.passwd\"\n";
        machine.program("pwd_mkdb", pwd_mkdb);
        symlink("/bin", machine.at("world/bin")).unwrap();
        symlink("/usr/bin", machine.at("world/usr/bin")).unwrap();
        machine.declare(passwd, group, links);
        machine
    }

    /// What the current system says.
    fn declare(&self, passwd: &str, group: &str, links: &str) {
        self.put("system/activation/accounts/passwd", passwd);
        self.put("system/activation/accounts/group", group);
        self.put("system/activation/accounts/homes", "");
        self.put("system/activation/etc-links", links);
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

    /// Runs steps; the status and what was said.
    fn run(&self, steps: &str) -> (bool, String) {
        let path = |name: &str| self.at(name).to_str().unwrap().to_owned();
        let script = functions(&path("system"), &path("world"), self.directory.path().to_str().unwrap());
        self.put("activate", &format!("{script}\n{steps}\n"));
        let output = Command::new("sh").arg(self.at("activate")).env_clear().output().unwrap();
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
fn a_first_activation_makes_accounts_without_passwords() {
    let machine = Machine::new(
        &format!("{BASE}ada:1001:0:::/home/ada:/bin/sh\nbob::team:::/:/bin/sh\n"),
        BASE_GROUPS,
        "",
    );
    machine.activate_accounts();
    assert_eq!(
        machine.text("etc/master.passwd"),
        "root:*:0:0::0:0:Charlie &:/root:/bin/sh\nada:*:1001:0::0:0::/home/ada:/bin/sh\n\
         bob:*:1002:1001::0:0::/:/bin/sh\n"
    );
    assert_eq!(machine.text("etc/group"), "wheel:*:0:root\nteam:*:1001:\n");
    let mode = |path| fs::metadata(machine.at(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("etc/master.passwd"), mode("etc/group")), (0o600, 0o644));
}

#[test]
fn passwords_numbers_and_the_operators_accounts_are_kept() {
    let machine = Machine::new(&format!("{BASE}bob::team:::/home/bob:/bin/sh\n"), BASE_GROUPS, "");
    machine.activate_accounts();
    let edited = machine.text("etc/master.passwd").replace("bob:*:", "bob:$6$hash:")
        + "eve:$6$eve:1500:1500::0:0::/home/eve:/bin/sh\n";
    machine.put("etc/master.passwd", &edited);
    machine.put("etc/group", "wheel:*:0:root,eve\nteam:*:1001:\neve:*:1500:\n");
    // `ann` takes a free number, not that of one who is there.
    machine.declare(
        &format!("{BASE}ann::team:::/:/bin/sh\nbob::team::Bob:/home/bob:/rescue/sh\n"),
        BASE_GROUPS,
        "",
    );
    machine.activate_accounts();
    assert_eq!(
        machine.text("etc/master.passwd"),
        "root:*:0:0::0:0:Charlie &:/root:/bin/sh\nann:*:1002:1001::0:0::/:/bin/sh\n\
         bob:$6$hash:1001:1001::0:0:Bob:/home/bob:/rescue/sh\neve:$6$eve:1500:1500::0:0::/home/eve:/bin/sh\n"
    );
    assert_eq!(machine.text("etc/group"), "wheel:*:0:root,eve\nteam:*:1001:\neve:*:1500:\n");
}

#[test]
fn an_account_that_is_declared_no_more_is_locked_and_comes_back() {
    let with_bob = format!("{BASE}bob::team:::/home/bob:/bin/sh\n");
    let machine = Machine::new(&with_bob, "wheel:0:root,bob\nteam::\n", "");
    machine.activate_accounts();
    machine.put("etc/master.passwd", &machine.text("etc/master.passwd").replace("bob:*:", "bob:$6$hash:"));
    machine.declare(BASE, BASE_GROUPS, "");
    for _ in 0..2 {
        machine.activate_accounts();
        assert!(machine.text("etc/master.passwd").contains("\nbob:*LOCKED*$6$hash:1001:1001:"));
        assert_eq!(machine.text("etc/group"), "wheel:*:0:root\nteam:*:1001:\n");
    }
    machine.declare(&with_bob, BASE_GROUPS, "");
    machine.activate_accounts();
    assert!(machine.text("etc/master.passwd").contains("\nbob:$6$hash:1001:1001:"));
}

#[test]
fn an_unknown_group_fails_the_step_by_name() {
    let machine = Machine::new("bob::nowhere:::/:/bin/sh\n", "wheel:0:\n", "");
    let (success, said) = machine.run("step accounts accounts\nstep homes homes");
    assert!(!success);
    assert!(said.contains("fruix: activate: accounts: FAILED\n"), "{said}");
    assert!(said.contains("no group nowhere for the account bob"), "{said}");
    assert!(!said.contains("homes"), "{said}");
}

#[test]
fn a_script_that_breaks_off_is_reported() {
    let machine = Machine::new("", "", "");
    let (success, said) = machine.run("broken() { echo \"$never_set\"; }\nstep broken broken");
    assert!(!success && said.contains("fruix: activate: broken: FAILED\n"), "{said}");
}

#[test]
fn home_directories_get_the_skeleton_once() {
    let machine = Machine::new("", "", "");
    let id = |flag| String::from_utf8(Command::new("id").arg(flag).output().unwrap().stdout).unwrap();
    let line = format!("ada:*:{}:{}::0:0::/home/ada:/bin/sh\n", id("-u").trim(), id("-g").trim());
    machine.put("etc/master.passwd", &line);
    machine.put("world/usr/share/skel/dot.profile", "hello");
    machine.put("system/activation/accounts/homes", "ada:/home/ada\n");
    let (success, said) = machine.run("step homes homes");
    assert!(success, "{said}");
    assert_eq!(machine.text("home/ada/.profile"), "hello");
    machine.put("home/ada/.profile", "mine");
    assert!(machine.run("step homes homes").0);
    assert_eq!(machine.text("home/ada/.profile"), "mine");
}

fn link(machine: &Machine, path: &str) -> String {
    fs::read_link(machine.at(path)).unwrap().into_os_string().into_string().unwrap()
}

#[test]
fn etc_follows_the_system_and_keeps_what_the_operator_changed() {
    let machine = Machine::new("", "", "rc\nrc.conf\nssh/moduli\n");
    machine.put("etc/rc.conf", "mine");
    let (success, said) = machine.run("step etc etc_links");
    assert!(success, "{said}");
    assert_eq!(
        said,
        "fruix: activate: etc: ok (changed by hand and kept in /frx/var/fruix/kept: etc/rc.conf)\n"
    );
    assert_eq!(link(&machine, "etc/rc.conf"), "/run/current-system/etc/rc.conf");
    assert_eq!(link(&machine, "etc/ssh/moduli"), "/run/current-system/etc/ssh/moduli");
    assert_eq!(machine.text("frx/var/fruix/kept/etc/rc.conf"), "mine");

    machine.put("etc/ssh/ssh_host_ed25519_key", "secret");
    machine.put("etc/own", "the operator's");
    machine.declare("", "", "rc.conf\n");
    let (success, said) = machine.run("step etc etc_links");
    assert!(success && said == "fruix: activate: etc: ok\n", "{said}");
    assert!(!Path::new(&machine.at("etc/rc")).is_symlink() && !machine.at("etc/ssh/moduli").is_symlink());
    assert_eq!(machine.text("etc/ssh/ssh_host_ed25519_key"), "secret");
    assert_eq!(machine.text("etc/own"), "the operator's");
}

#[test]
fn a_second_file_of_one_name_is_kept_beside_the_first() {
    let machine = Machine::new("", "", "rc.conf\n");
    for _ in 0..2 {
        let _ = fs::remove_file(machine.at("etc/rc.conf"));
        machine.put("etc/rc.conf", "mine");
        assert!(machine.run("step etc etc_links").0);
    }
    assert_eq!(machine.text("frx/var/fruix/kept/etc/rc.conf.1"), "mine");
}

#[test]
fn what_cannot_be_a_link_is_copied_and_kept_aside_when_changed() {
    let machine = Machine::new("", "", "");
    machine.put("system/activation/etc-copies", "login.conf\n");
    machine.put("system/etc/login.conf", "one\n");
    let activate = || machine.run("step etc-copies etc_copies");
    assert_eq!(activate(), (true, "fruix: activate: etc-copies: ok\n".to_owned()));
    assert_eq!(machine.text("etc/login.conf"), "one\n");
    // Another system's file replaces the last one's.
    machine.put("system/etc/login.conf", "two\n");
    assert_eq!(activate(), (true, "fruix: activate: etc-copies: ok\n".to_owned()));
    assert_eq!(machine.text("etc/login.conf"), "two\n");
    machine.put("etc/login.conf", "mine\n");
    let (success, said) = activate();
    assert!(success && said.contains("kept: etc/login.conf)"), "{said}");
    assert_eq!(machine.text("etc/login.conf"), "two\n");
    assert_eq!(machine.text("frx/var/fruix/kept/etc/login.conf"), "mine\n");
}

/// A disk of 1 GiB with the root in its second partition, found by label, after a disk without partitions.
const PROVIDERS: &str = "0 DISK cd0 0 2048 hd 0 sc 0
0 DISK vtbd0 1073741824 512 hd 16 sc 63
1 PART vtbd0p2 SIZE 512 i 2 o 68157440 ty freebsd-ufs xs GPT xt 516e7cb6
2 LABEL gpt/fruix-root SIZE 512 i 0 o 0
1 PART vtbd0p1 67108864 512 i 1 o 1048576 ty efi xs GPT xt c12a7328
2 LABEL gpt/efi 67108864 512 i 0 o 0";

/// A machine whose root partition has that many bytes until `gpart` grows it.
fn machine_with_disk(root_bytes: &str) -> Machine {
    let machine = Machine::new("", "", "");
    machine.put("geom", &PROVIDERS.replace("SIZE", root_bytes));
    machine.program("sysctl", &format!("cat {}", machine.at("geom").display()));
    let log = machine.at("log");
    let (log, geom) = (log.display(), machine.at("geom"));
    let grow = format!("sed -i s/{root_bytes}/1005563904/ {}", geom.display());
    machine.program("gpart", &format!("echo gpart \"$@\" >>{log}; [ $1 = recover ] || {grow}"));
    machine.program("growfs", &format!("echo growfs \"$@\" >>{log}"));
    machine
}

const GROW: &str = "root_device=/dev/gpt/fruix-root root_type=ufs
step grow-root grow_root
step state state_directory";

#[test]
fn the_root_grows_into_the_space_after_it_once() {
    let machine = machine_with_disk("316669952");
    let (success, said) = machine.run(GROW);
    assert!(success, "{said}");
    assert!(said.contains("fruix: activate: grow-root: ok (to 1005563904 bytes)\n"), "{said}");
    let first = "gpart recover vtbd0\ngpart resize -i 2 vtbd0\ngrowfs -y /dev/gpt/fruix-root\n";
    assert_eq!(machine.text("log"), first);
    let (_, said) = machine.run(GROW);
    assert!(said.contains("fruix: activate: grow-root: ok\n"), "{said}");
    assert_eq!(machine.text("log"), first);
}

#[test]
fn growing_that_broke_off_is_taken_up_again() {
    let machine = machine_with_disk("1005563904");
    assert!(machine.run(GROW).0);
    assert_eq!(machine.text("log"), "growfs -y /dev/gpt/fruix-root\n");
}

#[test]
fn a_root_that_cannot_grow_does_not_end_the_boot() {
    let machine = machine_with_disk("316669952");
    machine.program("gpart", "exit 1");
    let (success, said) = machine.run(GROW);
    assert!(success, "{said}");
    assert!(said.contains("ok (not grown: gpart resize -i 2 vtbd0 failed)"), "{said}");
    machine.put("geom", "0 DISK vtbd0 1073741824 512 hd 16 sc 63");
    let (success, said) = machine.run(GROW);
    assert!(success && said.contains("is in no partition table"), "{said}");
}
