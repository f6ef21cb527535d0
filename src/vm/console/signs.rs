//! What single lines of a console mean.

use serde::{Deserialize, Serialize};

use super::{KERNEL_BEGINS, Milestone, Outcome};

/// One step of the activation, as its line reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    pub ok: bool,
    /// What follows `FAILED`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// What rc says of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Service {
    Begun,
    Done,
    /// Why, in its words.
    Failed(String),
}

/// Something the console said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    Reached(Milestone),
    Activation(Step),
    /// A script of rc, by name.
    Service(String, Service),
    Ready {
        host: String,
        system: String,
    },
    /// The guest goes no further. The line says it in the guest's words.
    Stopped {
        outcome: Outcome,
        line: String,
    },
    /// A line that means nothing by itself.
    Said(String),
}

impl Sign {
    /// The milestone this sign proves.
    pub fn milestone(&self) -> Option<Milestone> {
        match self {
            Self::Reached(milestone) => Some(*milestone),
            Self::Activation(_) => Some(Milestone::Init),
            Self::Service(..) => Some(Milestone::Services),
            Self::Ready { .. } => Some(Milestone::Ready),
            Self::Stopped { .. } | Self::Said(_) => None,
        }
    }

    pub fn is_trouble(&self) -> bool {
        matches!(self, Self::Stopped { .. })
    }
}

/// What a whole line means, given how far the start got.
pub fn of_line(line: &str, reached: Option<Milestone>) -> Option<Sign> {
    let line = line.trim();
    fruix_line(line)
        .filter(|sign| !matches!(sign, Sign::Reached(milestone) if reached >= Some(*milestone)))
        .or_else(|| milestone(line).filter(|it| reached < Some(*it)).map(Sign::Reached))
        .or_else(|| trouble(line, reached))
}

/// What a line without end means: a question, to which nobody answers.
pub fn of_prompt(line: &str, reached: Option<Milestone>) -> Option<Sign> {
    let stopped = |outcome| Some(Sign::Stopped { outcome, line: line.trim().to_string() });
    match line {
        "db> " => stopped(Outcome::Debugger),
        "mountroot> " => stopped(Outcome::MountRootPrompt),
        "OK " if reached == Some(Milestone::Loader) => stopped(Outcome::LoaderPrompt),
        "Shell> " if reached < Some(Milestone::Kernel) => stopped(Outcome::NoBootDevice),
        _ if line.starts_with("Enter full pathname of shell or RETURN for") => stopped(Outcome::SingleUser),
        _ => None,
    }
}

/// The lines that Fruix's own programs in the guest write.
fn fruix_line(line: &str) -> Option<Sign> {
    let rest = line.strip_prefix("fruix: ")?;
    if let Some(rest) = rest.strip_prefix("ready: ") {
        let (host, system) = rest.split_once(' ')?;
        return Some(Sign::Ready { host: host.to_string(), system: system.to_string() });
    }
    if let Some(rest) = rest.strip_prefix("not ready: ") {
        let (_host, why) = rest.split_once(": ")?;
        return Some(Sign::Stopped { outcome: Outcome::NotReady, line: why.trim().to_string() });
    }
    if let Some(rest) = rest.strip_prefix("service ") {
        let (name, state) = rest.split_once(": ")?;
        return Some(Sign::Service(name.to_string(), service(state)?));
    }
    let (name, result) = rest.strip_prefix("activate: ")?.split_once(": ")?;
    match name {
        "begin" => return Some(Sign::Reached(Milestone::Init)),
        "done" => return Some(Sign::Reached(Milestone::Services)),
        _ => {}
    }
    let step = |ok, message: &str| Step { name: name.to_string(), ok, message: message.trim().to_string() };
    if result == "ok" || result.starts_with("ok ") {
        return Some(Sign::Activation(step(true, "")));
    }
    Some(Sign::Activation(step(false, result.strip_prefix("FAILED")?)))
}

fn service(state: &str) -> Option<Service> {
    match state {
        "begin" => Some(Service::Begun),
        // Of a script whose status says nothing, it follows in parentheses.
        _ if state == "ok" || state.starts_with("ok ") => Some(Service::Done),
        _ => Some(Service::Failed(state.strip_prefix("FAILED")?.trim().to_string())),
    }
}

fn milestone(line: &str) -> Option<Milestone> {
    let tiny_kernel = line.starts_with("Tiny ") && line.ends_with(": a fixture, not FreeBSD");
    if line.starts_with("BdsDxe: ") {
        Some(Milestone::Firmware)
    } else if line.contains("EFI loader, Revision") || line.starts_with("tiny loader: ") {
        Some(Milestone::Loader)
    } else if line.starts_with("Copyright (c) 1992-") || line == KERNEL_BEGINS || tiny_kernel {
        Some(Milestone::Kernel)
    } else if line.starts_with("tiny: init_path ") {
        Some(Milestone::Init)
    } else {
        None
    }
}

fn trouble(line: &str, reached: Option<Milestone>) -> Option<Sign> {
    let before_kernel = reached < Some(Milestone::Kernel);
    let outcome = if line.starts_with("panic: ") {
        Outcome::Panic
    } else if line.starts_with("KDB: enter: ") {
        Outcome::Debugger
    } else if line.contains("Enter full pathname of shell or RETURN for") {
        Outcome::SingleUser
    } else if before_kernel && line.starts_with("!!!! X64 Exception Type") {
        Outcome::FirmwareException
    } else if before_kernel && line.starts_with("Type '?' for a list of commands") {
        Outcome::LoaderPrompt
    } else if before_kernel && is_firmware_at_its_end(line) {
        Outcome::NoBootDevice
    } else {
        return None;
    };
    Some(Sign::Stopped { outcome, line: line.to_string() })
}

/// The firmware's shell and its tries to boot from the network come after every disk has failed.
fn is_firmware_at_its_end(line: &str) -> bool {
    line.starts_with("UEFI Interactive Shell")
        || line.starts_with(">>Start PXE over")
        || line.starts_with(">>Start HTTP Boot over")
        || line.contains("No bootable option or device was found")
}
