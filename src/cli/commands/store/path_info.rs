//! `fruix store path-info`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{access_to_read, item};
use crate::cli::output;
use crate::store::PathInfo;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print a JSON array of objects like those of `nix path-info --json`.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = access_to_read(global)?;
    let mut infos = Vec::new();
    for path in &args.paths {
        infos.push(store.path_info(&item(store.as_ref(), path)?)?);
    }
    if args.json {
        output::json(&infos)?;
    } else {
        output::lines(infos.iter().flat_map(facts))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One fact per line, and one line per reference.
fn facts(info: &PathInfo) -> Vec<String> {
    let mut lines = vec![
        format!("path: {}", info.path),
        format!("nar-hash: {}", info.nar_hash),
        format!("nar-size: {}", info.nar_size),
    ];
    lines.extend(info.references.iter().map(|reference| format!("reference: {reference}")));
    lines.extend(info.deriver.iter().map(|deriver| format!("deriver: {deriver}")));
    lines.extend(info.content_address.iter().map(|address| format!("content-address: {address}")));
    lines
}
