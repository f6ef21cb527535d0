//! What the modules of Fruix offer: names, signatures, documentation, the fields of records.
//!
//! All of it is read from the modules' texts, so that asking costs no interpreter. The pages of `docs/reference/`
//! are written from it by [`pages()`], and the REPL looks names up in it.
//!
//! A definition is documented by the comment before it that begins with `;;@doc`. A form that the reader knows and
//! no module defines is documented by a comment `;;@syntax (form …)`. Records document themselves.

mod pages;
mod read;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use pages::{Page, pages};
pub use read::read;

use super::modules;

/// Starts the documentation of what is of use to Fruix's own modules only.
const INTERNAL: &str = "Internal:";

/// A module and what it provides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleReference {
    /// As Scheme names it: `(fruix system)`.
    pub name: String,
    /// As it is stored: `fruix/system.scm`.
    pub key: String,
    /// The first paragraph of the comment at the top.
    pub purpose: String,
    /// The rest of that comment, with its line breaks.
    pub notes: String,
    /// In the order in which the module provides them; the parts of a record follow it.
    pub exports: Vec<Export>,
}

/// Something that a module provides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    pub name: String,
    pub kind: Kind,
    /// How it is used: `(iota count [start 0] [step 1])`; for a constant, its name.
    pub signature: String,
    /// Empty if there is none.
    pub doc: String,
}

/// What kind of thing an export is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Procedure,
    /// The constructor of a record type.
    RecordType(Vec<Field>),
    /// Tells whether a value is a record of the type with this name.
    Predicate(String),
    /// Gives a field of a record.
    Accessor {
        record: String,
        field: String,
    },
    Constant,
    /// A macro, or a form that the reader knows.
    Syntax,
    /// Of use to Fruix's own modules only.
    Internal,
}

/// A field of a record type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// As written in Scheme: `(list-of string)`.
    pub type_name: String,
    /// In words: `a list, each element a string`.
    pub type_words: String,
    /// The default as written, on one line; `None` if the field must be given.
    pub default: Option<String>,
    /// `thunked`, `delayed`, `innate`: what else its definition says of it.
    pub marks: Vec<String>,
    pub doc: String,
}

impl Kind {
    /// In one or two words.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::RecordType(_) => "record type",
            Self::Predicate(_) => "predicate",
            Self::Accessor { .. } => "accessor",
            Self::Constant => "constant",
            Self::Syntax => "syntax",
            Self::Internal => "internal",
        }
    }
}

/// All modules of Fruix, in the order of their names.
pub fn modules() -> &'static [ModuleReference] {
    static MODULES: LazyLock<Vec<ModuleReference>> = LazyLock::new(|| {
        let modules = modules::EMBEDDED.iter().map(|(key, text)| read(key, text));
        let mut modules: Vec<_> = modules.filter(|module| !module.purpose.starts_with(INTERNAL)).collect();
        modules.sort_by(|a, b| a.key.trim_end_matches(".scm").cmp(b.key.trim_end_matches(".scm")));
        modules
    });
    &MODULES
}

/// What a name means, and the module that provides it.
pub fn look_up(name: &str) -> Option<(&'static ModuleReference, &'static Export)> {
    let exports =
        modules().iter().flat_map(|module| module.exports.iter().map(move |export| (module, export)));
    exports.into_iter().find(|(_, export)| export.name == name)
}

/// All names that a user may use, module by module.
pub fn names() -> impl Iterator<Item = &'static str> {
    let exports = modules().iter().flat_map(|module| &module.exports);
    exports.filter(|export| export.kind != Kind::Internal).map(|export| export.name.as_str())
}

/// The fields of a record type; `None` if no module provides one of this name.
pub fn fields(record: &str) -> Option<&'static [Field]> {
    match &look_up(record)?.1.kind {
        Kind::RecordType(fields) => Some(fields),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_their_modules() {
        let (module, export) = look_up("operating-system").expect("a record type");
        assert_eq!((module.name.as_str(), export.kind.describe()), ("(fruix system)", "record type"));
        let (module, export) = look_up("file-append").expect("a procedure");
        assert_eq!((module.key.as_str(), &export.kind), ("fruix/store.scm", &Kind::Procedure));
        assert!(look_up("no-such-thing").is_none());
        assert!(names().any(|name| name == "user-account-name"));
        assert!(!names().any(|name| name == "%%construct"));
    }

    #[test]
    fn fields_have_types_and_defaults() {
        let fields = fields("user-account").expect("a record type");
        let shell = fields.iter().find(|field| field.name == "shell").expect("a field");
        assert_eq!((shell.type_name.as_str(), shell.default.as_deref()), ("string", Some("\"/bin/sh\"")));
        assert_eq!(shell.type_words, "a string");
        assert!(super::fields("iota").is_none());
    }

    #[test]
    fn every_export_is_documented() {
        let mut bare = Vec::new();
        for module in modules() {
            if module.purpose.is_empty() {
                bare.push(format!("{}: no comment at its top says what it is for", module.key));
            }
            for export in &module.exports {
                if export.doc.is_empty() {
                    bare.push(format!("{}: `{}`", module.key, export.name));
                }
                let Kind::RecordType(fields) = &export.kind else { continue };
                let fields = fields.iter().filter(|field| field.doc.is_empty());
                bare.extend(
                    fields
                        .map(|field| format!("{}: field `{}` of `{}`", module.key, field.name, export.name)),
                );
            }
        }
        assert!(
            bare.is_empty(),
            "without documentation (a `;;@doc` comment, or `(doc \"…\")`):\n{}",
            bare.join("\n")
        );
    }
}
