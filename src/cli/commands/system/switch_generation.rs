//! `fruix system switch-generation` and `fruix system roll-back`.

use std::process::ExitCode;

use serde_json::json;

use super::trial::{self, Candidate};
use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::{Profile, Target};
use crate::system::generations;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its number, or its place from the current one: `-1` for the one before, `+1` for the one after it.
    #[arg(value_name = "N|+1|-1", allow_hyphen_values = true)]
    generation: Target,
    /// Boot it once, at the next boot: it becomes the current generation when it gets ready, and the boot after it is the
    /// current generation again when it does not.
    #[arg(long = "try")]
    trial: bool,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Say which generation would be the current one, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    switch(global, args.generation, args.trial, &args.options)
}

/// Switches to the generation before the current one.
pub fn roll_back(global: &Global, options: &Options) -> miette::Result<ExitCode> {
    switch(global, Target::Earlier(1), false, options)
}

fn switch(global: &Global, target: Target, trial: bool, options: &Options) -> miette::Result<ExitCode> {
    if !options.dry_run {
        context::require_own(global)?;
    }
    let store = context::access_to_read(global)?;
    let layout = store.layout();
    let wanted = generations::find(layout, target)?;
    // A generation whose items are gone would be one that does not boot.
    let whole = store.is_whole(&wanted.system)?;
    if !whole {
        return Err(miette::miette!(
            help = "`fruix store verify` says what is missing; `fruix system reconfigure` makes a whole one",
            "generation {} is not whole: an item of its closure is missing",
            wanted.generation.number
        ));
    }
    let previous = Profile::system(layout).current()?;
    let number = wanted.generation.number;
    if trial && !options.dry_run {
        let candidate = Candidate { generation: wanted.generation, is_new: false, system: &wanted.system };
        return trial::of(layout, &candidate, options.json);
    }
    if !options.dry_run {
        generations::switch(layout, number)?;
    }
    if options.json {
        output::line(json!({
            "generation": number,
            "previous": previous,
            "system": wanted.system,
            "dryRun": options.dry_run,
        }))?;
    } else {
        let verb = match (options.dry_run, previous == Some(number)) {
            (_, true) => "is the current one already",
            (true, false) if trial => "would be tried",
            (true, false) => "would be the current one",
            (false, false) => "is the current one now",
        };
        output::note(format_args!("generation {number} {verb}: {}", wanted.description.label));
    }
    Ok(ExitCode::SUCCESS)
}
