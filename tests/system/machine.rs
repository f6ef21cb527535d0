//! Systems that boot under QEMU.

use super::place::Place;

/// The milestones of a boot, in order.
const MILESTONES: [&str; 4] = ["loader", "kernel", "init", "ready"];

#[test]
fn a_declaration_becomes_a_booted_machine() {
    let (place, _) = Place::shared();
    let declaration = place.declaration("machine", &[("(host-name \"tiny\")", "(host-name \"small\")")]);
    let run_dir = place.file("the run");
    let arguments = ["--json", "--tcg", "--disk-size", "1G", "--run-dir", run_dir.to_str().unwrap()];
    let run = place.system("vm", &declaration, &arguments);
    let result: serde_json::Value = serde_json::from_str(run.success()).unwrap();
    assert_eq!(result["outcome"], "ready");
    assert_eq!(result["hostName"], "small");
    let system = result["system"].as_str().unwrap();
    assert!(system.ends_with("-system-small"), "{system}");
    let times = MILESTONES.map(|milestone| result["times"][milestone].as_f64().expect(milestone));
    assert!(times.is_sorted() && times[0] > 0.0, "{times:?}");

    let kept = std::fs::read_to_string(run_dir.join("result.json")).unwrap();
    assert_eq!(kept, run.stdout);
    assert!(run_dir.join("serial.log").is_file());
    assert!(run.stderr.contains("ready"), "{}", run.stderr);
}

#[test]
fn a_panic_is_a_failure() {
    let (place, _) = Place::shared();
    let declaration = place.declaration("panic", &[("(kernconf \"TINY\")", "(kernconf \"PANIC\")")]);
    let run = place.system("vm", &declaration, &["--tcg"]);
    run.assert_fails("the machine did not get ready: the kernel panicked", "the console ends with");
    assert!(run.stderr.contains("panic"), "{}", run.stderr);
}

#[test]
fn a_system_that_never_gets_ready_is_given_up() {
    let (place, _) = Place::shared();
    let declaration = place.declaration("hang", &[("(kernconf \"TINY\")", "(kernconf \"HANG\")")]);
    let run_dir = place.file("the hanging run");
    let arguments = ["--tcg", "--timeout", "40", "--run-dir", run_dir.to_str().unwrap()];
    place
        .system("vm", &declaration, &arguments)
        .assert_fails("the machine did not get ready: the time limit passed", "result.json beside it");
    let result = std::fs::read_to_string(run_dir.join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result["outcome"], "timed-out");
    assert!(result["times"]["kernel"].is_number() && result["times"]["ready"].is_null(), "{result}");
}
