//! Systems for another machine. In the place of ssh is a script that runs the command here, on another root: what crosses
//! is real, and the network is not.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use super::place::{FRUIX, Place, Run};

/// A machine with a store of its own.
struct Target {
    place: Place,
}

impl Target {
    fn new() -> Self {
        let place = Place::new();
        let program = PathBuf::from(FRUIX);
        let script = format!(
            "#!/bin/sh\necho \"$*\" >>'{log}'\nwhile [ \"$1\" != -- ]; do shift; done\nshift 2\n\
             FRUIX_ROOT='{root}' PATH='{programs}':$PATH exec sh -c \"$*\"\n",
            log = place.file("ssh.log").display(),
            root = place.root().display(),
            programs = program.parent().unwrap().display(),
        );
        let ssh = place.file("bin/ssh");
        fs::create_dir(place.file("bin")).unwrap();
        fs::write(&ssh, script).unwrap();
        fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
        Self { place }
    }

    /// Reconfigures it from the builder at `from`.
    fn reconfigure(&self, from: &Place, config: &str, args: &[&str]) -> Run {
        self.run(from, &[&["reconfigure", config], args].concat())
    }

    /// Runs a verb of `fruix system` with it as its target.
    fn run(&self, from: &Place, args: &[&str]) -> Run {
        self.reached(from, &[&["system"], args, &["--target", "ssh://ada@there:2222"]].concat())
    }

    /// Asks from the builder at `from` where the system came from that it runs.
    fn provenance(&self, from: &Place, args: &[&str]) -> Run {
        self.reached(from, &[&["system", "provenance", "ssh://ada@there:2222"], args].concat())
    }

    /// Runs a command to which it is at the other end of ssh.
    fn reached(&self, from: &Place, args: &[&str]) -> Run {
        let mut command = from.fruix(args);
        let path = format!("{}:{}", self.place.file("bin").display(), std::env::var("PATH").unwrap());
        command.env("PATH", path).env("XDG_DATA_HOME", self.place.file("data"));
        Run::of(&mut command)
    }
}

#[test]
fn a_system_is_copied_and_made_current_elsewhere() {
    let (builder, system) = Place::shared();
    let target = Target::new();
    let config = builder.declaration("deployed", &[]);
    let first = target.reconfigure(builder, config.to_str().unwrap(), &[]);
    assert_eq!(&first.line(), system);
    let copied =
        first.stderr.matches("\ncopying ").count() + usize::from(first.stderr.starts_with("copying "));
    assert_eq!(copied, builder.requisites(system).len(), "{}", first.stderr);
    assert!(first.stderr.contains("generation 1 is the current one now"), "{}", first.stderr);
    assert_eq!(target.place.requisites(system), builder.requisites(system));
    assert!(target.place.run(&["store", "verify"]).stderr.contains("all as registered"));
    let calls = fs::read_to_string(target.place.file("ssh.log")).unwrap();
    let expected = [
        "-T -p 2222 -l ada -- there fruix daemon --stdio".to_owned(),
        format!(
            "-T -o ServerAliveInterval=5 -o ServerAliveCountMax=3 -p 2222 -l ada -- there fruix system reconfigure \
             {system} --json --confirm-within 60"
        ),
    ];
    assert_eq!(calls.lines().collect::<Vec<_>>(), expected);

    // By the path of what is built, of which the target has everything.
    let again = target.reconfigure(builder, system, &["--json"]);
    let said: serde_json::Value = serde_json::from_str(again.success()).unwrap();
    assert_eq!((&said["generation"], &said["new"]), (&1.into(), &false.into()));
    assert!(again.stderr.contains("copied 0 items, 0.0 MiB to ssh://ada@there:2222"), "{}", again.stderr);

    let other = builder.built("other-deployed", &[("(host-name \"tiny\")", "(host-name \"deployed\")")]);
    let second = target.reconfigure(builder, &other, &[]);
    assert!(second.stderr.contains("copied 1 item, "), "{}", second.stderr);
    assert!(second.stderr.contains("generation 2 is the current one now"), "{}", second.stderr);
    assert_eq!(target.place.run(&["system", "list-generations"]).success().lines().count(), 2);
}

/// Has the target's ssh break where a system is made current, as when the network goes away, and answer what is asked over
/// new connections by one line after the other; a line `-` is a connection that fails.
fn break_connection(target: &Target, answers: &[&str]) {
    let ssh = target.place.file("bin/ssh");
    fs::rename(&ssh, target.place.file("bin/real-ssh")).unwrap();
    fs::write(target.place.file("answers"), answers.join("\n") + "\n").unwrap();
    let script = format!(
        "#!/bin/sh\ncase $* in\n*'system reconfigure'*) exit 255 ;;\n*'system confirm'*)\n\
         echo \"$*\" >>'{asked}'\nanswer=$(head -1 '{answers}')\nsed -i 1d '{answers}'\n\
         [ \"$answer\" != - ] || exit 255\necho \"$answer\" ;;\n*) exec '{real}' \"$@\" ;;\nesac\n",
        asked = target.place.file("asked").display(),
        answers = target.place.file("answers").display(),
        real = target.place.file("bin/real-ssh").display(),
    );
    fs::write(&ssh, script).unwrap();
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What a target says of a switch.
fn state(system: &str, phase: &str) -> String {
    let from = "/frx/store/00000000000000000000000000000000-system-before";
    let why = if phase == "reverted" { ",\"why\":\"nobody connected anew within 60 seconds\"" } else { "" };
    format!("{{\"phase\":\"{phase}\",\"from\":\"{from}\",\"to\":\"{system}\"{why}}}")
}

#[test]
fn a_connection_that_breaks_is_made_anew_to_confirm() {
    let (builder, system) = Place::shared();
    let target = Target::new();
    break_connection(&target, &["-", &state(system, "switching"), &state(system, "done")]);
    let run = target.reconfigure(builder, system, &[]);
    assert_eq!(&run.line(), system);
    assert!(run.stderr.contains("the connection to ssh://ada@there:2222 broke"), "{}", run.stderr);
    assert!(run.stderr.contains("ssh://ada@there:2222 was reached over a new connection"), "{}", run.stderr);
    let asked = fs::read_to_string(target.place.file("asked")).unwrap();
    assert_eq!(asked.lines().count(), 3, "{asked}");
    assert!(asked.contains("-o ControlPath=none"), "a connection of its own: {asked}");
}

#[test]
fn what_became_of_a_target_that_went_back_is_told() {
    let (builder, system) = Place::shared();
    let target = Target::new();
    break_connection(&target, &["-", &state(system, "reverted")]);
    let run = target.reconfigure(builder, system, &[]);
    let message = "went back to the system before: nobody connected anew within 60 seconds";
    run.assert_fails(message, "it runs /frx/store/00000000000000000000000000000000-system-before again");
    fs::write(target.place.file("answers"), "{\"phase\":null}\n").unwrap();
    let run = target.reconfigure(builder, system, &[]);
    run.assert_fails("ssh://ada@there:2222 knows nothing of the switch", "fruix system describe");
    // Where nothing is to be switched, a broken connection is all there is to tell.
    let run = target.reconfigure(builder, system, &["--no-activate"]);
    run.assert_fails(
        "fruix on ssh://ada@there:2222 ended with exit status: 255",
        "what it says stands above",
    );
}

#[test]
fn a_target_that_cannot_be_reached_is_named() {
    let (builder, system) = Place::shared();
    let target = Target::new();
    fs::write(target.place.file("bin/ssh"), "#!/bin/sh\necho 'no route to host' >&2\nexit 255\n").unwrap();
    let run = target.reconfigure(builder, system, &[]);
    run.assert_fails("cannot reach fruix on ssh://ada@there:2222", "what ssh says stands above");
    assert!(run.stderr.starts_with("no route to host\n"), "{}", run.stderr);
    let run = target.reconfigure(builder, system, &["--target-program", "fruix; rm"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let none = "/frx/store/00000000000000000000000000000000-system-none";
    assert_ne!(target.reconfigure(builder, none, &[]).code, Some(0));
}

#[test]
fn the_status_of_another_machine_is_shown_as_it_tells_it() {
    let (builder, system) = Place::shared();
    builder.run(&["system", "status"]).assert_fails("no system of fruix runs on this machine", "ssh://HOST");
    let target = Target::new();
    let nothing = target.run(builder, &["status"]);
    nothing.assert_fails("fruix on ssh://ada@there:2222 ended with exit status: 1", "stands above");
    assert!(nothing.stderr.contains("no system of fruix runs"), "{}", nothing.stderr);

    let config = builder.declaration("status", &[]);
    target.reconfigure(builder, config.to_str().unwrap(), &[]).success();
    let run = target.place.root().join("run");
    fs::create_dir(&run).unwrap();
    symlink(system, run.join("current-system")).unwrap();
    let told = target.run(builder, &["status"]);
    assert_eq!(told.code, Some(1), "{}", told.stderr);
    for line in [
        "tiny: not all is well\n",
        "  runs        generation 1: tiny, FreeBSD tiny\n",
        "  base        1.0-RELEASE; world native, kernel native, boot native\n",
        "  activation  did not succeed\n",
        "  ready       not yet\n",
        "  which programs run: this is not the machine\n",
    ] {
        assert!(told.stdout.contains(line), "`{line}` in\n{}", told.stdout);
    }
    let json = target.run(builder, &["status", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["system"], &json["version"]), (&system.as_str().into(), &1.into()));
}

#[test]
fn another_machine_says_where_its_system_came_from() {
    let (builder, system) = Place::shared();
    let target = Target::new();
    target.reconfigure(builder, system, &[]).success();
    target.provenance(builder, &[]).assert_fails("ended with exit status: 1", "stands above");
    let run = target.place.root().join("run");
    fs::create_dir(&run).unwrap();
    symlink(system, run.join("current-system")).unwrap();

    let json = |run: Run| -> serde_json::Value { serde_json::from_str(run.success()).unwrap() };
    let said = json(target.provenance(builder, &["--format", "json"]));
    let own = json(target.place.run(&["system", "provenance", "--format", "json", system]));
    assert_eq!(said["system"], system.as_str());
    for field in ["system", "provenance", "items"] {
        assert_eq!(said[field], own[field], "{field}");
    }
    assert!(target.provenance(builder, &[]).success().contains("─ base "));
    let spdx = json(target.provenance(builder, &["--format", "spdx"]));
    assert_eq!(spdx["name"], system.rsplit('/').next().unwrap());
    let calls = fs::read_to_string(target.place.file("ssh.log")).unwrap();
    let last = "-p 2222 -l ada -- there fruix system provenance --format json /run/current-system";
    assert!(calls.lines().last().unwrap().ends_with(last), "{calls}");
    let there = target.provenance(builder, &["--target-program", "/nowhere/fruix"]);
    there.assert_fails("ended with exit status: 127", "stands above");
    target
        .provenance(builder, &["--public-key", "x:AAAA"])
        .assert_fails("only the records beside an image", "leave out");

    let answer = |script: &str| {
        fs::write(target.place.file("bin/ssh"), format!("#!/bin/sh\n{script}\n")).unwrap();
        target.provenance(builder, &[])
    };
    answer("echo Welcome.").assert_fails("cannot understand what fruix on", "the same version");
    let mut newer = said;
    newer["version"] = 9.into();
    fs::write(target.place.file("newer.json"), newer.to_string()).unwrap();
    let newer = answer(&format!("cat '{}'", target.place.file("newer.json").display()));
    newer.assert_fails("has version 9 of the form", "the same version");
}
