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
