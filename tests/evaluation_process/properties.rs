//! Declarations that nobody would write: each is a value or an error, and never a fault of the interpreter.

use std::path::PathBuf;
use std::time::Duration;

use fruix::eval::Evaluator;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::fixture::Fixture;

/// How many declarations are tried.
const CASES: usize = 120;

/// What every declaration begins with.
const PRELUDE: &str = "(use-modules (fruix records) (fruix accounts) (fruix file-systems) (fruix services) (fruix store) (fruix lists) (fruix derivations))
(define-record-type* point \"A point.\" (x integer) (y (maybe (list-of (or string point))) (default #f)))
";

/// Expressions around the forms that Fruix adds, well-formed and otherwise.
fn expression() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "1",
        "-5",
        "1e400",
        "\"text\"",
        "'()",
        "#t",
        "#f",
        "x",
        "y",
        "name",
        "inherit",
        "point",
        "point?",
        "point-x",
        "user-account",
        "file-system",
        "#:builder",
        "#:env",
        "'(a . b)",
        "(hash 'a 1)",
        "(vector 1 2)",
        "(lambda (x) x)",
        "`(1 ,x)",
        "car",
        "map",
        "list",
        "(point (x 1))",
        "(plain-file \"n\" \"t\")",
        "(void)",
        "define",
        "this-record",
        ".",
    ])
    .prop_map(str::to_string);
    atom.prop_recursive(4, 24, 4, |inner| {
        let head = prop::sample::select(vec![
            "point",
            "user-account",
            "file-system",
            "service",
            "list",
            "car",
            "map",
            "fold",
            "inherit",
            "x",
            "y",
            "name",
            "uid",
            "let",
            "let*",
            "if",
            "cond",
            "define",
            "lambda",
            "quote",
            "apply",
            "append",
            "derivation",
            "plain-file",
            "mixed-text-file",
            "->json",
            "vector-ref",
            "string-append",
            "set!",
            "point-x",
            "begin",
            "with-handler",
            "define-syntax",
            "syntax-rules",
        ]);
        (head, prop::collection::vec(inner, 0..4))
            .prop_map(|(head, parts)| format!("({head} {})", parts.join(" ")))
    })
}

#[test]
fn the_interpreter_has_an_answer_to_everything() {
    let mut runner = TestRunner::deterministic();
    let fixture = Fixture::new();
    let declaration = prop::collection::vec(expression(), 1..4).prop_map(|forms| forms.join("\n"));
    let texts: Vec<String> =
        (0..CASES).map(|_| declaration.new_tree(&mut runner).unwrap().current()).collect();
    let files: Vec<PathBuf> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| fixture.file(&format!("{number}.scm"), format!("{PRELUDE}{text}\n")))
        .collect();
    let evaluator =
        Evaluator::pure().confined(env!("CARGO_BIN_EXE_fruix").into()).time_limit(Duration::from_secs(30));
    for (text, result) in texts.iter().zip(evaluator.files(&files)) {
        let Err(error) = result else { continue };
        let failure = error.failure();
        for problem in &failure.problems {
            let fault = ["the interpreter failed", "the process of the evaluation", "at fault", "took"];
            assert!(
                !fault.iter().any(|fault| problem.message.contains(fault)),
                "{text}\n{}",
                problem.message
            );
            for label in &problem.labels {
                let source = label.file.and_then(|file| failure.sources.get(file)).expect("a file");
                assert!(source.text.get(label.at.clone()).is_some(), "{text}\n{problem:?}");
                assert!(
                    source.name.ends_with(".scm") && !source.name.starts_with("fruix/"),
                    "{text}\n{problem:?}"
                );
            }
        }
    }
}
