//! `fruix store add`

use std::path::PathBuf;
use std::process::ExitCode;

use miette::{IntoDiagnostic as _, WrapErr as _, miette};

use crate::cli::args::Global;
use crate::cli::context::access;
use crate::cli::output;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file, directory or symbolic link to copy. A link is added as a link.
    path: PathBuf,
    /// The name of the store item. Default: the last component of PATH.
    #[arg(long)]
    name: Option<String>,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => default_name(args)?,
    };
    let path = access(global)?.add_tree(&name, &args.path)?;
    output::line(path)?;
    Ok(ExitCode::SUCCESS)
}

fn default_name(args: &Args) -> miette::Result<String> {
    let given = args.path.display();
    let name = match args.path.file_name() {
        Some(name) => name.to_owned(),
        // `.`, `..` and `/` have a name only once they are resolved.
        None => std::fs::canonicalize(&args.path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot open `{given}`"))?
            .file_name()
            .ok_or_else(|| miette!(help = "give one with --name", "`{given}` has no name"))?
            .to_owned(),
    };
    name.into_string()
        .map_err(|_| miette!(help = "give one with --name", "the name of `{given}` is not text"))
}
