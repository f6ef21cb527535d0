//! `fruix system switch-generation` and `fruix system roll-back`.

use std::process::ExitCode;

use serde_json::json;

use super::trial::{self, Candidate};
use super::{live, show_plan};
use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::{Profile, Target};
use crate::store::Layout;
use crate::system::generations::{self, Installed};

/// What is said of a generation that need not be switched to.
const IS_CURRENT: &str = "is the current one already";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its number, or its place from the current one: `-1` for the one before, `+1` for the one after it.
    #[arg(value_name = "N|+1|-1", allow_hyphen_values = true)]
    generation: Target,
    /// Boot it once, at the next boot: it becomes the current generation when it gets ready, and the boot after it is the
    /// current generation again when it does not.
    #[arg(long = "try", conflicts_with_all = ["no_activate", "confirm_within"])]
    trial: bool,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Say which generation would be the current one, and what would be done to a machine that is up; and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    live: live::Activation,
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
    if trial {
        return try_once(layout, wanted, options);
    }
    let machine = options.live.machine(layout);
    let label = &wanted.description.label;
    let mut answer = json!({
        "generation": number,
        "previous": previous,
        "system": wanted.system,
        "dryRun": options.dry_run,
    });
    let said = if options.dry_run {
        let plan = machine.as_ref().map(|machine| live::plan(machine, &wanted.system)).transpose()?.flatten();
        if let Some(plan) = &plan {
            answer["live"] = json!({ "plan": plan });
            if !options.json {
                output::lines(show_plan::lines(plan))?;
            }
        }
        let is_current = previous == Some(number) && plan.is_none();
        format!("generation {number} {}", if is_current { IS_CURRENT } else { "would be the current one" })
    } else if let Some(machine) = machine {
        let done = live::switch(&machine, &wanted.system, number, &options.live)?;
        if let Some(done) = &done {
            answer["live"] = json!(done);
        }
        match done {
            Some(done) => done.describe(number, options.live.confirm_within),
            None => format!("generation {number} {IS_CURRENT}, and runs"),
        }
    } else {
        // Also to choose the current one ends the trial of another.
        generations::switch(layout, number)?;
        let verb = if previous == Some(number) { IS_CURRENT } else { "is the current one now" };
        format!("generation {number} {verb}")
    };
    match options.json {
        true => output::line(answer)?,
        false => output::note(format_args!("{said}: {label}")),
    }
    Ok(ExitCode::SUCCESS)
}

/// Has a generation booted once, and not switched to.
fn try_once(layout: &Layout, wanted: Installed, options: &Options) -> miette::Result<ExitCode> {
    let number = wanted.generation.number;
    if !options.dry_run {
        let candidate = Candidate { generation: wanted.generation, is_new: false, system: &wanted.system };
        return trial::of(layout, &candidate, options.json);
    }
    match options.json {
        true => output::line(json!({ "generation": number, "system": wanted.system, "dryRun": true }))?,
        false => {
            output::note(format_args!("generation {number} would be tried: {}", wanted.description.label))
        }
    }
    Ok(ExitCode::SUCCESS)
}
