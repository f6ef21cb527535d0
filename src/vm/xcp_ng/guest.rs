//! Waiting for the system in the machine, and fetching its logs.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::XcpError;
use super::deploy::Outcome;
use super::records::{self, Machine};
use super::session::Session;
use crate::sys::interrupt;
use crate::util::host::Host;
use crate::vm::logs::{self, Fetched};
use crate::vm::qemu::{Connection, RunDir, Ssh, VmError, check_ssh};
use crate::vm::timeline::{self, Timeline};

/// Between two tries.
const INTERVAL: Duration = Duration::from_secs(1);

/// The file that a system makes when it is ready; it names the closure.
const MARKER: &str = "/frx/var/fruix/ready";

/// How to reach the system, and what it has to be.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Its address, if the user knows it; else that which programs in the guest report to the pool.
    pub address: Option<String>,
    pub port: u16,
    pub ssh: Ssh,
    /// The base name of the closure that the ready marker must name.
    pub expected: Option<String>,
    /// From the start of the machine to the ready marker.
    pub limit: Duration,
}

/// What came of the waiting.
#[derive(Debug)]
pub struct Seen {
    pub outcome: Outcome,
    pub detail: String,
    pub address: Option<String>,
    /// The closure that the marker names.
    pub system: Option<String>,
    pub logs: Fetched,
    /// What the guest notes of its start, from when the machine was started.
    pub timeline: Option<Timeline>,
}

impl Guest {
    /// Fails with what this machine lacks.
    pub fn check(&self, host: &Host) -> Result<(), VmError> {
        check_ssh(host, &self.ssh).map(drop)
    }

    /// Waits for the system, and fetches its logs, ready or not.
    pub fn await_ready(
        &self,
        session: &mut Session,
        machine: &Machine,
        run_dir: &RunDir,
        reached: &mut dyn FnMut(super::Stage),
    ) -> Result<Seen, XcpError> {
        let started = Instant::now();
        let deadline = started + self.limit;
        let seen = |outcome: Outcome, detail: String| Seen {
            outcome,
            detail,
            address: None,
            system: None,
            logs: Fetched::none("nobody has logged in"),
            timeline: None,
        };
        let Some(address) = self.find_address(session, machine, deadline)? else {
            let why = "the machine runs, but does not tell its address".to_owned();
            return Ok(seen(Outcome::NoAddress, why));
        };
        let connection = Connection::to(&Host::this(), &self.ssh, &address, self.port, run_dir)?;
        if let Some(why) = log_in(&connection, deadline)? {
            return Ok(Seen { address: Some(address), ..seen(Outcome::NoSsh, why) });
        }
        reached(super::Stage::Ssh);
        let (outcome, system) = self.await_marker(&connection, deadline)?;
        let detail = match (&system, &self.expected) {
            (Some(system), Some(expected)) if outcome == Outcome::OtherSystem => {
                format!(
                    "the system {system} is ready instead of {expected}: does the machine boot from this disk?"
                )
            }
            (Some(system), _) => format!("the system {system} is ready"),
            (None, _) => format!("SSH answers, but {MARKER} did not appear in time"),
        };
        if outcome == Outcome::Ready {
            reached(super::Stage::Ready);
        }
        let logs = logs::fetch(&connection);
        let answered = logs.answered.unwrap_or_else(Instant::now).duration_since(started);
        let timeline = timeline::guest::read(&logs.boot_notes(), answered.as_secs_f64());
        Ok(Seen { outcome, detail, address: Some(address), system, logs, timeline })
    }

    fn find_address(
        &self,
        session: &mut Session,
        machine: &Machine,
        deadline: Instant,
    ) -> Result<Option<String>, XcpError> {
        if self.address.is_some() {
            return Ok(self.address.clone());
        }
        loop {
            if let Some(address) = records::addresses(session, machine)?.into_iter().next() {
                return Ok(Some(address));
            }
            if !wait(deadline)? {
                return Ok(None);
            }
        }
    }

    /// Waits for the marker of the expected system; gives what was there in the end.
    fn await_marker(
        &self,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<(Outcome, Option<String>), XcpError> {
        loop {
            let output = output(&mut connection.command(&format!("cat {MARKER}")))?;
            let system = String::from_utf8_lossy(&output).trim().to_owned();
            if !system.is_empty() {
                let is_other = self.expected.as_ref().is_some_and(|expected| *expected != system);
                let outcome = if is_other { Outcome::OtherSystem } else { Outcome::Ready };
                return Ok((outcome, Some(system)));
            }
            if !wait(deadline)? {
                return Ok((Outcome::NotReady, None));
            }
        }
    }
}

/// Tries to connect until it works; else says why it will not.
fn log_in(connection: &Connection, deadline: Instant) -> Result<Option<String>, XcpError> {
    loop {
        let mut trial = connection.trial();
        if trial.status().map_err(|source| start_error(&trial, source))?.success() {
            return Ok(None);
        }
        if let Some(refusal) = connection.refusal() {
            return Ok(Some(refusal));
        }
        if !wait(deadline)? {
            return Ok(Some("the machine runs, but SSH did not answer in time".to_owned()));
        }
    }
}

/// Lets some time pass; `false` when there is none left.
fn wait(deadline: Instant) -> Result<bool, XcpError> {
    if interrupt::requested() {
        return Err(XcpError::Interrupted { state: "; the machine runs on" });
    }
    let left = deadline.saturating_duration_since(Instant::now());
    thread::sleep(INTERVAL.min(left));
    Ok(!left.is_zero())
}

fn output(command: &mut Command) -> Result<Vec<u8>, XcpError> {
    let output = command.stderr(Stdio::null()).output().map_err(|source| start_error(command, source))?;
    Ok(output.stdout)
}

fn start_error(command: &Command, source: std::io::Error) -> XcpError {
    VmError::Start { program: command.get_program().into(), source }.into()
}
