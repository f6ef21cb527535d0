//! A switch of the running machine: what of a boot it leaves out.

use std::fs;

use super::super::{SWITCH, ServiceStep, steps};
use super::{BASE, BASE_GROUPS, Machine};

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
    let (success, said) = machine.run_with(&[SWITCH], &steps(&[step]));
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
    let (success, said) = machine.run_with(&[SWITCH], &steps(&[]));
    assert!(!success && said.ends_with("\nfruix: activate: accounts: FAILED pwd_mkdb: no space\n"), "{said}");
    assert!(!machine.at("run/fruix-activated").exists());
}

#[test]
fn a_switch_locks_accounts_and_keeps_their_numbers() {
    let machine = whole_machine();
    machine.declare(&format!("{BASE}bob::team:::/home/bob:/bin/sh\n"), BASE_GROUPS);
    let switch = || {
        let (success, said) = machine.run_with(&[SWITCH], &steps(&[]));
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
