//! Systems for another machine. In the place of ssh is a script that runs the command here, on another root: what crosses
//! is real, and the network is not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
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
        let mut all = vec!["system", "reconfigure", config, "--target", "ssh://ada@there:2222"];
        all.extend(args);
        let mut command = from.fruix(&all);
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
    let reconfigure = format!("fruix system reconfigure {system}");
    let expected: Vec<String> = ["fruix daemon --stdio", reconfigure.as_str()]
        .map(|command| format!("-T -p 2222 -l ada -- there {command}"))
        .into();
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
