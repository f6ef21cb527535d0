//! What is built when, how often, and by whom.

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use fruix::build::Options;

use super::fixture::Fixture;

#[test]
fn what_is_valid_is_not_built_again() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("once", fixture.script("echo > $out"));
    assert_eq!(fixture.realise(&[&drv], &Fixture::options()).unwrap(), std::slice::from_ref(&drv));
    assert!(fixture.realise(&[&drv], &Fixture::options()).unwrap().is_empty());
    assert_eq!(fixture.started(), 1);
}

#[test]
fn independent_builds_run_at_the_same_time() {
    let fixture = Fixture::new();
    let script = |name| fixture.add(name, fixture.script("date +%s%N > $out; sleep 2; date +%s%N >> $out"));
    let builds = [script("one"), script("two")];
    fixture.realise(&[&builds[0].0, &builds[1].0], &Fixture::options()).unwrap();
    let [one, two] = builds.map(|(_, derivation)| {
        let times = fs::read_to_string(fixture.physical(&derivation, "out")).unwrap();
        times.lines().map(|line| line.parse().unwrap()).collect::<Vec<u64>>()
    });
    assert!(one[0] < two[1] && two[0] < one[1], "one after the other: {one:?} {two:?}");
}

#[test]
fn after_a_failure_only_what_does_not_need_it_goes_on() {
    let fixture = Fixture::new();
    let (bad, bad_derivation) = fixture.add("a-bad", fixture.script("exit 1"));
    let mut dependant = fixture.script("echo > $out");
    dependant.input_drvs.insert(bad.clone(), ["out".to_owned()].into());
    let out = bad_derivation.outputs["out"].path.as_ref().unwrap();
    dependant.env.insert("bad".to_owned(), out.to_string());
    let (dependant, dependant_derivation) = fixture.add("dependant", dependant);
    let (good, good_derivation) = fixture.add("good", fixture.script("echo > $out"));
    let options = Options { keep_going: true, ..Fixture::options() };
    fixture.realise(&[&dependant, &good], &options).unwrap_err();
    assert!(fixture.physical(&good_derivation, "out").exists());
    assert!(!fixture.physical(&dependant_derivation, "out").exists());
}

#[test]
fn several_processes_build_each_output_once() {
    let fixture = Fixture::new();
    let (drv, derivation) = fixture.add("shared", fixture.script("sleep 1; date +%N > $out"));
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = fixture.fruix(&["build", &drv.to_string()]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let outputs: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let mut builders = 0;
    for output in &outputs {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        assert_eq!(output.stdout, outputs[0].stdout);
        builders += usize::from(stderr.contains("built shared"));
    }
    assert_eq!(builders, 1);
    assert!(fixture.physical(&derivation, "out").exists());
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn the_time_of_the_last_build_is_the_estimate_of_the_next() {
    let fixture = Fixture::new();
    let (first, _) = fixture.add("timed", fixture.script("sleep 2; echo 1 > $out"));
    fixture.realise(&[&first], &Fixture::options()).unwrap();
    let (second, _) = fixture.add("timed", fixture.script("echo 2 > $out"));
    let output = fixture.fruix(&["build", &second.to_string()]).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("building timed (last time it took "), "{stderr}");
}

#[test]
fn a_dry_run_says_what_would_be_built_and_builds_nothing() {
    let fixture = Fixture::new();
    let (drv, derivation) = fixture.add("planned", fixture.script("echo > $out"));
    let dry = || fixture.fruix(&["build", "--dry-run", &drv.to_string()]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&dry().stdout), format!("{drv}\n"));
    assert!(!fixture.physical(&derivation, "out").exists());
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    assert!(dry().stdout.is_empty());
}

/// The identity of a tool chain is its contents: another copy of it, made elsewhere, has the same path.
#[test]
fn the_tool_chain_is_the_same_in_every_store() {
    let (one, two) = (Fixture::new(), Fixture::new());
    assert_eq!(one.toolchain, two.toolchain);
    let item = one.store.layout().physical(&one.toolchain);
    assert!(item.join("usr/src").is_dir() && item.join("usr/obj").is_dir());
    assert_eq!(fs::read_link(item.join("bin")).unwrap().to_str(), Some("usr/bin"));
    assert!(!item.join("usr/share/doc").exists());
    let manifest = fs::read_to_string(item.join("MANIFEST.json")).unwrap();
    assert!(manifest.contains("\"name\": \"libc6\""), "{manifest}");
    let started = Instant::now();
    let packages = ["dash", "coreutils"].map(str::to_owned);
    assert_eq!(fruix::build::toolchain::import(&one.store, &packages).unwrap(), one.toolchain);
    assert!(started.elapsed() < Duration::from_secs(5));
}
