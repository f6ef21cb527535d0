//! `fruix log`

use std::{io, path::PathBuf, process::ExitCode};

use crate::{
    build::log,
    cli::{args::Global, context, output},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A derivation, or an output of one.
    path: PathBuf,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = context::access_to_read(global)?;
    let drv = context::deriver(store.as_ref(), context::item(store.as_ref(), &args.path)?)?;
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
