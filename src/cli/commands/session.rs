//! `fruix __session`: the process that a REPL has its inputs evaluated by; see [`crate::eval::session`].

use std::{path::PathBuf, process::ExitCode};

use miette::IntoDiagnostic as _;

use crate::eval::session;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file of the interpreter's image.
    image: PathBuf,
}

pub fn run(args: &Args) -> miette::Result<ExitCode> {
    session::main(&args.image).into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
