//! The functions of the script, run by a POSIX shell over a machine that is a directory.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    process::Command,
};

use super::{ServiceStep, functions, steps};

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
fn a_first_activation_makes_accounts_without_passwords() {
    let machine =
        Machine::new(&format!("{BASE}ada:1001:0:::/home/ada:/bin/sh\nbob::team:::/:/bin/sh\n"), BASE_GROUPS);
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
    let machine = Machine::new(&format!("{BASE}bob::team:::/home/bob:/bin/sh\n"), BASE_GROUPS);
    machine.activate_accounts();
    let edited = machine.text("etc/master.passwd").replace("bob:*:", "bob:$6$hash:")
        + "eve:$6$eve:1500:1500::0:0::/home/eve:/bin/sh\n";
    machine.put("etc/master.passwd", &edited);
    machine.put("etc/group", "wheel:*:0:root,eve\nteam:*:1001:\neve:*:1500:\n");
    // `ann` takes a free number, not that of one who is there.
    machine
        .declare(&format!("{BASE}ann::team:::/:/bin/sh\nbob::team::Bob:/home/bob:/rescue/sh\n"), BASE_GROUPS);
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
    let machine = Machine::new(&with_bob, "wheel:0:root,bob\nteam::\n");
    machine.activate_accounts();
    machine.put("etc/master.passwd", &machine.text("etc/master.passwd").replace("bob:*:", "bob:$6$hash:"));
    machine.declare(BASE, BASE_GROUPS);
    for _ in 0..2 {
        machine.activate_accounts();
        assert!(machine.text("etc/master.passwd").contains("\nbob:*LOCKED*$6$hash:1001:1001:"));
        assert_eq!(machine.text("etc/group"), "wheel:*:0:root\nteam:*:1001:\n");
    }
    machine.declare(&with_bob, BASE_GROUPS);
    machine.activate_accounts();
    assert!(machine.text("etc/master.passwd").contains("\nbob:$6$hash:1001:1001:"));
}

#[test]
fn a_new_account_does_not_take_the_number_of_one_of_the_operators() {
    let machine = Machine::new(BASE, BASE_GROUPS);
    machine.activate_accounts();
    let eve = "eve:$6$eve:1500:0::0:0::/home/eve:/bin/sh\n";
    machine.put("etc/master.passwd", &(machine.text("etc/master.passwd") + eve));
    machine.declare(&format!("{BASE}ada:1500:0:::/home/ada:/bin/sh\n"), BASE_GROUPS);
    let (success, said) = machine.run("step accounts accounts");
    let why = "the account ada is declared with the uid 1500, which is that of eve on this machine";
    assert!(!success && said.contains(&format!("accounts: FAILED {why}\n")), "{said}");
    assert!(!machine.text("etc/master.passwd").contains("ada"));
    // What the declaration had once is its own: an account may be renamed.
    machine.put("frx/var/fruix/accounts", "root eve\n");
    machine.activate_accounts();
    assert!(machine.text("etc/master.passwd").ends_with(&format!("eve:*LOCKED*{}", &eve[4..])));
}

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

/// A machine whose every tool does what it can do on this one, and whose system has something for each step.
fn whole_machine() -> Machine {
    let machine = Machine::new(BASE, BASE_GROUPS);
    machine.program("tar", "exit 0");
    // Debian's knows no -h: that the last one is no directory to move into.
    machine.program("mv", "[ \"$1\" = -fh ] || exec /bin/mv \"$@\"\nexec /bin/mv -fT \"$2\" \"$3\"");
    for tool in ["mount", "fsck_ffs", "growfs", "sysctl", "gpart", "reboot"] {
        machine.program(tool, "echo \"${0##*/}\" >>\"${0%/*}/called\"");
    }
    machine.declare_etc("", "motd\n", "motd");
    machine.put("system/activation/etc-copies", "");
    machine.put("system/activation/steps/1-own", "echo mine");
    machine
}

#[test]
fn a_switch_leaves_out_what_only_a_boot_needs() {
    let machine = whole_machine();
    let step = ServiceStep { name: "own", path: "activation/steps/1-own".into(), script: "echo mine" };
    let (success, said) = machine.run_with(&[super::SWITCH], &steps(&[step]));
    let ended: Vec<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("fruix: activate: ")?.strip_suffix(": ok"))
        .collect();
    let expected = [
        "current-system",
        "state",
        "root-tree",
        "setuid-programs",
        "etc",
        "etc-copies",
        "accounts",
        "homes",
        "own",
        "finish",
    ];
    assert!(success, "{said}");
    assert_eq!(ended, expected, "{said}");
    assert!(said.contains("\nmine\n"), "{said}");
    let called = fs::read_to_string(machine.at("world/rescue/called"));
    assert!(called.is_err(), "no file system is touched: {called:?}");
    assert_eq!(fs::read_link(machine.at("run/current-system")).unwrap(), machine.at("system"));
    assert!(!machine.at("run/booted-system").is_symlink(), "what was booted stays");
}

#[test]
fn a_step_that_fails_in_a_switch_is_named_and_no_shell_is_spoken_of() {
    let machine = whole_machine();
    machine.program("pwd_mkdb", "echo 'pwd_mkdb: no space' >&2; exit 1");
    let (success, said) = machine.run_with(&[super::SWITCH], &steps(&[]));
    assert!(!success && said.ends_with("\nfruix: activate: accounts: FAILED pwd_mkdb: no space\n"), "{said}");
    assert!(!machine.at("run/fruix-activated").exists());
}

#[test]
fn a_switch_locks_accounts_and_keeps_their_numbers() {
    let machine = whole_machine();
    machine.declare(&format!("{BASE}bob::team:::/home/bob:/bin/sh\n"), BASE_GROUPS);
    let switch = || {
        let (success, said) = machine.run_with(&[super::SWITCH], &steps(&[]));
        assert!(success, "{said}");
        machine.text("etc/master.passwd")
    };
    assert!(switch().contains("\nbob:*:1001:1001:"));
    machine.put("etc/master.passwd", &machine.text("etc/master.passwd").replace("bob:*:", "bob:$6$hash:"));
    machine.declare(&format!("{BASE}ann::team:::/:/bin/sh\n"), BASE_GROUPS);
    let users = switch();
    assert!(users.contains("\nbob:*LOCKED*$6$hash:1001:") && users.contains("\nann:*:1002:"), "{users}");
    machine.declare(&format!("{BASE}bob::team:::/home/bob:/bin/sh\n"), BASE_GROUPS);
    let users = switch();
    assert!(users.contains("\nbob:$6$hash:1001:") && users.contains("\nann:*LOCKED**:1002:"), "{users}");
}

#[test]
fn home_directories_get_the_skeleton_once() {
    let machine = Machine::new("", "");
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

/// Where a link of the machine leads, as the machine sees it.
fn link(machine: &Machine, path: &str) -> String {
    let target = fs::read_link(machine.at(path)).unwrap().into_os_string().into_string().unwrap();
    target.replace(machine.directory.path().to_str().unwrap(), "")
}

/// Makes the links of /etc, and gives what was said.
fn activate_etc(machine: &Machine) -> String {
    let (success, said) = machine.run("step etc etc_links");
    assert!(success, "{said}");
    said
}

const ETC_OK: &str = "fruix: activate: etc: ok\n";

#[test]
fn etc_follows_the_system_and_keeps_what_the_operator_changed() {
    let machine = Machine::new("", "");
    machine.declare_etc("ssh\n", "rc\nrc.conf\nssh/moduli\n", "rc rc.conf ssh/moduli");
    machine.put("etc/rc.conf", "mine");
    let kept = "(changed by hand and kept in /frx/var/fruix/kept: etc/rc.conf)";
    assert_eq!(activate_etc(&machine), format!("fruix: activate: etc: ok {kept}\n"));
    assert_eq!(link(&machine, "etc/rc.conf"), "/run/current-system/etc/rc.conf");
    assert_eq!(link(&machine, "etc/ssh/moduli"), "/run/current-system/etc/ssh/moduli");
    assert_eq!(machine.text("frx/var/fruix/kept/etc/rc.conf"), "mine");
    assert_eq!(activate_etc(&machine), ETC_OK);

    machine.put("etc/ssh/ssh_host_ed25519_key", "secret");
    machine.put("etc/own", "the operator's");
    machine.declare_etc("", "rc.conf\n", "rc.conf");
    assert_eq!(activate_etc(&machine), ETC_OK);
    assert!(!machine.at("etc/rc").is_symlink() && !machine.at("etc/ssh/moduli").is_symlink());
    assert_eq!(machine.text("etc/ssh/ssh_host_ed25519_key"), "secret");
    assert_eq!(machine.text("etc/own"), "the operator's");
}

#[test]
fn a_directory_that_becomes_a_link_costs_neither_the_store_nor_the_machine_a_file() {
    let machine = Machine::new("", "");
    machine.declare_etc("ssh\n", "ssh/moduli\nssh/sshd_config\n", "ssh/moduli ssh/sshd_config");
    assert_eq!(activate_etc(&machine), ETC_OK);
    // With host keys in it, it stays a directory.
    machine.put("etc/ssh/ssh_host_ed25519_key", "secret");
    machine.declare_etc("", "ssh\n", "ssh/moduli ssh/authorized_keys.d/ada");
    for _ in 0..2 {
        assert_eq!(activate_etc(&machine), ETC_OK);
        assert_eq!(machine.text("etc/ssh/ssh_host_ed25519_key"), "secret");
        assert_eq!(machine.text("etc/ssh/moduli"), "ssh/moduli");
        assert_eq!(
            link(&machine, "etc/ssh/authorized_keys.d"),
            "/run/current-system/etc/ssh/authorized_keys.d"
        );
        assert!(!machine.at("etc/ssh/sshd_config").is_symlink());
    }
    // Without any, it is the link that the system wants, and what lies behind it is not the machine's.
    fs::remove_file(machine.at("etc/ssh/ssh_host_ed25519_key")).unwrap();
    machine.put("frx/var/fruix/etc-links", "ssh/moduli ssh/authorized_keys.d ssh\n");
    for _ in 0..2 {
        assert_eq!(activate_etc(&machine), ETC_OK);
        assert_eq!(link(&machine, "etc/ssh"), "/run/current-system/etc/ssh");
        assert_eq!(machine.text("system/etc/ssh/moduli"), "ssh/moduli");
        assert_eq!(machine.text("system/etc/ssh/authorized_keys.d/ada"), "ssh/authorized_keys.d/ada");
        machine.put("frx/var/fruix/etc-links", "ssh/moduli ssh/authorized_keys.d/ada ssh\n");
    }
}

#[test]
fn a_link_becomes_a_directory_with_all_above_it() {
    let machine = Machine::new("", "");
    machine.declare_etc("", "ssl\n", "ssl/certs/ca.pem ssl/openssl.cnf");
    assert_eq!(activate_etc(&machine), ETC_OK);
    assert_eq!(link(&machine, "etc/ssl"), "/run/current-system/etc/ssl");
    let links = "ssl/certs/ca.pem\nssl/openssl.cnf\n";
    machine.declare_etc("empty\nssl\nssl/certs\n", links, "ssl/certs/ca.pem ssl/openssl.cnf");
    assert_eq!(activate_etc(&machine), ETC_OK);
    for directory in ["etc/ssl", "etc/ssl/certs", "etc/empty"] {
        assert!(fs::symlink_metadata(machine.at(directory)).unwrap().is_dir(), "{directory}");
    }
    assert_eq!(link(&machine, "etc/ssl/certs/ca.pem"), "/run/current-system/etc/ssl/certs/ca.pem");
    assert_eq!(machine.text("system/etc/ssl/openssl.cnf"), "ssl/openssl.cnf");
}

#[test]
fn a_link_of_the_operators_is_kept_aside_and_one_in_no_ones_way_left() {
    let machine = Machine::new("", "");
    machine.declare_etc("", "motd\n", "motd");
    machine.put("own", "mine");
    symlink(machine.at("own"), machine.at("etc/motd")).unwrap();
    symlink("/nowhere", machine.at("etc/printcap")).unwrap();
    machine.put("frx/var/fruix/etc-links", "printcap\n");
    assert!(activate_etc(&machine).contains("kept: etc/motd)"));
    assert_eq!(machine.text("frx/var/fruix/kept/etc/motd"), "mine");
    assert_eq!(machine.text("etc/motd"), "motd");
    assert_eq!(link(&machine, "etc/printcap"), "/nowhere");
}

#[test]
fn fstab_is_that_of_the_system_whichever_generation_is_current() {
    let machine = Machine::new("", "");
    machine.declare_etc("", "fstab\n", "fstab");
    // An image has such a link, for the first boot.
    symlink("/frx/var/fruix/profiles/system/etc/fstab", machine.at("etc/fstab")).unwrap();
    assert_eq!(activate_etc(&machine), ETC_OK);
    assert_eq!(link(&machine, "etc/fstab"), "/run/current-system/etc/fstab");
}

#[test]
fn a_second_file_of_one_name_is_kept_beside_the_first() {
    let machine = Machine::new("", "");
    machine.declare_etc("", "rc.conf\n", "rc.conf");
    for _ in 0..2 {
        let _ = fs::remove_file(machine.at("etc/rc.conf"));
        machine.put("etc/rc.conf", "mine");
        activate_etc(&machine);
    }
    assert_eq!(machine.text("frx/var/fruix/kept/etc/rc.conf.1"), "mine");
}

#[test]
fn what_cannot_be_a_link_is_copied_and_kept_aside_when_changed() {
    let machine = Machine::new("", "");
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
    let machine = Machine::new("", "");
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

/// A machine whose `mount` lists these file systems, and notes what else it is asked; `fsck_ffs` exits so.
fn machine_with_mounts(mounts: &str, fsck_status: u8) -> Machine {
    let machine = Machine::new("", "");
    machine.put("mounts", &mounts.replace("/run", machine.at("run").to_str().unwrap()));
    let (mounts, log) = (machine.at("mounts"), machine.at("log"));
    machine.put("log", "");
    let list = format!("[ \"$1\" != -p ] || exec cat {}", mounts.display());
    machine.program("mount", &format!("{list}\necho mount \"$@\" >>{}", log.display()));
    for (program, status) in [("fsck_ffs", fsck_status), ("reboot", 0), ("sleep", 0)] {
        machine.program(program, &format!("echo {program} \"$@\" >>{}; exit {status}", log.display()));
    }
    machine
}

const ROOT: &str = "/dev/gpt/fruix-root\t/\tufs\tMODE\t1\t1\ndevfs\t/dev\tdevfs\trw\t0\t0\n";

#[test]
fn a_root_is_checked_while_it_is_read_only() {
    let check = |mode: &str, status| {
        let machine = machine_with_mounts(&ROOT.replace("MODE", mode), status);
        let (success, said) = machine.run("step check-root check_root");
        (success, said, machine.text("log"))
    };
    // An option that only looks like `rw`.
    let (success, said, log) = check("ro,noclusterw", 0);
    assert!(success && said == "fruix: activate: check-root: ok\n", "{said}");
    assert_eq!(log, "fsck_ffs -p /dev/gpt/fruix-root\n");
    let (success, said, log) = check("rw,noatime", 0);
    assert!(success && said.contains("ok (already writable)") && log.is_empty(), "{said}");

    let (success, said, _) = check("ro", 8);
    let why = "/dev/gpt/fruix-root needs repair by hand: fsck_ffs /dev/gpt/fruix-root";
    assert!(!success && said.contains(&format!("check-root: FAILED {why}\n")), "{said}");
    let (_, said, log) = check("ro", 4);
    assert!(said.contains("rebooting") && log.contains("reboot"), "{said}");
    let machine = machine_with_mounts("zroot/ROOT\t/\tzfs\tro\t0\t0\n", 8);
    assert!(machine.run("step check-root check_root").1.contains("ok (zfs: nothing to check)"));
}

#[test]
fn run_is_mounted_once_or_cleaned() {
    let machine = machine_with_mounts(ROOT, 0);
    assert!(machine.run("step run fresh_run").0);
    let run = machine.at("run");
    assert_eq!(machine.text("log"), format!("mount -t tmpfs -o mode=0755 tmpfs {}\n", run.display()));

    // An activation that is run again by hand finds it there.
    let machine = machine_with_mounts(&format!("{ROOT}tmpfs\t/run\ttmpfs\trw\t0\t0\n"), 0);
    machine.put("run/kept", "");
    let (success, said) =
        machine.run("step run fresh_run\nstep booted booted_system\nstep booted booted_system");
    assert!(success && said.contains("run: ok (mounted by an earlier try)"), "{said}");
    assert!(machine.at("run/kept").exists() && machine.text("log").is_empty());
    assert_eq!(link(&machine, "run/booted-system"), "/system");

    let machine = machine_with_mounts(ROOT, 0);
    machine.put("run/.old", "");
    machine.program("mount", "[ \"$1\" != -t ]");
    let (success, said) = machine.run("step run fresh_run");
    assert!(success && said.contains("run: ok (no tmpfs: a directory of the root file system)"), "{said}");
    assert!(!machine.at("run/.old").exists());
}

#[test]
fn a_root_that_stays_read_only_says_why() {
    let machine = Machine::new("", "");
    machine.program("mount", "echo 'mount: /dev/x: R/W mount denied' >&2; exit 1");
    let (success, said) = machine.run("step writable-root writable_root");
    let why = "the root cannot be made writable: mount: /dev/x: R/W mount denied";
    assert!(!success && said.contains(&format!("writable-root: FAILED {why}\n")), "{said}");
}

#[test]
fn the_root_is_filled_without_touching_what_is_there() {
    let machine = Machine::new("", "");
    machine.program("tar", &format!("echo \"$@\" >>{}", machine.at("log").display()));
    assert!(machine.run("step root-tree root_tree").0);
    let [data, root] = ["system/activation", ""].map(|path| machine.at(path).to_str().unwrap().to_owned());
    assert_eq!(
        machine.text("log"),
        format!(
            "-xpkf {data}/root.mtree -C {root}\n\
             --options mtree:checkfs -xp -k -C {root} -f {data}/copies.mtree\n"
        )
    );
    machine.program(
        "tar",
        "[ \"$1\" != --options ] || { echo 'tar: su: No space left on device' >&2; exit 1; }",
    );
    let (success, said) = machine.run("step root-tree root_tree");
    assert!(!success && said.contains("root-tree: FAILED tar: su: No space left on device\n"), "{said}");
}

#[test]
fn setuid_programs_are_made_anew_and_put_in_place_at_once() {
    let machine = Machine::new("", "");
    // Options of tar: --options … -xp -C DIRECTORY -f MANIFEST.
    machine.program("tar", "echo new >\"$5/su\"");
    machine.put("run/setuid-programs/gone", "");
    machine.put("run/setuid-programs.new/half", "");
    assert!(machine.run("step setuid-programs setuid_programs").0);
    let names = |path: &str| {
        let entries = fs::read_dir(machine.at(path)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names("run/setuid-programs"), ["su"]);
    assert!(
        !machine.at("run/setuid-programs.new").exists() && !machine.at("run/setuid-programs.old").exists()
    );
    // What fails leaves those of before.
    machine.program("tar", "exit 1");
    assert!(!machine.run("step setuid-programs setuid_programs").0);
    assert_eq!(names("run/setuid-programs"), ["su"]);
}
