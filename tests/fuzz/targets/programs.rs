//! Whatever a declaration does, it ends with a value or an error that a user understands, means the same every time, and
//! shows nothing of what it did not declare. Each runs in a process of its own, as with `fruix build`: the program that
//! `FRUIX` names.
#![no_main]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;
use std::{env, fs};

use arbitrary::{Arbitrary as _, Unstructured};
use fruix::eval::{Code, EvalError, Evaluation, EvaluationLimits, Evaluator};
use fruix_fuzz::judge;
use fruix_fuzz::programs::{CANARY, FILE, Program, VARIABLE};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Programs of one input: they share the start of a process.
const PROGRAMS: usize = 20;

/// Where the programs lie, with what they must not see.
struct Place {
    directory: tempfile::TempDir,
    evaluator: Evaluator,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let program = env::var_os("FRUIX").map(PathBuf::from).expect("FRUIX names the program");
    assert!(env::var(VARIABLE).is_ok_and(|value| value == CANARY), "start it with {VARIABLE}={CANARY}");
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join(FILE), CANARY).expect("a file");
    symlink(FILE, directory.path().join("link.scm")).expect("a link");
    let limits = EvaluationLimits { time: Duration::from_secs(20), memory: 512 << 20 };
    let evaluator = Evaluator::pure().confined(program).limits(limits).image(directory.path().join("image"));
    Place { directory, evaluator }
});

/// Whether an evaluation was ended for its time or memory: on a busy machine that may happen to one of two.
fn took_too_much(result: &Result<Evaluation, EvalError>) -> bool {
    let problems = result.as_ref().err().map(|error| error.failure().problems.as_slice());
    problems.unwrap_or_default().iter().any(|problem| problem.code == Code::TooMuch)
}

fn shows_nothing(place: &Path, text: &str, result: &Result<Evaluation, EvalError>) {
    let (said, meant) = match result {
        Ok(evaluation) => {
            let Evaluation { value, derivations, texts, .. } = evaluation;
            (format!("{evaluation:?}"), format!("{value:?} {derivations:?} {texts:?}"))
        }
        Err(error) => (format!("{error:?}"), String::new()),
    };
    assert!(!said.contains(CANARY), "it shows what it must not see:\n{text}\n{said}");
    let place = place.display().to_string();
    assert!(!meant.contains(&place), "it depends on where it lies:\n{text}\n{meant}");
}

// The first evaluation makes the image of Fruix's own modules.
fuzz_target!(init: drop(PLACE.evaluator.expression("'first")), |bytes: &[u8]| -> Corpus {
    let mut bytes = Unstructured::new(bytes);
    let mut texts: Vec<String> = Vec::new();
    while let Some(program) = (texts.len() < PROGRAMS && !bytes.is_empty()).then(|| Program::arbitrary(&mut bytes)) {
        let Ok(program) = program else { break };
        texts.push(program.into());
    }
    if texts.is_empty() {
        return Corpus::Reject;
    }
    let Place { directory, evaluator } = &*PLACE;
    let write = |(number, text)| {
        let path = directory.path().join(format!("{number}.scm"));
        fs::write(&path, text).expect("a file");
        path
    };
    let paths: Vec<PathBuf> = texts.iter().enumerate().map(write).collect();
    let results = evaluator.files(&paths);
    for (text, result) in texts.iter().zip(&results) {
        shows_nothing(directory.path(), text, result);
        if let Err(error) = result {
            judge::failure(error.failure());
        }
    }
    // In another order, by another process, with other seeds of its hash tables.
    let backwards: Vec<PathBuf> = paths.into_iter().rev().collect();
    let again = evaluator.files(&backwards).into_iter().rev();
    for ((text, first), second) in texts.iter().zip(results).zip(again) {
        if [&first, &second].into_iter().any(took_too_much) {
            continue;
        }
        // By their texts: `+nan.0` does not equal itself.
        let told = |result: Result<Evaluation, EvalError>| {
            format!("{:?}", result.map_err(|error| error.failure().clone()))
        };
        assert_eq!(told(first), told(second), "it means something else the second time:\n{text}");
    }
    Corpus::Keep
});
