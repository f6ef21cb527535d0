//! Making an interpreter.
//!
//! Steel's ordinary engines spend most of their start-up on the macro kernel. This one does without: about a
//! fifth of the cost, and no code runs at expansion time. What the kernel would offer is refused by
//! [`super::reader`] with a hint.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use steel::compiler::modules::{BUILT_INS, SourceModuleResolver};
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;
use steel::steel_vm::primitives::{ALL_MODULES, register_builtin_modules};

use super::host::Host;
use super::lockdown::Purity;
use super::modules::Module;
use super::{primitives, repairs};

/// Parts of Steel's own library that declarations may use, with the names they provide. They are almost half of the
/// start-up, and few declarations use any: see [`load_standard`].
pub const STANDARD: &[(&str, &[&str])] = &[
    (
        "control",
        &[
            "dynamic-wind",
            "parameterize",
            "call/cc",
            "call-with-current-continuation",
            "make-parameter",
            "continuation?",
            "current-input-port",
            "current-output-port",
            "current-error-port",
            "simple-display",
            "simple-displayln",
            "newline",
            "write-char",
            "write",
            "write-string",
        ],
    ),
    (
        "ports",
        &[
            "read-port-to-string",
            "port->string",
            "read-port-to-bytes",
            "port->bytes",
            "read-line",
            "read-byte",
            "read-u8",
            "peek-byte",
            "peek-u8",
            "read-bytes",
            "read-bytevector",
            "read-bytes-into-buf",
            "read-bytes!",
            "read-bytevector!",
            "write-byte",
            "write-u8",
            "write-bytes",
            "write-bytevector",
            "read-char",
            "peek-char",
            "call-with-port",
            "call-with-output-file",
            "call-with-input-file",
            "with-output-to-file",
            "with-input-from-file",
            "call-with-output-string",
            "call-with-input-string",
            "with-output-to-string",
            "with-input-from-string",
        ],
    ),
    ("print", &["displayln", "display", "#%display", "#%top-level-display", "print", "println"]),
    ("sort", &["sort"]),
];

/// An engine with what every declaration may use, and the primitives of Fruix's own modules. It can load what is added
/// to `texts`. It is to be locked down once Fruix's own modules are loaded.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn start(texts: &Arc<Texts>, host: &Host, purity: Purity) -> Result<Engine> {
    let mut engine = bare(purity);
    engine.compile_and_run_raw_program(ALL_MODULES)?;
    repairs::install(&mut engine, host)?;
    engine.compile_and_run_raw_program(steel::PRELUDE)?;
    equip(&mut engine, texts, host);
    Ok(engine)
}

/// Where Steel may look for modules and keep what it compiled: a directory that nobody can make, root included.
const NO_HOME: &str = "/dev/null/steel";

/// An engine that has compiled nothing yet.
pub fn bare(purity: Purity) -> Engine {
    crate::sys::environment::set_default("STEEL_HOME", NO_HOME);
    let mut engine = Engine::new_raw_no_kernel();
    register_builtin_modules(&mut engine, purity == Purity::Pure);
    engine
}

/// Lets an engine load the parts of Steel's library, the primitives, and what is added to `texts`.
pub fn equip(engine: &mut Engine, texts: &Arc<Texts>, host: &Host) {
    for (part, _) in STANDARD {
        let Some(text) = standard_module(part) else { continue };
        engine.register_steel_module(format!("fruix-std/{part}"), text);
    }
    engine.register_module(primitives::module(host));
    engine.register_source_module_resolver(Resolver(Arc::clone(texts)));
}

/// Loads those parts of Steel's library of which a name is wanted. Fruix's own modules require them where they need
/// them.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn load_standard(engine: &mut Engine, wanted: impl Fn(&str) -> bool) -> Result<()> {
    for (part, _) in STANDARD.iter().filter(|(_, names)| names.iter().any(|name| wanted(name))) {
        engine.compile_and_run_raw_program(format!("(require \"fruix-std/{part}\")"))?;
    }
    Ok(())
}

/// Whether a name is one that code in Scheme of Steel's defines for everybody.
pub fn is_standard(name: &str) -> bool {
    let in_parts = || STANDARD.iter().any(|(_, names)| names.contains(&name));
    let starts =
        [format!("(define ({name} "), format!("(define {name} "), format!("(define-syntax {name}\n")];
    in_parts() || starts.iter().any(|start| steel::PRELUDE.contains(start.as_str()))
}

/// The text of a module of Steel's library, made fit for an engine without the macro kernel: there a definition that a
/// `;;@doc` comment precedes is lost.
fn standard_module(part: &str) -> Option<String> {
    let name = format!("#%private/steel/{part}");
    let (_, text) = BUILT_INS.iter().find(|(key, _)| *key == name)?;
    Some(text.replace(";;@doc", ";; doc").replace("#%private/steel/control", "fruix-std/control"))
}

/// The modules that Steel may load: their texts by their keys.
#[derive(Default)]
pub struct Texts(Mutex<BTreeMap<String, String>>);

impl Texts {
    /// Adds modules that have been read.
    pub fn add<'a>(&self, modules: impl IntoIterator<Item = &'a Module>) {
        self.add_texts(modules.into_iter().map(|module| (module.key.clone(), module.rewritten.text.clone())));
    }

    /// Adds texts by their keys.
    pub fn add_texts(&self, texts: impl IntoIterator<Item = (String, String)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(texts);
    }
}

/// Gives Steel the modules that were read beforehand, and no others.
struct Resolver(Arc<Texts>);

impl SourceModuleResolver for Resolver {
    /// Always: where no resolver knows a module, Steel looks for it in the file system.
    fn exists(&self, _: &str) -> bool {
        true
    }

    fn resolve(&self, key: &str) -> Option<String> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::reader::{self, Datum};

    #[test]
    fn the_names_of_steels_library_are_those_it_provides() {
        for (part, names) in STANDARD {
            let text = standard_module(part).unwrap();
            let parsed = reader::parse(&text).unwrap();
            let items = parsed.forms.iter().filter_map(|form| form.form("provide")).flatten();
            let provided = items.flat_map(|item| match item.form("for-syntax") {
                Some(macros) => macros.iter().filter_map(Datum::symbol).collect::<Vec<_>>(),
                None => item.symbol().into_iter().collect(),
            });
            assert_eq!(provided.collect::<Vec<_>>(), *names, "{part}");
        }
    }
}
