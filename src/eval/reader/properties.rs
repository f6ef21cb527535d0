//! What holds for every text, whatever it says.

use proptest::prelude::*;

use super::datum::{Datum, Kind, parse};

/// Texts of pieces that mean something to the reader, and of some that mean nothing.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "(", ")", "[", "]", "{", "}", "'", "`", ",", ",@", "#'", "#`", "#,", "#,@", "#(", "#;", "#|", "|#", "|", "\"",
            "\\", ";", ";;@doc\n", "#:", "#:key", "#\\a", "#\\", "#t", ".", "...", "define", "lambda", "if", "λ", "é", "\n",
            " ", "1", "-1.5e3", "1/2", "+inf.0", "#x", "#xff", "x", "use-modules", "define-record-type*", "\u{0}", "\u{feff}",
        ])
        .prop_map(str::to_string),
        1 => any::<char>().prop_map(|c| c.to_string()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Each expression lies inside of the one around it, after the one before it, and on character boundaries.
fn check(text: &str, datum: &Datum, within: std::ops::Range<usize>) {
    assert!(
        within.start <= datum.at.start && datum.at.end <= within.end,
        "{text:?}: {datum:?} in {within:?}"
    );
    assert!(text.get(datum.at.clone()).is_some_and(|piece| !piece.is_empty()), "{text:?}: {datum:?}");
    match &datum.kind {
        Kind::List(items) => check_all(text, items, datum.at.clone()),
        Kind::Quote(inner) | Kind::OtherQuote(inner) => check(text, inner, datum.at.clone()),
        _ => {}
    }
}

fn check_all(text: &str, items: &[Datum], mut within: std::ops::Range<usize>) {
    for item in items {
        check(text, item, within.clone());
        within.start = item.at.end;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_read_or_its_fault_is_shown_inside_of_it(text in text()) {
        match parse(&text) {
            Ok(parsed) => check_all(&text, &parsed.forms, 0..text.len()),
            Err(problem) => {
                let at = problem.primary().expect("a place");
                prop_assert!(text.get(at.clone()).is_some(), "{text:?}: {at:?}");
            }
        }
    }
}
