//! `fruix store referrers`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{access_to_read, item};
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A store item: by store path, base name, or a path that leads to it.
    path: PathBuf,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = access_to_read(global)?;
    output::lines(store.referrers(&item(store.as_ref(), &args.path)?)?)?;
    Ok(ExitCode::SUCCESS)
}
