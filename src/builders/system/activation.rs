//! The script `activate` of a system.

use std::fmt::Write;

use super::{SystemError, spec::Spec};

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

/// The script of the system whose closure is `system`.
pub fn script(spec: &Spec, system: &str) -> Result<String, SystemError> {
    let mut text = format!("#!{}/rescue/sh\n", spec.world);
    text.push_str(&functions(system, &spec.world, ""));
    let mut steps = String::new();
    for (name, function) in STEPS {
        let _ = writeln!(steps, "step {name} {function}");
    }
    for (number, snippet) in spec.activation.iter().enumerate() {
        let fits = !snippet.name.is_empty()
            && snippet.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && STEPS.iter().all(|(name, _)| *name != snippet.name);
        if !fits {
            return Err(SystemError::SnippetName { name: snippet.name.clone() });
        }
        // Snippets are written as ordinary scripts are: with pathname expansion, and a process of their own, so
        // that whatever they set or change does not reach the next step.
        let _ = writeln!(text, "\nsnippet_{number}() (\nset +f\n{}\n)", snippet.script.trim_end());
        let _ = writeln!(steps, "step {} snippet_{number}", snippet.name);
    }
    let _ = write!(text, "\n{steps}say \"done: {system}\"\n");
    Ok(text)
}

/// The variables and functions that the steps are made of. `root` precedes every path outside the store.
fn functions(system: &str, world: &str, root: &str) -> String {
    format!("system='{system}'\nworld='{world}'\nroot='{root}'\n\n{PRELUDE}\n{BOOT}\n{SYSTEM}\n{ACCOUNTS}")
}

#[cfg(test)]
mod tests;
