//! What a machine has otherwise than its system says: what an operator changed by hand.
//!
//! It is only looked at, and nothing of it is in the way of a switch: activation makes what is the system's again, keeps
//! aside what was in its place, and leaves the rest alone.

mod accounts;
mod files;
mod services;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store::Layout;
use crate::store_path::StorePath;
use crate::util::fs::{FsError, Operation};

use super::live::Machine;
use super::live::plan::{PlanError, System};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub kind: Kind,
    /// A path, or a name.
    pub what: String,
    pub how: String,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Which system the machine runs.
    System,
    /// A file that activation found in the place of one of its own.
    Kept,
    /// A file of the system.
    File,
    /// A file that is read besides those of the system.
    Local,
    User,
    Group,
    Service,
}

impl Finding {
    fn new(kind: Kind, what: impl Into<String>, how: impl Into<String>) -> Self {
        Self { kind, what: what.into(), how: how.into() }
    }
}

/// Compares the machine with this root to a system, which is mostly the one it runs.
pub fn find(layout: &Layout, system: &StorePath) -> Result<Vec<Finding>, PlanError> {
    let mut findings = besides_services(layout, system)?;
    if let Some(machine) = Machine::here(layout).filter(|machine| machine.running().as_ref() == Some(system))
    {
        services::compare(&machine, &System::read(layout, system)?, &mut findings);
    }
    findings.sort();
    Ok(findings)
}

/// The same without asking what runs.
pub fn besides_services(layout: &Layout, system: &StorePath) -> Result<Vec<Finding>, FsError> {
    let machine = Machine::at(layout);
    let place = Place { layout, closure: layout.physical(system) };
    let mut findings = Vec::new();
    if let Some(running) = machine.running().filter(|running| running != system) {
        findings.push(Finding::new(Kind::System, running.to_string(), "runs instead of this generation"));
    }
    files::kept(&place, &mut findings)?;
    files::of_etc(&place, &mut findings)?;
    files::special(&place, &mut findings)?;
    files::local(&place, &mut findings)?;
    accounts::compare(&place, &mut findings)?;
    findings.sort();
    Ok(findings)
}

/// Where to look.
struct Place<'a> {
    layout: &'a Layout,
    /// The system's.
    closure: PathBuf,
}

impl Place<'_> {
    /// A file of the machine.
    fn machine(&self, path: &str) -> PathBuf {
        self.layout.root().join(path.trim_start_matches('/'))
    }

    /// What activation keeps.
    fn state(&self, name: &str) -> PathBuf {
        self.layout.var_dir().join(name)
    }

    /// What the system has for its activation.
    fn activation(&self, name: &str) -> Result<String, FsError> {
        text(&self.closure.join("activation").join(name))
    }
}

/// The text of a file; nothing where there is none.
fn text(path: &Path) -> Result<String, FsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(FsError::new(Operation::Read, path, error)),
    }
}

#[cfg(test)]
mod tests;
