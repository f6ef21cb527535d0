//! Making a generation current on a machine that is up: what the verbs that do so have in common.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use miette::IntoDiagnostic as _;
use serde::Serialize;

use super::show_plan;
use crate::cli::output;
use crate::profile::{Generation, Profile, Target};
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::system::generations;
use crate::system::live::plan::System;
use crate::system::live::supervisor::{self, Phase, Place, State};
use crate::system::live::{Machine, Plan};

/// How often it is looked how far the switch is.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether and how the machine itself is switched.
#[derive(Debug, Clone, clap::Args)]
pub struct Activation {
    /// Change nothing of what runs: the generation counts from the next boot.
    #[arg(long, conflicts_with = "confirm_within")]
    pub no_activate: bool,
    /// Go back to the system before, unless `fruix system confirm` says within so many seconds that all is well. With
    /// --target it does so by itself, over a new connection; 0 is for none. Default: 60 with --target, none without.
    #[arg(long, value_name = "SECONDS")]
    pub confirm_within: Option<u64>,
}

impl Activation {
    /// The machine to switch, if this is one and it is to be.
    pub fn machine(&self, layout: &Layout) -> Option<Machine> {
        Machine::here(layout).filter(|_| !self.no_activate)
    }
}

/// How the machine was switched, for programs.
#[derive(Debug, Serialize)]
pub struct Live {
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    plan: Plan,
    /// What confirms, also where the new system has no fruix.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<String>,
}

impl Live {
    /// What is said of the generation that is current now.
    pub fn describe(&self, number: u32, limit: Option<u64>) -> String {
        match self.phase {
            Some(Phase::Waiting) => format!(
                "generation {number} runs, for {} seconds unless it is confirmed: run `fruix system confirm` over a new \
                 connection",
                limit.unwrap_or_default()
            ),
            Some(_) => format!("generation {number} is the current one now, and runs"),
            None => format!("generation {number} is the current one now, from the next boot"),
        }
    }
}

/// What would be done to the machine. Nothing where it runs the system already, wholly activated.
pub fn plan(machine: &Machine, system: &StorePath) -> miette::Result<Option<Plan>> {
    let Some(running) = machine.running().filter(|_| !machine.is_activated(system)) else { return Ok(None) };
    let read = |system| System::read(machine.layout(), system);
    Ok(Some(Plan::of(&read(&running)?, &read(system)?)))
}

/// The generation of a system, which need not become the current one: that one if it is of the system, or another one of
/// it, or a new one. Gives also whether it is new.
pub fn generation_of(profile: &Profile, system: &StorePath) -> miette::Result<(Generation, bool)> {
    if let Some(number) = profile.current()? {
        let current = profile.find(Target::Number(number))?;
        if current.item()?.as_ref() == Some(system) {
            return Ok((current, false));
        }
    }
    Ok(profile.newest_of(system)?)
}

/// Has the machine run a generation of `system`, or where it cannot while it is up, boot it next. Nothing of it where the
/// machine does so already.
pub fn switch(
    machine: &Machine,
    system: &StorePath,
    number: u32,
    options: &Activation,
) -> miette::Result<Option<Live>> {
    let layout = machine.layout();
    let Some(plan) = plan(machine, system)? else {
        generations::switch(layout, number)?;
        return Ok(None);
    };
    show_plan::lines(&plan).iter().for_each(output::note);
    if !plan.is_live() {
        generations::switch(layout, number)?;
        return Ok(Some(Live { phase: None, plan, program: None }));
    }
    supervisor::check(machine)?;
    let state = Supervised::start(machine, system, number, options.confirm_within)?.follow()?;
    match state.phase {
        Phase::Switching | Phase::Waiting | Phase::Done => {}
        Phase::Reverted | Phase::Broken => return Err(failure(&state, &Place::of(layout))),
    }
    let program = std::env::current_exe().ok().and_then(|path| path.to_str().map(str::to_owned));
    Ok(Some(Live { phase: Some(state.phase), plan, program }))
}

/// Why the machine does not run what was wanted.
pub fn failure(state: &State, place: &Place) -> miette::Report {
    let why = state.why.as_deref().unwrap_or("the switch failed");
    let log = place.log().display();
    let now = match state.phase {
        Phase::Reverted => format!("the machine runs {} again; {log} says more", state.from),
        _ => format!("not everything could be undone: see {log}; a reboot starts the current generation"),
    };
    miette::miette!(help = now, "generation {} did not become the current one: {why}", state.generation)
}

/// The process that switches, and its log as it grows.
struct Supervised {
    child: Child,
    place: Place,
    log: File,
}

impl Supervised {
    fn start(
        machine: &Machine,
        system: &StorePath,
        number: u32,
        confirm_within: Option<u64>,
    ) -> miette::Result<Self> {
        let place = Place::of(machine.layout());
        let output = place.open_log()?;
        let mut log = File::open(place.log()).into_diagnostic()?;
        log.seek(SeekFrom::End(0)).into_diagnostic()?;
        let mut command = Command::new(std::env::current_exe().into_diagnostic()?);
        command.arg("--root").arg(machine.layout().root());
        command.args(["system", "switch-live", &system.to_string(), "--generation", &number.to_string()]);
        if let Some(seconds) = confirm_within.filter(|seconds| *seconds > 0) {
            command.args(["--confirm-within", &seconds.to_string()]);
        }
        let errors = output.try_clone().into_diagnostic()?;
        let child = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn().into_diagnostic()?;
        Ok(Self { child, place, log })
    }

    /// Shows what it says until it has ended or waits for a confirmation. It goes on when this process ends.
    fn follow(mut self) -> miette::Result<State> {
        loop {
            let ended = self.child.try_wait().into_diagnostic()?;
            let state = self.place.state()?.filter(|state| state.pid == self.child.id());
            let state = state.filter(|state| state.phase.is_last() || state.phase == Phase::Waiting);
            self.show()?;
            match (state, ended) {
                (Some(state), _) => return Ok(state),
                (None, Some(status)) => {
                    return Err(miette::miette!(
                        help = format!("{} says how far it came", self.place.log().display()),
                        "the switch broke off: the process that carried it out ended with {status}"
                    ));
                }
                (None, None) => thread::sleep(PAUSE),
            }
        }
    }

    fn show(&mut self) -> miette::Result<()> {
        let mut bytes = Vec::new();
        self.log.read_to_end(&mut bytes).into_diagnostic()?;
        let text = String::from_utf8_lossy(&bytes);
        text.lines().for_each(output::note);
        Ok(())
    }
}
