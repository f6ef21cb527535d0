//! Formatting: what it may not change, for every Scheme file here and for texts nobody would write.

use std::fs;
use std::path::{Path, PathBuf};

use fruix::eval::{Evaluator, Value};
use fruix::format::{WIDTH, files, format};
use proptest::prelude::*;

/// The Scheme files of the project that can be read.
fn all_files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["scheme", "system-configs", "tests/scheme"].map(|place| root.join(place));
    let found = files::find(&places).unwrap();
    assert!(found.len() > 150, "only {} files found", found.len());
    let texts = found.into_iter().filter_map(|path| Some((path.clone(), fs::read_to_string(&path).ok()?)));
    texts.filter(|(_, text)| format(text).is_ok()).collect()
}

/// Declarations to copy, Fruix's own modules, and fixtures that are no bad input.
#[test]
fn what_others_learn_from_is_in_style() {
    let examples =
        ["scheme", "system-configs"].map(|place| Path::new(env!("CARGO_MANIFEST_DIR")).join(place));
    let mut seen = 0;
    for (path, text) in all_files() {
        let example = examples.iter().any(|place| path.starts_with(place));
        if example || text.lines().any(|line| line.starts_with(";; value:")) {
            seen += 1;
            assert_eq!(format(&text).unwrap(), text, "run fruix fmt {}", path.display());
        }
    }
    assert!(seen > 20, "only {seen} files found");
}

/// The expressions of a text as data, by reading it as the interpreter does.
fn data(text: &str) -> Value {
    let quoted = format!("(quote (\n{text}\n))");
    Evaluator::pure().expression(&quoted).map(|evaluation| evaluation.value).unwrap_or(Value::Nothing)
}

/// Everything but white space, and so all tokens and comments.
fn ink(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn assert_harmless(text: &str) {
    let once = format(text).expect("text can be read");
    assert_eq!(ink(&once), ink(text), "something is lost or added:\n{text}\n--- became\n{once}");
    let twice = format(&once).expect("formatted text can be read");
    assert_eq!(twice, once, "formatting again changes it; it was\n{text}");
    assert!(!once.contains("\n\n\n") || text.contains('"') || text.contains("#|"), "blank lines:\n{once}");
}

#[test]
fn formatting_any_file_of_the_project_changes_white_space_alone() {
    for (path, text) in all_files() {
        eprintln!("{}", path.display());
        assert_harmless(&text);
    }
}

#[test]
fn what_is_read_stays_the_same() {
    // Data, comments, and what Steel's lexer reads in ways of its own.
    for text in [
        "(a\"b\"c)",
        "(a'b`c,d,@e)",
        "#t;x y\n#f",
        "(#:key value #\\a #\\( #\\space)",
        "'(1 -2.5 1/2 +i #xff)",
        "#(1 2) #u8(3 4)",
        "(a #;b #;(c d) e)",
        "\"a\\\n   b\" \"\\x41;\"",
        "(|a b| . |c\\|d|)",
        "#<<END\n a ( \" b\nEND\n(c)",
        "`(a ,(b) ,@(c) , @d)",
        "[a [b] (c)]",
    ] {
        assert_harmless(text);
        assert_eq!(data(&format(text).unwrap()), data(text), "{text}");
    }
}

/// Something between two expressions.
fn space() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(" ".to_string()),
        2 => Just("\n".to_string()),
        1 => Just("\n\n\n".to_string()),
        1 => "[ ]{0,3}; [a-z \"(]{0,9}\n",
        1 => Just("\n ;; own line\n".to_string()),
        1 => Just(" #| block |# ".to_string()),
        1 => Just("#|\n two ( lines |#".to_string()),
    ]
}

fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9!?*-]{0,20}",
        "-?[0-9]{1,9}",
        "\"[a-z ();'\\n]{0,50}\"",
        "#:[a-z]{1,8}",
        Just("#t".to_string()),
        Just("#\\)".to_string()),
        Just("=>".to_string()),
        Just("|a ( b|".to_string()),
        Just(".5".to_string()),
    ]
}

fn head() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "define",
        "let",
        "let*",
        "lambda",
        "if",
        "cond",
        "case",
        "begin",
        "when",
        "list",
        "string-append",
        "operating-system",
        "define-record-type*",
        "syntax-rules",
        "match",
        "use-modules",
        "and",
        "hash",
        "do",
        "with-x",
        "f",
    ])
    .prop_map(ToString::to_string)
}

fn expression() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec!["", "", "", "", "'", "`", ",", ",@", "#;", "#~", "#"]);
    atom().prop_recursive(5, 60, 6, move |inner| {
        let items = prop::collection::vec((inner, space()), 0..7);
        let first = prop_oneof![3 => head(), 1 => Just(String::new())];
        (prefix.clone(), any::<bool>(), first, space(), items).prop_map(
            |(prefix, square, head, gap, items)| {
                let inside: String = items.iter().map(|(item, space)| format!("{item}{space}")).collect();
                let (open, close) = if square && prefix != "#" { ("[", "]") } else { ("(", ")") };
                format!("{prefix}{open}{head}{gap}{inside}{close}")
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn formatting_changes_white_space_alone(forms in prop::collection::vec((expression(), space()), 1..4)) {
        let text: String = forms.iter().map(|(form, space)| format!("{form}{space}")).collect();
        // A discarded expression may have been the last of its list: that is a syntax error.
        if format(&text).is_ok() {
            assert_harmless(&text);
        }
    }

    #[test]
    fn nothing_makes_it_panic(text in "[ ()\\[\\]'`,;#|\"\\\\a-c\n.:~$@<{}]{0,60}") {
        if let Ok(once) = format(&text) {
            prop_assert_eq!(ink(&once), ink(&text));
        }
    }
}

#[test]
fn the_longest_files_take_no_time() {
    let start = std::time::Instant::now();
    for piece in ["(a b) ", "(define x 1)\n", "\"\n\"", "a ", ";\n", "(f (g (h 1 2 3)\n))"] {
        let text = format!("(list {})", piece.repeat(250 * 1024 / piece.len()));
        let lines = format(&text).unwrap();
        assert!(lines.lines().all(|line| line.len() <= WIDTH), "{piece}");
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
