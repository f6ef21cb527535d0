//! Making derivations.

use std::collections::{BTreeMap, BTreeSet};

use steel::SteelVal;
use steel::rvals::{IntoSteelVal, Result};

use super::{Args, Module};
use crate::builders;
use crate::content_address::Method;
use crate::derivation::{Derivation, FixedOutput, Output};
use crate::eval::host::{Host, failure};
use crate::eval::store_object::{MixedText, StoreObject};
use crate::eval::values;
use crate::hash::Sha256;
use crate::store_path::StorePath;

pub(super) fn register(module: &mut Module<'_>) {
    module.procedure("%derivation", 9, derivation);
    module.procedure("%derivation-output", 2, output);
    module.procedure("%derivation-outputs", 1, outputs);
}

/// `(%derivation name builder system args env inputs outputs hash recursive?)` → its first output
fn derivation(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let [name, builder, system, arguments, env, inputs, outputs, hash, recursive] = args else {
        return Err(failure("derivation: wrong number of arguments"));
    };
    let name = string("name", name)?;
    let mut context = BTreeSet::new();
    let mut derivation = Derivation {
        system: system_name(system)?,
        builder: program(builder, &mut context)?,
        args: list("args", arguments)?
            .iter()
            .map(|arg| mixed("args", arg, &mut context))
            .collect::<Result<_>>()?,
        env: environment(env, &mut context)?,
        outputs: declared_outputs(outputs, hash, recursive)?,
        ..Derivation::default()
    };
    for input in list("inputs", inputs)? {
        mixed("inputs", &input, &mut context)?;
    }
    check_environment(&derivation)?;
    if let Some(builtin) = derivation.builder.strip_prefix(builders::PREFIX) {
        let version = builders::version(builtin)
            .ok_or_else(|| failure(format!("derivation: there is no builder `{}`", derivation.builder)))?;
        derivation.env.insert("builderVersion".into(), version.into());
    }
    add_inputs(&mut derivation, context);
    let mut state = host.state();
    let drv = derivation
        .instantiate(&name, &mut state.hashes)
        .map_err(|error| failure(format!("derivation: {error}")))?;
    let first = if derivation.outputs.contains_key("out") { Some("out") } else { None };
    let first =
        first.or_else(|| derivation.outputs.keys().next().map(String::as_str)).unwrap_or("out").to_string();
    let object = output_object(&drv, &derivation, &first)?;
    state.derivations.insert(drv, derivation);
    object.into_steelval()
}

/// The machine that a derivation is built on; `builtin` for whichever this is.
fn system_name(value: &SteelVal) -> Result<String> {
    let name = string("system", value)?;
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if plain {
        Ok(name)
    } else {
        Err(failure(format!("derivation: {name:?} is no system, such as \"x86_64-linux\"")))
    }
}

/// The program that builds a derivation.
fn program(value: &SteelVal, context: &mut BTreeSet<StoreObject>) -> Result<String> {
    let text = mixed("builder", value, context)?;
    if text.starts_with('/') || text.starts_with(builders::PREFIX) {
        return Ok(text);
    }
    Err(failure(format!(
        "derivation: `builder` must be \"{}NAME\" or the path of a program, got {}",
        builders::PREFIX,
        values::describe(value)
    )))
}

/// Variables that every derivation is given, which would silently replace others of these names.
const GIVEN: &[&str] =
    &["name", "system", "builder", "builderVersion", "outputHash", "outputHashAlgo", "outputHashMode"];

/// Refuses variables that no process can have, and those that are not the declaration's to set.
fn check_environment(derivation: &Derivation) -> Result<()> {
    for name in derivation.env.keys() {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(failure(format!("derivation: {name:?} in `env` is no name of a variable")));
        }
        if GIVEN.contains(&name.as_str()) || derivation.outputs.contains_key(name) {
            return Err(failure(format!(
                "derivation: `{name}` in `env` is set for every derivation\nchoose another name"
            )));
        }
    }
    Ok(())
}

fn output_object(drv: &StorePath, derivation: &Derivation, output: &str) -> Result<StoreObject> {
    let path =
        derivation.outputs.get(output).and_then(|declared| declared.path.clone()).ok_or_else(|| {
            let names: Vec<&str> = derivation.outputs.keys().map(String::as_str).collect();
            failure(format!(
                "the derivation `{}` has no output `{output}`; it has {}",
                Derivation::name_of(drv),
                names.join(", ")
            ))
        })?;
    Ok(StoreObject::Output { drv: drv.clone(), output: output.to_string(), path })
}

/// The objects that the derivation names become its inputs.
fn add_inputs(derivation: &mut Derivation, context: BTreeSet<StoreObject>) {
    for object in context {
        match object {
            StoreObject::Output { drv, output, .. } => {
                derivation.input_drvs.entry(drv).or_default().insert(output);
            }
            StoreObject::Text(path) | StoreObject::Source(path) => {
                derivation.input_srcs.insert(path);
            }
        }
    }
}

/// An association list of names and what [`MixedText::read`] takes.
fn environment(value: &SteelVal, context: &mut BTreeSet<StoreObject>) -> Result<BTreeMap<String, String>> {
    let mut env = BTreeMap::new();
    for entry in list("env", value)? {
        let (key, value) = values::association(&entry).ok_or_else(|| {
            failure(format!(
                "derivation: in `env`, expected a (name . value) pair, got {}",
                values::describe(&entry)
            ))
        })?;
        let key = values::text(&key)
            .or(values::symbol(&key))
            .ok_or_else(|| {
                failure(format!("derivation: in `env`, expected a name, got {}", values::describe(&key)))
            })?
            .to_string();
        let value = mixed(&key, &value, context)?;
        if env.insert(key.clone(), value).is_some() {
            return Err(failure(format!("derivation: `{key}` is twice in `env`")));
        }
    }
    Ok(env)
}

fn declared_outputs(
    names: &SteelVal,
    hash: &SteelVal,
    recursive: &SteelVal,
) -> Result<BTreeMap<String, Output>> {
    let fixed = match hash {
        SteelVal::BoolV(false) => None,
        hash => {
            let text = string("hash", hash)?;
            let digest = Sha256::parse(&text).map_err(|error| failure(format!("derivation: {error}")))?;
            let method =
                if matches!(recursive, SteelVal::BoolV(false)) { Method::Flat } else { Method::Recursive };
            Some(FixedOutput { method, digest })
        }
    };
    let mut outputs = BTreeMap::new();
    for name in list("outputs", names)? {
        let name =
            values::symbol(&name).map_or_else(|| string("outputs", &name), |name| Ok(name.to_string()))?;
        if outputs.insert(name.clone(), Output { path: None, fixed }).is_some() {
            return Err(failure(format!("derivation: the output `{name}` is named twice")));
        }
    }
    Ok(outputs)
}

fn string(what: &str, value: &SteelVal) -> Result<String> {
    values::text(value).map(ToString::to_string).ok_or_else(|| {
        failure(format!("derivation: `{what}` must be a string, got {}", values::describe(value)))
    })
}

fn list(what: &str, value: &SteelVal) -> Result<Vec<SteelVal>> {
    values::items(value).ok_or_else(|| {
        failure(format!("derivation: `{what}` must be a list, got {}", values::describe(value)))
    })
}

fn mixed(what: &str, value: &SteelVal, context: &mut BTreeSet<StoreObject>) -> Result<String> {
    let mixed = MixedText::read(value).map_err(|odd| {
        failure(format!("derivation: `{what}` must be made of strings, numbers and store objects, got {odd}"))
    })?;
    context.extend(mixed.context);
    Ok(mixed.text)
}

/// `(%derivation-output object name)` → another output of the same derivation
fn output(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    let name = values::text(&args[1]).or(values::symbol(&args[1]));
    let name = name.ok_or_else(|| {
        failure(format!("derivation-output: expected a name, got {}", values::describe(&args[1])))
    })?;
    with_derivation(host, &args[0], |drv, derivation| output_object(drv, derivation, name)?.into_steelval())
}

/// `(%derivation-outputs object)` → the names of all outputs
fn outputs(host: &Host, args: Args<'_>) -> Result<SteelVal> {
    with_derivation(host, &args[0], |_, derivation| {
        let names = derivation.outputs.keys().map(|name| SteelVal::StringV(name.as_str().into()));
        Ok(SteelVal::ListV(names.collect()))
    })
}

fn with_derivation(
    host: &Host,
    object: &SteelVal,
    work: impl FnOnce(&StorePath, &Derivation) -> Result<SteelVal>,
) -> Result<SteelVal> {
    let Some(StoreObject::Output { drv, .. }) = values::custom(object) else {
        return Err(failure(format!("expected an output of a derivation, got {}", values::describe(object))));
    };
    let state = host.state();
    let derivation =
        state.derivations.get(&drv).ok_or_else(|| failure("this derivation is of another evaluation"))?;
    work(&drv, derivation)
}
