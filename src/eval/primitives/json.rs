//! JSON from Scheme values, the same on every run.

use std::collections::BTreeSet;

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::Module;
use crate::eval::host::failure;
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values::{self, Walk};

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%->json", 1, |_, args| {
        let mut json = Json::default();
        json.write(&args[0])?;
        json.text.into_steelval()
    });
}

/// JSON in the making.
#[derive(Default)]
struct Json {
    text: MixedText,
    walk: Walk,
}

impl Json {
    /// Appends a value: a list or vector is an array; a hash, or a non-empty list of pairs whose keys are symbols, is an
    /// object; a symbol, store object or mixed text is a string.
    fn write(&mut self, value: &SteelVal) -> Result<()> {
        self.walk.enter()?;
        match value {
            SteelVal::StringV(text) => self.add(&quote(text)),
            SteelVal::SymbolV(name) => self.add(&quote(name)),
            SteelVal::IntV(_) | SteelVal::BigNum(_) => self.add(&value.to_string()),
            SteelVal::NumV(number) if number.is_finite() => self.add(&number.to_string()),
            SteelVal::BoolV(value) => self.add(if *value { "true" } else { "false" }),
            SteelVal::Void => self.add("null"),
            SteelVal::VectorV(vector) => self.write_array(vector.iter())?,
            SteelVal::HashMapV(map) => {
                let mut entries =
                    map.iter().map(|(k, v)| Ok((key(k)?, v.clone()))).collect::<Result<Vec<_>>>()?;
                // The order of a hash changes from run to run.
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                self.write_object(&entries)?;
            }
            SteelVal::ListV(list) => match alist(list.iter()) {
                Some(entries) => self.write_object(&entries)?,
                None => self.write_array(list.iter())?,
            },
            _ => self.write_store_text(value)?,
        }
        self.walk.leave();
        Ok(())
    }

    fn add(&mut self, text: &str) {
        self.text.text.push_str(text);
    }

    fn write_store_text(&mut self, value: &SteelVal) -> Result<()> {
        if let Some(object) = values::custom::<StoreObject>(value) {
            self.add("\"");
            self.text.add(object);
            self.add("\"");
            return Ok(());
        }
        let mixed = values::custom::<MixedText>(value)
            .ok_or_else(|| failure(format!("->json: cannot write {}", values::describe(value))))?;
        self.add(&quote(&mixed.text));
        self.text.context.extend(mixed.context);
        Ok(())
    }

    fn write_array<'a>(&mut self, items: impl Iterator<Item = &'a SteelVal>) -> Result<()> {
        self.add("[");
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.add(",");
            }
            self.write(item)?;
        }
        self.add("]");
        Ok(())
    }

    fn write_object(&mut self, entries: &[(String, SteelVal)]) -> Result<()> {
        let mut keys = BTreeSet::new();
        self.add("{");
        for (index, (key, value)) in entries.iter().enumerate() {
            if !keys.insert(key) {
                return Err(failure(format!("->json: the key `{key}` is there twice")));
            }
            if index > 0 {
                self.add(",");
            }
            self.add(&quote(key));
            self.add(":");
            self.write(value)?;
        }
        self.add("}");
        Ok(())
    }
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

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
