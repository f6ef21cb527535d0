//! What a user sees of a build that fails, and what stays of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Output,
};

use super::fixture::Fixture;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn stderr(output: &Output) -> String {
    text(&output.stderr)
}

#[test]
fn the_end_of_the_log_is_shown_and_nothing_is_registered() {
    let fixture = Fixture::new();
    let script = "i=0; while [ $i -lt 60 ]; do echo line $i; i=$((i+1)); done; echo half > $out; exit 7";
    let (drv, derivation) = fixture.add("broken", fixture.script(script));
    let output = fixture.fruix(&["build", &drv.to_string()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = stderr(&output);
    for expected in ["exit status 7", "line 59", "line 40", "fruix log", "broken.drv.zst"] {
        assert!(message.contains(expected), "no `{expected}` in {message}");
    }
    assert!(!message.contains("line 30\n"), "{message}");
    assert!(!fixture.physical(&derivation, "out").exists());
    assert!(!fixture.store.is_valid(derivation.outputs["out"].path.as_ref().unwrap()).unwrap());
    assert!(fixture.leftovers().is_empty());

    let log = fixture.fruix(&["log", &drv.to_string()]).output().unwrap();
    assert!(text(&log.stdout).starts_with("line 0\nline 1\n") && text(&log.stdout).ends_with("line 59\n"));
}

#[test]
fn the_log_of_an_output_is_that_of_its_derivation() {
    let fixture = Fixture::new();
    let script = "echo '@fruix phase greet'; echo hello; echo error >&2; echo > $out";
    let (drv, derivation) = fixture.add("noisy", fixture.script(script));
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    assert_eq!(fixture.phases(), ["greet"]);
    let out = derivation.outputs["out"].path.as_ref().unwrap().to_string();
    let log = fixture.fruix(&["log", &out]).output().unwrap();
    assert_eq!(text(&log.stdout), "@fruix phase greet\nhello\nerror\n");
    let log = fixture.fruix(&["log", &fixture.toolchain.to_string()]).output().unwrap();
    assert!(!log.status.success() && stderr(&log).contains("was not built"), "{}", stderr(&log));
}

#[test]
fn the_directory_of_a_failed_build_can_be_kept() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("kept", fixture.script("echo evidence > /build/clue; exit 1"));
    let output = fixture.fruix(&["build", "--keep-failed", &drv.to_string()]).output().unwrap();
    let message = stderr(&output);
    let path = message.lines().find_map(|line| line.split_once("is kept: ")).unwrap().1;
    let clue = std::path::Path::new(path).join("build/clue");
    assert_eq!(std::fs::read_to_string(clue).unwrap(), "evidence\n");
}

/// The directory for them may lie on another file system than the store.
#[test]
fn what_is_kept_is_copied_where_it_cannot_be_moved_and_the_failure_is_told_in_any_case() {
    let fixture = Fixture::new();
    let elsewhere = tempfile::tempdir_in("/dev/shm").unwrap();
    let failed = fixture.store.layout().var_dir().join("failed");
    std::os::unix::fs::symlink(elsewhere.path(), &failed).unwrap();
    let (drv, _) = fixture.add("kept", fixture.script("echo evidence > /build/clue; exit 7"));
    let build = || {
        let output = fixture.fruix(&["build", "--keep-failed", &drv.to_string()]).output().unwrap();
        let message = stderr(&output);
        assert!(message.contains("exit status 7"), "{message}");
        message
    };
    build();
    let clue = elsewhere.path().join(drv.base_name().trim_end_matches(".drv")).join("build/clue");
    assert_eq!(std::fs::read_to_string(clue).unwrap(), "evidence\n");

    std::fs::remove_file(&failed).unwrap();
    std::fs::write(&failed, "in the way").unwrap();
    assert!(build().contains("warning: the build's directory is not kept"));
}

#[test]
fn a_signal_and_a_missing_program_are_named() {
    let fixture = Fixture::new();
    let message = fixture.failure("killed", fixture.script("kill -9 $$"));
    assert!(message.contains("signal 9 (SIGKILL)"), "{message}");
    // Real-time signals have no names.
    let message = fixture.failure("killed", fixture.script("kill -40 $$"));
    assert!(message.contains("signal 40"), "{message}");
    let mut derivation = fixture.script("");
    derivation.builder = "/no/such/program".to_owned();
    let message = fixture.failure("absent", derivation);
    assert!(message.contains("cannot run `/no/such/program`"), "{message}");
}

#[test]
fn builders_and_machines_that_are_not_here_are_refused() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script("");
    derivation.builder = "builtin:teleport".to_owned();
    derivation.args.clear();
    let message = fixture.failure("teleported", derivation);
    assert!(message.contains("there is no builder `teleport`"), "{message}");
    let mut derivation = fixture.script("");
    derivation.system = "m68k-amiga".to_owned();
    // Found before its inputs are built.
    let (input, input_derivation) = fixture.add("input", fixture.script("echo > $out"));
    derivation.input_drvs.insert(input, ["out".to_owned()].into());
    let started = fixture.started();
    let message = fixture.failure("foreign", derivation);
    assert!(message.contains("m68k-amiga"), "{message}");
    assert_eq!(fixture.started(), started);
    assert!(!fixture.physical(&input_derivation, "out").exists());
}

#[test]
fn what_was_deleted_is_built_again_wherever_it_is_needed() {
    let fixture = Fixture::new();
    let (input, declared) = fixture.add("input", fixture.script("echo input > $out"));
    let input_path = declared.outputs["out"].path.clone().unwrap();
    let mut user = fixture.script(&format!("echo {input_path} > $out"));
    user.input_drvs.insert(input, BTreeSet::from(["out".to_owned()]));
    let (user, declared_user) = fixture.add("user", user);
    let options = Fixture::options();
    assert_eq!(fixture.realise(&[&user], &options).unwrap().len(), 2);
    let places = [fixture.physical(&declared, "out"), fixture.physical(&declared_user, "out")];
    for lost in &places {
        fruix::util::fs::remove_tree(lost).unwrap();
        assert_eq!(fixture.realise(&[&user], &options).unwrap().len(), 1, "only what is gone");
        assert!(places.iter().all(|place| place.exists()));
    }
    // A derivation that is gone is no derivation that is damaged.
    fs::remove_file(fixture.store.layout().physical(&user)).unwrap();
    let error = fixture.store.derivation(&user).unwrap_err();
    assert!(error.to_string().ends_with("is registered, but nothing is there"), "{error}");
}

#[test]
fn packages_that_are_not_installed_are_named_with_the_command() {
    let fixture = Fixture::new();
    let packages = ["dash", "no-such-package"].map(str::to_owned);
    let error = fruix::build::toolchain::import(&fixture.store, &packages).unwrap_err();
    assert!(error.to_string().contains("no-such-package"));
    assert!(miette::Diagnostic::help(&error).unwrap().to_string().contains("apt-get install"));
}

#[test]
fn a_build_without_isolation_needs_the_real_root() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("open", fixture.script("echo > $out"));
    let output = fixture.fruix(&["build", "--no-sandbox", &drv.to_string()]).output().unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("--root"), "{}", stderr(&output));
}

#[test]
fn large_variables_reach_a_builtin_builder() {
    let fixture = Fixture::new();
    let mut derivation = fixture.script("");
    let text = "x".repeat(1 << 20);
    derivation.builder = "builtin:text".to_owned();
    derivation.system = "builtin".to_owned();
    derivation.args.clear();
    derivation.env = BTreeMap::from([("text".to_owned(), text.clone())]);
    let out = fixture.build("large", derivation).unwrap();
    assert!(std::fs::read_to_string(out).unwrap() == text);
}
