//! `fruix store delete`

use std::path::PathBuf;
use std::process::ExitCode;

use super::gc::amount;
use crate::cli::args::Global;
use crate::cli::context::{item, open_store_to_collect};
use crate::cli::output;
use crate::sys::{interrupt, processes};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them. All are deleted, or none.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let _watch = interrupt::watch()?;
    let store = open_store_to_collect(global)?;
    let items = args.paths.iter().map(|path| item(&store, path)).collect::<Result<_, _>>()?;
    let collected = store.delete(processes::of_this_machine().as_ref(), &items)?;
    output::note(format_args!("deleted {}", amount(collected.items, collected.bytes)));
    Ok(ExitCode::SUCCESS)
}
