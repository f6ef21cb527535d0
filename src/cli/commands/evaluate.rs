//! `fruix __evaluate`: the process that evaluates a declaration; see [`crate::eval::child`].

use std::process::ExitCode;

use miette::IntoDiagnostic;

use crate::eval::child;

pub fn run() -> miette::Result<ExitCode> {
    child::main().into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
