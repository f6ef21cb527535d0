//! `fruix key`: keys that sign.

use std::process::ExitCode;

use clap::Subcommand;

mod generate;
mod public;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a secret key, and print its public key.
    Generate(generate::Args),
    /// Print the public key of a secret key.
    Public(public::Args),
}

pub fn run(verb: &Verb) -> miette::Result<ExitCode> {
    match verb {
        Verb::Generate(args) => generate::run(args),
        Verb::Public(args) => public::run(args),
    }
}
