//! `fruix system build`

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::cli::args::Global;
use crate::cli::checking::{self, CheckFlags};
use crate::cli::output;
use crate::store::{StoreAccess, link_root};
use crate::store_path::StorePath;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Make LINK a symbolic link to the system, which keeps it from being collected as garbage.
    #[arg(short, long, value_name = "LINK", conflicts_with = "dry_run")]
    out_link: Option<PathBuf>,
    #[command(flatten)]
    checking: CheckFlags,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let Some(store) = args.system.store_to_build_in(global, args.json)? else { return Ok(ExitCode::SUCCESS) };
    let system = args.system.realise(&store)?;
    if args.checking.check {
        let drvs = made_by(store.as_ref(), &system)?;
        return checking::run(store.as_ref(), &drvs, &[], &args.system.building, &args.checking, args.json);
    }
    if let Some(link) = &args.out_link {
        link_root(store.as_ref(), link, &system)?;
    }
    if args.json {
        output::line(json!({ "system": system.to_string() }))?;
    } else {
        output::line(&system)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The derivations that made the items of the system: its own, and those of world, kernel and whatever else it needs.
fn made_by(store: &dyn StoreAccess, system: &StorePath) -> miette::Result<BTreeSet<StorePath>> {
    Ok(store.closure_infos(system)?.into_iter().filter_map(|info| info.deriver).collect())
}
