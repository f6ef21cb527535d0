//! Steel values to plain data.

use steel::SteelVal;

use super::evaluation::Root;
use super::store_object::{MixedText, StoreObject};
use super::value::Value;
use super::values::{self, Record, Walk};

/// Deepest nesting that is followed, in levels of JSON: a mutable structure may contain itself, and a reader of JSON
/// goes no deeper than 128.
const MAX_DEPTH: usize = 112;

/// Longest rendering of what Rust does not know.
const SHOWN_CHARS: usize = 200;

/// The levels that a list takes: its kind, and its items.
const LIST: usize = 2;

/// The levels that a record takes: its kind, its parts, the list of its fields, and each field.
const RECORD: usize = 4;

/// A copy of a value that outlives the engine.
pub fn to_value(value: &SteelVal) -> Value {
    convert(value, 0, &mut Walk::default())
}

fn convert(value: &SteelVal, depth: usize, walk: &mut Walk) -> Value {
    if depth > MAX_DEPTH || walk.enter().is_err() {
        return Value::Opaque("…".into());
    }
    let converted = convert_part(value, depth, walk);
    walk.leave();
    converted
}

fn convert_part(value: &SteelVal, depth: usize, walk: &mut Walk) -> Value {
    match value {
        SteelVal::Void => Value::Nothing,
        SteelVal::BoolV(value) => Value::Boolean(*value),
        SteelVal::IntV(value) => Value::Integer(*value as i64),
        SteelVal::NumV(value) => Value::Number(*value),
        SteelVal::StringV(text) => Value::Text(text.to_string()),
        SteelVal::SymbolV(name) => Value::Symbol(name.to_string()),
        SteelVal::ListV(list) => {
            Value::List(list.iter().map(|item| convert(item, depth + LIST, walk)).collect())
        }
        SteelVal::VectorV(items) => {
            Value::List(items.iter().map(|item| convert(item, depth + LIST, walk)).collect())
        }
        // Their order changes from run to run.
        SteelVal::HashMapV(_) => Value::Opaque("#<hash>".into()),
        SteelVal::HashSetV(_) => Value::Opaque("#<hashset>".into()),
        SteelVal::Closure(_) => Value::Opaque("#<procedure>".into()),
        other => convert_object(other, depth, walk),
    }
}

fn convert_object(value: &SteelVal, depth: usize, walk: &mut Walk) -> Value {
    if let Some(record) = Record::of(value) {
        let names = record.record_type().fields.iter().map(|field| field.name.clone());
        let values = record.values.iter().map(|value| convert(value, depth + RECORD, walk));
        return Value::Record { kind: record.type_name().to_string(), fields: names.zip(values).collect() };
    }
    if let Some(object) = values::custom::<StoreObject>(value) {
        return Value::StorePath(object.path().clone());
    }
    if let Some(mixed) = values::custom::<MixedText>(value) {
        return Value::Text(mixed.text);
    }
    match value {
        _ if values::is_lazy(value) => Value::Opaque("…".into()),
        SteelVal::Pair(pair) => {
            let car = convert(&pair.car(), depth + LIST, walk);
            let cdr = convert(&pair.cdr(), depth + LIST, walk);
            Value::List(vec![car, Value::Symbol(".".into()), cdr])
        }
        SteelVal::Custom(_) => Value::Opaque(value.to_string()),
        _ => Value::Opaque(values::show(value, SHOWN_CHARS)),
    }
}

/// The outputs in a lowered value: one store object, or a list of them.
pub fn to_roots(value: &SteelVal) -> Vec<Root> {
    let root = |value: &SteelVal| match values::custom::<StoreObject>(value) {
        Some(StoreObject::Output { drv, output, path }) => Some(Root { drv, output, path }),
        _ => None,
    };
    match values::items(value) {
        Some(items) => items.iter().filter_map(root).collect(),
        None => root(value).into_iter().collect(),
    }
}
