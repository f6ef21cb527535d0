//! What a declaration sees of the machine.

use crate::fixture::Fixture;

const MARK: &str = r#"(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env (list (cons 'mark (env-var "FRUIX_TEST_MARK"))))"#;

#[test]
fn a_pure_declaration_sees_what_it_declares() {
    let fixture = Fixture::new();
    for text in [
        "(env-var \"HOME\")",
        "(current-second)",
        "(open-input-file \"/etc/passwd\")",
        "(command \"true\" '())",
        "(tcp-connect \"127.0.0.1:1\")",
        "(read-dir \"/\")",
    ] {
        let refusal = fixture.refusal(&["-e", text]);
        assert!(refusal.contains("not available") || refusal.contains("not defined"), "{text}: {refusal}");
    }
}

#[test]
fn an_impure_one_sees_more_and_is_evaluated_every_time() {
    let fixture = Fixture::new();
    let file = fixture.file("a.scm", MARK);
    let file = file.to_str().unwrap();
    let derivation = |mark: &str| {
        let mut command = fixture.command(&["build", "--dry-run", "--impure", "-f", file]);
        let output = command.env("FRUIX_TEST_MARK", mark).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let first = derivation("one");
    assert_ne!(derivation("two"), first);
    assert_eq!(derivation("one"), first);
    assert!(fixture.refusal(&["-f", file]).contains("--impure lifts this"));
}

#[test]
fn an_impure_one_reads_files_and_the_clock_and_changes_nothing() {
    let fixture = Fixture::new();
    let file = fixture.file("data", "text");
    let read = format!(
        "(derivation (read-port-to-string (open-input-file {file:?})) #:builder \"/bin/sh\" \
         #:env (list (cons 'late (if (> (current-second) 1000000000) \"yes\" \"no\"))))"
    );
    let output = fixture.run(&["build", "--dry-run", "--impure", "-e", &read]);
    let drv = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(drv.trim().ends_with("-text.drv"), "{drv}{}", String::from_utf8_lossy(&output.stderr));
    let new = fixture.path().join("new");
    for text in [
        format!("(open-output-file {new:?})"),
        format!("(delete-file! {file:?})"),
        format!("(create-directory! {new:?})"),
        "(command \"true\" '())".to_string(),
    ] {
        fixture.refusal(&["--impure", "-e", &text]);
    }
    assert!(file.exists() && !new.exists());
}
