//! `fruix store dump`

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::miette;

use crate::cli::args::Global;
use crate::cli::context::access_to_read;
use crate::cli::output::OutputError;
use crate::nar::NarError;
use crate::store::Layout;
use crate::store::tree;
use crate::store_path::STORE_DIR;
use crate::util::fs::exists;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A store path, a path in an item, or any file, directory or symbolic link.
    path: PathBuf,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let place = place(global, &args.path)?;
    if io::stdout().is_terminal() {
        return Err(miette!(
            help = "redirect it: fruix store dump PATH > FILE.nar",
            "an archive is nothing to show on a terminal"
        ));
    }
    match tree::dump(&place, io::stdout().lock()) {
        Err(NarError::Write(error)) => Err(OutputError::from(error).into()),
        result => Ok(result.map(|()| ExitCode::SUCCESS)?),
    }
}

/// Where the argument lies: what is in the store by its logical name, below the chosen root; else where it says.
fn place(global: &Global, path: &Path) -> miette::Result<PathBuf> {
    let layout = Layout::discover(global.root.as_deref())?;
    let Ok(below) = path.strip_prefix(STORE_DIR) else { return Ok(path.to_owned()) };
    let Some(item) = layout.item_of(path) else { return Ok(path.to_owned()) };
    if !exists(&layout.physical(&item))? {
        // So that the error is that of a store path.
        access_to_read(global)?.path_info(&item)?;
    }
    Ok(layout.store_dir().join(below))
}
