//! What a hostile derivation tries, and does not get.

use std::{fs, os::unix::fs::symlink, path::PathBuf, process::Command};

use fruix::{
    content_address::Method,
    derivation::{Derivation, FixedOutput, Output},
    hash::Sha256,
    store_path::StorePath,
};

use super::{fixture::Fixture, support::disk::SmallDisk};

/// A script whose result is pinned, so that it is given the machine's network.
fn with_network(fixture: &Fixture, script: &str) -> Derivation {
    let mut derivation = fixture.script(&format!("{script}; echo done > $out"));
    let fixed = Some(FixedOutput { method: Method::Flat, digest: Sha256::of("done\n") });
    derivation.outputs.insert("out".to_owned(), Output { path: None, fixed });
    derivation
}

/// A symlink as a store item.
fn link_item(fixture: &Fixture, target: &str) -> StorePath {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("link");
    symlink(target, &link).unwrap();
    fixture.store.add_tree("link", &link).unwrap()
}

#[test]
fn its_variables_have_no_effect_outside_of_the_sandbox() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let mut derivation = fixture.script("echo $LD_DEBUG > $out");
    let trace = directory.path().join("trace").display().to_string();
    for (name, value) in [("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", &trace), ("LD_PRELOAD", "/no/such.so")] {
        derivation.env.insert(name.to_owned(), value.to_owned());
    }
    let out = fixture.build("variables", derivation).unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), "files\n");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "the machine's linker obeyed");
}

#[test]
fn what_is_no_input_is_not_mounted_by_being_named() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script("echo > $out");
    derivation.input_srcs.clear();
    let message = fixture.failure("tool-chain", derivation);
    assert!(message.contains("cannot run `/bin/sh`"), "{message}");

    let secret = fixture.store.add_text("secret", "secret", &Default::default()).unwrap();
    let mut derivation = fixture.script("ls -A /usr/src > $out");
    derivation.env.insert("source".to_owned(), secret.to_string());
    let out = fixture.build("source", derivation).unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), "");
}

#[test]
fn a_symlink_as_source_or_tool_chain_shows_nothing_of_the_machine() {
    let fixture = Fixture::new();
    for target in ["/etc", "/"] {
        let link = link_item(&fixture, target);
        let mut derivation = fixture.script("ls -A /usr/src > $out");
        derivation.env.insert("source".to_owned(), link.to_string());
        derivation.input_srcs.insert(link.clone());
        let out = fixture.build("source", derivation).unwrap();
        assert_eq!(fs::read_to_string(out).unwrap(), "", "{target}");

        let mut derivation = fixture.script("echo > $out");
        derivation.env.insert("toolchain".to_owned(), link.to_string());
        derivation.input_srcs = [link].into();
        let message = fixture.failure("tool-chain", derivation);
        assert!(message.contains("cannot run `/bin/sh`"), "{message}");
    }
}

#[test]
fn with_a_network_there_are_certificates_and_no_keys() {
    let fixture = Fixture::new();
    let script = "for name in $(ls -A /etc/ssl); do
            case $name in certs | cert.pem) ;; *) echo unexpected: $name; exit 1 ;; esac
        done
        test ! -e /etc/shadow";
    fixture.build("keys", with_network(&fixture, script)).unwrap();
}

/// Coreutils has few programs that try; the filter's own tests try the rest.
#[test]
fn there_is_no_way_to_privileged_files_devices_or_another_root() {
    let fixture = Fixture::new();
    let script = "cd /build; echo > su; umask 0
        for way in 'chmod 4755 su' 'chmod g+s su' 'install -m 6755 su other' 'mknod device c 1 3' 'chroot / true'; do
            if $way 2> /dev/null; then echo $way >> $out; fi
        done
        stat -c %a su >> $out";
    assert_eq!(fixture.text(script), "644\n");
}

#[test]
fn a_build_that_forks_without_end_ends_alone() {
    if nix::unistd::geteuid().is_root() && kernel_version() < (6, 14) {
        eprintln!("skipped: before Linux 6.14, root's processes cannot be counted by namespace");
        return;
    }
    let fixture = Fixture::new();
    let machine = fs::read_to_string("/proc/sys/kernel/pid_max").unwrap();
    let error = fixture.build("bomb", fixture.script("while :; do sleep 54321 & done")).unwrap_err();
    assert!(error.to_string().contains("Cannot fork"), "{error}");
    let processes = Command::new("pgrep").args(["-f", "sleep 54321"]).output().unwrap();
    assert!(processes.stdout.is_empty(), "{processes:?}");
    assert_eq!(
        fs::read_to_string("/proc/sys/kernel/pid_max").unwrap(),
        machine,
        "the limit is the build's alone"
    );
    fixture.text("echo on > $out");
}

fn kernel_version() -> (u32, u32) {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn a_build_that_fills_the_disk_ends_and_gives_it_back() {
    let place = tempfile::tempdir().unwrap();
    let disk = place.path().join("disk");
    let Some(_disk) = SmallDisk::at(&disk, "300m") else {
        eprintln!("skipped: this user may mount no file system");
        return;
    };
    let fixture = Fixture::at(tempfile::tempdir_in(disk).unwrap());
    // Slow enough to be seen before the disk is full.
    let script = "while head -c 200000 /dev/zero >> /build/x; do sleep 0.002; done";
    let error = fixture.build("filler", fixture.script(script)).unwrap_err();
    assert!(error.to_string().contains("nearly filled the disk"), "{error}");
    assert_eq!(fixture.leftovers(), Vec::<PathBuf>::new());
    fixture.text("echo on > $out");
}

#[test]
fn no_socket_of_the_machine_is_reached_by_an_abstract_name() {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixListener};

    let name = format!("fruix-test-{}", std::process::id());
    let _listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let here = fs::read_to_string("/proc/net/unix").unwrap();
    assert!(here.contains(&name), "the machine has it");
    let fixture = Fixture::new();
    assert!(!fixture.text("cat /proc/net/unix > $out").contains(&name));
}
