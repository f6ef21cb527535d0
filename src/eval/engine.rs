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

/// Parts of Steel's own library that every declaration may use.
const STANDARD: &[&str] = &["control", "ports", "print", "sort"];

/// An engine with what every declaration may use, and the primitives of Fruix's own modules. It can load what is added
/// to `texts`. It is to be locked down once Fruix's own modules are loaded.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn start(texts: &Arc<Texts>, host: &Host, purity: Purity) -> Result<Engine> {
    crate::sys::environment::set_default("STEEL_HOME", "/nonexistent");
    let mut engine = Engine::new_raw_no_kernel();
    register_builtin_modules(&mut engine, purity == Purity::Pure);
    engine.compile_and_run_raw_program(ALL_MODULES)?;
    repairs::install(&mut engine, host)?;
    engine.compile_and_run_raw_program(steel::PRELUDE)?;
    for part in STANDARD {
        let Some(text) = standard_module(part) else { continue };
        engine.register_steel_module(format!("fruix-std/{part}"), text);
    }
    for part in STANDARD {
        engine.compile_and_run_raw_program(format!("(require \"fruix-std/{part}\")"))?;
    }
    engine.register_module(primitives::module(host));
    engine.register_source_module_resolver(Resolver(Arc::clone(texts)));
    Ok(engine)
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
        let texts = modules.into_iter().map(|module| (module.key.clone(), module.rewritten.text.clone()));
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
