//! What must hold of a diagnostic, whatever the text that it is about.

use fruix::eval::{Code, Failure, Problem};

/// Words of the interpreter that say nothing to a user.
const RAW: &[&str] =
    &["Steel", "steel ", "steelval", "TailCall", "Gc(", "#%", "##", "stack overflow", "free identifier", "panicked"];

/// Panics unless the failure is one that a user can do something with: in words of the language, at places in the
/// user's own texts.
pub fn failure(failure: &Failure) {
    assert!(!failure.problems.is_empty(), "a failure says nothing");
    let own: String = failure.sources.iter().map(|source| source.text.as_str()).collect();
    for problem in &failure.problems {
        words(problem, &own);
        // What took too much was ended from outside, which sees no place in it.
        assert!(problem.code == Code::TooMuch || !problem.labels.is_empty(), "no place: {problem:#?}\n{own}");
        for label in &problem.labels {
            let source = label.file.and_then(|file| failure.sources.get(file)).expect("a file");
            assert!(source.text.get(label.at.clone()).is_some(), "no place of the text: {problem:#?}");
            assert!(!source.name.starts_with("fruix/"), "a place in Fruix's own modules: {problem:#?}");
        }
    }
}

/// Panics if the problem is the program's own, or not in words of the language.
fn words(problem: &Problem, own: &str) {
    assert!(problem.code != Code::InternalFault, "{problem:#?}\n{own}");
    let labels = problem.labels.iter().map(|label| label.text.as_str());
    for said in labels.chain([problem.message.as_str()]).chain(problem.help.as_deref()) {
        // What the text itself says may be said again.
        let raw = RAW.iter().find(|word| said.contains(**word) && !own.contains(**word));
        assert!(raw.is_none(), "words of the interpreter: {problem:#?}\n{own}");
    }
}
