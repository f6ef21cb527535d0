//! What modules provide, as their texts say.

use super::EMBEDDED;
use crate::eval::reader::{self, Datum, Parsed, RecordForm};

/// The module for forms of computed files.
const BUILDER: &str = "fruix/builder.scm";

/// The key of the embedded module that provides a name.
pub fn provider(name: &str) -> Option<&'static str> {
    EMBEDDED
        .iter()
        .find(|(_, text)| provided(text).iter().any(|provided| provided == name))
        .map(|(key, _)| *key)
}

/// How Scheme calls the module with a key: `(fruix system)`.
pub fn scheme_name(key: &str) -> String {
    format!("({})", key.trim_end_matches(".scm").replace('/', " "))
}

/// The embedded modules that provide what a text uses.
pub fn implied(text: &str) -> Vec<&'static str> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let provided: Vec<(&str, Vec<String>)> =
        EMBEDDED.iter().map(|(key, text)| (*key, provided(text))).collect();
    // What #$output is read as is not in the text.
    let mut keys = if text.contains("#$output") { vec![BUILDER] } else { Vec::new() };
    let mut pending: Vec<&Datum> = parsed.forms.iter().collect();
    while let Some(datum) = pending.pop() {
        pending.extend(datum.list().unwrap_or_default());
        pending.extend(reader::inserted(datum));
        let Some(name) = datum.symbol() else { continue };
        let provider = provided.iter().find(|(_, names)| names.iter().any(|provided| provided == name));
        if let Some((key, _)) = provider.filter(|(key, _)| !keys.contains(key)) {
            keys.push(*key);
        }
    }
    keys.sort_unstable();
    keys
}

/// The names in a module's `provide` forms; for `(record T)`, all that the record type defines.
pub fn provided(text: &str) -> Vec<String> {
    let Ok(parsed) = reader::parse(text) else { return Vec::new() };
    let items = parsed.forms.iter().filter_map(|form| form.form("provide")).flatten();
    let names = items.flat_map(|item| match item.form("record") {
        Some(types) => {
            types.iter().filter_map(Datum::symbol).flat_map(|name| of_record(name, &parsed)).collect()
        }
        None => item.symbol().map(ToString::to_string).into_iter().collect::<Vec<_>>(),
    });
    names.collect()
}

/// What the definition of a record type defines.
fn of_record(name: &str, parsed: &Parsed) -> Vec<String> {
    let definitions = parsed.forms.iter().filter_map(|form| Some((form, form.form("define-record-type*")?)));
    let mut own = definitions.filter(|(_, items)| items.first().and_then(Datum::symbol) == Some(name));
    let record = own.next().and_then(|(form, items)| RecordForm::read(form, items).ok());
    record.map(|record| record.names()).unwrap_or_default()
}
