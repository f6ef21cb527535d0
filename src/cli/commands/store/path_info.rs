//! `fruix store path-info`

use std::path::PathBuf;
use std::process::ExitCode;

use miette::IntoDiagnostic as _;

use crate::cli::args::Global;
use crate::cli::context::{item, open_store};
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
    let store = open_store(global)?;
    let mut infos = Vec::new();
    for path in &args.paths {
        infos.push(store.path_info(&item(&store, path)?)?);
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&infos).into_diagnostic()?);
    } else {
        for info in &infos {
            print_text(info);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One fact per line, and one line per reference.
fn print_text(info: &PathInfo) {
    println!("path: {}", info.path);
    println!("nar-hash: {}", info.nar_hash);
    println!("nar-size: {}", info.nar_size);
    for reference in &info.references {
        println!("reference: {reference}");
    }
    if let Some(deriver) = &info.deriver {
        println!("deriver: {deriver}");
    }
    if let Some(address) = &info.content_address {
        println!("content-address: {address}");
    }
}
