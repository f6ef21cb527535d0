//! Taking from the interpreter what a declaration must not have: processes, files, the environment, the clock,
//! chance, threads, and evaluation of text.
//!
//! This keeps evaluation reproducible. It is no wall against an attacker, for which there are other means.

use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::builtin::BuiltInModule;
use steel::steel_vm::engine::Engine;

use super::host::failure;

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
];

/// Procedures that take a size, with the position of that argument: an absurd size would end the whole program.
const SIZED: &[(&str, usize)] = &[
    ("make-vector", 0),
    ("make-immutable-vector", 0),
    ("make-string", 0),
    ("make-bytes", 0),
    ("make-bytevector", 0),
    ("make-list", 0),
    ("range", 1),
    ("expt", 1),
    ("exact-integer-sqrt", 1),
    ("arithmetic-shift", 1),
];

/// Largest such size.
const MAX_SIZE: isize = 10_000_000;

/// Closes an engine. Call it after Fruix's own modules have been loaded.
pub fn lock_down(engine: &mut Engine) {
    let mut denied: Vec<String> = DENIED.iter().map(ToString::to_string).collect();
    for name in CLOSED_MODULES {
        denied.extend(engine.builtin_modules().get(name).map(|module| module.names()).unwrap_or_default());
    }
    for name in denied {
        let message =
            format!("{name}: not available, because a declaration must mean the same everywhere and always");
        replace(engine, &name, move |_| Err(failure(message.clone())));
    }
    for (name, position) in SIZED {
        limit(engine, name, *position);
    }
    for name in EMPTIED_MODULES {
        if engine.builtin_modules().get(name).is_some() {
            engine.register_module(BuiltInModule::new(*name));
        }
    }
}

/// Replaces a global and the name under which compiled code reaches it.
fn replace(
    engine: &mut Engine,
    name: &str,
    run: impl Fn(&[SteelVal]) -> Result<SteelVal> + Send + Sync + 'static,
) {
    let procedure = SteelVal::anonymous_boxed_function(Arc::new(run));
    for global in [name.to_string(), format!("#%prim.{name}")] {
        if engine.global_exists(&global) {
            engine.register_value(&global, procedure.clone());
        }
    }
}

/// Refuses a procedure's absurd sizes.
fn limit(engine: &mut Engine, name: &'static str, position: usize) {
    let original = match engine.extract_value(name) {
        Ok(SteelVal::FuncV(function)) => function,
        // Anything else does not allocate by one number.
        _ => return,
    };
    replace(engine, name, move |args| match args.get(position) {
        Some(SteelVal::IntV(size)) if *size > MAX_SIZE => {
            Err(failure(format!("{name}: {size} is too large; the limit is {MAX_SIZE}")))
        }
        Some(SteelVal::BigNum(_)) => Err(failure(format!("{name}: too large; the limit is {MAX_SIZE}"))),
        _ => original(args),
    });
}
