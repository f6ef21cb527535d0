//! The examples of `docs/declaring.md` evaluate to what they say.
//!
//! An example is a block of Scheme with a line `;; → VALUE`; digests of store paths read `HASH` there.

use std::fs;

use fruix::eval::Evaluator;

const ARROW: &str = ";; → ";

/// The blocks of Scheme in a page.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    page.split("```scheme\n").skip(1).filter_map(|rest| rest.split("```").next())
}

/// The text with its digests left out.
fn without_digests(text: &str) -> String {
    let mut pieces = text.split("/frx/store/");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| match piece.split_once('-') {
        Some((digest, rest)) if digest.len() == 32 => format!("{text}/frx/store/HASH-{rest}"),
        _ => format!("{text}/frx/store/{piece}"),
    })
}

#[test]
fn examples_give_what_they_say() {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/declaring.md")).expect("the page");
    let mut seen = 0;
    for block in blocks(&page) {
        let Some((text, stated)) = block.split_once(ARROW) else { continue };
        let evaluation = Evaluator::pure().expression(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(without_digests(&evaluation.value.to_string()), stated.trim_end(), "{text}");
        seen += 1;
    }
    assert_eq!(seen, 3, "blocks with a value");
}
