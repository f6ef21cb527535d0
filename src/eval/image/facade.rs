//! Texts that stand for compiled modules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use steel::rvals::Result;

use crate::eval::host::failure;
use crate::eval::modules::Module;
use crate::eval::reader::{self, Datum};

/// A facade, the variables of the module that it takes its own from, and the names that it provides.
pub struct Facade {
    pub text: String,
    pub variables: Vec<String>,
    pub provided: Vec<String>,
}

/// What a facade calls a variable of its module, for all modules to tell apart.
pub fn global(key: &str, variable: &str) -> String {
    format!("#%fruix-module.{key}.{variable}")
}

/// The facade of a module; `is_variable` tells whether the module defines or imports a variable.
///
/// # Errors
/// The module provides something that is neither a variable nor a macro of its own.
pub fn of(module: &Module, is_variable: impl Fn(&str) -> bool) -> Result<Facade> {
    let Module { key, rewritten, .. } = module;
    let parsed = reader::parse(&rewritten.text).map_err(|problem| failure(problem.message))?;
    let forms = |name: &'static str| parsed.forms.iter().filter(move |form| form.form(name).is_some());
    let macros: BTreeSet<&str> =
        forms("define-syntax").filter_map(|form| form.form("define-syntax")?.first()?.symbol()).collect();
    let provided: Vec<&str> = forms("provide")
        .filter_map(|form| form.form("provide"))
        .flatten()
        .filter_map(Datum::symbol)
        .collect();
    if let Some(other) = provided.iter().find(|name| !macros.contains(*name) && !is_variable(name)) {
        return Err(failure(format!("{key} provides {other}, which it does not define")));
    }
    // Macros use more of the module than it provides.
    let used = forms("define-syntax").flat_map(symbols);
    let variables: BTreeSet<&str> = provided
        .iter()
        .copied()
        .chain(used)
        .filter(|name| !macros.contains(name) && is_variable(name))
        .collect();
    let mut text = String::new();
    for name in &variables {
        // Writing to a string does not fail.
        let _ = writeln!(text, "(define {name} {})", global(key, name));
    }
    for form in forms("define-syntax").chain(forms("provide")) {
        text += &rewritten.text[form.at.clone()];
        text.push('\n');
    }
    let variables = variables.into_iter().map(String::from).collect();
    let provided = provided.into_iter().map(String::from).collect();
    Ok(Facade { text, variables, provided })
}

/// All symbols in an expression.
fn symbols(datum: &Datum) -> Vec<&str> {
    let mut found = Vec::new();
    let mut pending = vec![datum];
    while let Some(datum) = pending.pop() {
        pending.extend(datum.list().unwrap_or_default());
        found.extend(datum.symbol());
    }
    found
}
