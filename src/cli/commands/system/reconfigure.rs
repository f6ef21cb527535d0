//! `fruix system reconfigure`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use super::target::{self, Request, Target};
use super::{Planned, System, live, show_plan, trial};
use crate::build::Realise;
use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::daemon::client::remote::Machine;
use crate::profile::Profile;
use crate::store::{StoreAccess, StoreError};
use crate::store_path::StorePath;
use crate::system::description::Description;
use crate::system::{downgrade, generations};

/// Builds the system and makes it the current generation of this store's machine, or of another one.
///
/// CONFIG may also be the store path of a system that is built.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Take a system whose base is older than that of the current one.
    #[arg(long)]
    allow_downgrades: bool,
    /// Boot it once, at the next boot: it becomes the current generation when it gets ready, and the boot after it is the
    /// current generation again when it does not.
    #[arg(long = "try", conflicts_with_all = ["no_activate", "confirm_within"])]
    trial: bool,
    #[command(flatten)]
    live: live::Activation,
    #[command(flatten)]
    target: Target,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = super::open_store(global)?;
    let built = built(store.as_ref(), &args.system.config)?;
    let machine = args.target.machine();
    if args.system.dry_run {
        return dry_run(args, &store, built, machine.as_ref());
    }
    if let Some(machine) = machine {
        let system = system(args, &store, built)?;
        let request = Request {
            allow_downgrades: args.allow_downgrades,
            trial: args.trial,
            live: &args.live,
            json: args.json,
        };
        return target::reconfigure(store.as_ref(), &machine, &system, &request);
    }
    context::require_own(global)?;
    let system = system(args, &store, built)?;
    let layout = store.layout();
    if !args.allow_downgrades {
        downgrade::check(layout, &system, &store.own().cache_dir().join("git"))?;
    }
    let profile = Profile::system(layout);
    let previous = profile.current()?;
    if args.trial {
        let (generation, is_new) = profile.newest_of(&system)?;
        return trial::of(layout, &trial::Candidate { generation, is_new, system: &system }, args.json);
    }
    let machine = args.live.machine(layout);
    let (generation, is_new) = match &machine {
        Some(_) => live::generation_of(&profile, &system)?,
        None => generations::make_current(layout, &system)?,
    };
    let number = generation.number;
    let done =
        machine.map(|machine| live::switch(&machine, &system, number, &args.live)).transpose()?.flatten();
    if args.json {
        let mut answer =
            json!({ "generation": number, "new": is_new, "previous": previous, "system": system });
        if let Some(done) = &done {
            answer["live"] = json!(done);
        }
        output::line(answer)?;
    } else {
        output::line(&system)?;
        output::note(match (done, is_new) {
            (Some(done), _) => done.describe(number, args.live.confirm_within),
            (None, true) => format!("generation {number} is the current one now"),
            (None, false) => format!("nothing changed: generation {number} is this system"),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what would be built; and once nothing is to be, what would be done to the machine that it is for.
fn dry_run(
    args: &Args,
    store: &Arc<dyn Realise>,
    built: Option<StorePath>,
    target: Option<&Machine>,
) -> miette::Result<ExitCode> {
    let planned = match built {
        Some(system) => Planned { system: Some(system), drvs: Vec::new() },
        None => args.system.planned(store)?,
    };
    let plan = match (&planned.system, target) {
        (Some(system), Some(target)) if planned.drvs.is_empty() => {
            target::plan(store.as_ref(), target, system)?
        }
        (Some(system), None) if planned.drvs.is_empty() => {
            let machine = args.live.machine(store.layout());
            machine.map(|machine| live::plan(&machine, system)).transpose()?.flatten()
        }
        _ => None,
    };
    if args.json {
        let mut answer = planned.as_json();
        if let Some(plan) = &plan {
            answer["live"] = json!({ "plan": plan });
        }
        output::line(answer)?;
        return Ok(ExitCode::SUCCESS);
    }
    planned.print()?;
    if let Some(plan) = &plan {
        output::lines(show_plan::lines(plan))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The system, built if it is not yet.
fn system(args: &Args, store: &Arc<dyn Realise>, built: Option<StorePath>) -> miette::Result<StorePath> {
    built.map_or_else(|| args.system.realise(store), Ok)
}

/// The system that CONFIG is, if it is one that was built, and not a declaration.
fn built(store: &dyn StoreAccess, config: &Path) -> miette::Result<Option<StorePath>> {
    let layout = store.layout();
    let Some(item) = layout.item_of(config).filter(|item| layout.physical(item).is_dir()) else {
        return Ok(None);
    };
    store.hold(&[&item])?;
    if !store.is_whole(&item)? {
        return Err(StoreError::NotValid { path: item }.into());
    }
    Description::read(&layout.physical(&item))?;
    Ok(Some(item))
}
