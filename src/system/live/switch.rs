//! Carrying out a plan, and going back where that fails.

use std::fmt;

use miette::Diagnostic;
use thiserror::Error;

use super::machine::{Machine, MachineError};
use super::plan::{Action, Plan};

/// Why the machine does not run the system that was wanted.
#[derive(Debug, Error, Diagnostic)]
pub enum SwitchError {
    #[error("cannot {verb} {script}")]
    Service {
        verb: &'static str,
        script: String,
        #[source]
        error: MachineError,
    },
    #[error("cannot stop {script}: it still runs")]
    StillRuns { script: String },
    #[error("cannot activate {system}")]
    Activation {
        system: String,
        #[source]
        error: MachineError,
    },
    #[error("{system} did not become ready")]
    NotReady { system: String },
}

/// A machine, and who is told what is done to it.
pub struct Switch<'a> {
    pub machine: &'a Machine,
    pub tell: &'a mut dyn FnMut(fmt::Arguments<'_>),
}

impl Switch<'_> {
    /// Carries out a plan. With `must_be_ready`, also the ready checks have to hold.
    ///
    /// What the new system changes or has no more is stopped while the old one is still current, whose files say how; what
    /// it changes or adds is started by the new one.
    pub fn carry_out(&mut self, plan: &Plan, must_be_ready: bool) -> Result<(), SwitchError> {
        let order = self.machine.order();
        let position = |script: &&str| order.iter().position(|other| other == script).unwrap_or(usize::MAX);
        let mut stopped = plan.scripts(&[Action::Stop, Action::Restart]);
        stopped.sort_by_key(position);
        for script in stopped.into_iter().rev() {
            self.stop(script)?;
        }
        (self.tell)(format_args!("activating {}", plan.to));
        let activation = |error| SwitchError::Activation { system: plan.to.to_string(), error };
        self.machine.activate(&plan.to).map_err(activation)?;
        // `service -r` sees the scripts of the new system now.
        let order = self.machine.order();
        let position = |(script, _): &(&str, Action)| {
            order.iter().position(|other| other == script).unwrap_or(usize::MAX)
        };
        let mut started: Vec<_> = [Action::Start, Action::Restart, Action::Reload]
            .into_iter()
            .flat_map(|action| plan.scripts(&[action]).into_iter().map(move |script| (script, action)))
            .collect();
        started.sort_by_key(position);
        for (script, action) in started {
            self.start(script, action)?;
        }
        let system = plan.to.to_string();
        match self.machine.becomes_ready(&plan.to) {
            true => Ok(()),
            false if must_be_ready => Err(SwitchError::NotReady { system }),
            false => {
                (self.tell)(format_args!("{system} did not become ready, nor was the system before it"));
                Ok(())
            }
        }
    }

    /// Takes the machine back by a plan, as far as that goes. Gives whether all of it was done.
    pub fn go_back(&mut self, plan: &Plan, was_ready: bool) -> bool {
        let mut is_whole = true;
        let mut attempt = |switch: &mut Self, done: Result<(), SwitchError>| {
            if let Err(error) = done {
                is_whole = false;
                (switch.tell)(format_args!("{}", in_words(&error)));
            }
        };
        // Where the old system was never left, nothing of the new one runs.
        if self.machine.running().as_ref() != Some(&plan.to) {
            for script in plan.scripts(&[Action::Stop, Action::Restart]) {
                let done = self.stop(script);
                attempt(self, done);
            }
        }
        (self.tell)(format_args!("activating {} again", plan.to));
        let activated = self.machine.activate(&plan.to);
        let activation = |error| SwitchError::Activation { system: plan.to.to_string(), error };
        attempt(self, activated.map_err(activation));
        for action in [Action::Start, Action::Restart, Action::Reload] {
            for script in plan.scripts(&[action]) {
                let done = self.start(script, action);
                attempt(self, done);
            }
        }
        if !self.machine.becomes_ready(&plan.to) && was_ready {
            attempt(self, Err(SwitchError::NotReady { system: plan.to.to_string() }));
        }
        is_whole
    }

    /// Stops what a script starts. What was not running is stopped.
    fn stop(&mut self, script: &str) -> Result<(), SwitchError> {
        (self.tell)(format_args!("stopping {script}"));
        match self.machine.service(script, "onestop") {
            Err(error @ (MachineError::Run { .. } | MachineError::TimedOut { .. })) => {
                Err(SwitchError::Service { verb: "stop", script: script.to_owned(), error })
            }
            // A script says also of what does not run that it cannot be stopped.
            Ok(()) | Err(MachineError::Failed { .. }) if !self.machine.is_up(script) => Ok(()),
            Ok(()) | Err(MachineError::Failed { .. }) => {
                Err(SwitchError::StillRuns { script: script.to_owned() })
            }
        }
    }

    /// Starts it, or has it read its configuration again where it runs.
    fn start(&mut self, script: &str, action: Action) -> Result<(), SwitchError> {
        let is_up = self.machine.is_up(script);
        let verb = match action {
            Action::Reload if is_up => "reload",
            // The operator was quicker, or it has survived a switch that failed.
            _ if is_up => {
                (self.tell)(format_args!("{script} runs already"));
                return Ok(());
            }
            _ => "start",
        };
        (self.tell)(format_args!("{verb}ing {script}"));
        let failed = |error| SwitchError::Service { verb, script: script.to_owned(), error };
        self.machine.service(script, verb).map_err(failed)
    }
}

/// An error with what it comes from.
pub fn in_words(error: &SwitchError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
