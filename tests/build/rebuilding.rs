//! Building again, to see whether the same comes out.

use std::fs;
use std::process::Output;

use fruix::build::{BuildError, Cancellation, Options, Wanted, check};
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
    assert!(output.status.success() && output.stdout.is_empty(), "{stderr}");
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

#[test]
fn without_isolation_nothing_can_be_compared() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("plain", fixture.script("echo > $out"));
    let options = Options { isolated: false, ..Fixture::options() };
    let wanted = Wanted::from([(drv.clone(), ["out".to_owned()].into())]);
    let checked = check::check(&fixture.store, &wanted, None, &options, &fixture, &Cancellation::default());
    assert!(matches!(checked, Err(BuildError::CheckNeedsSandbox)));
    assert_eq!(fixture.started(), 0);
    let output = fixture.fruix(&["build", &drv.to_string(), "--check", "--no-sandbox"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
