//! `fruix system diff`

use std::path::Path;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::Target;
use crate::store::StoreAccess;
use crate::store_path::StorePath;
use crate::system::difference::Difference;
use crate::system::generations;

use super::show_difference::lines;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The first system: a generation (its number, or `-1`), or the store path of a closure. Default: the generation
    /// before the current one.
    #[arg(value_name = "A", allow_hyphen_values = true, default_value = "-1", hide_default_value = true)]
    from: String,
    /// The second one. Default: the current generation.
    #[arg(value_name = "B", allow_hyphen_values = true, default_value = "+0", hide_default_value = true)]
    to: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = context::access_to_read(global)?;
    let (from, to) = (system(store.as_ref(), &args.from)?, system(store.as_ref(), &args.to)?);
    let difference = Difference::of(store.as_ref(), &from, &to)?;
    if args.json {
        output::json(&difference)?;
    } else {
        output::lines(lines(&difference))?;
        if difference.is_empty() {
            output::note("both are the same system");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The system that an argument names.
fn system(store: &dyn StoreAccess, argument: &str) -> miette::Result<StorePath> {
    match argument.parse::<Target>() {
        Ok(target) => Ok(generations::find(store.layout(), target)?.system),
        Err(_) => Ok(context::item(store, Path::new(argument))?),
    }
}
