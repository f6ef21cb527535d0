//! What is said and done when a generation is to be tried.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::output;
use crate::profile::{Generation, Profile};
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::system::generations;
use crate::system::loader::attempt::Attempt;

/// The generation to try.
pub struct Candidate<'a> {
    pub generation: Generation,
    /// Whether it was made for that.
    pub is_new: bool,
    pub system: &'a StorePath,
}

/// Has the next boot be that of the generation, once. The current one needs no trial.
pub fn of(layout: &Layout, candidate: &Candidate<'_>, json: bool) -> miette::Result<ExitCode> {
    let Candidate { generation, is_new, system } = candidate;
    let current = Profile::system(layout).current()?;
    let number = generation.number;
    let is_tried = current != Some(number);
    if is_tried {
        generations::try_once(layout, number)?;
    }
    if json {
        output::line(json!({
            "generation": number,
            "new": is_new,
            "previous": current,
            "system": system,
            "try": is_tried,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(system)?;
    if is_tried {
        output::note(format_args!(
            "the next boot tries generation {number}: it becomes the current one when it gets ready"
        ));
        if let Some(current) = current {
            output::note(format_args!("until then, and if it does not, that is generation {current}"));
        }
    } else {
        output::note(format_args!("nothing to try: generation {number} is the current one already"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a list of generations says beside one that is or was tried.
pub fn mark(attempt: Option<Attempt>, number: u32) -> &'static str {
    match is_spent(attempt, number) {
        Some(false) => "(next boot)",
        Some(true) => "(tried, not ready)",
        None => "",
    }
}

/// The same for programs: `armed`, `spent`, or nothing.
pub fn as_json(attempt: Option<Attempt>, number: u32) -> Value {
    is_spent(attempt, number).map_or(Value::Null, |is_spent| json!(if is_spent { "spent" } else { "armed" }))
}

/// Whether the attempt to boot this generation was made; `None` where it is not to be tried.
fn is_spent(attempt: Option<Attempt>, number: u32) -> Option<bool> {
    attempt.filter(|attempt| attempt.generation == number).map(|attempt| attempt.is_spent)
}
