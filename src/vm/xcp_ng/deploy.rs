//! A disk into a machine, in order: off, imported, on, ready.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::json;

use super::records::{self, Disk, Machine};
use super::session::Session;
use super::tasks::{self, Wait};
use super::{Address, Guest, Password, Trust, XcpError};
use crate::sys::interrupt;
use crate::vm::console;
use crate::vm::qemu::RunDir;
use crate::vm::timeline::{Kind, Span, Timeline};
use crate::vm::verdict::{self, Verdict};

/// The version of the form of `result.json`: higher when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// How long a host may take to switch a machine off or on, and to finish an import that is all sent.
const POWER: Duration = Duration::from_secs(180);
const FINISHING: Duration = Duration::from_secs(600);

/// How far a deployment got. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The machine is off.
    Off,
    /// The disk is in the VDI.
    Imported,
    /// The machine runs.
    Started,
    /// A login succeeded.
    Ssh,
    /// The ready marker is there.
    Ready,
}

/// How a deployment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The system is ready.
    Ready,
    /// The machine was started, and nobody asked to wait.
    Started,
    /// The ready marker names another system.
    OtherSystem,
    /// SSH answers, and the ready marker is not there.
    NotReady,
    /// Nobody could log in.
    NoSsh,
    /// The address is not known.
    NoAddress,
    /// Before the machine was started.
    Failed,
}

impl Outcome {
    /// Why the system did not start as it should, by what its kernel has kept of the console. Nobody has followed that, so
    /// of a machine that nobody could log in to only the way to it is judged.
    fn verdict(self, kernel_log: &[u8]) -> Option<Verdict> {
        match self {
            Self::Ready | Self::Started | Self::NoAddress | Self::Failed => None,
            Self::OtherSystem => verdict::of_kernel_log(kernel_log, console::Outcome::OtherSystem),
            Self::NotReady => verdict::of_kernel_log(kernel_log, console::Outcome::NotReady),
            Self::NoSsh => verdict::of_kernel_log(kernel_log, console::Outcome::NoSsh),
        }
    }
}

/// What a caller may want to show meanwhile.
#[derive(Debug)]
pub enum Event {
    /// A stage, and the time since the beginning.
    Reached(Stage, Duration),
    /// The machine does not shut down by itself and is switched off.
    SwitchingOff(String),
    /// So many percent of the image are sent.
    Sent(u64),
}

/// What is to be done with a disk.
#[derive(Debug)]
pub struct Goal<'a> {
    /// A VHD of exactly the size of the VDI.
    pub vhd: &'a Path,
    /// How long the machine may take to shut down by itself.
    pub shutdown_limit: Duration,
    /// How the system is waited for, if it is.
    pub guest: Option<&'a Guest>,
    /// Where logs and `result.json` go.
    pub run_dir: &'a Path,
}

/// What came of it, also as `result.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub version: u32,
    pub outcome: Outcome,
    pub detail: String,
    /// Seconds from the beginning to each stage.
    pub times: BTreeMap<Stage, f64>,
    pub host: String,
    pub vm: String,
    pub vdi: String,
    pub address: Option<String>,
    /// The base name of the closure that the ready marker names.
    pub system: Option<String>,
    /// The files with logs of the guest's own.
    pub logs: Vec<PathBuf>,
    /// Why they are not there, or not all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs_missing: Option<String>,
    /// Why the start failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// When each part of the start was, of a system that could be logged in to.
    pub timeline: Timeline,
    pub run_dir: PathBuf,
}

impl Report {
    /// The text of `result.json`.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The timeline of the system after that of the deployment, all counted from the beginning of that.
    fn with_stages(&self, guest: &Timeline) -> Timeline {
        let mut stages = Timeline::default();
        let mut from = 0.0;
        for (stage, name) in
            [(Stage::Off, "switch off"), (Stage::Imported, "import"), (Stage::Started, "start")]
        {
            let Some(&to) = self.times.get(&stage) else { continue };
            stages.push(Span::over(Kind::Stage, name, from, to));
            from = to;
        }
        stages.append(guest, from);
        stages
    }

    /// An error unless all that was asked for was reached.
    pub fn check(&self) -> Result<(), XcpError> {
        let help = match self.outcome {
            Outcome::Ready | Outcome::Started => return Ok(()),
            Outcome::NoAddress => {
                "name its address with --address: only guests with xe-guest-utilities tell theirs"
            }
            _ => {
                "the console of the machine says more: open it in Xen Orchestra, or with xl console on the host"
            }
        };
        let verdict = self.verdict.as_ref().map(|verdict| format!("{verdict}\n")).unwrap_or_default();
        let help = format!("{verdict}{help}; what is known of the run is in {}", self.run_dir.display());
        Err(XcpError::Guest { detail: self.detail.clone(), help })
    }
}

/// A machine and its disk, found and found fit.
#[derive(Debug)]
pub struct Deployment {
    session: Session,
    machine: Machine,
    disk: Disk,
}

impl Deployment {
    /// Logs in and looks for the machine, by name or UUID, and its disk. Changes nothing.
    pub fn find(
        address: &Address,
        trust: &Trust,
        password: Password,
        vm: &str,
        vdi: &str,
    ) -> Result<Self, XcpError> {
        let mut session = Session::login(address, trust, password)?;
        let machine = records::machine(&mut session, vm)?;
        let disk = records::disk(&mut session, &machine, vdi)?;
        Ok(Self { session, machine, disk })
    }

    /// The size of the disk in bytes, which the image must have.
    pub fn disk_size(&self) -> u64 {
        self.disk.virtual_size
    }

    /// Puts the disk in place and starts the machine.
    ///
    /// # Errors
    /// Trouble before the machine runs. Whatever the guest does then is a report.
    pub fn run(mut self, goal: &Goal<'_>, on_event: &mut dyn FnMut(Event)) -> Result<Report, XcpError> {
        let run_dir = RunDir::create(goal.run_dir)?;
        let started = Instant::now();
        let mut times = BTreeMap::new();
        let mut reached = |stage, on_event: &mut dyn FnMut(Event)| {
            let time = started.elapsed();
            times.insert(stage, (time.as_secs_f64() * 1000.0).round() / 1000.0);
            on_event(Event::Reached(stage, time));
        };
        let outcome = self.place(goal, &mut reached, on_event).and_then(|()| match goal.guest {
            Some(guest) => guest
                .await_ready(&mut self.session, &self.machine, &run_dir, &mut |stage| {
                    reached(stage, on_event)
                })
                .map(Some),
            None => Ok(None),
        });
        let mut report = Report {
            version: VERSION,
            outcome: Outcome::Started,
            detail: "the machine was started".to_owned(),
            times,
            host: self.session.server().host.clone(),
            vm: self.machine.uuid.clone(),
            vdi: self.disk.uuid.clone(),
            address: None,
            system: None,
            logs: Vec::new(),
            logs_missing: None,
            verdict: None,
            timeline: Timeline::default(),
            run_dir: run_dir.path().to_owned(),
        };
        match &outcome {
            Ok(Some(seen)) => {
                report.outcome = seen.outcome;
                report.detail.clone_from(&seen.detail);
                report.address.clone_from(&seen.address);
                report.system.clone_from(&seen.system);
                report.logs.clone_from(&seen.logs.files);
                report.logs_missing.clone_from(&seen.logs.missing);
                report.verdict = seen.outcome.verdict(&seen.logs.kernel_log());
                if let Some(timeline) = &seen.timeline {
                    report.timeline = report.with_stages(timeline);
                }
            }
            Ok(None) => {}
            Err(error) => {
                report.outcome = Outcome::Failed;
                report.detail = error.to_string();
            }
        }
        let title = report.system.as_deref().unwrap_or(&report.detail);
        let written = run_dir.write_result(&report.to_json(), &report.timeline, title);
        outcome?;
        written.map_err(|source| XcpError::Write { path: run_dir.path().to_owned(), source })?;
        Ok(report)
    }

    /// Off, imported, on.
    fn place(
        &mut self,
        goal: &Goal<'_>,
        reached: &mut impl FnMut(Stage, &mut dyn FnMut(Event)),
        on_event: &mut dyn FnMut(Event),
    ) -> Result<(), XcpError> {
        self.switch_off(goal.shutdown_limit, on_event)?;
        reached(Stage::Off, on_event);
        let import = self.import(goal.vhd, on_event);
        import.map_err(|cause| XcpError::import_failed(&self.machine.name_label, &self.disk.uuid, cause))?;
        reached(Stage::Imported, on_event);
        // Neither paused, nor started where it cannot run.
        let parameters = [json!(self.machine.reference), json!(false), json!(false)];
        let wait = Wait { what: "starting the machine", limit: POWER };
        tasks::run(&mut self.session, "VM.start", &parameters, wait)?;
        reached(Stage::Started, on_event);
        Ok(())
    }

    /// Shuts the machine down; where it cannot, or takes too long, switches it off.
    fn switch_off(&mut self, limit: Duration, on_event: &mut dyn FnMut(Event)) -> Result<(), XcpError> {
        let machine = [json!(self.machine.reference)];
        let state: String = self.session.call("VM.get_power_state", &machine)?;
        if state == "Halted" {
            return Ok(());
        }
        if state == "Running" {
            let wait = Wait { what: "shutting down", limit };
            match tasks::run(&mut self.session, "VM.clean_shutdown", &machine, wait) {
                Ok(()) => return Ok(()),
                Err(error @ (XcpError::TooLong { .. } | XcpError::Api { .. })) => {
                    on_event(Event::SwitchingOff(error.to_string()));
                }
                Err(error) => return Err(error),
            }
            // It may have ended by itself after all.
            let state: String = self.session.call("VM.get_power_state", &machine)?;
            if state == "Halted" {
                return Ok(());
            }
        }
        let wait = Wait { what: "switching the machine off", limit: POWER };
        tasks::run(&mut self.session, "VM.hard_shutdown", &machine, wait)
    }

    /// Sends the image. Whether it arrived is what the task says: the host answers before it reads.
    fn import(&mut self, vhd: &Path, on_event: &mut dyn FnMut(Event)) -> Result<(), XcpError> {
        let length = fs::metadata(vhd).map_err(|source| XcpError::Image { source })?.len();
        let task = tasks::create(&mut self.session, "fruix: import of a system")?;
        let (session_id, vdi) = (self.session.id(), &self.disk.reference);
        let target = format!("/import_raw_vdi?session_id={session_id}&task_id={task}&vdi={vdi}&format=vhd");
        let mut told = 0;
        let mut progress = |sent: u64| {
            let percent = sent * 100 / length.max(1);
            if percent > told {
                told = percent;
                on_event(Event::Sent(percent));
            }
            if interrupt::requested() { Err(XcpError::Interrupted { state: "" }) } else { Ok(()) }
        };
        let sent = self.session.upload(&target, vhd, &mut progress);
        let limit = match &sent {
            Ok(()) => FINISHING,
            // What the host has to say about it, it says at once.
            Err(_) => Duration::from_secs(2),
        };
        let wait = Wait { what: "finishing the import", limit };
        match (sent, tasks::finish(&mut self.session, &task, "VDI.import", wait)) {
            // The host's own words say more than a broken connection.
            (Err(_), Err(told @ XcpError::Api { .. })) => Err(told),
            (Err(error), _) => Err(error),
            (Ok(()), finished) => finished,
        }
    }
}
