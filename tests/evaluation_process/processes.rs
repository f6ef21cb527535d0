//! The process of an evaluation never outlives its purpose, and its end is told.

use std::process::{Child, Output};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::fixture::Fixture;

const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is so.
fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = so() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Starts an evaluation without end, and gives it with its process.
fn endless(fixture: &Fixture) -> (Child, i32) {
    let text = "(define (f) (f)) (f)";
    let fruix =
        fixture.command(&["build", "--dry-run", "-e", text, "--eval-time-limit", "1000"]).spawn().unwrap();
    let process = until("a process that evaluates", || fixture.processes().first().copied());
    (fruix, process)
}

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

fn end(fixture: &Fixture, fruix: Child) -> (Output, String) {
    let output = fruix.wait_with_output().unwrap();
    assert!(fixture.is_quiet());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, message)
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let fixture = Fixture::new();
    let (fruix, _) = endless(&fixture);
    let start = Instant::now();
    send(fruix.id() as i32, Signal::SIGINT);
    let (output, message) = end(&fixture, fruix);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("evaluation was interrupted"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn it_dies_with_its_parent() {
    let fixture = Fixture::new();
    let (fruix, _) = endless(&fixture);
    send(fruix.id() as i32, Signal::SIGKILL);
    end(&fixture, fruix);
}

#[test]
fn its_death_is_told() {
    let fixture = Fixture::new();
    for (signal, name) in [(Signal::SIGKILL, "SIGKILL"), (Signal::SIGABRT, "SIGABRT")] {
        let (fruix, process) = endless(&fixture);
        send(process, signal);
        let (output, message) = end(&fixture, fruix);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(&format!("was ended by {name}")), "{message}");
    }
}

#[test]
fn nothing_but_the_parent_is_understood() {
    let fixture = Fixture::new();
    // Standard input is empty: a parent that has ended.
    assert!(fixture.run(&["__evaluate"]).status.success());
}
