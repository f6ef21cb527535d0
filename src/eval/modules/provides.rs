//! What modules provide, as their texts say.

use std::collections::BTreeMap;

use super::EMBEDDED;
use crate::eval::reader::{self, Datum, Implied, Parsed, RecordForm};

/// The module for forms of computed files.
const BUILDER: &str = "fruix/builder.scm";

/// The key of the embedded module that provides a name.
pub fn provider(name: &str) -> Option<&'static str> {
    exports().get(name).copied()
}

/// Every name that an embedded module provides, with the key of that module.
pub fn exports() -> BTreeMap<String, &'static str> {
    // Of two that provide a name, the first one counts.
    let modules = EMBEDDED.iter().rev();
    modules.flat_map(|(key, text)| provided(text).into_iter().map(|name| (name, *key))).collect()
}

/// The embedded modules that provide what a text uses.
pub fn implied(text: &str) -> Vec<Implied> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let exports = exports();
    // What #$output is read as is not in the text.
    let mut keys = if text.contains("#$output") { vec![BUILDER] } else { Vec::new() };
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        pending.extend(datum.list().unwrap_or_default());
        pending.extend(reader::inserted(datum));
        let Some(name) = datum.symbol() else { continue };
        keys.extend(exports.get(name));
    }
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(Implied::whole).collect()
}

/// The names in a module's `provide` forms; for `(record T)`, all that the record type defines.
pub fn provided(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let items = parsed.forms.iter().filter_map(|form| form.form("provide")).flatten();
    let symbols = |items: &[Datum]| -> Vec<String> {
        items.iter().filter_map(Datum::symbol).map(str::to_string).collect()
    };
    let names = items.flat_map(|item| match (item.form("record"), item.form("for-syntax")) {
        (Some(types), _) => {
            types.iter().filter_map(Datum::symbol).flat_map(|name| of_record(name, &parsed)).collect()
        }
        (_, Some(macros)) => symbols(macros),
        _ => symbols(std::slice::from_ref(item)),
    });
    names.collect()
}

/// The fields of the record types that a module defines.
pub fn fields(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let definitions = parsed.forms.iter().filter_map(|form| Some((form, form.form("define-record-type*")?)));
    let records = definitions.filter_map(|(form, items)| RecordForm::read(form, items).ok());
    records.flat_map(|record| record.fields.into_iter().map(|field| field.name)).collect()
}

/// What the definition of a record type defines.
fn of_record(name: &str, parsed: &Parsed) -> Vec<String> {
    let definitions = parsed.forms.iter().filter_map(|form| Some((form, form.form("define-record-type*")?)));
    let mut own = definitions.filter(|(_, items)| items.first().and_then(Datum::symbol) == Some(name));
    let record = own.next().and_then(|(form, items)| RecordForm::read(form, items).ok());
    record.map(|record| record.names()).unwrap_or_default()
}
