//! What a switch from one system to another means for what runs.
//!
//! Only a service whose definition, or what it refers to, has changed is touched. A change of world, kernel, loader or
//! file systems is never made to a machine that is up: then the whole system waits for the next boot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::builders::system::services::{self, Declared, Definition, Services};
use crate::builders::system::{CLOSURE_SETTINGS, spec::WhenChanged};
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::system::description::{Description, DescriptionError};
use crate::util::fs::FsError;

/// Why no plan can be made.
#[derive(Debug, Error, Diagnostic)]
pub enum PlanError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Description(#[from] DescriptionError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(help("the closure is damaged; `fruix store verify --check-contents` says more"))]
    Read { path: PathBuf, source: io::Error },
    #[error("`{}` does not describe services: {source}", path.display())]
    #[diagnostic(help("the closure is damaged, or was made by another version of fruix"))]
    Format { path: PathBuf, source: serde_json::Error },
}

/// A system, as far as a plan needs it.
#[derive(Debug, Clone)]
pub struct System {
    pub path: StorePath,
    pub description: Description,
    /// `None`: it was made before systems told of their services, or by a version whose format is another.
    pub services: Option<Services>,
}

impl System {
    /// Reads what the closure says of itself.
    pub fn read(layout: &Layout, path: &StorePath) -> Result<Self, PlanError> {
        let closure = layout.physical(path);
        Ok(Self {
            path: path.clone(),
            description: Description::read(&closure)?,
            services: read_services(&closure.join(services::FILE))?,
        })
    }
}

fn read_services(path: &Path) -> Result<Option<Services>, PlanError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(PlanError::Read { path: path.to_owned(), source }),
    };
    let format = |source| PlanError::Format { path: path.to_owned(), source };
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(format)?;
    if value["version"] != services::VERSION {
        return Ok(None);
    }
    serde_json::from_value(value).map(Some).map_err(format)
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    pub from: StorePath,
    pub to: StorePath,
    /// Why all of it waits for the next boot; nothing where it does not.
    pub next_boot: Vec<Reason>,
    /// What changes, scripts before what has none, each by name.
    pub changes: Vec<Change>,
    /// Scripts that are enabled and not touched, of those that start a program or that services speak of.
    pub untouched: Vec<String>,
    /// Settings that are the system's at once, and of which nothing tells who reads them when.
    pub settings: Vec<String>,
}

/// A part of the base that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// `world`, `kernel`, `loader`, `file systems` or `services`.
    pub part: String,
    /// What of it.
    pub why: String,
}

/// What is done for one script of rc.d, or for a service that has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub action: Action,
    /// The script, as service(8) takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The declared services that run by it.
    pub services: Vec<String>,
    /// The parts of the definition that differ.
    pub because: Vec<String>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    Stop,
    Start,
    /// Stopped by the old system, and started by the new one.
    Restart,
    Reload,
    /// Nothing: the change counts from the next boot.
    Keep,
    /// Its files change, and nothing runs.
    Update,
}

impl Plan {
    /// Compares two systems.
    pub fn of(from: &System, to: &System) -> Self {
        let mut plan = Self {
            from: from.path.clone(),
            to: to.path.clone(),
            next_boot: base_changes(&from.description, &to.description),
            changes: Vec::new(),
            untouched: Vec::new(),
            settings: Vec::new(),
        };
        match (&from.services, &to.services) {
            (Some(old), Some(new)) => plan.compare(old, new),
            (old, _) => {
                let side = if old.is_none() { &from.path } else { &to.path };
                plan.next_boot
                    .push(reason("services", format!("{side} does not tell what its services are")));
            }
        }
        plan
    }

    /// Whether it can be carried out on a machine that is up.
    pub fn is_live(&self) -> bool {
        self.next_boot.is_empty()
    }

    /// The scripts to which one of the actions is done.
    pub fn scripts(&self, actions: &[Action]) -> Vec<&str> {
        let changes = self.changes.iter().filter(|change| actions.contains(&change.action));
        changes.filter_map(|change| change.script.as_deref()).collect()
    }

    fn compare(&mut self, old: &Services, new: &Services) {
        let names: BTreeSet<&String> = old.scripts.keys().chain(new.scripts.keys()).collect();
        for name in names {
            let [before, after] = [old, new].map(|side| Running::of(side, name));
            let because = differences(&before.definition, &after.definition);
            match action(&before, &after, !because.is_empty()) {
                Some(action) => {
                    let services = before.services.iter().chain(&after.services).copied();
                    self.changes.push(Change {
                        action,
                        script: Some(name.clone()),
                        services: services.collect::<BTreeSet<_>>().into_iter().cloned().collect(),
                        because,
                    });
                }
                None if before.is_enabled && after.is_enabled && after.is_of_interest => {
                    self.untouched.push(name.clone());
                }
                None => {}
            }
        }
        self.add_updates(old, new);
        self.settings = differences(&old.settings, &new.settings);
    }

    /// Services that changed, and of which no script is concerned.
    fn add_updates(&mut self, old: &Services, new: &Services) {
        let by_name = |side: &Services| -> BTreeMap<String, Definition> {
            side.services.iter().map(|service| (service.name.clone(), whole_definition(service))).collect()
        };
        let [before, after] = [old, new].map(by_name);
        let none = Definition::new();
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let side = |side: &BTreeMap<String, Definition>| side.get(name).unwrap_or(&none).clone();
            let because = differences(&side(&before), &side(&after));
            // Settings of a service without scripts are told of as those of the scripts that read them.
            let is_told = because.iter().all(|part| part.starts_with("rc.conf "));
            if !is_told && !self.changes.iter().any(|change| change.services.contains(name)) {
                let services = vec![name.clone()];
                self.changes.push(Change { action: Action::Update, script: None, services, because });
            }
        }
    }
}

/// A script in one of the systems.
struct Running<'a> {
    is_enabled: bool,
    /// Whether it starts a program, or a service speaks of it.
    is_of_interest: bool,
    when_changed: WhenChanged,
    /// The services that run by it.
    services: Vec<&'a String>,
    /// All that makes up the script and those services.
    definition: Definition,
}

impl<'a> Running<'a> {
    fn of(side: &'a Services, name: &str) -> Self {
        let script = side.scripts.get(name);
        let services: Vec<_> =
            side.services.iter().filter(|service| service.scripts.iter().any(|own| own == name)).collect();
        let mut definition = script.map(|script| script.definition.clone()).unwrap_or_default();
        for service in &services {
            definition.extend(whole_definition(service));
        }
        Self {
            is_enabled: script.is_some_and(|script| script.enabled),
            is_of_interest: script.is_some_and(|script| script.daemon) || !services.is_empty(),
            when_changed: script.map(|script| script.when_changed).unwrap_or_default(),
            services: services.into_iter().map(|service| &service.name).collect(),
            definition,
        }
    }
}

/// What a service brings, and the items that this refers to: an item is another one as soon as anything in it is.
fn whole_definition(service: &Declared) -> Definition {
    let references =
        service.references.iter().map(|item| (format!("item {}", item.name()), item.to_string()));
    service.definition.clone().into_iter().chain(references).collect()
}

fn action(before: &Running<'_>, after: &Running<'_>, is_changed: bool) -> Option<Action> {
    let action = match (before.is_enabled, after.is_enabled) {
        (true, false) => Action::Stop,
        (false, true) => Action::Start,
        (true, true) if is_changed => match after.when_changed {
            WhenChanged::Restart => Action::Restart,
            WhenChanged::Reload => Action::Reload,
            WhenChanged::Keep => Action::Keep,
        },
        _ => return None,
    };
    let side = if after.is_enabled { after } else { before };
    Some(if side.when_changed == WhenChanged::Keep { Action::Keep } else { action })
}

/// The names of what only one has, or both have and not the same.
fn differences(from: &Definition, to: &Definition) -> Vec<String> {
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    names.into_iter().filter(|name| from.get(*name) != to.get(*name)).cloned().collect()
}

/// What of the base differs.
fn base_changes(from: &Description, to: &Description) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (part, old, new) in [
        ("world", &from.world, &to.world),
        ("kernel", &from.kernel, &to.kernel),
        ("loader", &from.boot, &to.boot),
    ] {
        if old != new {
            reasons.push(reason(part, format!("{new} instead of {old}")));
        }
    }
    let [old, new] = [from, to].map(declared_loader_settings);
    for name in differences(&old, &new) {
        reasons.push(reason("loader", format!("its setting {name}")));
    }
    let [old, new] = [from, to].map(mounts);
    for mount_point in differences(&old, &new) {
        reasons.push(reason("file systems", format!("that at {mount_point}")));
    }
    reasons
}

fn reason(part: &str, why: String) -> Reason {
    Reason { part: part.to_owned(), why }
}

/// Without what the closure says of itself: that differs between any two.
fn declared_loader_settings(description: &Description) -> Definition {
    let settings = description.loader.iter().filter(|(name, _)| !CLOSURE_SETTINGS.contains(&name.as_str()));
    settings.cloned().collect()
}

/// Lines of fstab by mount point.
fn mounts(description: &Description) -> Definition {
    let line = |mount: &crate::builders::system::spec::FileSystem| {
        format!("{} {} {} {}", mount.device, mount.kind, mount.options.join(","), mount.pass)
    };
    description.file_systems.iter().map(|mount| (mount.mount_point.clone(), line(mount))).collect()
}

#[cfg(test)]
mod tests;
