//! `fruix log`

use std::{io, path::PathBuf, process::ExitCode};

use miette::miette;

use crate::{
    build::log,
    cli::{args::Global, context, output},
    store::Store,
    store_path::StorePath,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A derivation, or an output of one.
    path: PathBuf,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = context::open_store_to_read(global)?;
    let item = context::item(&store, &args.path)?;
    let drv = deriver(&store, &item)?;
    let mut log = log::open(&store.layout().log_dir(), &drv)?;
    let mut is_whole = true;
    output::stream(|out| match io::copy(&mut log, out) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            is_whole = false;
            Ok(())
        }
        copied => copied.map(drop),
    })?;
    if !is_whole {
        output::note("note: the log goes no further: the build still runs, or was interrupted");
    }
    Ok(ExitCode::SUCCESS)
}

/// The derivation whose log it is.
fn deriver(store: &Store, item: &StorePath) -> miette::Result<StorePath> {
    if item.is_derivation() {
        return Ok(item.clone());
    }
    if !store.is_valid(item)? {
        return Err(miette!(
            help = "the log of a build that failed is found by its derivation: give the .drv",
            "{item} is not in the store"
        ));
    }
    store.path_info(item)?.deriver.ok_or_else(|| {
        miette!(
            help = "only what was built has a log: give an output of a derivation, or a .drv",
            "{item} was not built"
        )
    })
}
