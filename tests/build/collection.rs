//! Garbage collection beside builds, and the links that keep what was built.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::thread;

use fruix::derivation::Derivation;
use fruix::store::Store;
use fruix::store_path::StorePath;

use crate::fixture::{FRUIX, Fixture};

fn fruix(fixture: &Fixture, args: &[&str]) -> Output {
    let mut command = Command::new(FRUIX);
    command.env_remove("FRUIX_ROOT").arg("--root").arg(fixture.root.path()).args(args);
    command.output().expect("runs")
}

fn succeeds(fixture: &Fixture, args: &[&str]) -> String {
    let output = fruix(fixture, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Ends the session of the fixture, so that it needs nothing any more.
fn let_go(fixture: &mut Fixture) {
    fixture.store = Store::open(fixture.store.layout().clone()).expect("opens");
}

#[test]
fn an_out_link_keeps_what_was_built_and_what_built_it() {
    let mut fixture = Fixture::new();
    // An item that no other test has: a process that another one started would keep it here too if it named it, as all
    // name the tool chain.
    let own = fixture.root.path().display().to_string();
    let own = fixture.store.add_text("own", &own, &BTreeSet::new()).expect("adds");
    let mut script = fixture.script("echo kept > $out");
    script.input_srcs.insert(own.clone());
    let (drv, derivation) = fixture.add("kept", script);
    let link = fixture.root.path().join("result");
    let built = succeeds(&fixture, &["build", &drv.to_string(), "--out-link", link.to_str().expect("text")]);
    let out = fixture.physical(&derivation, "out");
    assert_eq!(built.trim_end(), derivation.outputs["out"].path.as_ref().expect("a path").to_string());
    assert_eq!(link.canonicalize().expect("leads somewhere"), out.canonicalize().expect("is there"));
    let_go(&mut fixture);
    succeeds(&fixture, &["store", "gc"]);
    assert!(
        out.exists() && fixture.store.is_valid(&drv).expect("answers"),
        "keep-derivations is the default"
    );
    let why = succeeds(&fixture, &["store", "why-live", &own.to_string()]);
    assert!(
        why.contains(&format!("was made by {drv}")) && why.starts_with(link.to_str().expect("text")),
        "{why}"
    );

    succeeds(&fixture, &["--option", "keep-derivations", "false", "store", "gc"]);
    assert!(out.exists() && !fixture.store.is_valid(&drv).expect("answers"));
    std::fs::remove_file(&link).expect("remove");
    let output = fruix(&fixture, &["store", "gc"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains(&format!("leads to no item: {}", link.display())), "{stderr}");
    assert!(!out.exists());
}

/// A derivation that needs the one before it: a chain of so many.
fn chain(fixture: &Fixture, name: &str, length: usize) -> (StorePath, PathBuf) {
    let mut before: Option<(StorePath, Derivation)> = None;
    for number in 0..length {
        let mut script = "echo start > $out".to_owned();
        if let Some((_, derivation)) = &before {
            let input = derivation.outputs["out"].path.as_ref().expect("a path");
            script = format!("cat {input} > $out; echo {input} >> $out");
        }
        let mut derivation = fixture.script(&script);
        if let Some((drv, _)) = before {
            derivation.input_drvs.insert(drv, ["out".to_owned()].into());
        }
        before = Some(fixture.add(&format!("{name}-{number}"), derivation));
    }
    let (drv, derivation) = before.expect("at least one");
    (drv, fixture.physical(&derivation, "out"))
}

#[test]
fn builds_succeed_while_garbage_is_collected() {
    const ROUNDS: usize = 4;
    let fixture = Fixture::new();
    let chains: Vec<_> = ["a", "b", "c"].map(|name| chain(&fixture, name, 3)).into();
    thread::scope(|scope| {
        for (drv, out) in &chains {
            let fixture = &fixture;
            let link = fixture.root.path().join(format!("result-{}", drv.name()));
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    // Each time it is collected again, in the middle of others' builds.
                    succeeds(fixture, &["build", &drv.to_string(), "-o", link.to_str().expect("text")]);
                    assert!(out.exists(), "the link keeps it");
                    std::fs::remove_file(&link).expect("remove");
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..3 * ROUNDS {
                succeeds(&fixture, &["store", "gc"]);
            }
        });
    });
    succeeds(&fixture, &["store", "verify", "--check-contents"]);
    succeeds(&fixture, &["store", "gc"]);
    assert!(chains.iter().all(|(drv, out)| !out.exists() && fixture.store.is_valid(drv).expect("answers")));
}
