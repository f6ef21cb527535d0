//! Several declarations in one call, which share what is the same for all.

use std::path::PathBuf;
use std::time::Duration;

use fruix::eval::{EvaluationLimits, Evaluator};

use crate::fixture::Fixture;

fn evaluator() -> Evaluator {
    Evaluator::pure().confined(PathBuf::from(env!("CARGO_BIN_EXE_fruix")))
}

#[test]
fn each_gets_the_result_that_it_gets_alone() {
    let fixture = Fixture::new();
    let texts = [
        "(use-modules (fruix store))\n(define x (plain-file \"a\" \"b\"))\nx",
        // Names that Fruix's modules have, in modules that this one does not use.
        "(use-modules (fruix records))\n(define-record-type* service (name string))\n(service (name \"mine\"))",
        "(undefined)",
        // What one does to a name of a module, another does not see.
        "(use-modules (fruix lists))\n(set! iota list)\n(iota 2)",
        "(use-modules (fruix lists))\n(define (iota n) n)\n(iota 2)",
        "(use-modules (fruix lists))\n(iota 2)",
        "(iota 2)",
        "(use-modules (fruix derivations))\n(derivation \"x\" #:builder \"/bin/sh\")",
        "x",
        "(+ 1 (vector-ref (vector) 5))",
        "'(1 2 (3 . 4) \"five\" 6.5)",
    ];
    let files: Vec<PathBuf> =
        texts.iter().enumerate().map(|(n, text)| fixture.file(&format!("{n}.scm"), text)).collect();
    let replaying = evaluator().image(fixture.path().join("image"));
    let together = evaluator().files(&files);
    let replayed = replaying.files(&files);
    assert!(fixture.path().join("image").is_file());
    for ((file, together), replayed) in files.iter().zip(together).zip(replayed) {
        let alone = replaying.file(file);
        match (&together, &replayed) {
            (Ok(together), Ok(replayed)) => assert_eq!(together, replayed),
            (Err(together), Err(replayed)) => assert_eq!(together.failure(), replayed.failure()),
            different => panic!("{}: {different:?}", file.display()),
        }
        let here = Evaluator::pure().file(file);
        match (together, alone, here) {
            (Ok(together), Ok(alone), Ok(here)) => {
                assert_eq!(together, alone);
                assert_eq!(together, here);
            }
            (Err(together), Err(alone), Err(here)) => {
                assert_eq!(together.failure(), alone.failure());
                assert_eq!(together.failure(), here.failure());
            }
            (together, alone, here) => panic!("{}: {together:?}, {alone:?}, {here:?}", file.display()),
        }
    }
}

#[test]
fn many_are_shared_out_and_their_results_stay_in_order() {
    let fixture = Fixture::new();
    let file =
        |n: usize| fixture.file(&format!("{n}.scm"), if n % 9 == 5 { "(f".into() } else { n.to_string() });
    let files: Vec<PathBuf> = (0..50).map(file).collect();
    let results = evaluator().image(fixture.path().join("image")).files(&files);
    assert_eq!(results.len(), files.len());
    for (n, result) in results.into_iter().enumerate() {
        match result {
            Ok(evaluation) => assert_eq!(evaluation.value.to_string(), n.to_string()),
            Err(error) => assert!(n % 9 == 5, "{error}"),
        }
    }
}

#[test]
fn one_that_ends_badly_leaves_the_others_alone() {
    let fixture = Fixture::new();
    let texts = ["1", "(define (f) (f)) (f)", "2", "(define (f l) (f (cons l l))) (f '())", "3"];
    let mut files: Vec<PathBuf> =
        texts.iter().enumerate().map(|(n, text)| fixture.file(&format!("{n}.scm"), text)).collect();
    files.insert(1, fixture.path().join("missing.scm"));
    let limits = EvaluationLimits { time: Duration::from_secs(8), memory: 300 << 20 };
    let results: Vec<String> = evaluator()
        .limits(limits)
        .files(&files)
        .into_iter()
        .map(|result| {
            result.map_or_else(|error| error.to_string(), |evaluation| evaluation.value.to_string())
        })
        .collect();
    assert_eq!([&results[0], &results[3], &results[5]], ["1", "2", "3"]);
    assert!(results[1].contains("no such file"), "{results:?}");
    assert!(results[2].contains("took longer"), "{results:?}");
    assert!(results[4].contains("of memory"), "{results:?}");
}

#[test]
fn an_interrupt_ends_them_all() {
    let fixture = Fixture::new();
    let files = [fixture.file("a.scm", "1"), fixture.file("b.scm", "2")];
    let results = evaluator().interrupted(|| true).files(&files);
    // What is ready when the wish is seen may be given.
    let interrupted = |error: &fruix::eval::EvalError| error.to_string().contains("interrupted");
    assert!(results.iter().all(|result| result.as_ref().is_err_and(interrupted)), "{results:?}");
}

#[test]
fn the_program_takes_several_files() {
    let fixture = Fixture::new();
    let derivation = |name: &str| {
        format!("(use-modules (fruix derivations))\n(derivation {name:?} #:builder \"/bin/sh\")")
    };
    fixture.file("a.scm", derivation("a"));
    fixture.file("b.scm", derivation("b"));
    let output = fixture.run(&["build", "--dry-run", "-f", "a.scm", "-f", "b.scm"]);
    let drvs = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(drvs.lines().count(), 2, "{drvs}{}", String::from_utf8_lossy(&output.stderr));
    fixture.file("c.scm", "(first-fault)");
    fixture.file("d.scm", "(second-fault)");
    let refusal = fixture.refusal(&["-f", "c.scm", "-f", "a.scm", "-f", "d.scm"]);
    assert!(refusal.contains("first-fault") && refusal.contains("second-fault"), "{refusal}");
}

#[test]
fn a_check_uses_what_a_store_has_and_makes_none() {
    let fixture = Fixture::new();
    let sound = fixture.file("sound.scm", "(use-modules (fruix store))\n(plain-file \"a\" \"b\")\n");
    let wrong = fixture.file("wrong.scm", "(use-modules (fruix store))\n(plain-file 'a \"b\")\n");
    let check = |file: &std::path::Path| fixture.run(&["check", file.to_str().unwrap()]);
    let root = fixture.path().join("../root");
    let before = check(&wrong);
    assert!(check(&sound).status.success() && before.status.code() == Some(1));
    assert!(!root.exists(), "a store was made");
    // With the interpreter's image of a store the same is said.
    assert!(fixture.run(&["build", "-f", sound.to_str().unwrap()]).status.success());
    let image = root.join("frx/var/fruix/cache/interpreter/image");
    let made = std::fs::metadata(&image).unwrap().modified().unwrap();
    assert!(check(&sound).status.success());
    assert_eq!(check(&wrong), before);
    assert_eq!(std::fs::metadata(&image).unwrap().modified().unwrap(), made);
}
