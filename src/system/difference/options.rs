//! Settings and accounts as facts with names.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::{DifferenceError, Facts};
use crate::builders::system::CLOSURE_SETTINGS;
use crate::system::description::Description;
use crate::system::provenance;

/// The settings of a system.
pub fn of(closure: &Path, description: &Description) -> Result<Facts, DifferenceError> {
    let mut facts = Facts::new();
    let mut add = |name: String, value: &str| facts.insert(name, value.to_owned());
    add("label".to_owned(), &description.label);
    add("host-name".to_owned(), &description.host_name);
    add("timezone".to_owned(), &description.timezone);
    // What the closure itself says names items, which are told of as such.
    for (name, value) in &description.loader {
        if !CLOSURE_SETTINGS.contains(&name.as_str()) {
            add(format!("loader.conf {name}"), value);
        }
    }
    for mount in &description.file_systems {
        let options = mount.options.join(",");
        add(
            format!("file system {}", mount.mount_point),
            &format!("{} {} {options} {}", mount.device, mount.kind, mount.pass),
        );
    }
    for line in read(&closure.join("etc/rc.conf"))?.lines() {
        if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            add(format!("rc.conf {name}"), value.trim_matches('"'));
        }
    }
    let path = closure.join(provenance::FILE);
    let mut provenance: Value = serde_json::from_str(&read(&path)?)
        .map_err(|source| DifferenceError::Json { path: path.clone(), source })?;
    // Items are told of as such.
    for part in provenance["base"].as_object_mut().into_iter().flat_map(|base| base.values_mut()) {
        part.as_object_mut().and_then(|part| part.remove("item"));
    }
    flatten("base", &provenance["base"], &mut facts);
    Ok(facts)
}

/// The accounts and groups of a system, by name.
pub fn accounts(closure: &Path) -> Result<Facts, DifferenceError> {
    let mut facts = Facts::new();
    for (file, what) in [("passwd", "user"), ("group", "group")] {
        for line in read(&closure.join("activation/accounts").join(file))?.lines() {
            if let Some((name, rest)) = line.split_once(':') {
                facts.insert(format!("{what} {name}"), rest.to_owned());
            }
        }
    }
    Ok(facts)
}

/// Leaves of JSON by the names that lead to them. A text of several lines is one fact for each: those of `src.conf`
/// come and go by themselves.
fn flatten(name: &str, value: &Value, facts: &mut Facts) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| flatten(&format!("{name} {member}"), value, facts));
        }
        Value::String(text) if text.contains('\n') => {
            for line in text.lines() {
                let (key, value) = line.split_once('=').unwrap_or((line, ""));
                facts.insert(format!("{name} {key}"), value.to_owned());
            }
        }
        Value::String(text) => drop(facts.insert(name.to_owned(), text.clone())),
        Value::Array(elements) => {
            let text = |element: &Value| element.as_str().map_or_else(|| element.to_string(), str::to_owned);
            facts.insert(name.to_owned(), elements.iter().map(text).collect::<Vec<_>>().join(" "));
        }
        other => drop(facts.insert(name.to_owned(), other.to_string())),
    }
}

fn read(path: &Path) -> Result<String, DifferenceError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        // A closure of an earlier version may not have it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(DifferenceError::Read { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_is_told_leaf_by_leaf() {
        let mut facts = Facts::new();
        let value = serde_json::json!({
            "version": "13.2-RELEASE",
            "world": { "srcConf": "WITHOUT_MAN=yes\nWITHOUT_ZFS=yes\n", "makeFlags": ["A=1", "B=2"], "n": 3 },
        });
        flatten("base", &value, &mut facts);
        let expected = [
            ("base version", "13.2-RELEASE"),
            ("base world makeFlags", "A=1 B=2"),
            ("base world n", "3"),
            ("base world srcConf WITHOUT_MAN", "yes"),
            ("base world srcConf WITHOUT_ZFS", "yes"),
        ];
        assert_eq!(facts, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }
}
