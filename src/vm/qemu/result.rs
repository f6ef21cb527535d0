//! What a run came to, as a value and as `result.json`.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Serialize;

use crate::vm::console::{Milestone, Outcome, Step};
use crate::vm::timeline::Timeline;
use crate::vm::verdict::Verdict;

use super::{VmError, accelerator::Accelerator};

/// The version of the form of `result.json`: higher when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// The outcome of a run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VmResult {
    pub version: u32,
    pub outcome: Outcome,
    /// The outcome in words, with the line of the console that shows it.
    pub detail: String,
    /// Seconds from the start of QEMU to each milestone reached.
    pub times: BTreeMap<Milestone, f64>,
    /// Seconds from the start of QEMU to its end.
    pub duration: f64,
    pub accelerator: Accelerator,
    /// The host name of the ready line.
    pub host_name: Option<String>,
    /// The base name of the system closure of the ready line.
    pub system: Option<String>,
    /// The steps of the activation, in order.
    pub activation: Vec<Step>,
    /// Why the start failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The files with logs of the guest's own.
    pub logs: Vec<PathBuf>,
    /// Why they are not there, or not all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs_missing: Option<String>,
    /// When each part of the start was.
    pub timeline: Timeline,
    /// The commands run in the guest.
    pub commands: Vec<CommandResult>,
    /// The last lines of the console, oldest first.
    pub console_tail: Vec<String>,
    /// The port on 127.0.0.1 that led to the guest's SSH server.
    pub ssh_port: u16,
    pub disk: PathBuf,
    pub run_dir: PathBuf,
}

/// A command run in the guest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommandResult {
    pub command: String,
    /// The command's exit status; 255 is ssh's own failure.
    pub status: i32,
    pub seconds: f64,
}

impl VmResult {
    /// A run that has not begun.
    pub(super) fn new(accelerator: Accelerator, ssh_port: u16, disk: PathBuf, run_dir: PathBuf) -> Self {
        Self {
            version: VERSION,
            outcome: Outcome::Interrupted,
            detail: String::new(),
            times: BTreeMap::new(),
            duration: 0.0,
            accelerator,
            host_name: None,
            system: None,
            activation: Vec::new(),
            verdict: None,
            logs: Vec::new(),
            logs_missing: None,
            timeline: Timeline::from_power_on(),
            commands: Vec::new(),
            console_tail: Vec::new(),
            ssh_port,
            disk,
            run_dir,
        }
    }

    /// Whether the guest did what was asked, commands aside; else an error that says where it stopped.
    pub fn check(&self) -> Result<(), VmError> {
        if self.outcome == Outcome::Ready {
            return Ok(());
        }
        let mut logs = String::new();
        if !self.console_tail.is_empty() {
            logs = format!("the console ends with\n    {}\n", self.console_tail.join("\n    "));
        }
        if let Some(verdict) = &self.verdict {
            logs = format!("{verdict}\n{logs}");
        }
        logs.push_str(&format!("all of it is in {}", self.run_dir.join("serial.log").display()));
        logs.push_str(", and what came of the run in result.json beside it");
        if let Some(why) = &self.logs_missing {
            logs.push_str(&format!("; the guest's own logs were not fetched: {why}"));
        } else {
            logs.push_str("; so are the guest's own logs");
        }
        if self.outcome == Outcome::QemuEnded {
            logs.push_str(&format!("; QEMU's own words are in {}", self.run_dir.join("qemu.log").display()));
        }
        Err(VmError::Guest {
            outcome: self.outcome,
            what: self.what_failed(),
            detail: self.detail.clone(),
            logs,
        })
    }

    /// What precedes the detail of a run that failed.
    fn what_failed(&self) -> &'static str {
        if self.outcome == Outcome::NoSsh {
            ""
        } else if self.times.contains_key(&Milestone::Ready) && self.outcome != Outcome::OtherSystem {
            "the machine was ready and did not stay so: "
        } else {
            "the machine did not get ready: "
        }
    }

    /// The exit status of the first command that failed, else 0.
    pub fn command_status(&self) -> i32 {
        self.commands.iter().map(|command| command.status).find(|&status| status != 0).unwrap_or(0)
    }

    /// The text of `result.json`.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> VmResult {
        let accelerator = Accelerator::Tcg { why: "there is no /dev/kvm".into() };
        let mut result = VmResult::new(accelerator, 2022, "/images/a.img".into(), "/run/vm-1".into());
        result.outcome = Outcome::SingleUser;
        result.detail = "the activation failed at `accounts`".into();
        result.times = [(Milestone::Loader, 2.5), (Milestone::Kernel, 4.0)].into();
        result.activation.push(Step { name: "accounts".into(), ok: false, message: "no space".into() });
        result.commands.push(CommandResult { command: "true".into(), status: 0, seconds: 1.0 });
        result.commands.push(CommandResult { command: "false".into(), status: 3, seconds: 1.0 });
        result.console_tail = vec!["Enter full pathname of shell".into()];
        result
    }

    #[test]
    fn result_json_has_the_promised_shape() {
        insta::assert_snapshot!(result().to_json());
    }

    #[test]
    fn trouble_is_an_error_that_shows_the_console_and_names_the_log() {
        let error = result().check().unwrap_err();
        assert_eq!(error.to_string(), "the machine did not get ready: the activation failed at `accounts`");
        let help = miette::Diagnostic::help(&error).unwrap().to_string();
        assert!(help.contains("Enter full pathname") && help.contains("/run/vm-1/serial.log"), "{help}");
        assert_eq!(result().command_status(), 3);
    }

    #[test]
    fn a_machine_that_was_ready_is_not_said_to_be_otherwise() {
        let failed = |outcome| {
            let mut result = result();
            result.times.insert(Milestone::Ready, 9.0);
            result.outcome = outcome;
            result.detail = outcome.describe().into();
            result.check().unwrap_err().to_string()
        };
        assert_eq!(failed(Outcome::NoSsh), "the system is ready, but SSH lets nobody in");
        assert_eq!(failed(Outcome::Panic), "the machine was ready and did not stay so: the kernel panicked");
        assert!(failed(Outcome::OtherSystem).starts_with("the machine did not get ready: "));
    }
}
