//! `fruix system confirm`

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::live::failure;
use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::store_path::StorePath;
use crate::system::live::supervisor::{Phase, Place, State};

/// How long the process that switches may take to see the confirmation and act on it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is looked whether it has.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The system to confirm. Default: whichever waits for it.
    #[arg(value_name = "SYSTEM")]
    system: Option<StorePath>,
    /// Print JSON: how far the switch has come.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let place = Place::of(&context::layout(global)?);
    let is_meant = |state: &State| args.system.as_ref().is_none_or(|system| *system == state.to);
    let state = match place.state()?.filter(is_meant) {
        Some(state) if state.phase == Phase::Waiting => Some(confirm(&place, state)?),
        other => other,
    };
    if args.json {
        match &state {
            Some(state) => output::json(state)?,
            None => output::line(json!({ "phase": null }))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Some(state) = state else {
        return Err(miette::miette!(
            help = "switches that are made with --confirm-within do",
            "no switch waits for a confirmation"
        ));
    };
    match state.phase {
        Phase::Done => {
            output::note(format_args!("generation {} is the current one now, and runs", state.generation));
            Ok(ExitCode::SUCCESS)
        }
        Phase::Switching | Phase::Waiting => Err(miette::miette!(
            help = format!("{} shows how far it is", place.log().display()),
            "the switch to generation {} is still under way",
            state.generation
        )),
        Phase::Reverted | Phase::Broken => Err(failure(&state, &place)),
    }
}

/// Confirms, and waits for what comes of it.
fn confirm(place: &Place, state: State) -> miette::Result<State> {
    place.confirm(&state.to)?;
    let since = Instant::now();
    let mut state = state;
    while state.phase == Phase::Waiting && since.elapsed() < PATIENCE {
        thread::sleep(PAUSE);
        state = place.state()?.unwrap_or(state);
    }
    Ok(state)
}
