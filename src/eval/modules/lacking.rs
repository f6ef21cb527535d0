//! Names of Fruix's own modules that a file uses without naming the module.
//!
//! What the interpreter knows depends on which modules others have loaded, and on how many declarations it evaluates. So
//! what a file may use is seen from its text alone.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{EMBEDDED, provided};
use crate::eval::{engine, lockdown};

/// What embedded modules say that they provide.
struct Index {
    names: HashMap<&'static str, &'static str>,
    /// Record types, of which each defines names that begin like it.
    records: Vec<(&'static str, &'static str)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { names: HashMap::new(), records: Vec::new() };
    for (key, text) in EMBEDDED {
        for form in text.split("\n(provide").skip(1) {
            let form = &form[..form.find("\n\n").unwrap_or(form.len())];
            let mut in_record = false;
            for word in form.split_whitespace() {
                if word == "(record" {
                    in_record = true;
                    continue;
                }
                let name = word.trim_end_matches(')');
                if in_record {
                    index.records.push((name, key));
                } else {
                    index.names.entry(name).or_insert(key);
                }
                in_record &= name == word;
            }
        }
    }
    index
});

/// Makes the index.
pub fn prepare() {
    LazyLock::force(&INDEX);
}

/// The embedded module that a file has to use for a name, where nothing else gives it a meaning; `uses` says whether it
/// uses a module.
pub fn lacking(name: &str, uses: impl Fn(&str) -> bool) -> Option<&'static str> {
    let direct = INDEX.names.get(name).copied();
    let of_record = || {
        let bare = name.trim_start_matches('%');
        let records = INDEX.records.iter().filter(|(record, key)| bare.starts_with(record) && !uses(key));
        let mut keys = records.map(|(_, key)| *key);
        keys.find(|key| provides(key, name))
    };
    let key = direct.or_else(of_record).filter(|key| !uses(key))?;
    let elsewhere = || EMBEDDED.iter().any(|(other, _)| uses(other) && provides(other, name));
    let known = lockdown::allows(name) || engine::is_standard(name) || elsewhere();
    (!known).then_some(key)
}

fn provides(key: &str, name: &str) -> bool {
    let module = EMBEDDED.iter().find(|(other, _)| *other == key);
    module.is_some_and(|(_, text)| provided(text).iter().any(|provided| provided == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::modules::exports;

    #[test]
    fn whatever_a_module_provides_is_known_to_be_of_it() {
        for (name, key) in exports() {
            let found = lacking(&name, |_| false);
            let standard = lockdown::allows(&name) || engine::is_standard(&name);
            assert_eq!(found.is_none(), standard, "{name} of {key}: {found:?}");
            assert_eq!(lacking(&name, |_| true), None);
        }
        assert_eq!(lacking("string-append", |_| false), None);
        assert_eq!(lacking("operating-systems", |_| false), None);
    }
}
