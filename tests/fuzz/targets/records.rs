//! Record types and their constructors get whatever they get: what is wrong is said, at a place that the user wrote.
#![no_main]

use fruix::eval::Evaluator;
use fruix_fuzz::{judge, records::Records, text};
use libfuzzer_sys::fuzz_target;

// The first evaluation compiles Fruix's own modules, for all later ones.
fuzz_target!(init: drop(Evaluator::pure().expression("'first")), |bytes: &[u8]| {
    // In this process, for the fuzzer to see where it leads. Without memory and time to take, nothing here needs a limit.
    let Some(text) = text::<Records>(bytes) else { return };
    if let Err(error) = Evaluator::pure().expression(&text) {
        judge::failure(error.failure());
    }
});
