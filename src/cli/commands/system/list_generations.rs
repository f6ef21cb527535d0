//! `fruix system list-generations`

use std::process::ExitCode;

use serde_json::Value;

use super::generations::{as_json, damaged_as_json, local_time};
use super::trial;
use crate::cli::args::Global;
use crate::cli::{context, output, table};
use crate::system::generations::{self, GenerationError, Installed};
use crate::system::loader::attempt::Attempt;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON: everything that is known of each.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let layout = context::layout(global)?;
    let all = generations::all(&layout)?;
    let attempt = Attempt::read(&layout)?;
    if args.json {
        let values: Vec<Value> = all
            .iter()
            .map(|(number, installed)| match installed {
                Ok(installed) => {
                    let mut value = as_json(installed);
                    value["try"] = trial::as_json(attempt, *number);
                    value
                }
                Err(error) => damaged_as_json(*number, &error.to_string()),
            })
            .collect();
        output::json(&values)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<_> = all.iter().map(|(number, installed)| row(*number, installed, attempt)).collect();
    output::lines(table::columns(&rows))?;
    if rows.is_empty() {
        output::note("there are no generations: `fruix system reconfigure CONFIG` makes one");
    }
    Ok(ExitCode::SUCCESS)
}

fn row(number: u32, installed: &Result<Installed, GenerationError>, attempt: Option<Attempt>) -> [String; 4] {
    match installed {
        Ok(Installed { generation, description, .. }) => {
            let mark = if generation.is_current { "(current)" } else { trial::mark(attempt, number) };
            [number.to_string(), local_time(generation.created), description.label.clone(), mark.to_owned()]
        }
        Err(error) => [number.to_string(), String::new(), format!("damaged: {error}"), String::new()],
    }
}
