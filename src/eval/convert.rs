//! Steel values to plain data.

use steel::SteelVal;

use super::evaluation::Root;
use super::store_object::{MixedText, StoreObject};
use super::value::Value;
use super::values::{self, Record};

/// Deepest nesting that is followed, in levels of JSON: a mutable structure may contain itself, and a reader of JSON
/// goes no deeper than 128.
const MAX_DEPTH: usize = 112;

/// The levels that a list takes: its kind, and its items.
const LIST: usize = 2;

/// The levels that a record takes: its kind, its parts, the list of its fields, and each field.
const RECORD: usize = 4;

/// A copy of a value that outlives the engine.
pub fn to_value(value: &SteelVal) -> Value {
    convert(value, 0)
}

fn convert(value: &SteelVal, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Opaque("…".into());
    }
    match value {
        SteelVal::Void => Value::Nothing,
        SteelVal::BoolV(value) => Value::Boolean(*value),
        SteelVal::IntV(value) => Value::Integer(*value as i64),
        SteelVal::NumV(value) => Value::Number(*value),
        SteelVal::StringV(text) => Value::Text(text.to_string()),
        SteelVal::SymbolV(name) => Value::Symbol(name.to_string()),
        SteelVal::ListV(list) => Value::List(list.iter().map(|item| convert(item, depth + LIST)).collect()),
        SteelVal::VectorV(items) => {
            Value::List(items.iter().map(|item| convert(item, depth + LIST)).collect())
        }
        // Their order changes from run to run.
        SteelVal::HashMapV(_) => Value::Opaque("#<hash>".into()),
        SteelVal::HashSetV(_) => Value::Opaque("#<hashset>".into()),
        SteelVal::Closure(_) => Value::Opaque("#<procedure>".into()),
        other => convert_object(other, depth),
    }
}

fn convert_object(value: &SteelVal, depth: usize) -> Value {
    if let Some(record) = Record::of(value) {
        let names = record.record_type().fields.iter().map(|field| field.name.clone());
        let values = record.values.iter().map(|value| convert(value, depth + RECORD));
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
            let (car, cdr) = (convert(&pair.car(), depth + LIST), convert(&pair.cdr(), depth + LIST));
            Value::List(vec![car, Value::Symbol(".".into()), cdr])
        }
        _ => Value::Opaque(value.to_string()),
    }
}

/// The outputs in a lowered value: one store object, or a list of them.
pub fn to_roots(value: &SteelVal) -> Vec<Root> {
    if let Some(items) = values::items(value) {
        return items.iter().flat_map(to_roots).collect();
    }
    match values::custom::<StoreObject>(value) {
        Some(StoreObject::Output { drv, output, path }) => vec![Root { drv, output, path }],
        _ => Vec::new(),
    }
}
