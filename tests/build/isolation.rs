//! What a builder sees and may do.

use std::process::Command;

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

/// Builds a script by a fruix that a shell starts after `preparation`, and gives what the script wrote to `$out`.
fn text_after(fixture: &Fixture, preparation: &str, script: &str) -> String {
    let (drv, derivation) = fixture.add("prepared", fixture.script(script));
    let status = Command::new("/bin/sh")
        .args(["-ec", &format!("{preparation}; exec \"$0\" --root \"$1\" build \"$2\"")])
        .arg(super::fixture::FRUIX)
        .arg(fixture.root.path())
        .arg(drv.to_string())
        .status()
        .unwrap();
    assert!(status.success());
    std::fs::read_to_string(fixture.physical(&derivation, "out")).unwrap()
}

#[test]
fn signals_have_their_default_effect_whoever_starts_the_build() {
    let fixture = Fixture::new();
    // As a shell starts a background job, and worse: with signals ignored.
    let report = text_after(&fixture, "trap '' INT QUIT PIPE TERM HUP", "cat /proc/self/status > $out");
    for mask in ["SigBlk", "SigIgn"] {
        let line = report.lines().find(|line| line.starts_with(mask)).unwrap();
        assert!(line.ends_with("\t0000000000000000"), "{line}");
    }
}

#[test]
fn open_files_limits_and_the_umask_of_whoever_starts_the_build_do_not_reach_it() {
    let fixture = Fixture::new();
    let script = "{ ls /proc/self/fd | tr '\\n' ' '; ulimit -n; ulimit -c; ulimit -s; umask
        stat -c '%a %n' / /etc /etc/passwd /dev /build /tmp /frx/store; } > $out";
    let preparation = "exec 7< /etc 8< /proc; ulimit -S -n 100; ulimit -S -s 4096; umask 077";
    let expected = "0 1 2 3 1024\n0\n8192\n0022\n755 /\n755 /etc\n644 /etc/passwd\n755 /dev\n\
                    755 /build\n1777 /tmp\n755 /frx/store\n";
    assert_eq!(text_after(&fixture, preparation, script), expected);
}

#[test]
fn no_privilege_is_left_nor_to_be_had() {
    let fixture = Fixture::new();
    let report = fixture.text("cat /proc/self/status > $out");
    let sets: Vec<_> = report.lines().filter(|line| line.starts_with("Cap")).collect();
    assert_eq!(sets.len(), 5, "{report}");
    assert!(sets.iter().all(|line| line.ends_with("\t0000000000000000")), "{sets:?}");
    assert!(report.contains("NoNewPrivs:\t1"));
}

#[test]
fn the_machines_names_processes_and_secrets_are_not_told() {
    let fixture = Fixture::new();
    let script = "cat /proc/sys/kernel/domainname > $out; cut -d: -f3 /proc/self/cgroup | sort -u >> $out
        cat /proc/keys /proc/interrupts /proc/timer_list 2> /dev/null | wc -c >> $out
        ls -d /proc/[0-9]* | wc -l >> $out";
    // The first process, the shell, `ls` and `wc`.
    assert_eq!(fixture.text(script), "(none)\n/\n0\n4\n");
}

#[test]
fn devices_are_few_and_work() {
    let fixture = Fixture::new();
    let script = "ls /dev | tr '\\n' ' ' > $out; echo x > /dev/null; head -c 4 /dev/zero | wc -c >> $out
        echo through | cat /dev/stdin >> $out; echo shm > /dev/shm/x; cat /dev/shm/x >> $out";
    let expected = "fd full null random shm stderr stdin stdout tty urandom zero 4\nthrough\nshm\n";
    assert_eq!(fixture.text(script), expected);
}
