//! Declarations that want to take everything, or to see what is none of their business.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::fixture::Fixture;

#[test]
fn absurd_sizes_are_refused() {
    let fixture = Fixture::new();
    let deep = fixture.file("deep.scm", "(".repeat(100_000));
    let long = fixture.file("long.scm", "x ".repeat(5_000_000));
    let cases: [(&[&str], &str); 5] = [
        (&["-f", deep.to_str().unwrap()], "levels deep"),
        (&["-f", long.to_str().unwrap()], "a Scheme file may have"),
        (&["-e", "(make-vector 100000000000 0)"], "too large"),
        (&["-e", "(expt 10 100000000)"], "too large"),
        (&["-e", "(f"], "never closed"),
    ];
    for (arguments, message) in cases {
        let refusal = fixture.refusal(arguments);
        assert!(refusal.contains(message), "{arguments:?}: {refusal}");
    }
}

#[test]
fn what_never_ends_is_ended() {
    let fixture = Fixture::new();
    let start = Instant::now();
    for text in ["(define (f) (f)) (f)", "(define (f n) (f (* n n))) (f 3)"] {
        let refusal = fixture.refusal(&["-e", text, "--eval-time-limit", "1.5"]);
        assert!(refusal.contains("took longer than 1.5 s"), "{refusal}");
        assert!(refusal.contains("--eval-time-limit"), "{refusal}");
        assert!(refusal.contains("was evaluating this") || text.contains('*'), "{refusal}");
    }
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
}

#[test]
fn memory_has_a_limit() {
    let fixture = Fixture::new();
    for text in [
        "(define (f l) (f (cons l l))) (f '())",
        "(define (f s) (f (string-append s s))) (f \"x\")",
        "(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1))))) (f 20000000)",
    ] {
        let refusal = fixture.refusal(&["-e", text, "--eval-memory-limit", "300M"]);
        assert!(refusal.contains("took more than 300 MiB of memory"), "{text}: {refusal}");
        assert!(refusal.contains("--eval-memory-limit"), "{refusal}");
    }
}

#[test]
fn faults_of_the_interpreter_are_errors() {
    let fixture = Fixture::new();
    for text in
        ["(assert! #f)", "(%module-get% 1 2)", "(define-syntax)", "(vector-ref (vector) 0)", "(raise 5)"]
    {
        let refusal = fixture.refusal(&["-e", text]);
        assert!(refusal.contains('×'), "{text}: {refusal}");
    }
}

#[test]
fn nothing_of_an_undeclared_file_is_shown() {
    const SECRET: &str = "hunter2";
    let fixture = Fixture::new();
    let secret = fixture.file("secret", SECRET);
    symlink(&secret, fixture.path().join("link.scm")).unwrap();
    let absolute = secret.display();
    for text in [
        "(require \"secret\")".to_string(),
        "(require \"link.scm\")".to_string(),
        format!("(require \"{absolute}\")"),
        "(include \"secret\")".to_string(),
        "(load \"secret\")".to_string(),
        format!("(read-port-to-string (open-input-file \"{absolute}\"))"),
        format!("(eval '(require \"{absolute}\"))"),
        "(require-builtin steel/filesystem)".to_string(),
        "(use-modules (link))".to_string(),
    ] {
        let declaration = fixture.file("a.scm", &text);
        let refusal = fixture.refusal(&["-f", declaration.to_str().unwrap()]);
        assert!(!refusal.contains(SECRET), "{text}: {refusal}");
    }
}

#[test]
fn paths_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let fixture = Fixture::new();
    let odd = fixture.path().join(OsStr::from_bytes(b"odd\xff"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(odd.join("a.scm"), "5").unwrap();
    let mut commands =
        [fixture.command(&["check"]), fixture.command(&["check", "-L"]), fixture.command(&["build"])];
    commands[0].arg(odd.join("a.scm"));
    commands[1].arg(&odd).arg(fixture.file("b.scm", "5"));
    commands[2].current_dir(&odd).args(["-e", "5"]);
    for mut command in commands {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("is not UTF-8 text"), "{said}");
    }
}

#[test]
fn files_need_no_building() {
    let fixture = Fixture::new();
    let output = fixture.run(&["build", "-e", "(plain-file \"motd\" \"Welcome\")"]);
    let path = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && path.ends_with("-motd\n"), "{path}");
    assert!(fixture.run(&["store", "path-info", path.trim()]).status.success());
    assert!(
        fixture
            .refusal(&["-e", "(list)"])
            .contains("gives the empty list, for which there is nothing to build")
    );
}
