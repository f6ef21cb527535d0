//! Runs that are stopped in the middle, and the same command again.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Stdio,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::place::{OWN_KERNEL, Place};

/// Begins to build a system, sends a signal when the build of a part is in a phase, and gives all that was said.
fn stop(place: &Place, declaration: &Path, part: &str, phase: &str, signal: Signal) -> String {
    let mut command = place.fruix(&["system", "build"]);
    let mut child = command.arg(declaration).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.lines().any(|line| line.starts_with(&format!("{part}: {phase}"))) {
        assert!(stderr.read_line(&mut said).unwrap() > 0, "{part} does not come to {phase}:\n{said}");
    }
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success());
    said
}

fn assert_sound(place: &Place) {
    assert_eq!(place.run(&["store", "verify", "--check-contents"]).success(), "");
    let names = fs::read_dir(place.root().join("frx/store")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with('.')).count(), 0);
}

/// One test, so that the tool chain is imported once for it all; in a root of its own, where no other process
/// cleans up before.
#[test]
fn after_an_interruption_the_same_command_works() {
    let place = Place::new();
    let declaration = place.declaration("tiny", &[]);
    stop(&place, &declaration, "freebsd-world", "buildworld", Signal::SIGKILL);
    let again = place.system("build", &declaration, &[]);
    let system = again.line();
    assert!(
        again.stderr.contains("removed 1 unfinished item that an interrupted run left"),
        "{}",
        again.stderr
    );
    assert!(again.stderr.contains("built freebsd-world"), "{}", again.stderr);
    assert_sound(&place);

    let own = place.declaration("own", &[OWN_KERNEL]);
    let said = stop(&place, &own, "freebsd-kernel", "buildkernel", Signal::SIGINT);
    assert!(said.contains("interrupted"), "{said}");
    assert_sound(&place);
    let again = place.system("build", &own, &[]);
    assert_ne!(again.line(), system);
    assert!(!again.stderr.contains("freebsd-world"), "{}", again.stderr);
    assert!(!again.stderr.contains("unfinished"), "{}", again.stderr);

    tampering_is_found(&place, &system);
}

fn tampering_is_found(place: &Place, system: &str) {
    let file = place.physical(system).join("boot/loader.conf");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&file, "autoboot_delay=\"-1\"\n").unwrap();
    let verified = place.run(&["store", "verify", "--check-contents"]);
    assert_eq!((verified.code, verified.stdout), (Some(1), format!("modified {system}\n")));
}
