//! `fruix system build`

use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::cli::args::Global;
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = super::open_store(global)?;
    if args.system.dry_run {
        return args.system.plan(&store, args.json);
    }
    let system = args.system.realise(&store)?;
    if args.json {
        output::line(json!({ "system": system.to_string() }))?;
    } else {
        output::line(&system)?;
    }
    Ok(ExitCode::SUCCESS)
}
