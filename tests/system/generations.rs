//! Generations: how they are made, listed, compared, switched and deleted.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::place::{Place, Run, TREE};

/// A place of its own for a profile, with the miniature system and another one built.
struct Machine {
    place: &'static Place,
}

impl Machine {
    fn run(&self, args: &[&str]) -> Run {
        let mut all = vec!["system"];
        all.extend(args);
        self.place.run(&all)
    }

    fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        serde_json::from_str(self.run(&all).success()).unwrap()
    }

    /// The numbers of all generations, and of the current one.
    fn generations(&self) -> (Vec<u64>, Option<u64>) {
        let all = self.json(&["list-generations"]);
        let number = |generation: &Value| generation["generation"].as_u64().unwrap();
        let all = all.as_array().unwrap();
        let current = all.iter().find(|generation| generation["current"] == true);
        (all.iter().map(number).collect(), current.map(number))
    }
}

/// A copy of the miniature tree that says it is this release.
pub fn tree_of_release(place: &Place, release: &str) -> String {
    let tree = place.file(&format!("tree-{release}")).to_str().unwrap().to_owned();
    assert!(Command::new("cp").args(["-R", TREE, &tree]).status().unwrap().success());
    let version = Path::new(&tree).join("bin/freebsd-version/freebsd-version.sh");
    let text = fs::read_to_string(&version).unwrap();
    assert!(text.contains("1.0-RELEASE"));
    fs::write(&version, text.replace("1.0-RELEASE", release)).unwrap();
    tree
}

#[test]
fn going_back_to_an_older_release_has_to_be_meant() {
    let place = Place::new();
    let newer = place.declaration("newer", &[]);
    let older = place.declaration("older", &[(TREE, &tree_of_release(&place, "1.0-RC2"))]);
    place.system("reconfigure", &newer, &[]).success();
    let refused = place.system("reconfigure", &older, &[]);
    refused.assert_fails("older than the current one: 1.0-RC2 after 1.0-RELEASE", "--allow-downgrades");
    assert_eq!(place.run(&["system", "list-generations"]).success().lines().count(), 1);
    place.system("reconfigure", &older, &["--allow-downgrades"]).success();
    place.system("reconfigure", &newer, &[]).success();
    assert_eq!(place.run(&["system", "list-generations"]).success().lines().count(), 3);
}

/// One story, since all of it is about one profile.
#[test]
fn a_system_is_reconfigured_compared_and_rolled_back() {
    let (place, system) = Place::shared();
    let machine = Machine { place };
    let first = place.declaration("generation-one", &[]);
    let second = place.declaration(
        "generation-two",
        &[
            ("(host-name \"tiny\")", "(host-name \"second\")"),
            ("(loader", "(users (list (user-account (name \"ada\") (uid 1001)))) (rc-conf '((\"a\" . \"b\"))) (loader"),
        ],
    );

    assert_eq!(machine.generations(), (vec![], None));
    assert!(machine.run(&["list-generations"]).stderr.contains("fruix system reconfigure CONFIG"));
    machine.run(&["roll-back"]).assert_fails("there is no generation -1", "there are none yet");
    machine.run(&["describe"]).assert_fails("there is no generation +0", "there are none yet");
    machine.run(&["install-loader"]).assert_fails("on the machine itself alone", "without --root");

    let planned = place.system("reconfigure", &first, &["--dry-run"]);
    assert_eq!((planned.success(), planned.stderr.as_str()), ("", "nothing to build\n"));
    assert_eq!(machine.generations(), (vec![], None), "a dry run does nothing");

    let made = place.system("reconfigure", &first, &["--json"]);
    let made: Value = serde_json::from_str(made.success()).unwrap();
    let expected = serde_json::json!({ "generation": 1, "new": true, "previous": null, "system": system });
    assert_eq!(made, expected);
    let again = place.system("reconfigure", &first, &[]);
    assert_eq!(&again.line(), system);
    assert!(again.stderr.contains("nothing changed: generation 1 is this system"), "{}", again.stderr);
    let other = place.system("reconfigure", &second, &[]);
    assert!(other.stderr.contains("generation 2 is the current one now"), "{}", other.stderr);
    assert_eq!(machine.generations(), (vec![1, 2], Some(2)));
    let list = machine.run(&["list-generations"]);
    let lines: Vec<_> = list.success().lines().collect();
    assert!(lines[0].starts_with("1  20") && lines[0].ends_with("  tiny, FreeBSD tiny"), "{lines:?}");
    assert!(
        lines[1].starts_with("2  20") && lines[1].ends_with("  second, FreeBSD tiny  (current)"),
        "{lines:?}"
    );

    differences(&machine);
    let description = machine.run(&["describe"]);
    assert!(description.success().starts_with("generation 2, the current one\n"), "{}", description.stdout);
    assert_eq!(machine.json(&["describe", "1"])["parameters"]["hostName"], "tiny");
    assert_eq!(machine.json(&["describe", "-1"])["system"], system.as_str());

    switching(&machine);
    trying(&machine, &second, system);
    deleting(&machine, system);
}

fn differences(machine: &Machine) {
    let table = machine.run(&["diff"]);
    for line in [
        "  ~  host-name ",
        "  +  rc.conf a ",
        "  +  user ada ",
        "  +  group ada ",
        "  ~  /etc/rc.conf",
        "  -  system-tiny ",
        "  +  system-second ",
    ] {
        assert!(table.success().contains(line), "`{line}` in\n{}", table.stdout);
    }
    assert!(!table.stdout.contains("freebsd-world"), "both have the same world\n{}", table.stdout);
    let difference = machine.json(&["diff", "2", "1"]);
    let change =
        difference["options"].as_array().unwrap().iter().find(|change| change["name"] == "host-name");
    assert_eq!(change, Some(&serde_json::json!({ "name": "host-name", "from": "second", "to": "tiny" })));
    let same = machine.run(&["diff", "2", "2"]);
    assert_eq!((same.success(), same.stderr.as_str()), ("", "both are the same system\n"));
    machine.run(&["diff", "7"]).assert_fails("there is no generation 7", "there are: 1, 2");
    machine.run(&["diff", "/nonexistent"]).assert_fails("`/nonexistent` does not exist", "store path");
}

fn switching(machine: &Machine) {
    let planned = machine.run(&["roll-back", "--dry-run"]);
    assert_eq!((planned.success(), planned.stderr.contains("would be the current one")), ("", true));
    assert_eq!(machine.generations().1, Some(2));
    assert!(machine.run(&["roll-back"]).stderr.contains("generation 1 is the current one now"));
    assert_eq!(machine.generations().1, Some(1));
    machine.run(&["roll-back"]).assert_fails("there is no generation -1", "there are: 1, 2");
    machine.run(&["switch-generation", "+2"]).assert_fails("there is no generation +2", "there are: 1, 2");
    machine.run(&["switch-generation", "9"]).assert_fails("there is no generation 9", "there are: 1, 2");
    assert_eq!(machine.generations().1, Some(1), "what fails changes nothing");
    assert_eq!(machine.json(&["switch-generation", "+1"])["previous"], 1);
    machine.run(&["switch-generation", "-1"]).success();
    assert!(machine.run(&["switch-generation", "1"]).stderr.contains("is the current one already"));
}

/// Generation 1, which is of `system`, is current; generation 2 is what `second` declares.
fn trying(machine: &Machine, second: &Path, system: &str) {
    let boot = machine.place.root().join("frx/var/fruix/boot");
    let attempt = || fs::read_to_string(boot.join("try")).ok();
    let index = fs::read_to_string(boot.join("generations")).unwrap();
    let lines: Vec<_> = index.lines().collect();
    assert_eq!(lines[0], "current\t1");
    assert!(
        lines[1].starts_with("1\t20") && lines[1].ends_with("-system-tiny\ttiny, FreeBSD tiny"),
        "{index}"
    );
    assert!(lines[2].contains("\tTINY\t") && lines[2].ends_with("second, FreeBSD tiny"), "{index}");

    let planned = machine.run(&["switch-generation", "2", "--try", "--dry-run"]);
    assert_eq!((planned.success(), planned.stderr.contains("would be tried")), ("", true));
    assert_eq!(attempt(), None);
    let tried = machine.run(&["switch-generation", "2", "--try"]);
    assert!(tried.success().ends_with("-system-second\n"), "{}", tried.stdout);
    assert!(tried.stderr.contains("the next boot tries generation 2"), "{}", tried.stderr);
    assert_eq!(attempt().as_deref(), Some("armed 2\n"));
    assert_eq!(machine.generations(), (vec![1, 2], Some(1)), "the current one stays that");
    assert!(machine.run(&["list-generations"]).success().ends_with("second, FreeBSD tiny  (next boot)\n"));
    fs::write(boot.join("try"), "spent 2\n").unwrap();
    assert!(machine.run(&["list-generations"]).success().ends_with("(tried, not ready)\n"));
    assert_eq!(machine.json(&["list-generations"])[1]["try"], "spent");

    let again = machine.place.system("reconfigure", second, &["--try", "--json"]);
    let again: Value = serde_json::from_str(again.success()).unwrap();
    assert_eq!(
        (&again["generation"], &again["new"], &again["try"]),
        (&2.into(), &false.into(), &true.into())
    );
    assert_eq!(attempt().as_deref(), Some("armed 2\n"));
    machine.run(&["switch-generation", "1"]).success();
    assert_eq!(attempt(), None, "to choose a generation ends the trial of another");
    let nothing = machine.run(&["switch-generation", "1", "--try"]);
    assert_eq!(nothing.line(), system);
    assert!(nothing.stderr.contains("nothing to try"), "{}", nothing.stderr);
    assert_eq!(attempt(), None);
}

fn deleting(machine: &Machine, system: &str) {
    machine
        .run(&["delete-generations", "1"])
        .assert_fails("generation 1 of `system` is the current one", "switch");
    machine.run(&["delete-generations", "1", "--dry-run"]).assert_fails("is the current one", "switch");
    let second = machine.json(&["describe", "2"])["system"].as_str().unwrap().to_owned();
    assert_eq!(machine.json(&["delete-generations", "old", "--dry-run"])["deleted"], serde_json::json!([2]));
    assert_eq!(machine.generations().0, [1, 2]);
    assert!(machine.run(&["delete-generations", "1.."]).stderr.contains("deleted generation 2"));
    assert_eq!(machine.generations(), (vec![1], Some(1)));
    let dead = machine.place.run(&["store", "gc", "--list-dead"]);
    assert!(dead.success().contains(&second), "{}", dead.stdout);
    assert!(!dead.stdout.contains(system), "the current generation keeps it\n{}", dead.stdout);
}
