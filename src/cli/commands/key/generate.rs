//! `fruix key generate`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::output;
use crate::system::keys;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the key is called, such as `build.example.org-1`: letters, digits and `._-`. Signatures carry the name.
    #[arg(value_name = "NAME")]
    name: String,
    /// Where to keep the secret key. Only its owner may read it, and a file that is there is not replaced.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub fn run(args: &Args) -> miette::Result<ExitCode> {
    let public = keys::generate(&args.name, &args.output)?;
    output::line(public)?;
    Ok(ExitCode::SUCCESS)
}
