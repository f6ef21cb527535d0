//! `fruix system release-sets`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::cli::args::Global;
use crate::cli::output;
use crate::system::release_sets::{self, Written};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Where to write base.txz, kernel.txz and MANIFEST; made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let Some(store) = args.system.store_to_build_in(global, args.json)? else { return Ok(ExitCode::SUCCESS) };
    let system = args.system.realise(&store)?;
    let Written { sets, manifest } = release_sets::write(store.as_ref(), &system, &args.output)?;
    if args.json {
        output::json(&json!({ "system": system.to_string(), "sets": sets, "manifest": manifest }))?;
    } else {
        let files = sets.iter().map(|set| (&set.sha256, &set.file));
        let files = files.chain([(&manifest.sha256, &manifest.file)]);
        output::lines(files.map(|(sha256, file)| format!("{sha256}  {}", file.display())))?;
    }
    Ok(ExitCode::SUCCESS)
}
