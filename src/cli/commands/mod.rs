//! One module per noun, one file per verb.

use std::process::ExitCode;

use super::args::{Args, Command};
use super::messages::Messages;

pub mod build;
pub mod builder;
pub mod check;
pub mod daemon;
pub mod derivation;
pub mod doctor;
pub mod evaluate;
pub mod fmt;
pub mod key;
pub mod log;
pub mod repl;
pub mod session;
pub mod store;
pub mod system;
pub mod vm;

/// Runs the command the arguments name.
pub fn run(args: Args, messages: &Messages) -> miette::Result<ExitCode> {
    match args.command {
        Command::Doctor(verb) => doctor::run(&args.global, &verb),
        Command::Store(verb) => store::run(&args.global, &verb),
        Command::Derivation(verb) => derivation::run(&args.global, &verb),
        Command::Daemon(verb) => daemon::run(&args.global, &verb),
        Command::Build(verb) => build::run(&args.global, &verb),
        Command::System(verb) => system::run(&args.global, &verb),
        Command::Vm(verb) => vm::run(&args.global, &verb),
        Command::Key(verb) => key::run(&verb),
        Command::Check(verb) => check::run(&args.global, messages, &verb),
        Command::Fmt(verb) => fmt::run(messages, &verb),
        Command::Log(verb) => log::run(&args.global, &verb),
        Command::Repl(verb) => repl::run(&args.global, verb, messages),
        Command::Builder => builder::run(),
        Command::Session(args) => session::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
    }
}
