//! What the targets have in common: inputs that are like what users write, and what must hold of all answers.

pub mod archive;
pub mod judge;
pub mod programs;
pub mod records;
pub mod scheme;
pub mod traffic;

use arbitrary::{Arbitrary, Unstructured};

/// The first byte of an input that is made up; no text has it.
const MADE_UP: u8 = 0xff;

/// A text that the fuzzer's bytes are, or, behind a byte that no text has, one that is made up of them. So a file of the
/// project can be an input as it is.
pub fn text<'a, T: Arbitrary<'a> + Into<String>>(bytes: &'a [u8]) -> Option<String> {
    match bytes.split_first() {
        Some((&MADE_UP, seed)) => T::arbitrary_take_rest(Unstructured::new(seed)).ok().map(T::into),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
}
