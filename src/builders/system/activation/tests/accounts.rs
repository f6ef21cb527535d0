//! Accounts: those that are declared, and those of the operator.

use std::os::unix::fs::PermissionsExt as _;
use std::{fs, process::Command};

use super::{BASE, BASE_GROUPS, Machine};

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
