//! What became of the declared services: what rc noted at the boot, and what runs now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::{self, Excerpt};
use super::{Observer, failure, note};
use crate::builders::system::report::{Kind, kind};
use crate::builders::system::services::Services;
use crate::system::live::Machine;
use crate::system::live::plan::System;

/// A script of rc.d by which declared services run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Script {
    pub name: String,
    /// The services that run by it.
    pub services: Vec<String>,
    pub state: State,
    /// Why it is in trouble, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The last that it said, of one in trouble.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<Excerpt>,
}

/// What became of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// It failed at the boot.
    Failed,
    /// What it has to keep running does not run.
    Down,
    /// It runs, and is not enabled.
    Unwanted,
    /// It runs.
    Up,
    /// It has done its work, and nothing has to keep running.
    Done,
    /// rc is not through with it.
    Starting,
    /// Not enabled.
    Off,
    /// Nothing tells.
    Unknown,
}

impl State {
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Down | Self::Unwanted)
    }
}

/// All of them, by name.
pub fn of(observer: &Observer<'_>, place: &Machine, system: &System) -> Vec<Script> {
    let Some(services) = &system.services else { return Vec::new() };
    let mut scripts: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    for service in &services.services {
        for name in &service.scripts {
            scripts.entry(name).or_default().push(service.name.clone());
        }
    }
    let mut found: Vec<Script> = scripts
        .into_iter()
        .map(|(name, declared)| {
            let (state, why) = look(observer, place, services, name);
            Script { name: name.clone(), services: declared, state, why, log: Vec::new() }
        })
        .collect();
    if found.iter().any(|script| script.state.is_trouble()) {
        let console = observer.machine.map(Machine::console).unwrap_or_default();
        for script in found.iter_mut().filter(|script| script.state.is_trouble()) {
            script.log = evidence::of(place, &console, &script.name);
        }
    }
    found
}

/// The state of one, and why it is so.
fn look(
    observer: &Observer<'_>,
    place: &Machine,
    services: &Services,
    name: &str,
) -> (State, Option<String>) {
    let Some(script) = services.scripts.get(name) else { return (State::Unknown, None) };
    let is_up = script.daemon.then(|| observer.machine.map(|machine| machine.is_up(name))).flatten();
    let kind = kind(services, name);
    let failed = note(place, &format!("service.{name}.end")).and_then(failure);
    let began = note(place, &format!("service.{name}.begin")).is_some();
    let ended = note(place, &format!("service.{name}.end")).is_some();
    match (is_up, failed) {
        (Some(true), _) if !script.enabled => (State::Unwanted, Some("runs, and is not enabled".to_owned())),
        (Some(true), _) => (State::Up, None),
        _ if !script.enabled => (State::Off, None),
        // Somebody may have mended what failed at the boot; a program that does not run was not mended.
        (Some(false), Some(why)) if kind == Kind::Lasting && observer.is_root => {
            (State::Failed, Some(at_boot(&why)))
        }
        (_, Some(why)) if kind == Kind::Own => (State::Failed, Some(at_boot(&why))),
        (Some(false), None) if kind == Kind::Lasting && began && !ended => (State::Starting, None),
        (Some(false), None) if kind == Kind::Lasting && observer.is_root => {
            (State::Down, Some("does not run".to_owned()))
        }
        (_, None) if kind != Kind::Lasting && ended => (State::Done, None),
        (_, None) if began && !ended => (State::Starting, None),
        _ => (State::Unknown, None),
    }
}

fn at_boot(why: &str) -> String {
    format!("failed at the boot: {why}")
}
