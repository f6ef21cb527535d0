//! The script `activate` of a system.

use std::fmt::Write;

use super::{
    SystemError,
    spec::{Snippet, Spec},
};

const PRELUDE: &str = include_str!("activate/prelude.sh");
const TRIAL: &str = include_str!("activate/trial.sh");
const BOOT: &str = include_str!("activate/boot.sh");
const SYSTEM: &str = include_str!("activate/system.sh");
const ACCOUNTS: &str = include_str!("activate/accounts.sh");

/// The argument by which the script is told that the machine is up, and that only its system changes.
pub const SWITCH: &str = "switch";

/// When a step is done: `step` at every activation, `boot_step` at that of a boot alone. Both are functions of the script.
const ALWAYS: &str = "step";
const AT_BOOT: &str = "boot_step";

/// When each step is done, its name on the console and its function, in order.
const STEPS: &[(&str, &str, &str)] = &[
    (AT_BOOT, "check-root", "check_root"),
    (AT_BOOT, "run", "fresh_run"),
    (ALWAYS, "current-system", "current_system"),
    (AT_BOOT, "booted-system", "booted_system"),
    (AT_BOOT, "trial", "guard_trial"),
    (AT_BOOT, "grow-root", "grow_root"),
    (AT_BOOT, "writable-root", "writable_root"),
    (ALWAYS, "state", "state_directory"),
    (ALWAYS, "root-tree", "root_tree"),
    (ALWAYS, "setuid-programs", "setuid_programs"),
    (ALWAYS, "etc", "etc_links"),
    (ALWAYS, "etc-copies", "etc_copies"),
    (ALWAYS, "accounts", "accounts"),
    (ALWAYS, "homes", "homes"),
];

/// What comes last, when all other steps have succeeded.
const LAST_STEP: (&str, &str, &str) = (ALWAYS, "finish", "activated");

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
        && STEPS.iter().chain([&LAST_STEP]).all(|(_, taken, _)| taken != name);
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
    format!("#!{world}/rescue/sh\n{functions}\nsay \"begin: {system}\"\n{steps}say \"done: {system}\"\n")
}

/// The calls of all steps, after the functions that run those of services.
fn steps(service_steps: &[ServiceStep<'_>]) -> String {
    let mut functions = String::new();
    let mut calls = String::new();
    for (when, name, function) in STEPS {
        let _ = writeln!(calls, "{when} {name} {function}");
    }
    for (index, ServiceStep { name, path, .. }) in service_steps.iter().enumerate() {
        // Services write ordinary scripts: with pathname expansion, with variables that need not be set, and in a
        // process of their own, so that whatever they set or change does not reach the next step.
        let _ = writeln!(functions, "service_step_{index}() (\n\tset +fu\n\t. \"$system/{path}\"\n)");
        let _ = writeln!(calls, "step {name} service_step_{index}");
    }
    let (when, name, function) = LAST_STEP;
    format!("{functions}\n{calls}{when} {name} {function}\n")
}

/// The variables and functions that the steps are made of. `root` precedes every path outside the store.
fn functions(system: &str, world: &str, root: &str) -> String {
    format!(
        "system='{system}'\nworld='{world}'\nroot='{root}'\n\n{PRELUDE}\n{TRIAL}\n{BOOT}\n{SYSTEM}\n{ACCOUNTS}"
    )
}

#[cfg(test)]
mod tests;
