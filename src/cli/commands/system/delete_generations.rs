//! `fruix system delete-generations`

use std::process::ExitCode;
use std::time::SystemTime;

use serde_json::json;

use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::{Profile, Selection, enumerate};
use crate::store::Store;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which: `3`, `1..4`, `6..` or `1,5`; those older than `20d`, `2w` or `6m`; or `old` for all but the current one,
    /// which is never deleted.
    #[arg(value_name = "SPEC")]
    generations: Selection,
    /// Say which would be deleted, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let open = if args.dry_run { Store::open_to_read } else { Store::open_to_collect };
    let store = context::upkeep(global, open)?;
    let profile = Profile::system(store.layout());
    let numbers = args.generations.of(&profile.generations()?, SystemTime::now());
    match args.dry_run {
        true => profile.check_deletable(&numbers)?,
        false => store.delete_generations(&numbers)?,
    }
    if args.json {
        output::line(json!({ "deleted": numbers, "dryRun": args.dry_run }))?;
    } else if numbers.is_empty() {
        output::note("there are no such generations");
    } else {
        let verb = if args.dry_run { "would delete" } else { "deleted" };
        let what = if numbers.len() == 1 { "generation" } else { "generations" };
        output::note(format_args!("{verb} {what} {}", enumerate(&numbers)));
        if !args.dry_run {
            output::note("what only they kept is garbage now: `fruix store gc` frees its space");
        }
    }
    Ok(ExitCode::SUCCESS)
}
