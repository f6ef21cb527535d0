//! Bytes are no METALOG, or one that is the same after it was written again.
#![no_main]

use fruix::builders::freebsd::metalog::Metalog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(metalog) = Metalog::parse(bytes) else { return };
    let written = metalog.to_bytes();
    let again = Metalog::parse(&written).expect("what was written can be read");
    assert_eq!(again, metalog);
    assert_eq!(again.to_bytes(), written);
});
