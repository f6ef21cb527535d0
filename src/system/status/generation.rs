//! Which generation runs, and which comes next.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::profile::Profile;
use crate::store_path::StorePath;
use crate::system::generations::GenerationError;
use crate::system::live::Machine;
use crate::system::loader::attempt::Attempt;

/// What the activation leaves as long as a start is a trial: the number of its generation.
const TRIAL: &str = "/run/fruix-trial";

/// The generations that matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generations {
    /// The one that runs; `None` where it was deleted.
    pub running: Option<u32>,
    /// Whether it runs on trial: the machine restarts with the current one if it does not get ready.
    pub trial: bool,
    /// The current one, which boots by default.
    pub current: Option<u32>,
    /// The one that boots next.
    pub next_boot: Option<u32>,
    /// Whether that is for once, as a trial.
    pub next_is_trial: bool,
}

impl Generations {
    /// Those of a machine that runs a system.
    pub fn of(machine: &Machine, system: &StorePath) -> Result<Self, GenerationError> {
        let profile = Profile::system(machine.layout());
        let current = profile.current()?;
        let tried = fs::read_to_string(machine.file(TRIAL)).ok().and_then(|text| text.trim().parse().ok());
        let mut running = Vec::new();
        for generation in profile.generations()? {
            if generation.item()?.as_ref() == Some(system) {
                running.push(generation.number);
            }
        }
        // Several may be of this system.
        let is_running = |number: &u32| running.contains(number);
        let armed = Attempt::read(machine.layout()).map_err(crate::profile::ProfileError::from)?;
        let armed = armed.filter(|attempt| !attempt.is_spent).map(|attempt| attempt.generation);
        Ok(Self {
            running: tried.or(current).filter(is_running).or(running.last().copied()),
            trial: tried.is_some(),
            current,
            next_boot: armed.or(current),
            next_is_trial: armed.is_some(),
        })
    }
}
