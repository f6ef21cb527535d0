//! `fruix derivation`: what is to be built, and how.

use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::args::Global;

mod show;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print derivations that are in the store.
    Show(show::Args),
}

pub fn run(global: &Global, verb: &Verb) -> miette::Result<ExitCode> {
    match verb {
        Verb::Show(args) => show::run(global, args),
    }
}
