//! Builds that are stopped in the middle.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use fruix::{derivation::Derivation, store_path::StorePath};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::fixture::Fixture;

/// A build that sleeps; what it sleeps tells its processes from others'.
fn sleeper(fixture: &Fixture, seconds: &str) -> (StorePath, Derivation) {
    let script = format!("sleep {seconds} & echo '@fruix phase asleep'; sleep {seconds}; echo > $out");
    fixture.add("sleeper", fixture.script(&script))
}

/// Starts the build and waits until its builder runs.
fn start(fixture: &Fixture, drv: &StorePath) -> Child {
    wait_for_start(&mut fixture.fruix(&["build", &drv.to_string()]))
}

fn wait_for_start(command: &mut Command) -> Child {
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line.contains("asleep")), "the build does not start");
    child
}

fn processes(seconds: &str) -> usize {
    let is_sleep = |path: std::path::PathBuf| {
        fs::read(path.join("cmdline")).is_ok_and(|line| line == format!("sleep\0{seconds}\0").as_bytes())
    };
    fs::read_dir("/proc").unwrap().filter(|entry| is_sleep(entry.as_ref().unwrap().path())).count()
}

fn wait_until_gone(seconds: &str) {
    wait_for(seconds, 0);
}

/// The builder says that it sleeps before the last of its processes does, and the kernel takes time to end them.
fn wait_for(seconds: &str, number: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while processes(seconds) != number {
        assert!(Instant::now() < deadline, "{} processes sleep, not {number}", processes(seconds));
        thread::sleep(Duration::from_millis(20));
    }
}

fn send(child: &Child, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
}

#[test]
fn ctrl_c_ends_the_build_and_cleans_up() {
    let fixture = Fixture::new();
    let (drv, derivation) = sleeper(&fixture, "98765.1");
    let mut child = start(&fixture, &drv);
    wait_for("98765.1", 2);
    send(&child, Signal::SIGINT);
    assert!(!child.wait().unwrap().success());
    wait_until_gone("98765.1");
    assert!(fixture.leftovers().is_empty());
    assert!(!fixture.physical(&derivation, "out").exists());
}

#[test]
fn nothing_survives_the_death_of_fruix_and_the_next_run_cleans_up() {
    let fixture = Fixture::new();
    let (drv, _) = sleeper(&fixture, "98765.2");
    let mut child = start(&fixture, &drv);
    send(&child, Signal::SIGKILL);
    child.wait().unwrap();
    wait_until_gone("98765.2");
    assert_eq!(fixture.leftovers().len(), 1);

    let (other, derivation) = fixture.add("other", fixture.script("echo > $out"));
    let output = fixture.fruix(&["build", &other.to_string()]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("interrupted run left"), "{stderr}");
    assert!(fixture.leftovers().is_empty());
    assert!(fixture.physical(&derivation, "out").exists());
}

#[test]
fn ctrl_c_ends_a_build_that_waits_for_another() {
    let fixture = Fixture::new();
    let (drv, derivation) = fixture.add("awaited", fixture.script("echo > $out"));
    let out = derivation.outputs["out"].path.clone().unwrap();
    let _held = fixture.store.lock_path(&out, &|| false).unwrap();
    let mut child = fixture.fruix(&["build", &drv.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("waiting for another process")), "it does not wait");
    send(&child, Signal::SIGTERM);
    assert!(lines.any(|line| line.ends_with("interrupted")), "it ends, and says why");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// What the builder leaves running would otherwise write to the outputs while they are checked.
#[test]
fn what_a_builder_leaves_running_ends_with_it() {
    let fixture = Fixture::new();
    fixture.build("daemon", fixture.script("(sleep 98765.3 > /dev/null 2>&1 &) ; echo > $out")).unwrap();
    assert_eq!(processes("98765.3"), 0);
}

#[test]
fn without_a_sandbox_the_builders_processes_end_with_fruix_too() {
    for (signal, seconds) in [(Signal::SIGKILL, "98765.4"), (Signal::SIGINT, "98765.5")] {
        let fixture = Fixture::new();
        let (drv, _) = sleeper(&fixture, seconds);
        let mut command = fixture.fruix_at_the_top(&["build", "--no-sandbox", &drv.to_string()]);
        let mut child = wait_for_start(&mut command);
        wait_for(seconds, 2);
        send(&child, signal);
        child.wait().unwrap();
        wait_until_gone(seconds);
    }
}

#[test]
fn the_log_of_a_build_can_be_read_while_it_runs_and_after_it_was_killed() {
    let fixture = Fixture::new();
    let (drv, _) = sleeper(&fixture, "98765.6");
    let read = || {
        let output = fixture.fruix(&["log", &drv.to_string()]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "@fruix phase asleep\n");
        assert!(output.status.success());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("the log goes no further"), "{stderr}");
    };
    let mut child = start(&fixture, &drv);
    read();
    send(&child, Signal::SIGKILL);
    child.wait().unwrap();
    read();
    wait_until_gone("98765.6");
}
