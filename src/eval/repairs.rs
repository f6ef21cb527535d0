//! What Steel lacks or does wrong, put right by globals that rewritten text relies on.

use std::path::Path;
use std::sync::Arc;

use steel::SteelVal;
use steel::rvals::Result;
use steel::steel_vm::engine::Engine;

use super::host::{Host, failure};
use super::values;
use crate::util::spelling;

/// A global procedure that checks the arguments of a call:
/// `(CHECK_ARGUMENTS name fewest most required-keys optional-keys arguments)`.
pub const CHECK_ARGUMENTS: &str = "#%fruix-check-arguments";

/// A global that is #f, which Steel's optimiser does not know.
pub const NEVER: &str = "#%fruix-never";

/// A global procedure that gives its argument, which Steel's optimiser does not know: what it gives may change later.
pub const SAME: &str = "#%fruix-same";

/// A global procedure that makes a path absolute, or all paths of a list: `(ABSOLUTE directory value)`. Anything else stays
/// what it is.
pub const ABSOLUTE: &str = "#%fruix-absolute";

/// A global procedure that notes which top-level form is being evaluated: `(MARK key start end)`.
pub const MARK: &str = "#%fruix-mark";

/// Installs the repairs; before any Scheme is compiled that needs them.
///
/// # Errors
/// The interpreter is not the one this was written for.
pub fn install(engine: &mut Engine, host: &Host) -> Result<()> {
    let procedure =
        |run: fn(&[SteelVal]) -> Result<SteelVal>| SteelVal::anonymous_boxed_function(Arc::new(run));
    engine.register_value(NEVER, SteelVal::BoolV(false));
    engine.register_value(CHECK_ARGUMENTS, procedure(check_arguments));
    engine.register_value(SAME, procedure(|args| Ok(args.first().cloned().unwrap_or(SteelVal::Void))));
    engine.register_value(ABSOLUTE, procedure(absolute));
    let host = host.clone();
    let mark = move |args: &[SteelVal]| {
        if let [SteelVal::StringV(key), SteelVal::IntV(start), SteelVal::IntV(end)] = args {
            let mut state = host.state();
            state.current = Some((key.to_string(), *start as usize..*end as usize));
            // An error that was caught left them behind.
            state.waiting.clear();
        }
        Ok(SteelVal::Void)
    };
    engine.register_value(MARK, SteelVal::anonymous_boxed_function(Arc::new(mark)));
    engine.register_value("#%prim.plist-try-get-positional-arg", procedure(optional_argument));
    replace_ports(engine)
}

/// A declaration has nothing to read, and what it prints goes nowhere: standard output is for results.
fn replace_ports(engine: &mut Engine) -> Result<()> {
    let ports = [
        ("#%default-input-port", "(open-input-string \"\")"),
        ("#%default-output-port", "(open-output-string)"),
        ("#%default-error-port", "(open-output-string)"),
    ];
    for (name, port) in ports {
        let text = format!("(let ([port {port}]) (lambda () port))");
        let give = engine.compile_and_run_raw_program(text)?.pop().unwrap_or(SteelVal::Void);
        engine.register_value(name, give.clone());
        engine.register_value(&format!("#%prim.{name}"), give);
    }
    Ok(())
}

fn absolute(args: &[SteelVal]) -> Result<SteelVal> {
    let [SteelVal::StringV(directory), value] = args else {
        return Err(failure("malformed path"));
    };
    let join = |value: &SteelVal| match values::text(value) {
        // What is wrong with an empty path is said where it is used.
        Some(path) if !path.is_empty() => {
            SteelVal::StringV(Path::new(directory.as_str()).join(path).display().to_string().into())
        }
        _ => value.clone(),
    };
    Ok(match values::items(value) {
        Some(items) => SteelVal::ListV(items.iter().map(join).collect()),
        None => join(value),
    })
}

fn check_arguments(args: &[SteelVal]) -> Result<SteelVal> {
    let [name, SteelVal::IntV(fewest), SteelVal::IntV(most), required, optional, given] = args else {
        return Err(failure("malformed check of arguments"));
    };
    let name = values::symbol(name).unwrap_or("procedure");
    let keys = |list: &SteelVal| -> Vec<String> {
        let keys = values::items(list).unwrap_or_default();
        keys.iter().filter_map(|key| values::text(key).map(ToString::to_string)).collect()
    };
    let (required, optional) = (keys(required), keys(optional));
    let mut positional = 0;
    let mut seen: Vec<String> = Vec::new();
    let mut given = values::items(given).unwrap_or_default().into_iter();
    while let Some(argument) = given.next() {
        let Some(key) = values::symbol(&argument).and_then(|name| name.strip_prefix("#:")) else {
            positional += 1;
            continue;
        };
        if !required.iter().chain(&optional).any(|known| known == key) {
            let known = required.iter().chain(&optional).map(String::as_str);
            let hint = match spelling::nearest(key, known.clone()) {
                Some(near) => format!("did you mean #:{near}?"),
                None if known.clone().next().is_none() => "it takes no keywords".into(),
                None => {
                    format!("it takes {}", known.map(|key| format!("#:{key}")).collect::<Vec<_>>().join(", "))
                }
            };
            return Err(failure(format!("`{name}` does not know #:{key}\n{hint}")));
        }
        if given.next().is_none() {
            return Err(failure(format!("`{name}`: #:{key} has no value")));
        }
        if seen.iter().any(|earlier| earlier == key) {
            return Err(failure(format!("`{name}`: #:{key} is given twice")));
        }
        seen.push(key.to_string());
    }
    if positional < *fewest || positional > *most {
        let expected = if fewest == most { format!("{most}") } else { format!("{fewest} to {most}") };
        let arguments = if expected == "1" { "argument" } else { "arguments" };
        return Err(failure(format!("`{name}` expected {expected} {arguments}, found {positional}")));
    }
    match required.iter().find(|key| !seen.contains(key)) {
        Some(key) => Err(failure(format!("`{name}` needs #:{key}"))),
        None => Ok(SteelVal::Void),
    }
}

/// `(plist-try-get-positional-arg arguments index default)`: the optional argument at an index, not counting keywords
/// and their values. Steel 0.8.3 leaves out every symbol, so that `(f 'a)` counts as `(f)`.
fn optional_argument(args: &[SteelVal]) -> Result<SteelVal> {
    let [arguments, SteelVal::IntV(index), default] = args else {
        return Err(failure("expected a list, an index and a default"));
    };
    let mut arguments = values::items(arguments).unwrap_or_default().into_iter();
    let mut position = 0;
    while let Some(argument) = arguments.next() {
        if values::symbol(&argument).is_some_and(|name| name.starts_with("#:")) {
            arguments.next();
            continue;
        }
        if position == *index {
            return Ok(argument);
        }
        position += 1;
    }
    Ok(default.clone())
}
