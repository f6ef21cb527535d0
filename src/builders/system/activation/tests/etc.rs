//! Links and copies in `/etc`: of the system, and of the operator.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Machine, link};

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
