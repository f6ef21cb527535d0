//! JSON from Scheme values, the same on every run.

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::Module;
use crate::eval::host::failure;
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%->json", 1, |_, args| {
        let mut json = MixedText::default();
        write(&args[0], &mut json)?;
        json.into_steelval()
    });
}

/// Appends a value: a list or vector is an array; a hash, or a non-empty list of pairs whose keys are symbols, is an
/// object; a symbol, store object or mixed text is a string.
fn write(value: &SteelVal, json: &mut MixedText) -> Result<()> {
    match value {
        SteelVal::StringV(text) => json.text.push_str(&quote(text)),
        SteelVal::SymbolV(name) => json.text.push_str(&quote(name)),
        SteelVal::IntV(_) | SteelVal::BigNum(_) => json.text.push_str(&value.to_string()),
        SteelVal::NumV(number) if number.is_finite() => json.text.push_str(&number.to_string()),
        SteelVal::BoolV(value) => json.text.push_str(if *value { "true" } else { "false" }),
        SteelVal::Void => json.text.push_str("null"),
        SteelVal::VectorV(vector) => write_array(vector.iter(), json)?,
        SteelVal::HashMapV(map) => {
            let mut entries =
                map.iter().map(|(k, v)| Ok((key(k)?, v.clone()))).collect::<Result<Vec<_>>>()?;
            // The order of a hash changes from run to run.
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            write_object(entries, json)?;
        }
        SteelVal::ListV(list) => match alist(list.iter()) {
            Some(entries) => write_object(entries, json)?,
            None => write_array(list.iter(), json)?,
        },
        _ => write_store_text(value, json)?,
    }
    Ok(())
}

fn write_store_text(value: &SteelVal, json: &mut MixedText) -> Result<()> {
    if let Some(object) = values::custom::<StoreObject>(value) {
        json.text.push('"');
        json.add(object);
        json.text.push('"');
        return Ok(());
    }
    let mixed = values::custom::<MixedText>(value)
        .ok_or_else(|| failure(format!("->json: cannot write {}", values::describe(value))))?;
    json.text.push_str(&quote(&mixed.text));
    json.context.extend(mixed.context);
    Ok(())
}

fn alist<'a>(items: impl Iterator<Item = &'a SteelVal>) -> Option<Vec<(String, SteelVal)>> {
    let entries: Option<Vec<_>> = items
        .map(|item| {
            let (key, value) = values::association(item)?;
            Some((values::symbol(&key)?.to_string(), value))
        })
        .collect();
    entries.filter(|entries| !entries.is_empty())
}

fn key(value: &SteelVal) -> Result<String> {
    let key = values::text(value).or(values::symbol(value));
    key.map(ToString::to_string)
        .ok_or_else(|| failure(format!("->json: {} cannot be a key", values::describe(value))))
}

fn write_array<'a>(items: impl Iterator<Item = &'a SteelVal>, json: &mut MixedText) -> Result<()> {
    json.text.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.text.push(',');
        }
        write(item, json)?;
    }
    json.text.push(']');
    Ok(())
}

fn write_object(entries: Vec<(String, SteelVal)>, json: &mut MixedText) -> Result<()> {
    json.text.push('{');
    for (index, (key, value)) in entries.iter().enumerate() {
        if entries[..index].iter().any(|(earlier, _)| earlier == key) {
            return Err(failure(format!("->json: the key `{key}` is there twice")));
        }
        if index > 0 {
            json.text.push(',');
        }
        json.text.push_str(&quote(key));
        json.text.push(':');
        write(value, json)?;
    }
    json.text.push('}');
    Ok(())
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
