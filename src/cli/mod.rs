//! The command line: the only layer that prints.
//!
//! Data goes to standard output, everything else to standard error. One file per verb lies in
//! `commands/<noun>/`; the doc comment of an argument *is* its help.

pub mod args;
mod building;
pub mod commands;
pub mod context;
mod errors;
mod evaluation;
mod log;
mod output;
mod progress;
mod size;

use std::process::ExitCode;

use clap::Parser;

/// Parses the arguments, runs the command and turns its outcome into an exit status: 0 success,
/// 1 failure, 2 wrong usage (clap).
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    log::start();
    match commands::run(args) {
        Ok(code) => code,
        Err(report) => errors::show(&report),
    }
}
