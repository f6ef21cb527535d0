//! Computed files: forms that Fruix evaluates in the sandbox.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt};

use fruix::derivation::{Derivation, Output};

use super::fixture::Fixture;

fn form(text: &str) -> Derivation {
    Derivation {
        outputs: BTreeMap::from([("out".to_owned(), Output::default())]),
        system: "builtin".to_owned(),
        builder: "builtin:computed".to_owned(),
        env: BTreeMap::from([("form".to_owned(), text.to_owned())]),
        ..Derivation::default()
    }
}

#[test]
fn a_form_makes_its_outputs_without_a_tool_chain() {
    let fixture = Fixture::new();
    let mut derivation = form(
        r##"(begin
          (define (file name) (string-append #$output "/" name))
          (write-file (file "sub/greeting") "Hello " "you" "\n")
          (append-to-file (file "sub/greeting") "and me\n")
          (write-file (file "run") "#!/bin/sh\n")
          (chmod-executable (file "run"))
          (symlink "sub/greeting" (file "link"))
          (copy-recursively (file "sub") (file "copy"))
          (write-file "scratch" "gone in the end")
          (delete-file (file "run"))
          (copy-recursively "scratch" (file "scratch"))
          (make-directory #$output:dev)
          (write-file (string-append #$output:dev "/names")
                      (string-join (list-directory #$output) " ") " "
                      (if (file-exists? (file "run")) "yes" "no") " "
                      (if (directory? (file "sub")) "yes" "no"))
          (log-line (read-file (file "copy/greeting"))))"##,
    );
    derivation.outputs.insert("dev".to_owned(), Output::default());
    let (drv, derivation) = fixture.add("computed", derivation);
    fixture.realise(&[&drv], &Fixture::options()).unwrap();
    let out = fixture.physical(&derivation, "out");
    assert_eq!(fs::read_to_string(out.join("copy/greeting")).unwrap(), "Hello you\nand me\n");
    assert_eq!(fs::read_link(out.join("link")).unwrap().to_str(), Some("sub/greeting"));
    let names = fs::read_to_string(fixture.physical(&derivation, "dev").join("names")).unwrap();
    assert_eq!(names, "copy link scratch sub no yes");
    let record =
        fixture.store.realisation(derivation.outputs["out"].path.as_ref().unwrap()).unwrap().unwrap();
    assert!(record.sandboxed);
}

#[test]
fn inputs_are_read_and_what_may_be_executed_stays_so() {
    let fixture = Fixture::new();
    let first = fixture.script("mkdir $out; echo 'echo hi' > $out/run; chmod 755 $out/run; echo a > $out/a");
    let (first, first_derivation) = fixture.add("first", first);
    let input = first_derivation.outputs["out"].path.clone().unwrap();
    let mut derivation = form(&format!(
        r##"(begin (copy-recursively "{input}" #$output)
                   (write-file (string-append #$output "/a") (read-file "{input}/a") "b"))"##
    ));
    derivation.input_drvs.insert(first, ["out".to_owned()].into());
    let out = fixture.build("copy", derivation).unwrap();
    assert_eq!(fs::metadata(out.join("run")).unwrap().permissions().mode() & 0o777, 0o555);
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "a\nb");
}

#[test]
fn what_fails_is_shown_where_it_stands() {
    let fixture = Fixture::new();
    for (text, expected) in [
        ("(write-file #$output (car (list)))", "the list is empty"),
        ("(write-fil #$output \"x\")", "did you mean `write-file`?"),
        ("(write-file #$output 5)", "write-file"),
        ("(+ 1 1)", "did not make its output `out`"),
        ("(write-file #$output:dev \"x\")", "there is no output `dev`"),
        ("(write-file \"/frx/store/x\" \"x\")", "cannot be changed"),
        ("(write-file (string-append #$output \"/../x\") \"x\")", "is no part of this build"),
        ("(read-file \"/etc/hostname\")", "is no part of this build"),
        ("(read-file \"absent\")", "no such file"),
        ("(chmod-executable #$output)", "no such file"),
        ("(log-line (env-var \"HOME\"))", "not available"),
        ("(local-file \"/etc/hostname\")", "it is not available here"),
        (
            "(begin (write-file #$output \"x\") (make-directory (string-append #$output \"/d\")))",
            "make-directory",
        ),
        ("(write-file #$output \"x\"", "this list is never closed"),
    ] {
        let failure = fixture.failure("bad", form(text));
        assert!(failure.contains(expected), "{text}: `{expected}` in\n{failure}");
    }
    assert!(fixture.leftovers().is_empty());
}

#[test]
fn a_note_is_in_the_log_and_changes_nothing() {
    let fixture = Fixture::new();
    let (drv, _) = fixture.add("bad", form("(car (list))"));
    let mut options = Fixture::options();
    options.notes.insert(drv.clone(), "the form is at home.scm:7".to_owned());
    let error = fixture.realise(&[&drv], &options).expect_err("the build has to fail").to_string();
    assert!(error.contains("> the form is at home.scm:7\n"), "{error}");
    assert!(error.contains("(car (list))"), "{error}");
}
