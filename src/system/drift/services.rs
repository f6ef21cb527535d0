//! What runs.

use super::{Finding, Kind};
use crate::system::live::Machine;
use crate::system::live::plan::System;

/// Asks the daemons of the declared services whether they run as rc was told.
pub fn compare(machine: &Machine, system: &System, findings: &mut Vec<Finding>) {
    let Some(services) = &system.services else { return };
    for service in &services.services {
        for name in &service.scripts {
            let Some(script) = services.scripts.get(name).filter(|script| script.daemon) else { continue };
            let how = match (script.enabled, machine.is_up(name)) {
                (true, false) => "does not run",
                (false, true) => "runs, and is not enabled",
                _ => continue,
            };
            findings.push(Finding::new(Kind::Service, name, how));
        }
    }
}
