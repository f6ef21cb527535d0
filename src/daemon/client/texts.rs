//! Texts on their way to the daemon: in parts, for a message has a largest size.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::{StoreError, Text};
use crate::store_path::StorePath;
use crate::util::report::Report;

/// How many bytes of texts go into one message, if there is more than one.
const PART: usize = 1 << 20;

/// Most bytes of one text: as JSON, it may take six times as many.
const MOST: usize = 5 << 20;

/// Cuts texts into parts, such that each refers to earlier ones and those of its own part alone.
pub fn parts(texts: BTreeMap<StorePath, Text>) -> Result<Vec<Vec<Text>>, StoreError> {
    let mut parts: Vec<Vec<Text>> = Vec::new();
    let mut size = 0;
    for text in in_order(texts) {
        if text.contents.len() > MOST {
            return Err(too_long(&text).into());
        }
        size += text.contents.len();
        match parts.last_mut() {
            Some(part) if size <= PART => part.push(text),
            _ => {
                size = text.contents.len();
                parts.push(vec![text]);
            }
        }
    }
    Ok(parts)
}

/// What is referred to comes before what refers to it. Paths hash their references, so there is no circle.
fn in_order(mut texts: BTreeMap<StorePath, Text>) -> Vec<Text> {
    let names: BTreeSet<StorePath> = texts.keys().cloned().collect();
    let mut ordered = Vec::new();
    let mut pending: Vec<(StorePath, bool)> = names.iter().rev().map(|name| (name.clone(), false)).collect();
    while let Some((name, references_are_done)) = pending.pop() {
        if references_are_done {
            ordered.extend(texts.remove(&name));
        } else if let Some(text) = texts.get(&name) {
            let references = text.references.iter().filter(|reference| **reference != name);
            let open = references.filter(|reference| texts.contains_key(reference));
            let open: Vec<_> = open.map(|reference| (reference.clone(), false)).collect();
            pending.push((name, true));
            pending.extend(open);
        }
    }
    ordered
}

fn too_long(text: &Text) -> Report {
    Report::new(
        format!("the text `{}` has {} bytes, and the daemon takes {MOST}", text.name, text.contents.len()),
        "put it into a file, and name that in the declaration",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, size: usize, references: &[&Text]) -> Text {
        let references = references.iter().map(|text| text.path().unwrap()).collect();
        Text { name: name.to_owned(), contents: "x".repeat(size), references }
    }

    #[test]
    fn what_is_referred_to_goes_first() {
        let first = text("first", 10, &[]);
        let mut texts = vec![first.clone()];
        for number in 0..40 {
            let before = texts.iter().rev().take(2).collect::<Vec<_>>();
            texts.push(text(&format!("text-{}", number * 7 % 40), 100_000, &before));
        }
        let map = texts.iter().map(|text| (text.path().unwrap(), text.clone())).collect();
        let parts = parts(map).unwrap();
        assert!(parts.len() > 3 && parts.iter().all(|part| !part.is_empty()));
        let mut known = BTreeSet::new();
        for part in parts {
            known.extend(part.iter().map(|text| text.path().unwrap()));
            assert!(part.iter().all(|text| text.references.is_subset(&known)));
        }
        assert_eq!(known.len(), texts.len());
    }

    #[test]
    fn what_is_too_long_for_a_message_is_named() {
        let long = text("long", MOST + 1, &[]);
        let error = parts([(long.path().unwrap(), long)].into()).unwrap_err();
        assert!(error.to_string().contains("the text `long`"), "{error}");
    }
}
