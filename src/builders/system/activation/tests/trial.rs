//! What a start does that the loader calls a trial.

use std::fs;

use super::Machine;

/// A machine whose loader tries generation 3, and whose programs for waiting and restarting only say that they ran.
fn tried() -> Machine {
    let machine = Machine::new("", "");
    fs::create_dir(machine.at("dev")).unwrap();
    machine.put("calls", "");
    let calls = machine.at("calls").to_str().unwrap().to_owned();
    machine.program("kenv", "[ \"$2\" = fruix.try ] && echo 3");
    for name in ["reboot", "sleep"] {
        machine.program(name, &format!("echo {name} \"$@\" >>'{calls}'"));
    }
    machine
}

#[test]
fn a_usual_start_is_not_guarded() {
    let machine = tried();
    machine.program("kenv", "exit 1");
    let (success, said) = machine.run("step trial guard_trial\nwait");
    assert!(success && said == "fruix: activate: trial: ok (this start is none)\n", "{said}");
    assert!(!machine.at("run/fruix-trial").exists());
    let (success, said) = machine.run("step one false");
    assert!(!success && said.contains("repair it in the shell"), "{said}");
    assert_eq!(machine.text("calls"), "");
}

#[test]
fn a_trial_that_takes_too_long_ends_with_a_restart() {
    let machine = tried();
    let (success, said) = machine.run("step trial guard_trial\nwait");
    assert!(success && said.ends_with("ok (generation 3 has 600 seconds to get ready)\n"), "{said}");
    assert_eq!(machine.text("calls"), "sleep 600\nreboot -q\n");
    assert!(
        machine.text("dev/console").contains("generation 3 was tried, and is not ready after 600 seconds")
    );
}

#[test]
fn a_trial_that_has_ended_well_is_left_alone() {
    let machine = tried();
    // As fruix_ready does, while the guard sleeps.
    machine.program("sleep", &format!("rm '{}'", machine.at("run/fruix-trial").display()));
    assert!(machine.run("step trial guard_trial\nwait").0);
    assert_eq!(machine.text("calls"), "");
}

#[test]
fn the_time_for_a_trial_can_be_declared() {
    let machine = tried();
    machine.program("kenv", "case $2 in fruix.try) echo 3 ;; fruix.try_timeout) echo 90 ;; esac");
    machine.run("step trial guard_trial\nwait");
    assert_eq!(machine.text("calls"), "sleep 90\nreboot -q\n");
}

#[test]
fn a_trial_whose_activation_fails_ends_with_a_restart() {
    let machine = tried();
    let (success, said) = machine.run("step one false");
    assert!(
        !success && said.contains("one: FAILED\nfruix: activate: generation 3 was tried: restarting\n"),
        "{said}"
    );
    assert!(machine.text("calls").starts_with("reboot -q\n"));
}
