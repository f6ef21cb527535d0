//! A file of settings is understood, or its fault is shown inside of it.
#![no_main]

use fruix::store::Settings;
use libfuzzer_sys::fuzz_target;
use miette::Diagnostic as _;

fuzz_target!(|text: &str| {
    let Err(error) = Settings::parse("fruix.conf", text) else { return };
    for label in error.labels().expect("a place") {
        let at = label.offset()..label.offset() + label.len();
        assert!(text.get(at).is_some(), "no place of the text: {label:?}");
    }
    assert!(error.help().is_some());
});
