//! Why a start failed: what its console said in, a [`Verdict`] out.
//!
//! [`of_log`] reads the serial log of a machine and remembers what a verdict needs: how far the start came, which step or
//! service went on, and lines that are known to tell why. It looks nowhere else, so that a log of long ago gets the same
//! verdict as that of a machine that has just stopped.

mod advice;
mod clues;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use super::console::{Console, Milestone, Outcome, Sign, last_start};
use super::timeline::{Kind, Span, Timeline};
use clues::Clues;

/// So many lines are shown.
const MOST_LINES: usize = 8;

/// Why a start failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Where it failed: `firmware`, `loader`, `kernel`, `activation`, `services`, `ssh`, or `machine`.
    pub stage: &'static str,
    /// The step of the activation, or the service, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What happened.
    pub what: String,
    /// The lines of the console that show it, or the last ones.
    pub lines: Vec<String>,
    /// What to try, the most promising first.
    pub advice: Vec<String>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it stopped at: {}", self.stage)?;
        if let Some(part) = &self.part {
            write!(f, ", {part}")?;
        }
        for line in &self.lines {
            write!(f, "\n    {line}")?;
        }
        write!(f, "\nwhat to try:")?;
        self.advice.iter().try_for_each(|advice| write!(f, "\n  - {advice}"))
    }
}

/// Who has read a console.
#[derive(Debug)]
struct Witness {
    console: Console,
    clues: Clues,
    timeline: Timeline,
    reached: Option<Milestone>,
    /// The first sign that the guest goes no further.
    stopped: Option<(Outcome, String)>,
}

impl Witness {
    fn read(log: &[u8]) -> Self {
        let mut witness = Self {
            console: Console::default(),
            clues: Clues::default(),
            timeline: Timeline::from_power_on(),
            reached: None,
            stopped: None,
        };
        for sign in witness.console.feed(log) {
            // When each thing happened is of no concern here.
            witness.timeline.take(&sign, 0.0);
            witness.clues.take(&sign);
            witness.reached = witness.reached.max(sign.milestone());
            if let Sign::Stopped { outcome, line } = sign {
                witness.stopped.get_or_insert((outcome, line));
            }
        }
        witness
    }

    /// The verdict over a run with this outcome. `None`: nothing failed.
    fn verdict(&self, outcome: Outcome, detail: &str) -> Option<Verdict> {
        if matches!(outcome, Outcome::Ready | Outcome::Interrupted) {
            return None;
        }
        let part = self.part(outcome);
        let stage = self.stage(outcome);
        let mut verdict = Verdict {
            stage,
            part: part.map(|span| span.name.clone()),
            what: detail.to_owned(),
            lines: self.lines(part),
            advice: Vec::new(),
        };
        if let Some(name) = self.not_up(outcome).first()
            && part.is_none()
        {
            verdict.part = Some((*name).to_owned());
        }
        verdict.advice = advice::of(outcome, &verdict, self.reached);
        verdict.advice.extend(self.clues.advice().map(str::to_owned));
        verdict.advice.dedup();
        Some(verdict)
    }

    fn stage(&self, outcome: Outcome) -> &'static str {
        match (outcome, self.reached) {
            (Outcome::QemuEnded, _) => "machine",
            (Outcome::NoSsh, _) => "ssh",
            (_, None | Some(Milestone::Firmware)) => "firmware",
            (_, Some(Milestone::Loader)) => "loader",
            (_, Some(Milestone::Kernel)) => "kernel",
            (_, Some(Milestone::Init)) => "activation",
            (_, Some(Milestone::Services | Milestone::Ready | Milestone::Ssh)) => "services",
        }
    }

    /// The step or the service that did not end well: of those that keep the system from being ready, the first that
    /// failed, or the one that goes on.
    fn part(&self, outcome: Outcome) -> Option<&Span> {
        let steps = self.timeline.bad(Kind::Activation);
        if let Some(step) = steps.first() {
            return Some(step);
        }
        let services = self.timeline.bad(Kind::Service);
        let missing = self.not_up(outcome);
        let is_missing = |span: &&&Span| missing.contains(&span.name.as_str());
        if !missing.is_empty() {
            return services.iter().find(is_missing).copied();
        }
        let is_own = |span: &&&Span| span.name != super::timeline::READY_SCRIPT;
        // What goes on is what a start hangs in; what failed before may not matter.
        let goes_on = services.iter().rev().filter(is_own);
        (self.reached < Some(Milestone::Ready)).then(|| goes_on.copied().next()).flatten()
    }

    /// The names in the line that the system is not ready.
    fn not_up(&self, outcome: Outcome) -> Vec<&str> {
        match &self.stopped {
            Some((Outcome::NotReady, line)) if outcome == Outcome::NotReady => line
                .strip_prefix("not up:")
                .map(|names| names.split_whitespace().collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The lines that are known to tell why, those of the part, or the last ones.
    fn lines(&self, part: Option<&Span>) -> Vec<String> {
        let of_part = part.map(|span| span.lines.clone()).unwrap_or_default();
        let mut lines: Vec<String> = self.clues.lines().map(str::to_owned).collect();
        lines.retain(|line| !of_part.contains(line));
        lines.extend(of_part);
        if lines.is_empty() {
            lines = self.console.tail().map(|line| line.trim_end().to_owned()).collect();
        }
        lines.drain(..lines.len().saturating_sub(MOST_LINES));
        lines
    }
}

/// The verdict over the serial log of one start. `outcome` is what the console cannot tell: that the machine
/// ended, that the time was over, that nobody could log in.
pub fn of_log(log: &[u8], outcome: Option<Outcome>) -> Option<Verdict> {
    let witness = Witness::read(log);
    let (stopped, line) = witness.stopped.clone().unzip();
    // Nobody waits any more, so a console that says neither how it ended nor that the system is ready stopped there.
    let silent = if witness.reached >= Some(Milestone::Ready) { Outcome::Ready } else { Outcome::TimedOut };
    let outcome = outcome.or(stopped).unwrap_or(silent);
    let line = line.filter(|_| Some(outcome) == stopped);
    let detail =
        line.map_or_else(|| outcome.describe().to_owned(), |line| format!("{}: {line}", outcome.describe()));
    witness.verdict(outcome, &detail)
}

/// The verdict over a system that can be logged in to, by what its kernel has kept of the console (`dmesg -a`): perhaps of
/// more than one start, of which the last one counts.
pub fn of_kernel_log(log: &[u8], outcome: Outcome) -> Option<Verdict> {
    let log = last_start(log);
    let told = match outcome {
        // What kept it from being ready, it may have said itself.
        Outcome::NotReady => of_log(log, None),
        _ => None,
    };
    told.or_else(|| of_log(log, Some(outcome)))
}
