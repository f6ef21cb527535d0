//! Making an interpreter.
//!
//! Steel's ordinary engines spend most of their start-up on the macro kernel. This one does without: about a
//! fifth of the cost, and no code runs at expansion time. What the kernel would offer is refused by
//! [`super::reader`] with a hint.

use std::sync::Arc;

use steel::compiler::modules::{BUILT_INS, SourceModuleResolver};
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;
use steel::steel_vm::primitives::{ALL_MODULES, register_builtin_modules};

use super::host::Host;
use super::modules::Program;
use super::{lockdown, primitives, repairs};

/// Parts of Steel's own library that every declaration may use.
const STANDARD: &[&str] = &["control", "ports", "print", "sort"];

/// An engine that knows all modules of a program, has loaded Fruix's own, and is locked down.
///
/// # Errors
/// A fault in Fruix's own modules.
pub fn start(program: &Arc<Program>, host: &Host) -> Result<Engine> {
    crate::sys::environment::set_default("STEEL_HOME", "/nonexistent");
    let mut engine = Engine::new_raw_no_kernel();
    register_builtin_modules(&mut engine, true);
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
    engine.register_source_module_resolver(Resolver(Arc::clone(program)));
    // Loaded before the user's file, so that what it redefines does not change them.
    for module in program.modules.iter().filter(|module| module.embedded) {
        engine.compile_and_run_raw_program(format!("(require (only-in {:?}))", module.key))?;
    }
    if program.find("fruix/records.scm").is_some() {
        engine.compile_and_run_raw_program("(require (only-in \"fruix/records.scm\" %lower-root))")?;
    }
    lockdown::lock_down(&mut engine)?;
    Ok(engine)
}

/// The text of a module of Steel's library, made fit for an engine without the macro kernel: there a definition that a
/// `;;@doc` comment precedes is lost.
fn standard_module(part: &str) -> Option<String> {
    let name = format!("#%private/steel/{part}");
    let (_, text) = BUILT_INS.iter().find(|(key, _)| *key == name)?;
    Some(text.replace(";;@doc", ";; doc").replace("#%private/steel/control", "fruix-std/control"))
}

/// Gives Steel the modules that were read beforehand, and no others.
struct Resolver(Arc<Program>);

impl SourceModuleResolver for Resolver {
    /// Always: where no resolver knows a module, Steel looks for it in the file system.
    fn exists(&self, _: &str) -> bool {
        true
    }

    fn resolve(&self, key: &str) -> Option<String> {
        let index = self.0.find(key)?;
        Some(self.0.modules[index].rewritten.text.clone())
    }
}
