//! `fruix system reconfigure`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use super::target::{self, Target};
use super::{System, trial};
use crate::build::Realise;
use crate::cli::args::Global;
use crate::cli::{context, output};
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
    #[arg(long = "try")]
    trial: bool,
    #[command(flatten)]
    target: Target,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = super::open_store(global)?;
    let built = built(store.as_ref(), &args.system.config)?;
    if args.system.dry_run {
        return match built {
            Some(system) => output::line(system).map(|()| ExitCode::SUCCESS).map_err(Into::into),
            None => args.system.plan(&store, args.json),
        };
    }
    if let Some(machine) = args.target.machine() {
        let system = system(args, &store, built)?;
        let options =
            [("--allow-downgrades", args.allow_downgrades), ("--try", args.trial), ("--json", args.json)];
        return target::reconfigure(store.as_ref(), &machine, &system, &options);
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
    let (generation, is_new) = generations::make_current(layout, &system)?;
    let number = generation.number;
    if args.json {
        output::line(json!({
            "generation": number,
            "new": is_new,
            "previous": previous,
            "system": system,
        }))?;
    } else {
        output::line(&system)?;
        match is_new {
            true => output::note(format_args!("generation {number} is the current one now")),
            false => output::note(format_args!("nothing changed: generation {number} is this system")),
        }
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
