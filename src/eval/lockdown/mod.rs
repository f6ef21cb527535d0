//! Taking from the interpreter what a declaration must not have: processes, files, the environment, the clock,
//! chance, threads, and evaluation of text.
//!
//! This keeps evaluation reproducible. It is no wall against an attacker, for which there are other means: see
//! [`crate::sys::lockdown`].

mod hashes;
mod sizes;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use steel::SteelVal;
use steel::rerrs::SteelErr;
use steel::rvals::Result;
use steel::steel_vm::builtin::BuiltInModule;
use steel::steel_vm::engine::Engine;

use super::host::failure;
use super::values;

/// Whether a declaration means the same everywhere and always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purity {
    #[default]
    Pure,
    /// It may also read files that it does not declare, the environment, the clock, and chance. Never may it write
    /// files, start programs, or use the network.
    Impure,
}

/// The interpreter's procedures that a declaration may use.
const ALLOWED: &str = include_str!("allowed.txt");

/// Modules that an impure declaration may use as well.
const IMPURE_MODULES: &[&str] = &["steel/random", "steel/time"];

/// Procedures that an impure declaration may use as well. Those that read directories only an engine for impure
/// declarations has at all.
const IMPURE: &[&str] = &[
    "env-var",
    "maybe-get-env-var",
    "open-input-file",
    "current-os!",
    "target-arch!",
    "path-separator",
    "canonicalize-path",
    "current-directory",
    "file-metadata",
    "file-name",
    "fs-metadata-accessed",
    "fs-metadata-created",
    "fs-metadata-is-dir?",
    "fs-metadata-is-file?",
    "fs-metadata-is-symlink?",
    "fs-metadata-len",
    "fs-metadata-modified",
    "fs-metadata?",
    "glob",
    "glob-iter-next!",
    "is-dir?",
    "is-file?",
    "parent-name",
    "path->extension",
    "path->string",
    "path-exists?",
    "read-dir",
    "read-dir-entry-file-name",
    "read-dir-entry-is-dir?",
    "read-dir-entry-is-file?",
    "read-dir-entry-is-symlink?",
    "read-dir-entry-metadata",
    "read-dir-entry-path",
    "read-dir-iter",
    "read-dir-iter-entry?",
    "read-dir-iter-next!",
    "read-dir-iter?",
];

/// Procedures of one argument that do not look whether there is one.
const UNCHECKED: &[&str] = &["iter-next!", "raise-error"];

/// The global procedure that puts a check before a procedure.
const GUARD: &str = "#%fruix-guard";

/// What it does. It is compiled once: compiling takes longer than all that the guards do.
const GUARDED: &str =
    "(lambda (check original) (lambda arguments (check arguments) (apply original arguments)))";

/// Closes an engine. Call it after Fruix's own modules have been loaded.
///
/// What is not known to be harmless is refused. What code that Steel compiled before refers to, and the interpreter's
/// own library, goes the same way: all of them reach a procedure through its global.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn lock_down(engine: &mut Engine, purity: Purity) -> Result<()> {
    for Denied { name, lifted } in denied(engine) {
        if lifted && purity == Purity::Impure {
            continue;
        }
        let help = if lifted { "\n--impure lifts this, and then the result says so" } else { "" };
        let message = format!(
            "{name}: not available, because a declaration must mean the same everywhere and always{help}"
        );
        let refuse = move |_: &[SteelVal]| Err(failure(message.clone()));
        replace(engine, &name, SteelVal::anonymous_boxed_function(Arc::new(refuse)));
    }
    let guarded = engine.compile_and_run_raw_program(GUARDED)?.pop().unwrap_or(SteelVal::Void);
    engine.register_value(GUARD, guarded);
    sizes::limit(engine)?;
    for name in UNCHECKED {
        guard(engine, name, |args| if args.is_empty() { Err(no_argument(name)) } else { Ok(()) })?;
    }
    hashes::order(engine)?;
    // They hold every procedure as it was, and can be required again by a macro, or taken apart by name.
    for name in module_names(engine) {
        engine.register_module(BuiltInModule::new(name));
    }
    Ok(())
}

/// A procedure of the interpreter that a pure declaration may not use.
struct Denied {
    name: String,
    /// An impure one may.
    lifted: bool,
}

/// What is denied: all that the interpreter's modules hold but what is allowed.
fn denied(engine: &Engine) -> Vec<Denied> {
    let allowed = allowed();
    let modules = engine.builtin_modules().inner();
    let names = |module: &str| modules.get(module).map(BuiltInModule::names).unwrap_or_default();
    let impure: BTreeSet<String> = IMPURE_MODULES.iter().flat_map(|module| names(module)).collect();
    let all: BTreeSet<String> = modules.values().flat_map(BuiltInModule::names).collect();
    let denied = all.into_iter().filter(|name| !allowed.contains(name.as_str()));
    denied
        .map(|name| Denied { lifted: IMPURE.contains(&name.as_str()) || impure.contains(&name), name })
        .collect()
}

/// Whether a declaration may use a procedure of the interpreter's.
pub fn allows(name: &str) -> bool {
    allowed().contains(name)
}

/// The names of [`ALLOWED`].
fn allowed() -> &'static BTreeSet<&'static str> {
    static NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        ALLOWED.lines().filter(|line| !line.starts_with(";;")).flat_map(str::split_whitespace).collect()
    });
    &NAMES
}

fn no_argument(name: &str) -> SteelErr {
    failure(format!("{name}: expected 1 argument, found 0"))
}

fn module_names(engine: &Engine) -> Vec<String> {
    engine.builtin_modules().inner().keys().map(ToString::to_string).collect()
}

/// Replaces a global and the name under which compiled code reaches it.
fn replace(engine: &mut Engine, name: &str, value: SteelVal) {
    for global in [name.to_string(), format!("#%prim.{name}")] {
        if engine.global_exists(&global) {
            engine.register_value(&global, value.clone());
        }
    }
}

/// Puts a check before a procedure: `check` sees the list of arguments. Many are no plain functions that Rust could call.
fn guard(
    engine: &mut Engine,
    name: &str,
    check: impl Fn(&[SteelVal]) -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    if !engine.global_exists(name) {
        return Ok(());
    }
    let check = move |args: &[SteelVal]| {
        check(&args.first().and_then(values::items).unwrap_or_default()).map(|()| SteelVal::Void)
    };
    let check = SteelVal::anonymous_boxed_function(Arc::new(check));
    let (guard, original) = (engine.extract_value(GUARD)?, engine.extract_value(name)?);
    let guarded = engine.call_function_with_args(guard, vec![check, original])?;
    replace(engine, name, guarded);
    Ok(())
}
