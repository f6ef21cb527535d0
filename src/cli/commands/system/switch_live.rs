//! `fruix system switch-live`: the process that switches a machine, which other verbs start.

use std::process::ExitCode;
use std::time::Duration;

use crate::cli::args::Global;
use crate::cli::context;
use crate::store_path::StorePath;
use crate::system::live::Machine;
use crate::system::live::supervisor::{self, Order, Phase, Place};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The system to run.
    system: StorePath,
    /// Its generation.
    #[arg(long)]
    generation: u32,
    /// How long a confirmation is waited for, in seconds.
    #[arg(long)]
    confirm_within: Option<u64>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let layout = context::layout(global)?;
    supervisor::detach()?;
    let machine = Machine::here(&layout).ok_or(supervisor::SupervisorError::NoSystem)?;
    let machine = machine.with_log(Place::of(&layout).open_log()?);
    let order = Order {
        to: args.system.clone(),
        generation: args.generation,
        confirm_within: args.confirm_within.map(Duration::from_secs),
    };
    let state = supervisor::supervise(&machine, &order)?;
    Ok(if state.phase == Phase::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
