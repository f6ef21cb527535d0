//! `fruix key public`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::output;
use crate::system::keys;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file that holds the secret key.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(args: &Args) -> miette::Result<ExitCode> {
    output::line(keys::secret(&args.file)?.public())?;
    Ok(ExitCode::SUCCESS)
}
