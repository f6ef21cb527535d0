//! Inputs from a pipe.

use std::fs;
use std::time::{Duration, Instant};

use crate::place::{Ended, Place};

/// The values of an input that has no errors.
fn values(input: &str) -> String {
    let Ended { values, errors, success } = Place::new().run(&[], input);
    assert!(success && errors.is_empty(), "{input}: {errors}");
    values
}

#[test]
fn values_are_scheme_and_nothing_else_is_written() {
    assert_eq!(values("(+ 1 2)"), "3\n");
    assert_eq!(values("(define x 5)\n\n; a comment\nx (list 'a \"b\" #t)"), "5\n'(a \"b\" #t)\n");
    assert_eq!(values("(string-append \"a\"\n  \"b\")"), "\"ab\"\n");
    assert_eq!(values("(display \"shown\") 'a\n(displayln 1) (displayln 2)"), "shown\n'a\n1\n2\n");
    assert_eq!(values(""), "");
    let account = values("(user-account (name \"ada\") (uid 1001) (shell \"/bin/csh\"))");
    assert!(account.starts_with("(user-account\n  (name \"ada\")\n  (uid 1001)\n"), "{account}");
    // What is printed can be read again.
    assert_eq!(values(&account), account);
}

#[test]
fn errors_point_into_the_input_and_end_nothing() {
    let input =
        "(define x 5)\n(car\n  (list))\n(+ x 1)\n(undefined x)\n(operating-system (hst-name \"a\"))\nx";
    let ended = Place::new().run(&[], input);
    assert_eq!(ended.values, "6\n5\n");
    assert!(!ended.success);
    for expected in [
        "`car`: the list is empty",
        "[<repl>:1:2:1]",
        "`undefined` is not defined",
        "[<repl>:3:1:2]",
        "did you mean `host-name`?",
    ] {
        assert!(ended.errors.contains(expected), "{expected}: {}", ended.errors);
    }
    assert!(!ended.errors.contains('\x1b'), "colours: {}", ended.errors);
    let unfinished = Place::new().run(&[], "(list 1");
    assert!(!unfinished.success && unfinished.errors.contains("never closed"), "{}", unfinished.errors);
}

#[test]
fn later_definitions_count_for_earlier_procedures() {
    let input = "(define x 1) (define (f [extra 0]) (list x (g) extra)) (define (g . rest) 'old)
(f)
(define x 2)
(define (g . rest) 'new)
(f 3)
(define (f) x)
(f)
(define (h) (f)) (h)
(define (f) 'last) (h)
(define-record-type* thing (size integer)) (thing (size 1))
(define-record-type* thing (size string)) (thing (size \"1\"))
(define (thing x) (list 'no-more x)) (thing 1)";
    assert_eq!(
        values(input),
        "'(1 old 0)\n'(2 new 3)\n2\n2\n'last\n(thing (size 1))\n(thing (size \"1\"))\n'(no-more 1)\n"
    );
}

#[test]
fn a_failed_definition_changes_nothing() {
    let input = "(define x 1)
(define x (car '()))
x
(define y (car '()))
y
(define z (operating-system))
(define x (operating-system))
x
(define z 3)
z";
    let ended = Place::new().run(&[], input);
    assert_eq!(ended.values, "1\n1\n3\n");
    assert!(ended.errors.contains("`y` has no value, because its definition failed"), "{}", ended.errors);
}

#[test]
fn procedures_may_name_what_is_defined_later() {
    let input = "(define (is-even? n) (or (= n 0) (is-odd? (- n 1))))
'next
(is-even? 3)
is-odd?
(map is-odd? '(1))
(define (is-odd? n) (and (> n 0) (is-even? (- n 1))))
(list (is-even? 10) (is-odd? 10))
(define (is-odd? n) 'another)
(is-even? 1)
(define at-once (is-missing? 1))
'next
(define (uses-form) (box-of))
'next
(define-record-type* box-of (size integer (default 1)))
(uses-form)
(define (misspelt x) (string-lenght x))";
    let ended = Place::new().run(&[], input);
    assert_eq!(ended.values, "'next\n'(#t #f)\n'another\n'next\n'next\n", "{}", ended.errors);
    for (expected, times) in [
        ("⚠ `is-odd?` is not defined yet", 1),
        ("× `is-odd?` is not defined\n", 3),
        ("× `is-missing?` is not defined\n", 1),
        ("× `box-of` was no form yet where this is defined", 1),
        ("⚠ `string-lenght` is not defined yet", 1),
        ("did you mean `string-length`?", 1),
    ] {
        assert_eq!(ended.errors.matches(expected).count(), times, "{expected}: {}", ended.errors);
    }
}

#[test]
fn the_declaration_and_the_latest_value_have_names() {
    let place = Place::new();
    let config =
        "(use-modules (fruix accounts))\n(define number 1001)\n(user-account (name \"ada\") (uid number))\n";
    place.write("config.scm", config);
    let ended = place.run(
        &["config.scm"],
        "(user-account-uid %config)\n(+ it 1)\n(define number 7)\nnumber\n(user-account-name %config)",
    );
    assert_eq!((ended.values.as_str(), ended.errors.as_str()), ("1001\n1002\n7\n\"ada\"\n", ""));
    // Its modules are in scope as it uses them, and its errors are told.
    place.write("bad.scm", "(define a 1)\n(user-account (name \"ada\"))\n");
    let ended = place.run(&["bad.scm"], "(+ 1 1)");
    assert!(!ended.success && ended.values == "2\n");
    assert!(
        ended.errors.contains("is not defined") && ended.errors.contains("bad.scm:2:"),
        "{}",
        ended.errors
    );
    // Relative paths are those of its directory, whenever they are looked at.
    fs::create_dir_all(place.path().join("sub/tree")).expect("create");
    place.write("sub/tree/file", "text");
    place.write("sub/paths.scm", "(use-modules (fruix freebsd source))\n(freebsd-source (path \"tree\"))\n");
    let ended = place.run(&["sub/paths.scm"], "(freebsd-source-tree %config)");
    assert!(ended.values.contains("#<store-object /frx/store/"), "{}", ended.errors);
    assert!(place.run(&["none.scm"], "").errors.contains("cannot read none.scm"));
}

#[test]
fn modules_and_the_declaration_are_read_again() {
    let place = Place::new();
    place.write("mine.scm", "(provide version)\n(define version 1)\n");
    place.write("config.scm", "(use-modules (mine))\n(list version)\n");
    let mut repl = place.start(&["config.scm"]);
    repl.say("(define kept (* 2 version)) (list version kept)");
    assert_eq!(repl.line(), "'(1 2)");
    place.write("mine.scm", "(provide version)\n(define version 5)\n");
    repl.say(",reload");
    repl.say("(list version kept %config)");
    assert_eq!(repl.line(), "'(5 10 (5))");
    let ended = repl.end();
    assert!(ended.success && ended.errors.contains("definitions of 1 input"), "{}", ended.errors);
}

#[test]
fn definitions_survive_what_ends_the_interpreter() {
    let place = Place::new();
    let start = Instant::now();
    let input = "(define keep 41)
(define (grow l) (grow (append l l)))
(define (deep n) (+ 1 (deep n))) (deep 1)
(+ keep 1)
(grow '(1 2 3))
(+ keep 2)";
    let ended = place.run(&["--eval-time-limit", "3", "--eval-memory-limit", "300M"], input);
    assert_eq!(ended.values, "42\n43\n", "{}", ended.errors);
    assert!(!ended.success);
    assert!(ended.errors.contains("was evaluating this"), "{}", ended.errors);
    assert!(ended.errors.contains("the session was started again, with"), "{}", ended.errors);
    assert!(start.elapsed() < Duration::from_secs(120));
}

#[test]
fn names_are_described() {
    let described = values(",describe user-account\n,describe user-account-name\n,help file-append");
    for expected in [
        "(user-account (field value) …)",
        "record type, (fruix accounts)",
        "(name string)  required",
        "The login name.",
        "(user-account-name user-account)",
        "(file-append object",
    ] {
        assert!(described.contains(expected), "{expected}: {described}");
    }
    let own =
        values(";;@doc\n;; Twice X.\n(define (twice x) (* 2 x))\n(twice 4)\n,describe twice\n,source twice");
    assert_eq!(
        own,
        "8\n(twice x)\n  procedure, <repl>:1\n\nTwice X.\n; <repl>:1:1\n;;@doc\n;; Twice X.\n(define (twice x) (* 2 x))\n"
    );
    let unknown = Place::new().run(&[], ",describe oprating-system\n,source car\n,describe");
    assert!(unknown.errors.contains("did you mean `operating-system`?"), "{}", unknown.errors);
    assert!(unknown.errors.contains("`car` is part of the interpreter"), "{}", unknown.errors);
    assert!(unknown.errors.contains("write `,describe NAME`"), "{}", unknown.errors);
    let help = values(",help");
    assert!(help.contains(",diff A B") && help.contains("Ctrl-C"), "{help}");
}

#[test]
fn kinds_of_values_are_told() {
    let input = ",type (list (user-account (name \"a\")) (user-account (name \"b\")))
,type car
,type (lambda (x) x)
,type \"a\"
,type (plain-file \"a\" \"b\")
,use (fruix lists)
,type (iota 3)";
    assert_eq!(
        values(input),
        "list of 2 `user-account` records\nprocedure\nprocedure\nstring\nstore object\nlist of 3 numbers\n"
    );
}

/// A derivation that a builder of Fruix's own makes, from another one.
const GREETING: &str = "(define (greeting whom)
  (mixed-text-file \"greeting\" \"Hello \" (derivation \"whom\" #:builder \"builtin:text\"
                                                    #:env (list (cons 'text whom)))))
";

#[test]
fn values_are_lowered() {
    let lowered = values(&format!("{GREETING},lower (greeting \"you\")\n,lower (plain-file \"a\" \"text\")"));
    for expected in [
        "-greeting.drv (output out)",
        "builder: builtin:text",
        "  text = Hello /frx/store/",
        "-whom.drv (out)",
        "\n  text\n",
    ] {
        assert!(lowered.contains(expected), "{expected}: {lowered}");
    }
    let nothing = Place::new().run(&[], ",lower (list 1)");
    assert!(!nothing.success && nothing.errors.contains("a list of 1 number"), "{}", nothing.errors);
}

#[test]
fn values_are_built() {
    let place = Place::new();
    let input = format!("{GREETING},build (greeting \"you\")\n,build (plain-file \"plain\" \"text\")");
    let ended = place.run(&[], &input);
    assert!(ended.success, "{}", ended.errors);
    let paths: Vec<&str> = ended.values.lines().collect();
    let read =
        |path: &str| fs::read_to_string(place.root().join(path.trim_start_matches('/'))).expect("an item");
    assert!(read(paths[0]).starts_with("Hello /frx/store/"), "{paths:?}");
    assert_eq!(read(paths[1]), "text");
}

#[test]
fn differences_are_shown_down_to_their_causes() {
    let input = format!(
        "{GREETING},diff (greeting \"you\") (greeting \"me\")
,diff (greeting \"you\") (greeting \"you\")
,diff (user-account (name \"a\")) (user-account (name \"a\") (uid 5) (shell \"/bin/csh\"))"
    );
    let shown = values(&input);
    assert!(shown.contains("\nwhom.drv\n  env text: \"you\" → \"me\"\n"), "{shown}");
    assert!(!shown.contains("greeting.drv"), "only a consequence: {shown}");
    assert!(shown.contains("no difference\n"), "{shown}");
    assert!(shown.ends_with("value\n  uid: #f → 5\n  shell: \"/bin/sh\" → \"/bin/csh\"\n"), "{shown}");
}

#[test]
fn nothing_of_the_machine_is_seen_that_is_not_declared() {
    let place = Place::new();
    let secret = place.write("secret.txt", "(secret-name)\n");
    let input = format!(
        "(require \"{0}\")\n(load \"{0}\")\n(open-input-file \"{0}\")\n(command \"id\" '())",
        secret.display()
    );
    let ended = place.run(&[], &input);
    assert!(!ended.success && ended.values.is_empty(), "{}", ended.values);
    assert!(!ended.errors.contains("secret-name"), "{}", ended.errors);
}

#[test]
fn a_closed_pipe_and_a_missing_home_are_no_trouble() {
    let place = Place::new();
    let mut command = place.command(&[]);
    command.env_remove("HOME").stdin(std::process::Stdio::null());
    let output = command.output().expect("runs");
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}
