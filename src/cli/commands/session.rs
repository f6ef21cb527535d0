//! `fruix __session`: the process that a REPL has its inputs evaluated by; see [`crate::eval::session`].

use std::process::ExitCode;

use miette::IntoDiagnostic as _;

use crate::eval::session;

pub fn run() -> miette::Result<ExitCode> {
    session::main().into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
