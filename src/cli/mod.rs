//! The command line: the only layer that prints.
//!
//! Data goes to standard output, everything else to standard error. One file per verb lies in
//! `commands/<noun>/`; the doc comment of an argument *is* its help.

pub mod args;
mod building;
mod checking;
pub mod commands;
pub mod context;
mod evaluation;
mod fault;
mod log;
mod messages;
mod output;
mod progress;
mod size;
mod table;

use std::process::ExitCode;

use clap::Parser;

use messages::Messages;

/// Parses the arguments, runs the command and turns its outcome into an exit status: 0 success,
/// 1 failure, 2 wrong usage (clap).
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    let messages = Messages::new(&args.global);
    log::start(messages.coloured());
    fault::guard(messages, || match commands::run(args, &messages) {
        Ok(code) => code,
        Err(report) => messages.fail(&report),
    })
}
