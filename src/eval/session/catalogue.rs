//! What names a session knows, and what they mean.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use steel::SteelVal;

use super::forms;
use super::interpreter::Session;
use crate::eval::modules::Module;
use crate::eval::problem::SourceText;
use crate::eval::reader;
use crate::eval::reference::{self, Export, Field, Kind};
use crate::eval::values;

/// Forms that Scheme, Steel or the reader knows by themselves.
const SYNTAX: &[(&str, &str)] = &[
    ("begin", "(begin expression …)"),
    ("define", "(define (name parameter …) expression …)"),
    ("define-record-type*", "(define-record-type* name \"documentation\" (field type option …) …)"),
    ("define-syntax", "(define-syntax name (syntax-rules () [(_ pattern …) template] …))"),
    ("if", "(if test then else)"),
    ("lambda", "(lambda (parameter …) expression …)"),
    ("let", "(let ([name value] …) expression …)"),
    ("quote", "(quote datum)"),
    ("require", "(require \"file.scm\" …)"),
    ("set!", "(set! name value)"),
    ("use-modules", "(use-modules (fruix system) …)"),
];

/// All that a user may write.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every name, with how it is used where that is known.
    pub names: BTreeMap<String, Option<String>>,
    /// The fields of every record type.
    pub records: BTreeMap<String, Vec<Field>>,
    /// Fruix's own modules, such as `(fruix system)`.
    pub modules: Vec<String>,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    pub export: Export,
    /// The module or the text that defines it.
    pub home: String,
}

impl Session {
    /// All names.
    pub fn catalogue(&self) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let globals = self.engine().readable_globals(0);
        let macros = self.engine().in_scope_macros();
        let known = globals.iter().chain(macros.keys()).map(|name| name.resolve().to_string());
        let known = known.filter(|name| !name.starts_with(['#', '%']) && !name.contains("__"));
        catalogue.names.extend(known.map(|name| (name, None)));
        let syntax = SYNTAX.iter().map(|(name, usage)| (name.to_string(), Some(usage.to_string())));
        catalogue.names.extend(syntax);
        for module in reference::modules() {
            catalogue.modules.push(module.name.clone());
            catalogue.add(&module.exports);
        }
        for module in self.own() {
            catalogue.add(&exports(module));
        }
        // A variable whose definition failed has no value to offer.
        catalogue.names.retain(|name, _| !self.is_undefined(name));
        catalogue
    }

    /// What a name means.
    pub fn describe(&self, name: &str) -> Option<Description> {
        let own = self.own().rev().find_map(|module| {
            let export = exports(module).into_iter().find(|export| export.name == name)?;
            Some(Description { export, home: module.name.clone() })
        });
        let fruix = || {
            let (module, export) = reference::look_up(name)?;
            Some(Description { export: export.clone(), home: module.name.clone() })
        };
        let mut description = own.or_else(fruix).or_else(|| self.describe_builtin(name))?;
        let value = self.engine().extract_value(name).ok();
        if description.export.kind == Kind::Constant
            && value.is_some_and(|value| values::kind_of(&value) == "procedure")
        {
            description.export.kind = Kind::Procedure;
        }
        Some(description)
    }

    /// Where a name is defined, with the comment before it.
    pub fn source(&self, name: &str) -> Option<(SourceText, Range<usize>)> {
        self.program().modules.iter().rev().find_map(|module| {
            let parsed = reader::parse(&module.text).ok()?;
            let form = parsed.forms.iter().find(|form| {
                let names = forms::names(form);
                names.variables.iter().chain(&names.macros).any(|defined| defined == name)
            })?;
            Some((module.source(), comment_start(&module.text, form.at.start)..form.at.end))
        })
    }

    /// The user's files and inputs, in the order of their evaluation.
    fn own(&self) -> impl DoubleEndedIterator<Item = &Module> {
        self.program().modules.iter().filter(|module| !module.embedded)
    }

    /// What Steel itself knows.
    fn describe_builtin(&self, name: &str) -> Option<Description> {
        let syntax = SYNTAX.iter().find(|(known, _)| *known == name);
        let value = self.engine().extract_value(name).ok();
        let kind = match (&value, syntax) {
            (_, Some(_)) => Kind::Syntax,
            (Some(SteelVal::Void), _) => return None,
            (Some(value), _) if values::kind_of(value) == "procedure" => Kind::Procedure,
            (Some(_), _) => Kind::Constant,
            (None, _) if self.engine().in_scope_macros().contains_key(&name.into()) => Kind::Syntax,
            (None, _) => return None,
        };
        let signature = syntax.map_or(name, |(_, usage)| usage).to_string();
        let export = Export { name: name.to_string(), kind, signature, doc: String::new() };
        Some(Description { export, home: "Scheme".into() })
    }
}

impl Catalogue {
    fn add(&mut self, exports: &[Export]) {
        for export in exports.iter().filter(|export| export.kind != Kind::Internal) {
            self.names.insert(export.name.clone(), Some(export.signature.clone()));
            if let Kind::RecordType(fields) = &export.kind {
                self.records.insert(export.name.clone(), fields.clone());
            }
        }
    }
}

/// What a user's text defines, as if it provided all of it.
fn exports(module: &Module) -> Vec<Export> {
    let Ok(parsed) = reader::parse(&module.text) else { return Vec::new() };
    let names = forms::all_names(&parsed.forms);
    if names.variables.is_empty() && names.macros.is_empty() {
        return Vec::new();
    }
    let types = names.record_types.join(" ");
    let others =
        names.variables.iter().chain(&names.macros).filter(|name| !names.record_types.contains(name));
    let others: Vec<&str> = others.map(String::as_str).collect();
    let text = format!("{}\n(provide (record {types}) {})", module.text, others.join(" "));
    reference::read(&module.key, &text).exports
}

/// Where the comment starts that stands on the lines before a place.
fn comment_start(text: &str, at: usize) -> usize {
    let mut start = at;
    while let Some(before) = text.get(..start).and_then(|before| before.strip_suffix('\n')) {
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        if !before[line..].starts_with(';') {
            break;
        }
        start = line;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_belong_to_the_definition_after_them() {
        let text = "(a)\n; b\n;; c\n(d)\n(e)";
        let start = |form: &str| comment_start(text, text.find(form).unwrap());
        assert_eq!(start("(d)"), 4);
        assert_eq!(start("(a)"), 0);
        assert_eq!(start("(e)"), text.find("(e)").unwrap());
    }
}
