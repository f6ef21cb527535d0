//! `fruix system status`

use std::path::Path;
use std::process::ExitCode;

use nix::unistd::geteuid;

use super::show_status;
use super::target::Target;
use crate::cli::args::Global;
use crate::cli::output;
use crate::daemon::client::remote::Machine as Remote;
use crate::store::Layout;
use crate::system::live::Machine;
use crate::system::status::{Observer, Status};

/// Says how the machine is that this runs on, or another one: its generation, base and services, what failed and with
/// which words, and what was changed by hand.
///
/// The exit status is 1 if something is not well: the system is not ready, a declared service is down, or something was
/// changed by hand.
#[derive(Debug, clap::Args)]
#[command(mut_arg("target", |argument| argument.help(
    "Tell of another machine, as its own fruix sees it over SSH; as root it sees all"
)))]
pub struct Args {
    #[command(flatten)]
    target: Target,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let status = match args.target.machine() {
        Some(machine) => ask(&machine)?,
        None => here(global)?,
    };
    if args.json {
        output::json(&status)?;
    } else {
        output::lines(show_status::lines(&status))?;
    }
    Ok(if status.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn here(global: &Global) -> miette::Result<Status> {
    // The machine's own store, also for those who may not write it.
    let layout = Layout::new(global.root.as_deref().unwrap_or(Path::new("/")))?;
    let machine = Machine::here(&layout);
    let observer = Observer { layout: &layout, machine: machine.as_ref(), is_root: geteuid().is_root() };
    Ok(Status::of(&observer)?)
}

/// Asks the fruix of another machine.
fn ask(machine: &Remote) -> miette::Result<Status> {
    let printed = machine.examine(&["system", "status", "--json"])?;
    Ok(machine.understand(&printed)?)
}
