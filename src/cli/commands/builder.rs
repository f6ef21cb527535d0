//! `fruix __builder`: the process that becomes the sandbox of one build; see [`crate::build::sandbox`].

use std::process::ExitCode;

use crate::build::sandbox::launch;

pub fn run() -> miette::Result<ExitCode> {
    launch::main()?;
    Ok(ExitCode::SUCCESS)
}
