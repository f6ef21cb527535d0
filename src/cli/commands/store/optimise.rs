//! `fruix store optimise`

use std::process::ExitCode;

use serde_json::json;

use crate::cli::args::Global;
use crate::cli::context::upkeep;
use crate::cli::output;
use crate::cli::size::mebibytes;
use crate::store::Store;
use crate::sys::interrupt;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let _watch = interrupt::watch()?;
    let optimised = upkeep(global, Store::open)?.optimise()?;
    let saved = optimised.saved;
    if args.json {
        let interrupted = optimised.interrupted;
        output::json(&json!({
            "items": optimised.items,
            "files": saved.files,
            "bytes": saved.bytes,
            "interrupted": interrupted,
        }))?;
    } else {
        let (items, files, bytes) = (optimised.items, saved.files, mebibytes(saved.bytes));
        output::note(format_args!("looked at {items} items: {files} files are shared now, {bytes} saved"));
    }
    if optimised.interrupted {
        output::note("interrupted: the next run goes on");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
