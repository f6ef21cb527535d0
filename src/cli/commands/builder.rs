//! `fruix __builder`: the process that becomes the sandbox of one build; see [`crate::build::sandbox`].

use std::process::ExitCode;

use crate::{build::sandbox::launch, builders::computed, eval};

pub fn run() -> miette::Result<ExitCode> {
    computed::interpret_with(|form| Ok(eval::computed::evaluate(form)?));
    launch::main()?;
    Ok(ExitCode::SUCCESS)
}
