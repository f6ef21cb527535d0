//! `fruix check`

use std::{path::PathBuf, process::ExitCode};

use crate::cli::{
    args::Global,
    context,
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

pub fn run(global: &Global, messages: &Messages, args: &Args) -> miette::Result<ExitCode> {
    let messages = messages.on_stdout();
    let mut status = ExitCode::SUCCESS;
    // A declaration can be checked where no store can be.
    let layout = context::layout(global).ok();
    for result in evaluation::survey(&args.configs, &args.evaluation, layout.as_ref())? {
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
