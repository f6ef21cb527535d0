//! `fruix derivation show`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Map;

use crate::cli::args::Global;
use crate::cli::context::{access_to_read, deriver, item};
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Derivations (….drv), or items that were built from one.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print each derivation as one line of ATerm, the text that lies in the store, instead of JSON like that of
    /// `nix show-derivation`.
    #[arg(long)]
    aterm: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = access_to_read(global)?;
    let mut shown = Map::new();
    for path in &args.paths {
        let path = deriver(store.as_ref(), item(store.as_ref(), path)?)?;
        let derivation = store.derivation(&path)?;
        if args.aterm {
            output::line(derivation.to_aterm())?;
        } else {
            shown.insert(path.to_string(), derivation.to_json());
        }
    }
    if !args.aterm {
        output::json(&shown)?;
    }
    Ok(ExitCode::SUCCESS)
}
