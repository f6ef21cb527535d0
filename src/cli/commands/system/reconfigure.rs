//! `fruix system reconfigure`

use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::Profile;
use crate::system::downgrade;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Take a system whose base is older than that of the current one.
    #[arg(long)]
    allow_downgrades: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    if args.system.dry_run {
        return args.system.plan(&super::open_store(global)?, args.json);
    }
    context::require_own(global)?;
    let store = super::open_store(global)?;
    let layout = store.layout();
    let system = args.system.realise(&store)?;
    if !args.allow_downgrades {
        downgrade::check(layout, &system, &store.own().cache_dir().join("git"))?;
    }
    let profile = Profile::system(layout);
    let previous = profile.current()?;
    let (generation, is_new) = profile.make_current(&system)?;
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
