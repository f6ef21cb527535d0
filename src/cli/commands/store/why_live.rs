//! `fruix store why-live`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::args::Global;
use crate::cli::context::{item, upkeep};
use crate::cli::output;
use crate::store::Store;
use crate::store::gc::{By, Chain};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A store item: by store path, base name, or a path that leads to it.
    path: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = upkeep(global, Store::open_to_read)?;
    let item = item(store.as_ref(), &args.path)?;
    let chain = store.why_live(&item)?;
    if args.json {
        output::json(&json!({ "path": item, "chain": chain }))?;
    } else if let Some(chain) = &chain {
        output::lines(lines(chain))?;
    }
    if chain.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("nothing keeps {item}"));
    Ok(ExitCode::FAILURE)
}

/// The root, and below it each item, with how it follows from the one before.
fn lines(chain: &Chain) -> Vec<String> {
    let step = |by| match by {
        By::Root => "keeps",
        By::Reference => "refers to",
        By::Deriver => "was made by",
        By::Output => "makes",
    };
    let steps = chain.steps.iter().map(|link| format!("  {} {}", step(link.by), link.item));
    std::iter::once(chain.root.to_string()).chain(steps).collect()
}
