//! `fruix store verify`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{item, open_store};
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them. Default: all that are valid.
    paths: Vec<PathBuf>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = open_store(global)?;
    let items = match args.paths.as_slice() {
        [] => store.all_valid()?,
        paths => paths.iter().map(|path| item(&store, path)).collect::<Result<_, _>>()?,
    };
    let mut problems = 0;
    for path in &items {
        if let Some(problem) = store.verify(path)? {
            output::line(problem)?;
            problems += 1;
        }
    }
    let checked = items.len();
    if problems == 0 {
        output::note(format_args!("{checked} checked, all as registered"));
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!(
        "{checked} checked, {problems} damaged; restore a damaged item from its source or a backup"
    ));
    Ok(ExitCode::FAILURE)
}
