//! A base packed as release sets, and a system on such a base: what was built comes back, from wherever the sets are.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use fruix::hash::Sha256;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use super::place::Place;

/// How a server answers.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Redirected,
    RedirectedForEver,
    Slow,
    CutShort,
    Corrupted,
}

/// A web server that has one file; gives its address.
fn serve(file: &Path, manner: Manner) -> String {
    let mut bytes = fs::read(file).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = address.clone();
    if manner == Manner::Corrupted {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    }
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let is_redirected = match manner {
                Manner::Redirected => !request.contains("/elsewhere"),
                _ => manner == Manner::RedirectedForEver,
            };
            if is_redirected {
                let head =
                    format!("HTTP/1.1 302 Found\r\nlocation: {own}/elsewhere\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(head.as_bytes()).unwrap();
                continue;
            }
            let length = bytes.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let end = if manner == Manner::CutShort { length / 2 } else { length };
            let pause = Duration::from_millis(if manner == Manner::Slow { 5 } else { 0 });
            for piece in bytes[..end].chunks(length.div_ceil(40)) {
                thread::sleep(pause);
                // Who has seen enough hangs up.
                let _ = stream.write_all(piece);
            }
        }
    });
    format!("{address}/set.txz")
}

/// The two sets of the shared system: file and digest of each.
pub fn sets(place: &Place, directory: &str) -> [(String, String); 2] {
    let directory = place.file(directory);
    let declaration = place.declaration("packed", &[]);
    let run = place.system("release-sets", &declaration, &["-o", directory.to_str().unwrap(), "--json"]);
    let json: Value = serde_json::from_str(run.success()).unwrap();
    [0, 1].map(|index| {
        let text = |field: &str| json["sets"][index][field].as_str().unwrap().to_owned();
        (text("file"), text("sha256"))
    })
}

/// The miniature system on a base of these sets, by URL and digest.
fn declared(place: &Place, name: &str, world: [&str; 2], kernel: [&str; 2]) -> PathBuf {
    let set = |[url, digest]: [&str; 2]| format!("(release-set (url \"{url}\") (sha256 \"{digest}\"))");
    on_sets(place, name, &set(world), &set(kernel))
}

/// The miniature system on the sets that a MANIFEST lists.
fn listed(place: &Place, name: &str, url: &str, digest: &str) -> PathBuf {
    let manifest = format!("(release-manifest (url \"{url}\") (sha256 \"{digest}\"))");
    let set = |name: &str| {
        let file = place.file("sets").join(name);
        format!("(release-set (url \"file://{}\") (manifest {manifest}) (name \"{name}\"))", file.display())
    };
    on_sets(place, name, &set("base.txz"), &set("kernel.txz"))
}

fn on_sets(place: &Place, name: &str, world: &str, kernel: &str) -> PathBuf {
    place.declaration(
        name,
        &[
            ("(fruix freebsd kernel)", "(fruix freebsd kernel) (fruix freebsd release)"),
            ("(freebsd-world (source source) (toolchain tools))", world),
            (
                "(freebsd-kernel (source source) (kernconf \"TINY\") (modules 'none) (toolchain tools))",
                kernel,
            ),
        ],
    )
}

/// The METALOG of an item that the system's description names, without tags, which no archive keeps. Of a kernel without
/// directories: a set has those of files alone.
pub fn metalog(place: &Place, system: &str, field: &str) -> Vec<String> {
    let description = fs::read_to_string(place.physical(system).join("parameters.json")).unwrap();
    let description: Value = serde_json::from_str(&description).unwrap();
    let item = description[field].as_str().unwrap().trim_end_matches("/boot/kernel").to_owned();
    let text = fs::read_to_string(place.physical(&item).join("METALOG")).unwrap();
    text.lines()
        .filter(|line| field == "world" || !line.contains(" type=dir "))
        .map(|line| {
            let words = line.split(' ').filter(|word| !word.starts_with("tags=package"));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn a_base_of_sets_is_the_one_that_was_packed() {
    let (place, built) = Place::shared();
    let [(base, base_digest), (kernel, kernel_digest)] = sets(place, "sets");
    // Again: the same sets.
    assert_eq!(
        sets(place, "sets again").map(|(_, digest)| digest),
        [base_digest.clone(), kernel_digest.clone()]
    );

    // One from a file, one from a server that sends elsewhere.
    let url = serve(Path::new(&kernel), Manner::Redirected);
    let base_url = format!("file://{base}");
    let declaration = declared(place, "of-sets", [&base_url, &base_digest], [&url, &kernel_digest]);
    let system = place.system("build", &declaration, &[]).line();
    for field in ["world", "kernel"] {
        assert_eq!(metalog(place, &system, field), metalog(place, built, field), "{field}");
    }
    let image = place.file("of-sets.img");
    place.system("image", &declaration, &["-o", image.to_str().unwrap()]).success();
    let provenance = fs::read_to_string(place.physical(&system).join("metadata/provenance.json")).unwrap();
    let provenance: Value = serde_json::from_str(&provenance).unwrap();
    for part in ["world", "kernel", "boot"] {
        assert_eq!(provenance["base"][part]["class"], "fetched", "{provenance}");
    }
}

#[test]
fn a_set_is_the_same_whether_it_or_its_manifest_is_pinned() {
    let (place, _) = Place::shared();
    let [(base, base_digest), (kernel, kernel_digest)] = sets(place, "sets");
    let manifest = fs::read(place.file("sets/MANIFEST")).unwrap();
    let url = format!("file://{}", place.file("sets/MANIFEST").display());
    let digest = Sha256::of(&manifest).hex();
    let by_manifest = listed(place, "by-manifest", &url, &digest);
    let (base, kernel) = (format!("file://{base}"), format!("file://{kernel}"));
    let by_themselves = declared(place, "by-themselves", [&base, &base_digest], [&kernel, &kernel_digest]);
    let parts = |declaration: &Path| {
        let system = place.system("build", declaration, &[]).line();
        let read = |file: &str| -> Value {
            serde_json::from_slice(&fs::read(place.physical(&system).join(file)).unwrap()).unwrap()
        };
        let (parameters, provenance) = (read("parameters.json"), read("metadata/provenance.json"));
        let parts = ["world", "kernel", "boot"].map(|part| parameters[part].clone());
        (parts, provenance["base"]["kernel"].clone())
    };
    let (by_manifest, origin) = parts(&by_manifest);
    assert_eq!(by_manifest, parts(&by_themselves).0);
    assert_eq!(origin["sha256"], kernel_digest.as_str());
    assert_eq!(origin["manifest"], serde_json::json!({ "url": url, "sha256": digest }));
}

#[test]
fn a_manifest_that_does_not_arrive_whole_is_refused() {
    let (place, _) = Place::shared();
    sets(place, "sets");
    let manifest = fs::read(place.file("sets/MANIFEST")).unwrap();
    let attempt = |name: &str, manner: Manner, padding: usize| {
        // One that was fetched is not fetched again: a line with nothing in it makes it another one.
        let bytes = [&manifest[..], &vec![b'\n'; padding]].concat();
        let file = place.file(&format!("{name}-MANIFEST"));
        fs::write(&file, &bytes).unwrap();
        let declaration = listed(place, name, &serve(&file, manner), &Sha256::of(&bytes).hex());
        place.system("build", &declaration, &[])
    };
    let other = attempt("other", Manner::Corrupted, 1);
    other.assert_fails("is not the one that is pinned", "does not change");
    let around = attempt("around", Manner::RedirectedForEver, 1);
    around.assert_fails("too many redirects", "check the address");
    let half = attempt("half", Manner::CutShort, 1);
    assert_eq!(half.code, Some(1));
    assert_eq!(half.stderr.matches("trying again").count(), 2, "{}", half.stderr);
    assert!(half.stderr.contains("broke off"), "{}", half.stderr);
    attempt("elsewhere", Manner::Redirected, 2).success();
    attempt("trickling", Manner::Slow, 3).success();
}

/// Once is enough, also while a server lets wait.
#[test]
fn ctrl_c_ends_the_wait_for_a_manifest() {
    let (place, _) = Place::shared();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/MANIFEST", server.local_addr().unwrap());
    let declaration = listed(place, "stalled", &url, &"0".repeat(64));
    let mut command = place.fruix(&["system", "build"]);
    let child = command.arg(&declaration).stderr(Stdio::piped()).spawn().unwrap();
    // It waits for the answer of one who says nothing, and does not hang up.
    let _connection = server.accept().unwrap();
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("interrupted"), "{stderr}");
}

#[test]
fn sets_that_do_not_arrive_whole_are_refused() {
    let (place, _) = Place::shared();
    let [(base, base_digest), (kernel, _)] = sets(place, "sets to lose");
    let attempt = |name: &str, manner: Manner, padding: usize| {
        // What is in the store already is not fetched: the padding that xz allows makes it another file.
        let set = place.file(&format!("{name}.txz"));
        let bytes = [fs::read(&kernel).unwrap(), vec![0; padding]].concat();
        fs::write(&set, &bytes).unwrap();
        let (digest, url) = (Sha256::of(&bytes), serve(&set, manner));
        let base = format!("file://{base}");
        let declaration = declared(place, name, [&base, &base_digest], [&url, &digest.hex()]);
        (place.system("build", &declaration, &[]), digest)
    };
    let (corrupted, digest) = attempt("corrupted", Manner::Corrupted, 4);
    assert_eq!(corrupted.code, Some(1));
    assert!(corrupted.stderr.contains(&digest.sri()), "{}", corrupted.stderr);
    let (cut_short, _) = attempt("cut-short", Manner::CutShort, 8);
    assert_eq!(cut_short.code, Some(1));
    assert!(cut_short.stderr.contains("broke off"), "{}", cut_short.stderr);
    let (sent_around, _) = attempt("sent-around", Manner::RedirectedForEver, 16);
    assert_eq!(sent_around.code, Some(1));
    assert!(sent_around.stderr.contains("too many redirects"), "{}", sent_around.stderr);
    attempt("slow", Manner::Slow, 12).0.success();
}
