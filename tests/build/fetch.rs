//! Fetching for real: in the sandbox, with the digest checked.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::symlink,
    path::Path,
    process::Command,
    thread,
};

use fruix::{
    build::Options,
    content_address::Method,
    derivation::{Derivation, FixedOutput, Output},
    hash::Sha256,
    store::tree,
    store_path::StorePath,
};

use super::fixture::{FRUIX, Fixture};

fn derivation(url: &str, unpack: &str, fixed: Option<FixedOutput>) -> Derivation {
    Derivation {
        outputs: BTreeMap::from([("out".to_owned(), Output { path: None, fixed })]),
        system: "builtin".to_owned(),
        builder: "builtin:fetch".to_owned(),
        env: BTreeMap::from([("url".to_owned(), url.to_owned()), ("unpack".to_owned(), unpack.to_owned())]),
        ..Derivation::default()
    }
}

fn of_text(url: &str, text: &str) -> Derivation {
    derivation(url, "", Some(FixedOutput { method: Method::Flat, digest: Sha256::of(text) }))
}

/// What a client sends.
type Sent = Lines<BufReader<TcpStream>>;

/// A server that answers one connection after the other. Gives its address.
fn listen(answer: impl Fn(Sent, TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            answer(BufReader::new(stream.try_clone().unwrap()).lines(), stream);
        }
    });
    address
}

/// Reads a request, and gives its first line.
fn request(sent: &mut Sent) -> String {
    let first = sent.next().unwrap().unwrap();
    while sent.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    first
}

/// A server, which is a proxy too, that answers every request with `text`, preceded by where a tunnel was asked to
/// lead to. Gives its address.
fn serve(text: &'static str) -> String {
    listen(move |mut sent, mut stream| {
        let mut body = text.to_owned();
        if let Some(target) = request(&mut sent).strip_prefix("CONNECT ") {
            body = format!("{target}\n{text}");
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            request(&mut sent);
        }
        let length = body.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        stream.write_all((head + &body).as_bytes()).unwrap();
    })
}

#[test]
fn a_fixed_output_build_reaches_the_network_and_no_other_does() {
    let fixture = Fixture::new();
    let url = format!("http://{}/file", serve("text"));
    let out = fixture.build("fetched", of_text(&url, "text")).unwrap();
    assert_eq!(fs::read_to_string(out).unwrap(), "text");

    let message = fixture.failure("fetched", of_text(&url, "other"));
    assert!(message.contains(&Sha256::of("other").sri()), "{message}");
    assert!(message.contains(&Sha256::of("text").sri()), "{message}");

    let message = fixture.failure("not-fixed", derivation(&url, "", None));
    assert!(message.contains("cannot download"), "{message}");
}

/// A server that says not how much it sends, and never ends. Gives its address.
fn serve_endlessly() -> String {
    listen(|mut sent, mut stream| {
        request(&mut sent);
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").unwrap();
        // Until who takes it has enough.
        while stream.write_all(&[7; 1 << 16]).is_ok() {}
    })
}

#[test]
fn what_never_ends_does_not_fill_the_disk() {
    if !nix::unistd::geteuid().is_root() {
        return eprintln!("skipped: only root can mount a small disk");
    }
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("endless", of_text(&format!("http://{}/file", serve_endlessly()), "text"));
    // The store on a disk of its own, which is small.
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=200m none \"$2\" && cp -a \"$1/frx\" \"$2\" || exit 77
        \"$0\" --root \"$2\" build \"$3\"; echo \"status $?\"; ls -A \"$2/frx/store\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "/bin/sh", "-c", script, FRUIX]);
    command.args([fixture.root.path(), disk.path()]).arg(drv.to_string()).env_remove("FRUIX_ROOT");
    let run = command.output().unwrap();
    if run.status.code() == Some(77) {
        return eprintln!("skipped: nothing can be mounted here");
    }
    let (stdout, stderr) = (String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap());
    assert!(stderr.contains("is too long for the disk"), "{stderr}");
    let mut lines = stdout.lines();
    assert_eq!(lines.next(), Some("status 1"), "{stderr}");
    assert!(lines.all(|name| StorePath::from_base_name(name).is_ok()), "{stdout}");
}

#[test]
fn an_archive_becomes_the_tree_that_was_meant() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let tree = directory.path().join("usr/src");
    fs::create_dir_all(tree.join("sys")).unwrap();
    fs::write(tree.join("Makefile"), "all:\n").unwrap();
    fs::write(tree.join("sys/main.c"), "int x;\n").unwrap();
    symlink("Makefile", tree.join("link")).unwrap();
    let archive = directory.path().join("src.tar.gz");
    let packed =
        Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(directory.path()).arg("usr").status();
    assert!(packed.unwrap().success());

    let digest = tree::digest(&tree).unwrap().nar_hash;
    let url = format!("file://{}", archive.display());
    let unpack = derivation(&url, "1", Some(FixedOutput { method: Method::Recursive, digest }));
    let out = fixture.build("unpacked", unpack).unwrap();
    assert_eq!(fs::read_to_string(out.join("link")).unwrap(), "all:\n");
    assert_eq!(tree::digest(&out).unwrap().nar_hash, digest);
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn a_file_of_the_machine_is_found_wherever_it_lies() {
    let fixture = Fixture::new();
    let build = |path: &Path| fixture.build("local", of_text(&format!("file://{}", path.display()), "text"));
    // Below directories that the sandbox has of its own, by a name with a space, and through symlinks.
    let directory = tempfile::tempdir_in("/tmp").unwrap();
    let file = directory.path().join("a file");
    fs::write(&file, "text").unwrap();
    symlink("a file", directory.path().join("link")).unwrap();
    symlink(".", directory.path().join("here")).unwrap();
    for name in ["a file", "link", "here/link", "here/./here/a file"] {
        let fixture = Fixture::new();
        let url = format!("file://{}/{name}", directory.path().display());
        let out =
            fixture.build("local", of_text(&url, "text")).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(fs::read_to_string(out).unwrap(), "text");
    }
    let error = build(&directory.path().join("absent")).unwrap_err();
    assert!(format!("{error:?}").contains("absent"), "{error:?}");
}

/// No file but the one that a fetch names, and that only under a digest.
#[test]
fn no_other_file_of_the_machine_can_be_named() {
    let fixture = Fixture::new();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "text").unwrap();
    let url = format!("file://{}", file.path().display());
    let message = fixture.failure("not-fixed", derivation(&url, "", None));
    assert!(message.contains("cannot read"), "{message}");
    let mut script = fixture
        .script(&format!("test ! -e /local-file && test ! -e {} && echo none > $out", file.path().display()));
    script.env.insert("url".to_owned(), url);
    script.outputs = of_text("", "none\n").outputs;
    fixture.build("script", script).unwrap();
}

#[test]
fn downloads_go_through_the_proxy_that_is_set() {
    let fixture = Fixture::new();
    let proxy = serve("through the proxy");
    let options = |exempt: &str| Options {
        proxies: [("http_proxy", format!("http://{proxy}")), ("no_proxy", exempt.to_owned())]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        ..Fixture::options()
    };
    let server = serve("directly");
    let url = format!("http://{server}/file");
    let (through, _) =
        fixture.add("proxied", of_text(&url, &format!("{server} HTTP/1.1\nthrough the proxy")));
    fixture.realise(&[&through], &options("")).unwrap();
    let (directly, _) = fixture.add("direct", of_text(&url, "directly"));
    fixture.realise(&[&directly], &options("127.0.0.1")).unwrap();
}

/// The command takes the proxy from the environment of whoever runs it.
#[test]
fn the_proxy_of_the_user_is_the_one() {
    let fixture = Fixture::new();
    let text = "host.invalid:80 HTTP/1.1\nthrough the proxy";
    let (drv, _) = fixture.add("proxied", of_text("http://host.invalid/x", text));
    let mut command = fixture.fruix(&["build", &drv.to_string()]);
    for name in ["http_proxy", "all_proxy", "no_proxy", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name);
    }
    let proxy = format!("http://{}", serve("through the proxy"));
    let output = command.env("HTTP_PROXY", proxy).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
