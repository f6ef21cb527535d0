//! `fruix store why`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::args::Global;
use crate::cli::context::{access_to_read, item};
use crate::cli::output;
use crate::store::why::{Place, Step, What, why};
use crate::util::printable::printable;

/// How many files of each item are named, where not all were asked for.
const SHOWN: usize = 5;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The item that refers to the other one: by store path, base name, or a path that leads to it.
    path: PathBuf,
    /// The item that it refers to, directly or not.
    other: PathBuf,
    /// Name all files that hold a reference, and not the first of each item.
    #[arg(long)]
    all: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = access_to_read(global)?;
    let from = item(store.as_ref(), &args.path)?;
    let to = item(store.as_ref(), &args.other)?;
    let steps = why(store.as_ref(), &from, &to)?;
    if args.json {
        output::json(&json!({ "from": from, "to": to, "steps": steps }))?;
    } else if let Some(steps) = &steps {
        let shown = if args.all { usize::MAX } else { SHOWN };
        output::line(&from)?;
        for step in steps {
            output::lines(lines(step, shown))?;
        }
    }
    if steps.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("{from} does not refer to {to}"));
    Ok(ExitCode::FAILURE)
}

/// What one item refers to, and below it what holds the reference.
fn lines(step: &Step, shown: usize) -> Vec<String> {
    let places = step.places.iter().take(shown).map(line);
    let left = step.places.len().saturating_sub(shown);
    let more = (left > 0).then(|| format!("    … and in {left} more (--all)"));
    [format!("  refers to {}", step.to)].into_iter().chain(places).chain(more).collect()
}

fn line(place: &Place) -> String {
    let Place { path, what, offsets, context } = place;
    let path = match path.to_string_lossy() {
        name if name.is_empty() => "itself".to_owned(),
        name => printable(&name),
    };
    let place = match (what, offsets.first()) {
        (What::Contents, Some(first)) => format!("at byte {first}"),
        (What::Target, _) => "as the target of a link".to_owned(),
        _ => "in its name".to_owned(),
    };
    let more = match offsets.len() {
        0 | 1 => String::new(),
        number => format!(", and {} more", number - 1),
    };
    format!("    {path} {place}{more}: {context}")
}
