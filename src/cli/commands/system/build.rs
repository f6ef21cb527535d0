//! `fruix system build`

use std::process::ExitCode;

use serde_json::json;

use super::System;
use crate::cli::args::Global;
use crate::cli::output;
use crate::system::declaration;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Say what would be built, and build nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    if args.dry_run {
        return plan(global, args);
    }
    let store = super::open_store(global)?;
    let system = args.system.realise(&store)?;
    if args.json {
        output::line(json!({ "system": system.to_string() }))?;
    } else {
        output::line(system)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the derivations that would be built, one on a line.
fn plan(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = super::open_store(global)?;
    let evaluation = args.system.evaluate(&store)?;
    let plan = declaration::plan(&store, &evaluation)?;
    let drvs: Vec<String> = plan.derivations.keys().map(ToString::to_string).collect();
    if args.json {
        let system = evaluation.roots.first().map(|root| root.path.to_string());
        output::line(json!({ "system": system, "build": drvs }))?;
    } else {
        output::lines(&drvs)?;
        let number = if drvs.is_empty() { "nothing".into() } else { drvs.len().to_string() };
        output::note(format_args!("{number} to build"));
    }
    Ok(ExitCode::SUCCESS)
}
