//! How a daemon ends, and what its clients see of it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
};

use nix::sys::signal::Signal;

use super::fixture::{ALICE, BOB, Daemon, SETTINGS, sleepers, wait_until};

#[test]
fn an_ordered_end_is_told_to_those_who_wait() {
    let Some(mut daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, derivation) =
        daemon.script("sleeper", "echo '@fruix phase asleep'; sleep 98763.1; echo > $out");
    let idle = daemon.connect();
    let mut client =
        daemon.fruix(ALICE, &["build", &drv.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(client.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("asleep")));
    daemon.send(Signal::SIGTERM);
    assert!(lines.any(|line| line.contains("the daemon ends")));
    assert!(!client.wait().unwrap().success());
    let (status, said) = daemon.wait();
    assert!(status.success() && said.contains("ended in order"), "{said}");
    assert_eq!(sleepers("98763.1"), 0);
    assert_eq!(daemon.leftovers(), 0);
    assert!(!daemon.socket().exists());
    assert_eq!(fs::read_dir(daemon.layout().sessions_dir()).unwrap().count(), 0);
    drop(idle);
    // Then there is no daemon, and the user cannot write here.
    assert!(daemon.failure(BOB, &["store", "add", "/etc/hostname"]).contains("ermission denied"));
    assert!(!daemon.physical(&derivation).exists());
}

#[test]
fn a_daemon_that_is_killed_leaves_no_builder_and_the_next_one_cleans_up() {
    let Some(mut daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, _) = daemon.script("sleeper", "echo '@fruix phase asleep'; sleep 98763.2; echo > $out");
    let mut client =
        daemon.fruix(ALICE, &["build", &drv.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(client.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("asleep")));
    daemon.send(Signal::SIGKILL);
    assert!(lines.any(|line| line.contains("broke off")));
    assert!(!client.wait().unwrap().success());
    daemon.wait();
    wait_until("the builder is gone", || sleepers("98763.2") == 0);
    assert!(daemon.socket().exists(), "nobody was there to remove it");
    assert_eq!(daemon.leftovers(), 1);
    daemon.restart();
    daemon.output(BOB, &["store", "add", "/etc/hostname"]);
    assert_eq!(daemon.leftovers(), 0);
    let (quick, derivation) = daemon.script("quick", "echo > $out");
    daemon.output(ALICE, &["build", &quick.to_string()]);
    assert!(daemon.physical(&derivation).exists());
}
