//! `fruix __evaluate`: the process that evaluates a declaration; see [`crate::eval::child`].

use std::{path::PathBuf, process::ExitCode};

use miette::IntoDiagnostic;

use crate::eval::child;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file of the interpreter's image.
    image: Option<PathBuf>,
}

pub fn run(args: &Args) -> miette::Result<ExitCode> {
    child::main(args.image.as_deref()).into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
