//! That nothing gets past the allow-list, in the interpreter as it is and in newer ones.

use super::*;
use crate::eval::engine::{self, Texts};
use crate::eval::host::Host;
use crate::eval::image::{self, Replay};
use crate::eval::inputs::NoInputs;
use crate::eval::modules::{self, EMBEDDED};
use crate::eval::outside::{Asking, Machine};

/// Globals that are no procedures in Scheme, and neither one of a module: values that Steel's library makes.
const VALUES: &[&str] = &[
    "current-input-port",
    "current-output-port",
    "current-error-port",
    "*meta-continuation*",
    "values",
    "#%global-will-executor",
    "#%will-executor-running",
];

/// An engine with all of Steel's library.
fn engine(purity: Purity) -> Engine {
    let texts: Arc<Texts> = Arc::default();
    let outside = Asking::new(Arc::new(Machine(Arc::new(NoInputs))));
    let mut engine = engine::start(&texts, &Host::new(Arc::new(outside), purity), purity).unwrap();
    engine::load_standard(&mut engine, |_| true).unwrap();
    engine
}

/// The same by an image, with all of Fruix's modules.
fn replayed() -> Engine {
    let texts: Arc<Texts> = Arc::default();
    let outside = Asking::new(Arc::new(Machine(Arc::new(NoInputs))));
    let host = Host::new(Arc::new(outside), Purity::Pure);
    let (mut engine, replay) = Replay::start(image::shared().unwrap(), &texts, &host).unwrap();
    engine::load_standard(&mut engine, |_| true).unwrap();
    replay.load_all(&mut engine).unwrap();
    engine
}

/// The globals that procedures of the interpreter's modules are called by.
fn builtin_globals(engine: &Engine) -> Vec<String> {
    let modules = engine.builtin_modules().inner();
    let names: BTreeSet<String> = modules.values().flat_map(BuiltInModule::names).collect();
    let globals = names.iter().flat_map(|name| [name.clone(), format!("#%prim.{name}")]);
    globals.filter(|name| engine.global_exists(name)).collect()
}

/// What calling a global says.
fn refusal(engine: &mut Engine, global: &str) -> String {
    let value = engine.extract_value(global).unwrap();
    let result = engine.call_function_with_args(value, Vec::new());
    result.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_is_not_allowed_is_refused_under_every_name() {
    for mut engine in [engine(Purity::Pure), replayed()] {
        let globals = builtin_globals(&engine);
        lock_down(&mut engine, Purity::Pure).unwrap();
        let allowed = allowed();
        let closed = globals.iter().filter(|name| !allowed.contains(name.trim_start_matches("#%prim.")));
        let mut count = 0;
        for name in closed {
            let said = refusal(&mut engine, name);
            assert!(said.contains("not available"), "{name}: {said}");
            count += 1;
        }
        assert!(count > 200, "only {count} procedures are closed");
    }
}

#[test]
fn every_global_is_a_procedure_of_a_module_or_code_of_a_library() {
    for engine in [engine(Purity::Pure), replayed()] {
        assert_all_globals_known(&engine);
    }
}

fn assert_all_globals_known(engine: &Engine) {
    let builtin: BTreeSet<String> = builtin_globals(engine).into_iter().collect();
    let names: Vec<String> = engine.globals().iter().map(|name| name.resolve().to_string()).collect();
    // What the compiler names itself, and documentation.
    let generated = |name: &str| {
        let starts = ["%-builtin-module-", "##mm", "##__lifted", "__module-##mm", "#%fruix-"];
        starts.iter().any(|start| name.starts_with(start)) || name.ends_with("__doc__")
    };
    // Code in Scheme can do no more than the procedures it calls.
    let in_scheme = |name: &str| matches!(engine.extract_value(name), Ok(SteelVal::Closure(_)));
    // What Fruix's own modules provide is made of these procedures.
    let provided: BTreeSet<String> = EMBEDDED.iter().flat_map(|(_, text)| modules::provided(text)).collect();
    let known = |name: &str| {
        builtin.contains(name) || VALUES.contains(&name) || generated(name) || provided.contains(name)
    };
    let unknown: Vec<&String> = names.iter().filter(|name| !known(name) && !in_scheme(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn modules_hold_nothing_any_more() {
    let engines = [(engine(Purity::Pure), Purity::Pure), (engine(Purity::Impure), Purity::Impure)];
    for (mut engine, purity) in engines.into_iter().chain([(replayed(), Purity::Pure)]) {
        lock_down(&mut engine, purity).unwrap();
        let modules = engine.builtin_modules().inner().clone();
        assert!(
            modules.len() > 30 && modules.contains_key("fruix/host") && modules.contains_key("steel/base")
        );
        let full: Vec<_> = modules.iter().filter(|(_, module)| !module.names().is_empty()).collect();
        assert!(full.is_empty(), "{:?}", full.iter().map(|(name, _)| name).collect::<Vec<_>>());
    }
}

#[test]
fn what_is_allowed_exists() {
    let engine = engine(Purity::Pure);
    let globals = builtin_globals(&engine);
    let missing: Vec<&str> =
        allowed().iter().copied().filter(|name| !globals.iter().any(|g| g == name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn impurity_lifts_what_it_says_and_no_more() {
    let mut engine = engine(Purity::Impure);
    lock_down(&mut engine, Purity::Impure).unwrap();
    for name in IMPURE.iter().chain(&["current-milliseconds"]) {
        assert!(!refusal(&mut engine, name).contains("not available"), "{name}");
    }
    for name in
        ["delete-file!", "create-directory!", "command", "spawn-process", "run!", "eval", "set-env-var!"]
    {
        assert!(refusal(&mut engine, name).contains("not available"), "{name}");
    }
}
