//! `fruix doctor`

use std::process::ExitCode;

use crate::cli::args::Global;

#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_global: &Global, _args: &Args) -> miette::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
