//! `fruix repl`: trying things out.

mod commands;
mod complete;
mod cursor;
mod diff;
mod helper;
mod highlight;
mod history;
mod input;
mod pipe;
mod print;
mod show;
mod terminal;

use std::io::{IsTerminal as _, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::building::BuildFlags;
use crate::cli::evaluation::EvaluationFlags;
use crate::cli::messages::Messages;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A declaration: what it defines can be used, and its value is `%config`.
    config: Option<PathBuf>,
    #[command(flatten)]
    evaluation: EvaluationFlags,
    #[command(flatten)]
    building: BuildFlags,
}

pub fn run(global: &Global, args: Args, messages: &Messages) -> miette::Result<ExitCode> {
    let at_terminal = stdin().is_terminal() && stdout().is_terminal();
    let mut repl = input::Repl::start(global, args, messages, at_terminal)?;
    if at_terminal {
        terminal::run(&mut repl)?;
        return Ok(ExitCode::SUCCESS);
    }
    pipe::run(&mut repl, stdin().lock())?;
    Ok(if repl.failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
