//! `fruix store delete`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{item, upkeep};
use crate::cli::output;
use crate::cli::size::amount;
use crate::store::Store;
use crate::sys::interrupt;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them. All are deleted, or none.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let _watch = interrupt::watch()?;
    let store = upkeep(global, Store::open_to_collect)?;
    let items = args.paths.iter().map(|path| item(store.as_ref(), path)).collect::<Result<_, _>>()?;
    let collected = store.delete(&items)?;
    output::note(format_args!("deleted {}", amount(collected.items, collected.bytes)));
    Ok(ExitCode::SUCCESS)
}
