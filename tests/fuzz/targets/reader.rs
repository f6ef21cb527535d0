//! Whatever a text says, it is read, or its fault is shown inside of it.
#![no_main]

use fruix::eval::check_syntax;
use fruix_fuzz::{scheme::Scheme, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(text) = text::<Scheme>(bytes) else { return };
    if let Err(problem) = check_syntax(&text) {
        assert!(!problem.labels.is_empty(), "no place: {problem:?}");
        for label in &problem.labels {
            assert!(text.get(label.at.clone()).is_some(), "no place of the text: {problem:?}");
        }
    }
});
