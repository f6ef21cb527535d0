//! `fruix check`

use std::{path::PathBuf, process::ExitCode};

use crate::cli::{
    evaluation::{self, EvaluationFlags},
    messages::Messages,
};

/// Prints everything that is wrong with declarations, and fails if there is anything. Nothing is built, and the store
/// is left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Declarations or modules.
    #[arg(value_name = "CONFIG", required = true)]
    configs: Vec<PathBuf>,
    #[command(flatten)]
    evaluation: EvaluationFlags,
}

pub fn run(messages: &Messages, args: &Args) -> miette::Result<ExitCode> {
    let messages = messages.on_stdout();
    let mut status = ExitCode::SUCCESS;
    for result in evaluation::survey(&args.configs, &args.evaluation)? {
        match result {
            Ok(evaluation) => messages.warn(&evaluation)?,
            Err(error) => {
                messages.show(&error)?;
                status = ExitCode::FAILURE;
            }
        }
    }
    Ok(status)
}
