//! `fruix store requisites`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{access_to_read, item};
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = access_to_read(global)?;
    let items = args.paths.iter().map(|path| item(store.as_ref(), path)).collect::<Result<Vec<_>, _>>()?;
    output::lines(store.closure(&items.iter().collect::<Vec<_>>())?)?;
    Ok(ExitCode::SUCCESS)
}
