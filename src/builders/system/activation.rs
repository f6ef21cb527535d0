//! The script `activate` of a system.

use std::fmt::Write;

use super::{
    SystemError,
    spec::{Snippet, Spec},
};

const PRELUDE: &str = include_str!("activate/prelude.sh");
const BOOT: &str = include_str!("activate/boot.sh");
const SYSTEM: &str = include_str!("activate/system.sh");
const ACCOUNTS: &str = include_str!("activate/accounts.sh");

/// Name on the console and function of every step, in order.
const STEPS: &[(&str, &str)] = &[
    ("check-root", "check_root"),
    ("run", "fresh_run"),
    ("current-system", "current_system"),
    ("booted-system", "booted_system"),
    ("grow-root", "grow_root"),
    ("writable-root", "writable_root"),
    ("state", "state_directory"),
    ("root-tree", "root_tree"),
    ("setuid-programs", "setuid_programs"),
    ("etc", "etc_links"),
    ("etc-copies", "etc_copies"),
    ("accounts", "accounts"),
    ("homes", "homes"),
];

/// What comes last, when all other steps have succeeded.
const LAST_STEP: (&str, &str) = ("finish", "activated");

/// A step that a service asks for, in a file of its own: text that is no shell script then fails its own step, and
/// not the whole activation.
pub struct ServiceStep<'a> {
    name: &'a str,
    /// Relative to the closure.
    pub path: String,
    pub script: &'a str,
}

/// The steps of the services, in order.
pub fn service_steps(spec: &Spec) -> Result<Vec<ServiceStep<'_>>, SystemError> {
    spec.activation.iter().enumerate().map(|(index, snippet)| service_step(index + 1, snippet)).collect()
}

fn service_step(number: usize, Snippet { name, script }: &Snippet) -> Result<ServiceStep<'_>, SystemError> {
    let fits = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && STEPS.iter().chain([&LAST_STEP]).all(|(taken, _)| taken != name);
    if fits {
        Ok(ServiceStep { name, path: format!("activation/steps/{number}-{name}"), script })
    } else {
        Err(SystemError::SnippetName { name: name.clone() })
    }
}

/// The script of the system whose closure is `system`.
pub fn script(world: &str, system: &str, service_steps: &[ServiceStep<'_>]) -> String {
    let functions = functions(system, world, "");
    let steps = steps(service_steps);
    format!("#!{world}/rescue/sh\n{functions}\n{steps}say \"done: {system}\"\n")
}

/// The calls of all steps, after the functions that run those of services.
fn steps(service_steps: &[ServiceStep<'_>]) -> String {
    let mut functions = String::new();
    let mut calls = String::new();
    for (name, function) in STEPS {
        let _ = writeln!(calls, "step {name} {function}");
    }
    for (index, ServiceStep { name, path, .. }) in service_steps.iter().enumerate() {
        // Services write ordinary scripts: with pathname expansion, with variables that need not be set, and in a
        // process of their own, so that whatever they set or change does not reach the next step.
        let _ = writeln!(functions, "service_step_{index}() (\n\tset +fu\n\t. \"$system/{path}\"\n)");
        let _ = writeln!(calls, "step {name} service_step_{index}");
    }
    let (name, function) = LAST_STEP;
    format!("{functions}\n{calls}step {name} {function}\n")
}

/// The variables and functions that the steps are made of. `root` precedes every path outside the store.
fn functions(system: &str, world: &str, root: &str) -> String {
    format!("system='{system}'\nworld='{world}'\nroot='{root}'\n\n{PRELUDE}\n{BOOT}\n{SYSTEM}\n{ACCOUNTS}")
}

#[cfg(test)]
mod tests;
