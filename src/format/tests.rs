use super::*;

/// The text is laid out as expected, and that stays as it is.
#[track_caller]
fn assert_format(text: &str, expected: &str) {
    let expected = if expected.is_empty() { String::new() } else { format!("{expected}\n") };
    assert_eq!(format(text).unwrap(), expected);
    assert_eq!(format(&expected).unwrap(), expected, "formatted again");
}

#[test]
fn spaces_and_line_ends_are_put_in_order() {
    assert_format("  (a   b\t)\r\n\n\n\n(c)(d)  ; e  \n\n", "(a b)\n\n(c)\n(d) ; e");
    assert_format("\n\n", "");
    assert_format("( a . b )\n`(, a ,@b , @c)\n' d", "(a . b)\n`(,a ,@b , @c)\n'd");
}

#[test]
fn bodies_are_indented_by_two() {
    assert_format("(define (f a)\nb)", "(define (f a)\n  b)");
    assert_format("(let ([a 1]\n[b 2]) (f a)\n(g b))", "(let ([a 1]\n      [b 2])\n  (f a)\n  (g b))");
    assert_format(
        "(let loop ((i 0)\n(j 1)) (loop i j))",
        "(let loop ((i 0)\n           (j 1))\n  (loop i j))",
    );
    assert_format("(with-handler (lambda (e) e)\n(f))", "(with-handler (lambda (e) e)\n  (f))");
    assert_format("(when\na\nb)", "(when a\n  b)");
}

#[test]
fn alternatives_have_lines_of_their_own() {
    assert_format(
        "(cond [a b] [(c)\nd] [e => f]\n[else g])",
        "(cond\n  [a b]\n  [(c)\n   d]\n  [e => f]\n  [else g])",
    );
    assert_format("(case x [(a b) c]\n[else d])", "(case x\n  [(a b) c]\n  [else d])");
}

#[test]
fn arguments_are_aligned_with_the_first_one_or_below_the_head() {
    assert_format("(f a\nb (g c\nd))", "(f a\n   b\n   (g c\n      d))");
    assert_format("(f\na b)", "(f\n a\n b)");
    assert_format("(map f (list 1\n2))", "(map f (list 1\n             2))");
    assert_format("(if a (begin (b)\nd) c)", "(if a\n    (begin\n      (b)\n      d)\n    c)");
}

#[test]
fn fields_stand_below_each_other() {
    let record = "(operating-system\n (host-name \"x\")\n\n (base (freebsd-base\n        (version \"13\")\n        (world w))))";
    assert_format(record, record);
    assert_format("(host-name\n\"x\")", "(host-name \"x\")");
    assert_format(
        "(define-record-type* when \"Doc.\"\n(begin string\n(default 1)))",
        "(define-record-type* when\n  \"Doc.\"\n  (begin string\n         (default 1)))",
    );
}

#[test]
fn keywords_stay_with_their_values() {
    assert_format(
        "(derivation \"x\"\n#:builder\nb #:env (list (a)\n(b)))",
        "(derivation \"x\"\n            #:builder b\n            #:env (list (a)\n                        (b)))",
    );
}

#[test]
fn words_fill_lines_and_groups_stay_together() {
    assert_format("'(a b\nc)", "'(a b\n  c)");
    assert_format("(string-append \"a\" b\n\"c\" d)", "(string-append \"a\" b\n               \"c\" d)");
    assert_format("(list (a)\n(b) (c))", "(list (a)\n      (b)\n      (c))");
    let words = format!("'({})", "word ".repeat(30).trim_end());
    let lines = format(&words).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    // One word too many in one line is not left alone on the next.
    assert_eq!(format(&lines.replace(")", " word word)")).unwrap().lines().count(), 2);
}

#[test]
fn what_is_too_long_is_broken_from_the_outside() {
    let name = "a".repeat(40);
    assert_format(&format!("(f ({name} {name}) ({name} b))"), &format!("(f ({name} {name})\n   ({name} b))"));
    let long = "a".repeat(100);
    assert_format(&format!("({name} \"{long}\")"), &format!("({name}\n \"{long}\")"));
}

#[test]
fn comments_stay_where_they_are() {
    assert_format("(a ; one\nb ;; two\n;; three\n)", "(a ; one\n b ;; two\n ;; three\n )");
    assert_format(
        "#!/usr/bin/fruix\n;; a\n\n\n#| b\n  c |#\n(d #| e |# f)",
        "#!/usr/bin/fruix\n;; a\n\n#| b\n  c |#\n(d #| e |# f)",
    );
    assert_format("(a #;(b (x)\nc) d)", "(a #;(b (x)\n        c)\n   d)");
    assert_format("'; a\nb", "'; a\n b");
}

#[test]
fn strings_and_characters_are_copied() {
    assert_format("(a \"b\n  c\" #\\( #\\;\n|d e|)", "(a \"b\n  c\"\n   #\\(\n   #\\;\n   |d e|)");
}

#[test]
fn gexps_are_code() {
    assert_format("#~(begin\n(mkdir #$output))", "#~(begin\n    (mkdir #$output))");
    assert_format("#~ (a #$ b #$ @c #$@d)", "#~(a #$b #$ @c #$@d)");
    let behind_a_discarded_string = "(list #;\"\n\"\n      \"\n\")\n#~(c)";
    assert_format(behind_a_discarded_string, behind_a_discarded_string);
}

#[test]
fn a_syntax_error_is_reported_at_its_place() {
    assert_eq!(format("(a (b)").unwrap_err().primary(), Some(0..1));
    assert!(format(&"(".repeat(100_000)).is_err());
}

#[test]
fn nesting_up_to_the_limit_is_formatted() {
    for (open, close) in [("(", ")"), ("(a b ", ")"), ("(let ([a 1]) ", ")"), ("'", "x"), ("(a\n", ")")] {
        let text = format!("{}{}", open.repeat(900), close.repeat(if close == "x" { 1 } else { 900 }));
        let once = format(&text).unwrap();
        assert_eq!(format(&once).unwrap(), once, "{open}");
    }
}
