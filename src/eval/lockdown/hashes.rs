//! Hashes come in another order on every run; here they get one that stays.

use std::sync::Arc;

use steel::SteelVal;
use steel::gc::Gc;
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

/// Procedures that would show the order in other ways.
const SHOWING: &[&str] =
    &["transduce", "value->iterator", "to-string", "value->string", "value->jsexpr-string"];

/// Deepest nesting in which a hash is looked for.
const MAX_DEPTH: usize = 50;

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
        guard(engine, name, move |args| {
            if args.iter().any(|value| holds_hash(value, 0)) {
                return Err(failure(format!(
                    "{name}: a hash has no order\nturn it into a list first, with hash->list"
                )));
            }
            Ok(())
        })?;
    }
    Ok(())
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

fn holds_hash(value: &SteelVal, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match value {
        SteelVal::HashMapV(map) => map.len() > 1,
        SteelVal::HashSetV(set) => set.len() > 1,
        SteelVal::ListV(items) => items.iter().any(|item| holds_hash(item, depth + 1)),
        SteelVal::VectorV(items) => items.iter().any(|item| holds_hash(item, depth + 1)),
        SteelVal::Pair(pair) => holds_hash(&pair.car(), depth + 1) || holds_hash(&pair.cdr(), depth + 1),
        _ => false,
    }
}
