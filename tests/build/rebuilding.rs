//! Building again, to see whether the same comes out.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};

use fruix::build::{BuildError, Cancellation, Options, check};
use fruix::store_path::StorePath;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::fixture::Fixture;

/// Builds a script, and then once more with `--check` and further options.
fn checked(fixture: &Fixture, script: &str, more: &[&str]) -> (String, Output) {
    let (drv, derivation) = fixture.add("checked", fixture.script(script));
    let drv = drv.to_string();
    let output = fixture.fruix(&[&["build", &drv, "--check"], more].concat()).output().unwrap();
    (derivation.outputs["out"].path.as_ref().unwrap().to_string(), output)
}

/// Everything that the store says of itself: its items with their digests, and its facts.
fn state(fixture: &Fixture) -> Vec<(String, String)> {
    let layout = fixture.store.layout();
    let mut state = Vec::new();
    for entry in fs::read_dir(layout.facts_dir()).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        state.push((entry.file_name().into_string().unwrap(), text));
    }
    state.sort();
    state
}

#[test]
fn what_comes_out_the_same_is_said_to() {
    let fixture = Fixture::new();
    let script =
        "mkdir -p $out/bin; echo $out > $out/bin/x; chmod 755 $out/bin/x; ln -s bin/x $out/y; echo ran >&2";
    let (_, output) = checked(&fixture, script, &[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "checked: the same\n");
    assert!(stderr.ends_with("the same came out: 1 built again\n"), "{stderr}");
}

#[test]
fn what_differs_is_told_file_by_file_and_the_store_stays_as_it_is() {
    let fixture = Fixture::new();
    let kept = fixture.root.path().join("kept");
    let script = "mkdir $out; echo same > $out/same; printf 'built at %s' $(date +%s%N) > $out/stamp
        ln -s $(date +%s%N) $out/link; touch $out/name-$(date +%s%N)";
    let (path, first) = checked(&fixture, script, &["--json"]);
    assert_eq!(first.status.code(), Some(1));
    let before = state(&fixture);
    let item = fixture.store.layout().store_dir().join(path.trim_start_matches("/frx/store/"));
    let stamp = fs::read(item.join("stamp")).unwrap();

    let (path, again) = checked(&fixture, script, &["--json", "--keep-differing", kept.to_str().unwrap()]);
    let found: Value = serde_json::from_slice(&again.stdout).unwrap();
    let differing = &found["differing"][0];
    assert_eq!(differing["output"], path);
    let differences = differing["differences"].as_array().unwrap();
    let of = |what: &str| differences.iter().filter(|it| it["what"] == what).collect::<Vec<_>>();
    assert_eq!((of("onlyInFirst").len(), of("onlyInSecond").len(), of("target").len()), (1, 1, 1));
    assert_eq!(of("contents")[0]["path"], "stamp");
    assert!(of("contents")[0]["offset"].as_u64().unwrap() >= "built at ".len() as u64, "{found}");
    assert_eq!(differences.len(), 4, "{found}");

    let second = kept.join(path.trim_start_matches("/frx/store/"));
    assert_eq!(differing["kept"], json!(second));
    assert!(fs::read(second.join("stamp")).unwrap() != stamp);
    assert_eq!(fs::read(item.join("stamp")).unwrap(), stamp);
    assert_eq!(state(&fixture), before);
    assert!(fixture.leftovers().is_empty());

    // What is kept is not lost to the next check.
    let (_, third) = checked(&fixture, script, &["--keep-differing", kept.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&third.stderr).contains("there is something at"), "{third:?}");
}

/// A build that does something else with one processor, as which it is checked here.
fn fickle(fixture: &Fixture, name: &str, with_one: &str) -> StorePath {
    let script = format!("if [ $FRUIX_CORES = 1 ]; then {with_one}; fi; echo > $out");
    fixture.add(name, fixture.script(&script)).0
}

#[test]
fn after_a_failure_the_rest_is_checked_if_wanted() {
    let fixture = Fixture::new();
    let good = fickle(&fixture, "good", "true").to_string();
    let fails_again = fickle(&fixture, "fails-again", "exit 3").to_string();
    let never = fixture.add("never", fixture.script("exit 4")).0.to_string();
    assert!(
        fixture.fruix(&["build", &good, &fails_again, "--cores", "2"]).output().unwrap().status.success()
    );
    let check = ["build", &good, &fails_again, &never, "--check", "--cores", "1", "--keep-going"];
    let output = fixture.fruix(&check).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "good: the same\n");
    let stderr = String::from_utf8(output.stderr).unwrap();
    for part in ["2 builds failed", "exit status 3", "exit status 4"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    // What was compared is told as JSON, too.
    let output = fixture.fruix(&[&check[..], &["--json"]].concat()).output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found, json!({ "checked": [good], "differing": [] }));
    assert_eq!(output.status.code(), Some(1));
}

/// Hours of checking are not lost to one who stops it.
#[test]
fn what_was_compared_is_told_before_the_next_is_built() {
    let fixture = Fixture::new();
    let quick = fickle(&fixture, "quick", "true");
    // They are checked in the order of their paths.
    let slow = (0..)
        .map(|number| fickle(&fixture, &format!("slow-{number}"), "sleep 98765.9"))
        .find(|slow| *slow > quick)
        .unwrap();
    let drvs = [quick.to_string(), slow.to_string()];
    let [quick, slow] = drvs.each_ref().map(String::as_str);
    assert!(fixture.fruix(&["build", quick, slow, "--cores", "2"]).output().unwrap().status.success());
    let mut checking = fixture.fruix(&["build", quick, slow, "--check", "--cores", "1"]);
    let mut checking = checking.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut told = BufReader::new(checking.stdout.take().unwrap()).lines();
    assert_eq!(told.next().unwrap().unwrap(), "quick: the same");
    let id = Pid::from_raw(i32::try_from(checking.id()).unwrap());
    kill(id, Signal::SIGINT).unwrap();
    assert_eq!(checking.wait().unwrap().code(), Some(1));
    assert!(told.next().is_none());
}

/// Names in trees are bytes, and need not be text.
#[test]
fn names_that_are_no_text_are_told_as_well_as_can_be() {
    let fixture = Fixture::new();
    let script = "mkdir $out; date +%s%N > $out/$(printf 'a\\377b')";
    let (_, output) = checked(&fixture, script, &["--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["differing"][0]["differences"][0]["path"], "a\u{fffd}b");
}

#[test]
fn without_isolation_nothing_can_be_compared() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("plain", fixture.script("echo > $out"));
    let options = Options { isolated: false, ..Fixture::options() };
    let drvs = [drv.clone()].into();
    let checked = check::check(&fixture.store, &drvs, &options, &fixture, &Cancellation::default());
    assert!(matches!(checked, Err(BuildError::CheckNeedsSandbox)));
    assert_eq!(fixture.started(), 0);
    let output = fixture.fruix(&["build", &drv.to_string(), "--check", "--no-sandbox"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
