//! Bytes of a process that nobody trusts are a message, or an error.
#![no_main]

use fruix::eval::{Evaluation, Failure, Request};
use fruix::util::frames;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let length = u32::try_from(bytes.len()).expect("a short text").to_le_bytes();
    let framed = [&length, bytes].concat();
    for mut from in [bytes, framed.as_slice()] {
        while let Ok(Some(_)) = frames::receive::<Result<Evaluation, Failure>>(&mut from) {}
    }
    let mut from = framed.as_slice();
    // What is understood is said again in the same way.
    if let Ok(Some(request)) = frames::receive::<Request>(&mut from) {
        let mut pipe = Vec::new();
        frames::send(&mut pipe, &request).expect("a message");
        let again = frames::receive::<Request>(&mut pipe.as_slice()).expect("the same message");
        assert_eq!(again, Some(request));
    }
});
