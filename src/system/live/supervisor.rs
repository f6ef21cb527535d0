//! The process that switches a machine, apart from the operator's session.
//!
//! It has a session of its own, so that it goes on when the operator's connection breaks. What it has come to it writes to
//! `/run/fruix-switch/state.json`, and what it does to a log; the operator's command follows both. Where a
//! confirmation is wanted, it waits for one after the switch, and goes back to the old system without it. The profile
//! changes last of all.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use miette::Diagnostic;
use nix::sys::stat::{Mode, umask};
use nix::unistd::setsid;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::machine::Machine;
use super::plan::{Plan, PlanError, System};
use super::switch::{Switch, SwitchError, in_words};
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::system::generations::{self, GenerationError};
use crate::util::fs::{FsError, Operation, PathContext as _, create_dir_all, remove_file, write_atomic};
use crate::util::lock::FileLock;

/// Where the state of the machine's switch lies: it is true of this boot only.
const DIRECTORY: &str = "/run/fruix-switch";

/// There as long as the start of the machine is a trial, at whose end a generation becomes the current one.
const TRIAL: &str = "/run/fruix-trial";

/// The log of all switches, relative to what Fruix keeps.
const LOG: &str = "switch.log";

/// A log that is longer begins anew.
const LONGEST_LOG: u64 = 1 << 20;

/// How often it is looked for a confirmation.
const PAUSE: Duration = Duration::from_millis(100);

/// Why a switch cannot be begun, or its state be told.
#[derive(Debug, Error, Diagnostic)]
pub enum SupervisorError {
    #[error("another switch of this machine is under way")]
    #[diagnostic(help("wait until it is done; `tail -f {}` shows it", log.display()))]
    Busy { log: PathBuf },
    #[error("this machine runs no system made by fruix")]
    NoSystem,
    #[error("{to} cannot be switched to while the machine is up")]
    #[diagnostic(help("its base is another one: it counts from the next boot"))]
    NotLive { to: StorePath },
    #[error("this start of the machine is a trial, which has not ended yet")]
    #[diagnostic(help("wait until the system is ready, or boot: then another one can be switched to"))]
    Trial,
    #[error("cannot leave the session: {0}")]
    Session(nix::Error),
    #[error("`{}` is no state of a switch: {source}", path.display())]
    #[diagnostic(help("remove it"))]
    State { path: PathBuf, source: serde_json::Error },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fs(#[from] FsError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanError),
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Order {
    /// The system to run.
    pub to: StorePath,
    /// Its generation, which becomes the current one.
    pub generation: u32,
    /// How long a confirmation is waited for. `None`: none is needed.
    pub confirm_within: Option<Duration>,
}

/// How far a switch has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The process that switches.
    pub pid: u32,
    pub from: StorePath,
    pub to: StorePath,
    pub generation: u32,
    pub phase: Phase,
    /// Why the machine went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Where in its course a switch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// Under way, there or back.
    Switching,
    /// Done but for the confirmation.
    Waiting,
    Done,
    /// The machine runs the system that it ran before.
    Reverted,
    /// It should, and not everything could be done for that.
    Broken,
}

impl Phase {
    /// Whether nothing follows.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Done | Self::Reverted | Self::Broken)
    }
}

/// Where the state of the switches of a machine is.
pub struct Place {
    directory: PathBuf,
    log: PathBuf,
}

impl Place {
    pub fn of(layout: &Layout) -> Self {
        let directory = layout.root().join(DIRECTORY.trim_start_matches('/'));
        Self { directory, log: layout.var_dir().join(LOG) }
    }

    /// The log of all switches.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The last step of an activation that failed, and why, of what was added to the log after so many bytes.
    fn failed_step(&self, from: u64) -> Option<String> {
        let text = fs::read(&self.log).ok()?;
        let text = String::from_utf8_lossy(text.get(usize::try_from(from).ok()?..)?).into_owned();
        let failed = text.lines().rev().filter_map(|line| line.strip_prefix("fruix: activate: "));
        let (step, why) = failed.filter_map(|line| line.split_once(": FAILED")).next()?;
        Some(format!("its step {step} failed:{why}"))
    }

    fn state_file(&self) -> PathBuf {
        self.directory.join("state.json")
    }

    fn confirmation(&self) -> PathBuf {
        self.directory.join("confirmed")
    }

    /// Opens the log to add to it.
    pub fn open_log(&self) -> Result<File, FsError> {
        let is_long = fs::metadata(&self.log).is_ok_and(|metadata| metadata.len() > LONGEST_LOG);
        if is_long {
            remove_file(&self.log)?;
        }
        OpenOptions::new().create(true).append(true).open(&self.log).at(Operation::Open, &self.log)
    }

    /// How far the last switch since the machine was booted has come.
    pub fn state(&self) -> Result<Option<State>, SupervisorError> {
        let path = self.state_file();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|source| SupervisorError::State { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FsError::new(Operation::Read, path, error).into()),
        }
    }

    /// Confirms that a system can be reached.
    pub fn confirm(&self, system: &StorePath) -> Result<(), FsError> {
        write_atomic(&self.confirmation(), format!("{system}\n").as_bytes(), false)
    }

    fn is_confirmed(&self, system: &StorePath) -> bool {
        let text = fs::read_to_string(self.confirmation()).unwrap_or_default();
        text.trim_end() == system.to_string()
    }

    fn lock(&self) -> Result<FileLock, SupervisorError> {
        create_dir_all(&self.directory)?;
        FileLock::try_acquire(&self.directory.join("lock"))?
            .ok_or_else(|| SupervisorError::Busy { log: self.log.clone() })
    }

    fn write(&self, state: &State) -> Result<(), SupervisorError> {
        let text = serde_json::to_vec(state)
            .map_err(|source| SupervisorError::State { path: self.state_file(), source })?;
        Ok(write_atomic(&self.state_file(), &text, false)?)
    }
}

/// Makes of this process one that no terminal and no connection ends, and that starts services as a boot does.
pub fn detach() -> Result<(), SupervisorError> {
    setsid().map_err(SupervisorError::Session)?;
    umask(Mode::from_bits_truncate(0o022));
    std::env::set_current_dir("/").at(Operation::Open, Path::new("/"))?;
    Ok(())
}

/// Refuses where a switch would be taken for what a trial is about.
pub fn check(machine: &Machine) -> Result<(), SupervisorError> {
    if machine.file(TRIAL).exists() { Err(SupervisorError::Trial) } else { Ok(()) }
}

/// Switches the machine. Gives how it ended, which stands in the state as well.
pub fn supervise(machine: &Machine, order: &Order) -> Result<State, SupervisorError> {
    let place = Place::of(machine.layout());
    let _lock = place.lock()?;
    check(machine)?;
    let from = machine.running().ok_or(SupervisorError::NoSystem)?;
    let [old, new] = [&from, &order.to].map(|system| System::read(machine.layout(), system));
    let (old, new) = (old?, new?);
    let (plan, back) = (Plan::of(&old, &new), Plan::of(&new, &old));
    if !plan.is_live() {
        return Err(SupervisorError::NotLive { to: order.to.clone() });
    }
    match remove_file(&place.confirmation()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let state = State {
        pid: std::process::id(),
        from,
        to: order.to.clone(),
        generation: order.generation,
        phase: Phase::Switching,
        why: None,
    };
    place.write(&state)?;
    let mut log = place.open_log()?;
    let log_start = fs::metadata(&place.log).map_or(0, |metadata| metadata.len());
    // Whatever becomes of the log, the machine is not left half way.
    let mut tell = |words: fmt::Arguments<'_>| drop(writeln!(log, "{words}"));
    let was_ready = machine.is_ready(&state.from);
    let mut course = Course { place: &place, state, log_start, switch: Switch { machine, tell: &mut tell } };
    let why = match course.forth(&plan, was_ready, order) {
        Ok(()) => return course.end(Phase::Done, None),
        Err(why) => why,
    };
    (course.switch.tell)(format_args!("{why}: going back to {}", plan.from));
    course.note(Phase::Switching, Some(why.clone()));
    let is_whole = course.switch.go_back(&back, was_ready);
    course.end(if is_whole { Phase::Reverted } else { Phase::Broken }, Some(why))
}

/// A switch on its way.
struct Course<'a> {
    place: &'a Place,
    state: State,
    /// How long the log was before.
    log_start: u64,
    switch: Switch<'a>,
}

impl Course<'_> {
    /// All that has to succeed; else, why not.
    fn forth(&mut self, plan: &Plan, was_ready: bool, order: &Order) -> Result<(), String> {
        self.switch.carry_out(plan, was_ready).map_err(|error| {
            let step = match &error {
                SwitchError::Activation { .. } => self.place.failed_step(self.log_start),
                _ => None,
            };
            step.map_or_else(|| in_words(&error), |step| format!("{error}: {step}"))
        })?;
        if let Some(limit) = order.confirm_within {
            self.note(Phase::Waiting, None);
            (self.switch.tell)(format_args!("waiting {} seconds for a new connection", limit.as_secs()));
            if !self.is_confirmed_within(limit) {
                return Err(format!("nobody connected anew within {} seconds", limit.as_secs()));
            }
        }
        let layout = self.switch.machine.layout();
        let switched: Result<(), GenerationError> = generations::switch(layout, order.generation);
        switched
            .map_err(|error| format!("cannot make generation {} the current one: {error}", order.generation))
    }

    fn is_confirmed_within(&self, limit: Duration) -> bool {
        let since = Instant::now();
        while !self.place.is_confirmed(&self.state.to) {
            if since.elapsed() >= limit {
                return false;
            }
            thread::sleep(PAUSE);
        }
        true
    }

    /// Writes down how far the switch is. That it cannot be told is no reason to leave the machine half way.
    fn note(&mut self, phase: Phase, why: Option<String>) {
        self.state.phase = phase;
        self.state.why = why;
        if let Err(error) = self.place.write(&self.state) {
            (self.switch.tell)(format_args!("{error}"));
        }
    }

    fn end(mut self, phase: Phase, why: Option<String>) -> Result<State, SupervisorError> {
        let words = match phase {
            Phase::Done => "done",
            Phase::Reverted => "the system before it runs again",
            _ => {
                "not everything could be done to go back: see above, and boot, which takes the current generation"
            }
        };
        (self.switch.tell)(format_args!("{words}"));
        self.note(phase, why);
        self.place.write(&self.state)?;
        Ok(self.state)
    }
}
