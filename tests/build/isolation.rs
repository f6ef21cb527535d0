//! What a builder sees and may do.

use std::{net::TcpListener, process::Command};

use super::fixture::Fixture;

#[test]
fn every_machine_looks_the_same_from_inside() {
    let fixture = Fixture::new();
    let script = "cat > report <<END
$(id -u):$(id -g) $(uname -n) $(umask) $(pwd) $(nproc --all > /dev/null; echo $FRUIX_CORES)
END
cp report $out";
    assert_eq!(fixture.text(script), "1000:100 localhost 0022 /build 3\n");
}

#[test]
fn the_environment_starts_empty() {
    let fixture = Fixture::new();
    let environment = fixture.text("env > $out");
    let mut names: Vec<_> = environment.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    // `PWD` is the shell's.
    let expected =
        ["FRUIX_CORES", "HOME", "PATH", "PWD", "TMPDIR", "builder", "name", "out", "system", "toolchain"];
    assert_eq!(names, expected, "{environment}");
    assert!(environment.contains("HOME=/homeless-shelter\n"));
}

#[test]
fn what_is_not_declared_is_not_there() {
    let fixture = Fixture::new();
    let undeclared = fixture.store.add_text("undeclared", "secret", &Default::default()).unwrap();
    let host_file = tempfile::NamedTempFile::new().unwrap();
    let script = format!(
        "for path in {undeclared} {} /etc/shadow /root /home /work; do
            if [ -e $path ]; then echo $path; fi
        done > $out
        ls /frx/store | wc -l >> $out
        ls / | tr '\\n' ' ' >> $out",
        host_file.path().display()
    );
    // The tool chain, and the output that is being written.
    assert_eq!(fixture.text(&script), "2\nbin build dev etc frx lib lib64 proc sbin tmp usr ");
}

#[test]
fn only_outputs_and_scratch_can_be_written() {
    let fixture = Fixture::new();
    let script = "mkdir -p $out $TMPDIR/a /build/b
        for place in / /etc /usr /usr/bin /frx /dev /proc/sys/kernel $toolchain $toolchain/usr; do
            if (: > $place/x) 2> /dev/null; then echo $place >> $out/writable; fi
        done
        if rm -rf $toolchain/usr/bin 2> /dev/null; then echo removed >> $out/writable; fi
        if (echo x > /etc/passwd) 2> /dev/null; then echo passwd >> $out/writable; fi
        echo > $out/done";
    let out = fixture.build("writes", fixture.script(script)).unwrap();
    assert!(out.join("done").exists());
    assert!(!out.join("writable").exists(), "{}", std::fs::read_to_string(out.join("writable")).unwrap());
}

#[test]
fn there_is_no_network() {
    let fixture = Fixture::new();
    // Every interface there is but a loopback that is down.
    let script = "{ tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '; cat /proc/net/fib_trie; } > $out";
    assert_eq!(fixture.text(script).trim(), "lo");
}

#[test]
fn signals_have_their_default_effect_whoever_starts_the_build() {
    let fixture = Fixture::new();
    let (drv, derivation) = fixture.add("signals", fixture.script("cat /proc/self/status > $out"));
    // As a shell starts a background job, and worse: with signals ignored.
    let status = Command::new("/bin/sh")
        .args(["-c", "trap '' INT QUIT PIPE TERM HUP; exec \"$0\" --root \"$1\" build \"$2\""])
        .arg(super::fixture::FRUIX)
        .arg(fixture.root.path())
        .arg(drv.to_string())
        .status()
        .unwrap();
    assert!(status.success());
    let report = std::fs::read_to_string(fixture.physical(&derivation, "out")).unwrap();
    for mask in ["SigBlk", "SigIgn"] {
        let line = report.lines().find(|line| line.starts_with(mask)).unwrap();
        assert!(line.ends_with("\t0000000000000000"), "{line}");
    }
    for line in report.lines().filter(|line| line.starts_with("CapEff") || line.starts_with("CapPrm")) {
        assert!(line.ends_with("\t0000000000000000"), "{line}");
    }
    assert!(report.contains("NoNewPrivs:\t1"));
}

#[test]
fn devices_are_few_and_work() {
    let fixture = Fixture::new();
    let script = "ls /dev | tr '\\n' ' ' > $out; echo x > /dev/null; head -c 4 /dev/zero | wc -c >> $out
        echo through | cat /dev/stdin >> $out; echo shm > /dev/shm/x; cat /dev/shm/x >> $out";
    let expected = "fd full null random shm stderr stdin stdout tty urandom zero 4\nthrough\nshm\n";
    assert_eq!(fixture.text(script), expected);
}

#[test]
fn a_fixed_output_build_reaches_the_network_and_no_other_does() {
    use fruix::{
        content_address::Method,
        derivation::{Derivation, FixedOutput, Output},
        hash::Sha256,
    };
    use std::{collections::BTreeMap, io::Write};

    let fixture = Fixture::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/file", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntext";
            let _ = stream.unwrap().write_all(answer);
        }
    });
    let fetch = |fixed: Option<FixedOutput>| Derivation {
        outputs: BTreeMap::from([("out".to_owned(), Output { path: None, fixed })]),
        system: "builtin".to_owned(),
        builder: "builtin:fetch".to_owned(),
        env: BTreeMap::from([("url".to_owned(), url.clone()), ("unpack".to_owned(), String::new())]),
        ..Derivation::default()
    };
    let fixed = |digest| Some(FixedOutput { method: Method::Flat, digest });
    let out = fixture.build("fetched", fetch(fixed(Sha256::of("text")))).unwrap();
    assert_eq!(std::fs::read_to_string(out).unwrap(), "text");

    let message = fixture.failure("fetched", fetch(fixed(Sha256::of("other"))));
    assert!(message.contains(&Sha256::of("other").sri()), "{message}");
    assert!(message.contains(&Sha256::of("text").sri()), "{message}");

    let message = fixture.failure("not-fixed", fetch(None));
    assert!(message.contains("cannot download"), "{message}");
}
