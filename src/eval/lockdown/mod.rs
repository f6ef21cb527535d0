//! Taking from the interpreter what a declaration must not have: processes, files, the environment, the clock,
//! chance, threads, and evaluation of text.
//!
//! This keeps evaluation reproducible. It is no wall against an attacker, for which there are other means: see
//! [`crate::sys::lockdown`].

mod hashes;
mod sizes;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use steel::SteelVal;
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

/// Modules of which nothing is left.
const CLOSED_MODULES: &[&str] =
    &["steel/process", "steel/git", "steel/random", "steel/threads", "steel/time"];

/// Modules that cannot be required any more, though parts of them are in use.
const EMPTIED_MODULES: &[&str] = &[
    "steel/process",
    "steel/git",
    "steel/random",
    "steel/threads",
    "steel/time",
    "steel/filesystem",
    "steel/ports",
    "steel/io",
    "steel/meta",
    "steel/tcp",
    "steel/http",
    "steel/polling",
    "steel/ffi",
];

/// Impure procedures of modules that also hold harmless ones.
const DENIED: &[&str] = &[
    "Engine::new",
    "Engine::clone",
    "Engine::add-module",
    "Engine::modules->list",
    "Engine::raise_error",
    "run!",
    "eval",
    "eval!",
    "eval-string",
    "expand!",
    "emit-expanded",
    "load",
    "load-expanded",
    "read!",
    "env-var",
    "maybe-get-env-var",
    "set-env-var!",
    "command-line",
    "current-os!",
    "target-arch!",
    "steel-home-location",
    "serialize-value",
    "deserialize-value",
    "memory-address",
    "#%get-dylib",
    "#%build-dylib",
    "make-will-executor",
    "will-execute",
    "will-register",
    "breakpoint!",
    "inspect",
    "dump-profiler",
    "make-callstack-profiler",
    "block-on",
    "local-executor/block-on",
    "open-input-file",
    "open-output-file",
    "stdin",
    "read-to-string",
    "#%default-input-port",
    "read-line-from-port",
    "assert!",
    "std::env::args",
    "debug-globals",
    "callstack-hydrate-names",
    "set-piped-stdout!",
    "set-current-dir!",
    "with-current-dir",
    "current-thread-id",
    "%list-modules!",
    "%#interner-memory-usage",
    "active-object-count",
    "load-from-module!",
    "path-separator",
    "platform-dll-extension!",
    "platform-dll-prefix!",
    "feature-dylib-build?",
    "stdout",
    "stdout-simple-displayln",
    "hash-code",
];

/// Modules that an impure declaration may use.
const IMPURE_MODULES: &[&str] = &["steel/random", "steel/time"];

/// Procedures that an impure declaration may use.
const IMPURE: &[&str] =
    &["env-var", "maybe-get-env-var", "open-input-file", "current-os!", "target-arch!", "path-separator"];

/// Procedures that only an engine for impure declarations has at all, and that change the machine.
const CHANGING: &[&str] = &[
    "create-directory!",
    "copy-directory-recursively!",
    "change-current-directory!",
    "delete-directory!",
    "delete-file!",
    "rename-file-or-directory!",
];

/// Modules that only such an engine has, and that nobody may use.
const NETWORK_MODULES: &[&str] = &["steel/tcp", "steel/http", "steel/polling"];

/// The global that holds a check while a procedure is being wrapped.
const CHECK: &str = "#%fruix-check";

/// Closes an engine. Call it after Fruix's own modules have been loaded.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn lock_down(engine: &mut Engine, purity: Purity) -> Result<()> {
    for (name, lifted) in denied(engine) {
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
    sizes::limit(engine)?;
    hashes::order(engine)?;
    for name in EMPTIED_MODULES {
        if engine.builtin_modules().get(name).is_some() {
            engine.register_module(BuiltInModule::new(*name));
        }
    }
    Ok(())
}

/// What is denied, and whether impurity lifts it.
fn denied(engine: &Engine) -> Vec<(String, bool)> {
    let single = DENIED.iter().chain(CHANGING).map(|name| ((*name).to_string(), IMPURE.contains(name)));
    let mut denied: Vec<(String, bool)> = single.collect();
    for module in CLOSED_MODULES.iter().chain(NETWORK_MODULES) {
        let names = engine.builtin_modules().get(module).map(|module| module.names()).unwrap_or_default();
        denied.extend(names.into_iter().map(|name| (name, IMPURE_MODULES.contains(module))));
    }
    denied
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
    engine.register_value(CHECK, SteelVal::anonymous_boxed_function(Arc::new(check)));
    let wrapped = format!(
        "(let ([check {CHECK}] [original {name}]) (lambda arguments (check arguments) (apply original arguments)))"
    );
    let guarded = engine.compile_and_run_raw_program(wrapped)?.pop().unwrap_or(SteelVal::Void);
    replace(engine, name, guarded);
    Ok(())
}
