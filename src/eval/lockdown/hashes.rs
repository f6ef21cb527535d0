//! Hashes come in another order on every run; here they get one that stays.

use std::sync::Arc;

use steel::SteelVal;
use steel::gc::{Gc, ShareableMut};
use steel::rerrs::SteelErr;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::{guard, replace};
use crate::eval::host::failure;
use crate::eval::values;

/// What a listing of a hash gives.
#[derive(Clone, Copy)]
enum Part {
    Entries,
    Keys,
    Values,
}

/// Listings, which are replaced by sorted ones.
const LISTINGS: &[(&str, Part, bool)] = &[
    ("hash->list", Part::Entries, false),
    ("hash->vector", Part::Entries, true),
    ("hash-keys->list", Part::Keys, false),
    ("hash-keys->vector", Part::Keys, true),
    ("hash-values->list", Part::Values, false),
    ("hash-values->vector", Part::Values, true),
    ("hashset->list", Part::Keys, false),
    ("hashset->vector", Part::Keys, true),
    ("hashset->immutable-vector", Part::Keys, true),
];

/// Procedures that would show the order in other ways. Messages of errors name the values that did not fit.
const SHOWING: &[&str] = &[
    "transduce",
    "value->iterator",
    "to-string",
    "value->string",
    "value->jsexpr-string",
    "concat-symbols",
    "display",
    "displayln",
    "print",
    "println",
    "write",
    "write-string",
    "simple-display",
    "simple-displayln",
    "#%display",
    "#%top-level-display",
    "#%raw-display",
    "#%raw-write",
    "#%raw-write-string",
    "error-object-message",
    "error-with-span",
];

/// Procedures that make an error of what they are given.
const FAILING: &[&str] = &["error", "error!", "#%error"];

/// Most values in which a hash is looked for. A structure that contains itself has no end.
const MAX_VALUES: usize = 1_000_000;

/// Puts hashes in order.
pub(super) fn order(engine: &mut Engine) -> Result<()> {
    for &(name, part, vector) in LISTINGS {
        let list = move |args: &[SteelVal]| {
            let items = sorted(name, args, part)?;
            Ok(if vector {
                SteelVal::VectorV(Gc::new(items.into_iter().collect::<steel::Vector<_>>()).into())
            } else {
                SteelVal::ListV(items.into())
            })
        };
        replace(engine, name, SteelVal::anonymous_boxed_function(Arc::new(list)));
    }
    for name in SHOWING {
        guard(engine, name, move |args| can_be_shown(name, args))?;
    }
    for name in FAILING {
        let fail = move |args: &[SteelVal]| {
            can_be_shown(name, args)?;
            let text =
                |value: &SteelVal| values::text(value).map_or_else(|| value.to_string(), ToString::to_string);
            let texts: Vec<String> = args.iter().map(text).collect();
            Err(failure(if texts.is_empty() {
                format!("{name}: expected a message")
            } else {
                texts.join(" ")
            }))
        };
        replace(engine, name, SteelVal::anonymous_boxed_function(Arc::new(fail)));
    }
    Ok(())
}

/// Checks that a text made of values would be the same on every run.
fn can_be_shown(procedure: &str, values: &[SteelVal]) -> Result<()> {
    match holds_hash(values) {
        Some(false) => Ok(()),
        Some(true) => Err(failure(format!(
            "{procedure}: a hash has no order\nturn it into a list first, with hash->list"
        ))),
        None => Err(failure(format!(
            "{procedure}: this is too large to be shown, or contains itself\nshow a part of it"
        ))),
    }
}

fn sorted(name: &str, args: &[SteelVal], part: Part) -> Result<Vec<SteelVal>> {
    let mut entries: Vec<(Key, SteelVal, SteelVal)> = Vec::new();
    match args {
        [SteelVal::HashMapV(map)] => {
            for (key, value) in map.iter() {
                entries.push((Key::of(name, key)?, key.clone(), value.clone()));
            }
        }
        [SteelVal::HashSetV(set)] => {
            for key in set.iter() {
                entries.push((Key::of(name, key)?, key.clone(), SteelVal::Void));
            }
        }
        _ => return Err(failure(format!("{name}: expected a hash"))),
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let pick = |(_, key, value): (Key, SteelVal, SteelVal)| match part {
        Part::Entries => SteelVal::ListV(vec![key, value].into()),
        Part::Keys => key,
        Part::Values => value,
    };
    Ok(entries.into_iter().map(pick).collect())
}

/// What keys are sorted by: their kind, then their value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Boolean(bool),
    Integer(isize),
    Symbol(String),
    Text(String),
}

impl Key {
    fn of(procedure: &str, value: &SteelVal) -> Result<Self> {
        Ok(match value {
            SteelVal::BoolV(value) => Self::Boolean(*value),
            SteelVal::IntV(value) => Self::Integer(*value),
            SteelVal::SymbolV(name) => Self::Symbol(name.to_string()),
            SteelVal::StringV(text) => Self::Text(text.to_string()),
            other => {
                let what = values::describe(other);
                return Err(failure(format!(
                    "{procedure}: keys are put in order, and {what} has none\nuse strings, symbols or integers as keys"
                )));
            }
        })
    }
}

/// Whether there is a hash in values whose order would show; `None` if they have no end.
fn holds_hash(values: &[SteelVal]) -> Option<bool> {
    let mut pending = values.to_vec();
    let mut seen = 0;
    while let Some(value) = pending.pop() {
        seen += 1;
        if seen > MAX_VALUES {
            return None;
        }
        match &value {
            SteelVal::HashMapV(map) if map.len() > 1 => return Some(true),
            SteelVal::HashSetV(set) if set.len() > 1 => return Some(true),
            SteelVal::HashMapV(map) => {
                pending.extend(map.iter().flat_map(|(key, value)| [key.clone(), value.clone()]));
            }
            SteelVal::HashSetV(set) => pending.extend(set.iter().cloned()),
            SteelVal::ListV(items) => pending.extend(items.iter().cloned()),
            SteelVal::VectorV(items) => pending.extend(items.iter().cloned()),
            SteelVal::MutableVector(items) => pending.extend(items.get()),
            SteelVal::HeapAllocated(inner) => pending.push(inner.get()),
            SteelVal::Boxed(inner) => pending.push(inner.read().clone()),
            SteelVal::Pair(pair) => pending.extend([pair.car(), pair.cdr()]),
            SteelVal::CustomStruct(object) => {
                pending.extend((0..).map_while(|index| object.get_index(index).cloned()));
            }
            SteelVal::Custom(_) if shows_hash(&value) => return Some(true),
            _ => {}
        }
    }
    Some(false)
}

/// Whether this is an error whose message has a hash in it.
fn shows_hash(value: &SteelVal) -> bool {
    values::custom::<SteelErr>(value).is_some_and(|error| error.to_string().contains("#<hash"))
}
