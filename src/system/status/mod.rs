//! How a machine is that runs a system of Fruix: which generation, from what base, what of it is up, what failed and with
//! which words, and what was changed by hand.
//!
//! A [`Status`] only tells what it finds, and says what it could not look at. It is data, so that the status of another
//! machine can be shown as that of this one.

mod evidence;
mod generation;
mod services;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::builders::system::report::RECORDS;
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::util::fs::{FsError, entries_if_there};

use super::drift::{self, Finding};
use super::generations::GenerationError;
use super::live::Machine;
use super::live::plan::{PlanError, System};
use super::provenance;
use super::release::Release;

pub use evidence::Excerpt;
pub use generation::Generations;
pub use services::{Script, State};

/// Version of the form of a status: higher when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// What `fruix_ready` notes when it gives up, below [`RECORDS`].
const NOT_READY: &str = "not-ready";

/// Why nothing can be said of a machine.
#[derive(Debug, Error, Diagnostic)]
pub enum StatusError {
    #[error("no system of fruix runs on this machine{}", of_root(root))]
    #[diagnostic(help(
        "run it on a machine that `/run/current-system` makes one, or name it: --target ssh://HOST"
    ))]
    NoSystem { root: Box<Path> },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Generation(#[from] GenerationError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    System(#[from] PlanError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
}

fn of_root(root: &Path) -> String {
    if root == Path::new("/") { String::new() } else { format!(", as far as `{}` tells", root.display()) }
}

/// How a machine is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of this form: [`VERSION`].
    pub version: u32,
    pub host_name: String,
    /// What lists of generations call the system.
    pub label: String,
    /// The system that runs.
    pub system: StorePath,
    pub generations: Generations,
    pub base: Base,
    /// Whether all steps of its activation have succeeded.
    pub activated: bool,
    /// The steps that failed at this boot, as rc and the activation call them, and why.
    pub failed_steps: Vec<FailedStep>,
    pub ready: Ready,
    /// The scripts of rc.d by which declared services run, by name.
    pub services: Vec<Script>,
    /// What was changed by hand; what does not run stands among the services.
    pub drift: Vec<Finding>,
    /// What could not be looked at, and why.
    pub unseen: Vec<String>,
}

/// What the system is based on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Base {
    /// The release of its world, if that says it: `13.2-RELEASE-p3`.
    pub release: Option<String>,
    pub parts: Vec<Part>,
}

/// A part of a base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    pub name: String,
    /// Its origin class: `native`, `fetched` or `host`.
    pub class: String,
    /// Empty where it is not known.
    pub version: String,
}

/// A step of the activation that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedStep {
    pub name: String,
    pub why: String,
}

/// Whether the system is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    pub is_ready: bool,
    /// Since when, in seconds since 1970.
    pub since: Option<u64>,
    /// Why it is not, in the words that the console got. `None`: it was not found out yet.
    pub why: Option<String>,
}

/// Who looks, and at what.
#[derive(Debug, Clone, Copy)]
pub struct Observer<'a> {
    pub layout: &'a Layout,
    /// The machine, if it can be asked what runs.
    pub machine: Option<&'a Machine>,
    /// Only root sees all there is.
    pub is_root: bool,
}

impl Status {
    /// Whether the system is wholly activated and ready, all its services are up as far as can be seen, and nothing was
    /// changed by hand.
    pub fn is_well(&self) -> bool {
        let is_up = !self.services.iter().any(|script| script.state.is_trouble());
        self.activated && self.ready.is_ready && is_up && self.drift.is_empty()
    }

    /// Looks at a machine.
    pub fn of(observer: &Observer<'_>) -> Result<Self, StatusError> {
        let layout = observer.layout;
        let place = Machine::at(layout);
        let Some(running) = place.running() else {
            return Err(StatusError::NoSystem { root: layout.root().into() });
        };
        let system = System::read(layout, &running)?;
        Ok(Self {
            version: VERSION,
            host_name: system.description.host_name.clone(),
            label: system.description.label.clone(),
            generations: Generations::of(&place, &running)?,
            base: base(layout, &system),
            activated: place.is_activated(&running),
            failed_steps: failed_steps(&place)?,
            ready: ready(&place, &running),
            services: services::of(observer, &place, &system),
            drift: drift::besides_services(layout, &running)?,
            unseen: unseen(observer, &system),
            system: running,
        })
    }
}

fn base(layout: &Layout, system: &System) -> Base {
    let said = provenance::base(&layout.physical(&system.path)).unwrap_or_default();
    let part = |(name, part): (&String, &Value)| {
        let word = |field: &str| part[field].as_str().unwrap_or_default().to_owned();
        let class = Some(word("class")).filter(|class| !class.is_empty())?;
        Some(Part { name: name.clone(), class, version: word("version") })
    };
    Base {
        release: Release::of(layout, &system.description).map(|release| release.as_str().to_owned()),
        parts: said.as_object().into_iter().flatten().filter_map(part).collect(),
    }
}

fn failed_steps(place: &Machine) -> Result<Vec<FailedStep>, FsError> {
    let mut failed = Vec::new();
    for entry in entries_if_there(&place.file(RECORDS))? {
        let file = entry?.file_name();
        let Some(name) = file.to_str().and_then(|file| file.strip_prefix("activate.")) else { continue };
        if let Some(why) = note(place, &format!("activate.{name}")).and_then(failure) {
            failed.push(FailedStep { name: name.to_owned(), why });
        }
    }
    failed.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(failed)
}

fn ready(place: &Machine, running: &StorePath) -> Ready {
    if place.is_ready(running) {
        return Ready { is_ready: true, since: place.ready_since(), why: None };
    }
    Ready { is_ready: false, since: None, why: note(place, NOT_READY) }
}

/// What is noted of this boot in a file. One that cannot be read tells as little as one that is not there.
fn note(place: &Machine, file: &str) -> Option<String> {
    let text = fs::read_to_string(place.file(RECORDS).join(file)).ok()?;
    Some(text.trim_end().to_owned())
}

/// Why something failed, if a note says that it did.
fn failure(note: String) -> Option<String> {
    Some(note.strip_prefix("FAILED")?.trim().to_owned())
}

fn unseen(observer: &Observer<'_>, system: &System) -> Vec<String> {
    let mut unseen = Vec::new();
    if observer.machine.is_none() {
        unseen.push("which programs run: this is not the machine".to_owned());
    }
    if system.services.is_none() {
        unseen.push("services: the system was made by another version of fruix".to_owned());
    }
    if !observer.is_root {
        unseen.push("passwords, accounts made by hand, and some programs: only root may look".to_owned());
    }
    unseen
}
