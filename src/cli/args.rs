//! Arguments common to all commands.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::commands;
use super::messages::{Colour, Format};

/// Declare, build, boot and deploy FreeBSD systems.
#[derive(Debug, Parser)]
#[command(name = "fruix", version, propagate_version = true)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// Where `/frx` lies: the store is at DIR/frx/store. Paths inside items always say `/frx/store`.
    ///
    /// Default: `/` where `/frx` can be written or a daemon serves it, else a root of your own under
    /// `$XDG_DATA_HOME/fruix`.
    #[arg(long, global = true, value_name = "DIR", env = "FRUIX_ROOT")]
    pub root: Option<PathBuf>,
    /// Override a setting of `/frx/etc/fruix.conf` (docs/settings.md). May be given again.
    #[arg(long, global = true, num_args = 2, value_names = ["NAME", "VALUE"])]
    pub option: Vec<String>,
    /// Ask the daemon at this socket, whoever may write the store.
    #[arg(long, global = true, value_name = "PATH", env = "FRUIX_DAEMON_SOCKET", hide_env_values = true)]
    pub daemon_socket: Option<PathBuf>,
    /// How to print diagnostics: for people, a line for each, or a JSON object for each (docs/diagnostics.md).
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = Format::Human)]
    pub message_format: Format,
    /// When to colour diagnostics. `auto`: on a terminal, unless NO_COLOR is set; and where CLICOLOR_FORCE is.
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Name what this machine lacks for building and booting systems, and how to get it.
    Doctor(commands::doctor::Args),
    /// Put files into the store, and look at what is there.
    #[command(subcommand)]
    Store(commands::store::Verb),
    /// Look at derivations.
    #[command(subcommand)]
    Derivation(commands::derivation::Verb),
    /// Build what a declaration, an expression or a derivation stands for, and print the store paths.
    Build(commands::build::Args),
    /// Build, image and boot whole systems.
    #[command(subcommand)]
    System(commands::system::Command),
    /// Put systems into virtual machines that are there.
    #[command(subcommand)]
    Vm(commands::vm::Command),
    /// Make the keys that sign how things came to be.
    #[command(subcommand)]
    Key(commands::key::Verb),
    /// Print everything that is wrong with declarations, and build nothing.
    Check(commands::check::Args),
    /// Format declarations and Scheme modules.
    Fmt(commands::fmt::Args),
    /// Try things out: evaluate expressions, look at what they stand for, compare and build it.
    Repl(commands::repl::Args),
    /// Own the store, and put things into it for users who may not write it.
    Daemon(commands::daemon::Args),
    /// Print the log of a build.
    Log(commands::log::Args),
    /// Run a builder in its sandbox, described on standard input: fruix calls itself so.
    #[command(name = "__builder", hide = true)]
    Builder,
    /// Evaluate declarations, described on standard input: fruix calls itself so.
    #[command(name = "__evaluate", hide = true)]
    Evaluate(commands::evaluate::Args),
    /// Answer a REPL, in a process of its own: fruix calls itself so.
    #[command(name = "__session", hide = true)]
    Session(commands::session::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_options_of_every_command_fit_together() {
        super::Args::command().debug_assert();
    }
}
