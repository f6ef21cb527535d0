//! Clients that lie, flood, break off or say nothing.

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    time::Duration,
};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::fixture::{ALICE, BOB, Daemon, wait_until};

/// What a client of this program says first.
const GREETING: &[u8] = b"fruix-daemon\x02\0\x03\0";

/// A message with this text.
fn message(json: &str) -> Vec<u8> {
    let length = u32::try_from(json.len()).unwrap();
    [&length.to_le_bytes(), json.as_bytes()].concat()
}

/// Some of what a client may ask, as it is sent.
fn requests() -> Vec<Vec<u8>> {
    let drv = format!("/frx/store/{}-x.drv", "a".repeat(32));
    let choices = "{\"max_jobs\":1,\"cores\":1,\"keep_failed\":false,\"keep_going\":false,\"isolated\":true,\"notes\":{}}";
    [
        "{\"Valid\":{\"items\":[]}}".to_owned(),
        format!("{{\"Valid\":{{\"items\":[\"{drv}\"]}}}}"),
        format!("{{\"Info\":{{\"item\":\"{drv}\"}}}}"),
        format!("{{\"Closure\":{{\"items\":[\"{drv}\"]}}}}"),
        "{\"AddTree\":{\"name\":\"tree\"}}".to_owned(),
        "{\"AddTexts\":{\"texts\":[{\"name\":\"x\",\"contents\":\"\",\"references\":[]}]}}".to_owned(),
        format!("{{\"WhyLive\":{{\"item\":\"{drv}\"}}}}"),
        format!("{{\"Delete\":{{\"items\":[\"{drv}\"]}}}}"),
        "{\"Dead\":{\"without\":[\"/a\"]}}".to_owned(),
        "{\"Examine\":{\"examination\":{\"items\":null,\"contents\":true,\"repair\":false}}}".to_owned(),
        format!("{{\"Realise\":{{\"wanted\":{{\"{drv}\":[\"out\"]}},\"choices\":{choices}}}}}"),
        format!("{{\"Check\":{{\"drvs\":[\"{drv}\"],\"choices\":{choices}}}}}"),
        "\"Cancel\"".to_owned(),
    ]
    .map(|json| message(&json))
    .into()
}

/// Says something, and listens until the daemon has said all it has to. It may have gone before the end.
fn say(daemon: &Daemon, parts: &[&[u8]]) -> Vec<u8> {
    let mut stream = daemon.connect();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    for part in parts {
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// The daemon serves others as if nothing were.
fn serves(daemon: &Daemon) {
    daemon.output(BOB, &["store", "add", "/etc/hostname"]);
    assert_eq!(daemon.leftovers(), 0);
}

/// Of the daemon's memory, what it has of its own.
fn memory(daemon: &Daemon) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
fn no_bytes_harm_the_daemon() {
    let Some(daemon) = Daemon::start("") else { return };
    let cases = std::env::var("FRUIX_TEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let requests = requests();
    let number = requests.len();
    // Requests, of which bytes are changed, cut off or put in; or nothing but noise.
    let noise = vec(any::<u8>(), 0..300);
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let sequence = vec((0..number, changes, any::<prop::sample::Index>(), 0..10_u8), 1..6);
    let case = (any::<bool>(), noise, sequence);
    let ran = runner.run(&case, |(greets, noise, sequence)| {
        let mut bytes = Vec::new();
        for (number, changes, end, cut) in sequence {
            let mut request = requests[number].clone();
            for (place, byte) in changes {
                let place = place.index(request.len());
                request[place] = byte;
            }
            if cut == 0 {
                request.truncate(end.index(request.len()));
            }
            bytes.extend(request);
        }
        bytes.extend(noise);
        say(&daemon, &[if greets { GREETING } else { b"" }, &bytes]);
        Ok(())
    });
    ran.unwrap();
    serves(&daemon);
}

#[test]
fn every_request_is_answered_in_any_order() {
    let Some(daemon) = Daemon::start("") else { return };
    let requests = requests();
    // The data of `AddTree` is missing, so what follows is taken for it.
    for request in &requests {
        let answer = say(&daemon, &[GREETING, request]);
        let text = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(b"fruix-daemon\x02\0\x03\0") && text.contains("Welcome"), "{text}");
        let request = String::from_utf8_lossy(request);
        let is_any = |words: &[&str]| words.iter().any(|word| request.contains(word));
        let answers = ["Items", "Failed", "Done", "Built", "Sizes", "Examined"];
        let answers = answers.iter().filter(|word| text.contains(**word)).count();
        // Whoever has said all it will, waits for nothing that takes long.
        match is_any(&["WhyLive", "Delete", "Dead", "Examine", "Realise", "Check"]) {
            true => assert!(answers <= 1, "{request}: {text}"),
            false => assert_eq!(answers, usize::from(!is_any(&["Cancel"])), "{request}: {text}"),
        }
    }
    let cancelled = message("\"Cancel\"");
    let asked = message("{\"Valid\":{\"items\":[]}}");
    let text = say(&daemon, &[GREETING, &cancelled, &cancelled, &asked, &asked]);
    assert_eq!(String::from_utf8_lossy(&text).matches("Items").count(), 2);
    // Before the greeting nothing is.
    let text = say(&daemon, &[&asked, GREETING]);
    assert!(!String::from_utf8_lossy(&text).contains("Welcome"));
    serves(&daemon);
}

#[test]
fn other_versions_are_told_so() {
    let Some(daemon) = Daemon::start("") else { return };
    // Both hear of each other's versions; neither goes on.
    for versions in [[0, 0, 1, 0], [4, 0, 9, 0], [9, 0, 1, 0], [255, 255, 255, 255]] {
        let answer = say(&daemon, &[b"fruix-daemon", &versions]);
        assert_eq!(answer, GREETING, "{versions:?}");
    }
    let newer = say(&daemon, &[b"fruix-daemon\x01\0\xff\xff"]);
    assert!(String::from_utf8_lossy(&newer).contains("Welcome"));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_taken() {
    let Some(daemon) = Daemon::start("") else { return };
    serves(&daemon);
    let before = memory(&daemon);
    let giant = u32::MAX.to_le_bytes();
    let text = say(&daemon, &[GREETING, &giant, &[b'x'; 100_000]]);
    assert!(String::from_utf8_lossy(&text).contains("too long"));
    // Of a long message only what comes is taken, and given back.
    let long = (32_u32 << 20).to_le_bytes();
    let streams: Vec<UnixStream> = (0..30)
        .map(|_| {
            let mut stream = daemon.connect();
            stream.write_all(&[GREETING, &long, &[b' '; 1000]].concat()).unwrap();
            stream
        })
        .collect();
    assert!(memory(&daemon) < before + (64 << 20));
    drop(streams);
    // Chunks without end, of which each is small.
    let tree = message("{\"AddTree\":{\"name\":\"tree\"}}");
    let chunk = [&1000_u32.to_le_bytes()[..], &[0; 1000]].concat();
    let flood: Vec<&[u8]> =
        [GREETING, &tree].into_iter().chain(std::iter::repeat_n(chunk.as_slice(), 200_000)).collect();
    say(&daemon, &flood);
    let deep = message(&"[".repeat(1_000_000));
    assert!(String::from_utf8_lossy(&say(&daemon, &[GREETING, &deep])).contains("Failed"));
    serves(&daemon);
    assert!(memory(&daemon) < before + (96 << 20), "{} and {before} bytes", memory(&daemon));
}

/// An archive of directories in directories, each a step deeper: others had their stack overflow by it.
#[test]
fn a_bottomless_archive_ends_where_names_end() {
    let Some(daemon) = Daemon::start("") else { return };
    let string = |text: &str| {
        let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
        bytes.extend(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let words = |words: &[&str]| words.iter().flat_map(|word| string(word)).collect::<Vec<_>>();
    let mut archive = words(&["nix-archive-1", "(", "type", "directory"]);
    let step = words(&["entry", "(", "name", "d", "node", "(", "type", "directory"]);
    (0..200_000).for_each(|_| archive.extend(&step));
    let tree = message("{\"AddTree\":{\"name\":\"tree\"}}");
    let mut bytes = [GREETING, &tree].concat();
    for chunk in archive.chunks(200_000) {
        bytes.extend(u32::try_from(chunk.len()).unwrap().to_le_bytes());
        bytes.extend(chunk);
    }
    bytes.extend(0_u32.to_le_bytes());
    let answer = say(&daemon, &[&bytes]);
    assert!(String::from_utf8_lossy(&answer).contains("Failed"));
    serves(&daemon);
}

#[test]
fn whoever_says_nothing_keeps_nobody_out() {
    let Some(daemon) = Daemon::start("max-connections = 8\nmax-connections-per-user = 4\n") else { return };
    // Root's connections, that are many, and then those of one user.
    let silent: Vec<UnixStream> = (0..8).map(|_| daemon.connect()).collect();
    wait_until("root keeps others out no longer than a greeting takes", || {
        daemon.fruix(ALICE, &["store", "add", "/etc/hostname"]).output().unwrap().status.success()
    });
    drop(silent);
    serves(&daemon);
}

#[test]
fn a_message_that_does_not_end_is_given_up() {
    let Some(daemon) = Daemon::start("") else { return };
    // It is slow, and still holds up nobody.
    let mut slow = daemon.connect();
    slow.write_all(&[GREETING, &[100, 0, 0, 0]].concat()).unwrap();
    serves(&daemon);
    slow.write_all(b"{").unwrap();
    serves(&daemon);
    drop(slow);
    wait_until("its session ends", || fs::read_dir(daemon.layout().sessions_dir()).unwrap().count() == 0);
}

/// A client that takes nothing of what it is told does not hold up the build that another one wants too.
#[test]
fn a_client_that_does_not_listen_holds_up_no_build() {
    let Some(daemon) = Daemon::start("max-jobs = 4\n") else { return };
    let script =
        "i=0; while [ $i -lt 40000 ]; do echo 'a line that is not so short, as lines go, and goes on';
        i=$((i + 1)); done; echo > $out";
    let (drv, derivation) = daemon.script("talks", script);
    let mut deaf = daemon.connect();
    let choices = "{\"max_jobs\":1,\"cores\":1,\"keep_failed\":false,\"keep_going\":false,\"isolated\":true,\"notes\":{}}";
    let realise =
        message(&format!("{{\"Realise\":{{\"wanted\":{{\"{drv}\":[\"out\"]}},\"choices\":{choices}}}}}"));
    deaf.write_all(&[GREETING, &realise].concat()).unwrap();
    daemon.output(BOB, &["build", &drv.to_string()]);
    assert!(daemon.physical(&derivation).exists());
    drop(deaf);
    serves(&daemon);
}
