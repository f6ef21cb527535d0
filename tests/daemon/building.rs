//! Builds for several users.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::MetadataExt,
    process::{Child, ChildStderr, Stdio},
    thread,
};

use fruix::{
    derivation::Derivation,
    store::{Layout, Store},
    store_path::StorePath,
};

use super::fixture::{ALICE, BOB, Daemon, SETTINGS, sleepers, stderr, wait_until};

/// A computed file with this text, as an expression.
fn expression(name: &str, text: &str) -> String {
    format!("(computed-file \"{name}\" #~(begin (log-line \"at work\") (write-file #$output \"{text}\")))")
}

/// A build that sleeps; what it sleeps tells its processes from others'.
fn sleeper(daemon: &Daemon, seconds: &str) -> (StorePath, Derivation) {
    let script = format!("sleep {seconds} & echo '@fruix phase asleep'; sleep {seconds}; echo > $out");
    daemon.script("sleeper", &script)
}

/// Starts to build, and waits until the client was told that the build is on its way.
fn start(daemon: &Daemon, user: u32, drv: &StorePath) -> (Child, std::io::Lines<BufReader<ChildStderr>>) {
    let mut child = daemon.fruix(user, &["build", &drv.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let seen = lines.by_ref().map(Result::unwrap).any(|line| line.contains("asleep"));
    assert!(seen, "the build does not start");
    (child, lines)
}

#[test]
fn a_declaration_is_built_as_it_would_be_without_the_daemon() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let text = expression("greeting", "hello");
    let elsewhere = tempfile::tempdir().unwrap();
    let direct = Store::open(Layout::new(elsewhere.path()).unwrap()).unwrap();
    let built = daemon.fruix(ALICE, &["build", "-e", &text]).output().unwrap();
    assert!(built.status.success(), "{}", stderr(&built));
    assert!(stderr(&built).contains("building greeting") && stderr(&built).contains("built greeting"));
    let path = String::from_utf8(built.stdout).unwrap().trim().to_owned();
    let own = std::process::Command::new(env!("CARGO_BIN_EXE_fruix"))
        .args(["--root", elsewhere.path().to_str().unwrap(), "build", "-e", &text])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(own.stdout).unwrap().trim(), path);
    let item = StorePath::from_absolute(&path).unwrap();
    let store = daemon.store();
    let (theirs, ours) = (direct.path_info(&item).unwrap(), store.path_info(&item).unwrap());
    assert_eq!((theirs.nar_hash, theirs.references), (ours.nar_hash, ours.references));
    assert_eq!(store.verify(&item).unwrap(), None);
    assert!(store.realisation(&item).unwrap().unwrap().sandboxed);
    let log = daemon.output(BOB, &["log", &path]);
    assert!(log.contains("at work") && log.contains("<expression>:1"), "{log}");
    assert!(daemon.output(BOB, &["derivation", "show", &path]).contains("builtin:computed"));
    // It is there: nothing is built, and a dry run says so.
    let again = daemon.fruix(BOB, &["build", "-e", &text]).output().unwrap();
    assert!(!stderr(&again).contains("building"), "{}", stderr(&again));
    assert_eq!(daemon.output(BOB, &["build", "--dry-run", "-e", &text]), "");
    fruix::util::fs::remove_tree(elsewhere.path()).unwrap();
}

#[test]
fn builders_are_nobody_and_each_another_one() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    // Both wait until both run.
    let script = |number| format!("cp /proc/self/uid_map $out; echo '@fruix phase asleep'; sleep 1.{number}");
    let maps: Vec<_> = thread::scope(|scope| {
        let builds = [(ALICE, 1), (BOB, 2)].map(|(user, number)| {
            let (drv, derivation) = daemon.script(&format!("who-{number}"), &script(number));
            let daemon = &daemon;
            scope.spawn(move || {
                daemon.output(user, &["build", &drv.to_string()]);
                fs::read_to_string(daemon.physical(&derivation)).unwrap()
            })
        });
        builds.into_iter().map(|build| build.join().unwrap()).collect()
    });
    let outside: Vec<u32> =
        maps.iter().map(|map| map.split_whitespace().nth(1).unwrap().parse().unwrap()).collect();
    assert!(
        outside.iter().all(|uid| ![0, ALICE, BOB].contains(uid)) && outside[0] != outside[1],
        "{outside:?}"
    );
    assert_eq!(daemon.leftovers(), 0);
}

#[test]
fn a_client_that_is_killed_takes_its_build_with_it() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, derivation) = sleeper(&daemon, "98764.1");
    let (mut client, _lines) = start(&daemon, ALICE, &drv);
    wait_until("the builder sleeps", || sleepers("98764.1") == 2);
    client.kill().unwrap();
    client.wait().unwrap();
    wait_until("the builder is gone", || sleepers("98764.1") == 0);
    wait_until("what it left is gone", || daemon.leftovers() == 0);
    assert!(!daemon.physical(&derivation).exists());
    // Nobody else notices.
    daemon.output(BOB, &["store", "add", "/etc/hostname"]);
}

#[test]
fn a_build_that_two_want_goes_on_when_one_goes() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let gate = daemon.root.path().join("gate");
    nix::unistd::mkfifo(&gate, nix::sys::stat::Mode::from_bits_truncate(0o666)).unwrap();
    let (drv, derivation) = daemon
        .script("shared", "echo '@fruix phase asleep'; sleep 98764.2 & sleep 3; date +%N > $out; kill $!");
    let (mut first, _lines) = start(&daemon, ALICE, &drv);
    let (mut second, lines) = start(&daemon, BOB, &drv);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(lines.map(Result::unwrap).any(|line| line.starts_with("built shared")));
    assert!(second.wait().unwrap().success());
    let record = daemon.store().realisation(derivation.outputs["out"].path.as_ref().unwrap()).unwrap();
    assert!(record.is_some());
    assert_eq!(sleepers("98764.2"), 0);
}

#[test]
fn ctrl_c_ends_a_build_through_the_daemon_too() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, _) = sleeper(&daemon, "98764.3");
    let (mut client, mut lines) = start(&daemon, ALICE, &drv);
    let id = nix::unistd::Pid::from_raw(i32::try_from(client.id()).unwrap());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).unwrap();
    assert!(lines.any(|line| line.unwrap().ends_with("interrupted")));
    assert_eq!(client.wait().unwrap().code(), Some(1));
    wait_until("the builder is gone", || sleepers("98764.3") == 0);
}

#[test]
fn what_fails_is_told_as_without_the_daemon() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, _) = daemon.script("fails", "echo some words; exit 3");
    let told = daemon.failure(ALICE, &["build", &drv.to_string()]);
    for part in ["exit status 3", "> some words", "fruix log", "failed fails"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let (drv, _) = daemon.script("nothing", "true");
    let told = daemon.failure(ALICE, &["build", &drv.to_string()]);
    assert!(told.contains("made no output `out`"), "{told}");
}

#[test]
fn what_was_built_is_built_again_and_compared_for_whoever_asks() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (steady, _) = daemon.script("steady", "echo > $out");
    let (fickle, derivation) = daemon.script("fickle", "mkdir $out; date +%s%N > $out/stamp");
    let check = |user, more: &[&str]| {
        let (steady, fickle) = (steady.to_string(), fickle.to_string());
        daemon.fruix(user, &[&["build", "--check", &steady, &fickle], more].concat()).output().unwrap()
    };
    let told = check(ALICE, &[]);
    assert_eq!(told.status.code(), Some(1), "{}", stderr(&told));
    let text = String::from_utf8(told.stdout).unwrap();
    let item = derivation.outputs["out"].path.as_ref().unwrap();
    for part in ["steady: the same\n", &format!("fickle: 1 file differs\n{item}\n  stamp differs from byte ")]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let found: serde_json::Value = serde_json::from_slice(&check(BOB, &["--json"]).stdout).unwrap();
    assert_eq!(found["checked"].as_array().unwrap().len(), 2);
    assert_eq!(found["differing"][0]["differences"][0]["path"], "stamp");
    assert_eq!(daemon.leftovers(), 0);
    assert_eq!(daemon.store().verify(item).unwrap(), None);
    // The files of another user are not handed over.
    let refused = check(ALICE, &["--keep-differing", "kept"]);
    assert!(stderr(&refused).contains("hands over nothing"), "{}", stderr(&refused));
}

#[test]
fn what_a_daemon_does_for_nobody_or_not_for_all_is_said() {
    let Some(daemon) = Daemon::start(&format!("trusted-users = {BOB}\n")) else { return };
    let (drv, _) = daemon.script("fails", "exit 3");
    let build = |user, option| daemon.failure(user, &["build", option, &drv.to_string()]);
    assert!(build(BOB, "--no-sandbox").contains("in a sandbox alone"));
    assert!(build(ALICE, "--keep-failed").contains("trusted"));
    assert!(build(BOB, "--keep-failed").contains("directory is kept"));
    let kept = daemon.layout().var_dir().join("failed");
    let kept = fs::read_dir(kept).unwrap().next().unwrap().unwrap();
    assert_eq!((kept.metadata().unwrap().uid(), kept.metadata().unwrap().mode() & 0o777), (0, 0o700));
}

/// Root can read what the user cannot: even its digest would be too much.
#[test]
fn no_file_of_the_machine_is_read_for_a_client() {
    let Some(daemon) = Daemon::start("") else { return };
    let digest = fruix::hash::Sha256::of("guess");
    let mut derivation = Derivation {
        system: "builtin".to_owned(),
        builder: "builtin:fetch".to_owned(),
        env: [("url", "file:///etc/shadow"), ("unpack", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        ..Derivation::default()
    };
    let fixed = fruix::derivation::FixedOutput { method: fruix::content_address::Method::Flat, digest };
    derivation.outputs.insert("out".to_owned(), fruix::derivation::Output { path: None, fixed: Some(fixed) });
    let (drv, _) = daemon.add("shadow", derivation);
    let told = daemon.failure(ALICE, &["build", &drv.to_string()]);
    assert!(told.contains("reads no files of its clients' choice"), "{told}");
    assert!(!told.contains("got:"), "{told}");
}

#[test]
fn twenty_clients_at_once_are_served_and_each_thing_is_built_once() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (shared, _) = daemon.script("wanted-by-all", "sleep 1; date +%s%N > $out");
    let outputs: Vec<String> = thread::scope(|scope| {
        let clients: Vec<_> = (0..20)
            .map(|number| {
                let (daemon, shared) = (&daemon, shared.to_string());
                scope.spawn(move || {
                    let user = if number % 2 == 0 { ALICE } else { BOB };
                    let text = expression("several", &(number / 4).to_string());
                    let own = daemon.output(user, &["build", "-e", &text]);
                    own + "\n" + &daemon.output(user, &["build", &shared])
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let distinct: std::collections::BTreeSet<_> = outputs.iter().flat_map(|output| output.lines()).collect();
    assert_eq!(distinct.len(), 5 + 1);
    assert_eq!(daemon.leftovers(), 0);
    let store = daemon.store();
    for item in store.all_registered().unwrap().0 {
        assert_eq!(store.verify(&item).unwrap(), None);
    }
}

#[test]
fn root_works_beside_its_daemon() {
    let Some(daemon) = Daemon::start(SETTINGS) else { return };
    let (drv, _) = daemon.script("contended", "echo '@fruix phase asleep'; sleep 1; date +%N > $out");
    let (mut client, _lines) = start(&daemon, ALICE, &drv);
    // Waits for the daemon's build, and builds nothing itself.
    let own = daemon.fruix(0, &["build", &drv.to_string()]).output();
    let own = own.unwrap();
    assert!(own.status.success(), "{}", stderr(&own));
    assert!(stderr(&own).contains("waiting for another process") && !stderr(&own).contains("building"));
    assert!(client.wait().unwrap().success());
}
