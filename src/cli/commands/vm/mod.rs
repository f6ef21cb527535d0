//! `fruix vm`: virtual machines that are there.

use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::args::Global;

mod deploy;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put a system on the disk of a virtual machine of an XCP-ng pool, start it, and wait until it is ready.
    ///
    /// What is on the disk is lost. The machine is shut down first, and stays off when the import fails.
    Deploy(deploy::Args),
}

pub fn run(global: &Global, command: &Command) -> miette::Result<ExitCode> {
    match command {
        Command::Deploy(args) => deploy::run(global, args),
    }
}
