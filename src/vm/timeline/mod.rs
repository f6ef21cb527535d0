//! When each part of a start was: one model for all machines, whoever tells of it.
//!
//! A [`Timeline`] takes the signs of a console as they come ([`Timeline::take`]), or what a guest noted of its own boot
//! ([`guest`]). It goes into `result.json`, and is drawn as an [SVG](svg) and as a [chart] of characters.

pub mod chart;
pub mod guest;
mod scale;
pub mod svg;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::console::{Milestone, Service, Sign};

/// The script that says whether the system is ready.
pub(in crate::vm) const READY_SCRIPT: &str = "fruix_ready";

/// So many lines are kept of what a part said that did not end well.
const MOST_LINES: usize = 8;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `firmware`, `loader`, `kernel`, `activation`, `services`, `ssh`, or what precedes them on another machine.
    Stage,
    /// A step of the activation.
    Activation,
    /// A script of rc.
    Service,
}

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    Good,
    Failed,
    /// It was not over when the run ended.
    Unfinished,
}

/// A part of a start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    pub kind: Kind,
    pub name: String,
    /// Seconds from the start of the run.
    pub start: f64,
    /// The same; of what was not over, when the run ended.
    pub end: f64,
    pub ending: Ending,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The last lines of the console while it went on, if it did not end well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

impl Span {
    pub fn new(kind: Kind, name: impl Into<String>, start: f64) -> Self {
        let (name, ending) = (name.into(), Ending::Unfinished);
        Self { kind, name, start, end: start, ending, message: String::new(), lines: Vec::new() }
    }

    /// A part that ended well.
    pub fn over(kind: Kind, name: impl Into<String>, start: f64, end: f64) -> Self {
        Self { end, ending: Ending::Good, ..Self::new(kind, name, start) }
    }

    /// How long it took.
    pub fn seconds(&self) -> f64 {
        self.end - self.start
    }

    fn close(&mut self, at: f64, failure: Option<String>) {
        self.end = at;
        self.ending = if failure.is_some() { Ending::Failed } else { Ending::Good };
        match failure {
            Some(message) => self.message = message,
            None => self.lines.clear(),
        }
    }

    fn say(&mut self, line: &str) {
        if self.lines.len() == MOST_LINES {
            self.lines.remove(0);
        }
        self.lines.push(line.to_owned());
    }
}

/// The parts of a start, in the order in which they began.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    pub spans: Vec<Span>,
    /// When the system was ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<f64>,
}

impl Timeline {
    /// The start of a machine whose firmware begins now.
    pub fn from_power_on() -> Self {
        Self { spans: vec![Span::new(Kind::Stage, "firmware", 0.0)], ready: None }
    }

    /// Takes a sign of the console, so many seconds after the start.
    pub fn take(&mut self, sign: &Sign, at: f64) {
        if let Some(milestone) = sign.milestone() {
            self.reach(milestone, at);
        }
        match sign {
            Sign::Activation(step) => {
                let start = self.activation_so_far().unwrap_or(at);
                let mut span = Span::new(Kind::Activation, &step.name, start);
                span.lines = self.stage_lines();
                span.close(at, (!step.ok).then(|| step.message.clone()));
                self.spans.push(span);
            }
            Sign::Service(name, Service::Begun) => self.spans.push(Span::new(Kind::Service, name, at)),
            Sign::Service(name, Service::Done) => self.end_service(name, at, None),
            Sign::Service(name, Service::Failed(why)) => self.end_service(name, at, Some(why.clone())),
            Sign::Said(line) => self.say(line),
            Sign::Reached(_) | Sign::Ready { .. } | Sign::Stopped { .. } => {}
        }
    }

    /// A stage begins, and the one before it is over.
    pub fn reach(&mut self, milestone: Milestone, at: f64) {
        let name = match milestone {
            Milestone::Firmware => "firmware",
            Milestone::Loader => "loader",
            Milestone::Kernel => "kernel",
            Milestone::Init => "activation",
            Milestone::Services => "services",
            Milestone::Ready => return self.become_ready(at),
            Milestone::Ssh => return self.answer(at),
        };
        let is_known = |span: &Span| span.kind == Kind::Stage && span.name == name;
        if self.ready.is_none() && !self.spans.iter().any(is_known) {
            self.end_stage(at);
            self.spans.push(Span::new(Kind::Stage, name, at));
        }
    }

    /// Adds a part.
    pub fn push(&mut self, span: Span) {
        self.spans.push(span);
    }

    /// Adds another timeline, which began so many seconds after this one.
    pub fn append(&mut self, other: &Self, after: f64) {
        let moved = |span: &Span| Span { start: span.start + after, end: span.end + after, ..span.clone() };
        self.spans.extend(other.spans.iter().map(moved));
        self.ready = other.ready.map(|ready| ready + after).or(self.ready);
    }

    /// The run is over: what goes on does not end any more. `good`: all that was asked for was done.
    pub fn finish(&mut self, at: f64, good: bool) {
        for span in self.spans.iter_mut().filter(|span| span.ending == Ending::Unfinished) {
            if good {
                span.close(at, None);
            } else {
                span.end = at;
            }
        }
    }

    /// The last moment of it.
    pub fn end(&self) -> f64 {
        self.spans.iter().map(|span| span.end).chain(self.ready).fold(0.0, f64::max)
    }

    /// The parts as they are shown: each stage, followed by what belongs to it.
    pub fn rows(&self) -> Vec<&Span> {
        let owner = |span: &Span| match span.kind {
            Kind::Activation => "activation",
            Kind::Service => "services",
            Kind::Stage => "",
        };
        let mut rows = Vec::new();
        for stage in self.spans.iter().filter(|span| span.kind == Kind::Stage) {
            rows.push(stage);
            rows.extend(self.spans.iter().filter(|span| owner(span) == stage.name));
        }
        rows
    }

    /// The parts of a kind that did not end well: first what failed.
    pub fn bad(&self, kind: Kind) -> Vec<&Span> {
        let mut bad: Vec<&Span> =
            self.spans.iter().filter(|span| span.kind == kind && span.ending != Ending::Good).collect();
        bad.sort_by_key(|span| span.ending != Ending::Failed);
        bad
    }

    fn become_ready(&mut self, at: f64) {
        self.ready.get_or_insert(at);
        self.end_stage(at);
        // It says so in its last words.
        self.end_service(READY_SCRIPT, at, None);
    }

    fn answer(&mut self, at: f64) {
        let mut span = Span::new(Kind::Stage, "ssh", self.ready.unwrap_or(at));
        span.close(at, None);
        self.spans.push(span);
    }

    /// The stage that goes on.
    fn stage(&mut self) -> Option<&mut Span> {
        self.spans.iter_mut().rev().find(|span| span.kind == Kind::Stage && span.ending == Ending::Unfinished)
    }

    fn end_stage(&mut self, at: f64) {
        if let Some(stage) = self.stage() {
            stage.close(at, None);
        }
    }

    /// Since when the step of the activation has gone on that ends now.
    fn activation_so_far(&self) -> Option<f64> {
        let stage = |span: &&Span| span.kind == Kind::Stage && span.name == "activation";
        let last = self.spans.iter().rfind(|span| span.kind == Kind::Activation);
        last.map(|span| span.end).or_else(|| self.spans.iter().find(stage).map(|span| span.start))
    }

    /// Takes away what was said since the stage, or its last step, began.
    fn stage_lines(&mut self) -> Vec<String> {
        self.stage().map(|stage| std::mem::take(&mut stage.lines)).unwrap_or_default()
    }

    /// A script may be run again by another one, and a run may begin in the middle.
    fn end_service(&mut self, name: &str, at: f64, failure: Option<String>) {
        let is_open = |span: &&mut Span| {
            span.kind == Kind::Service && span.name == name && span.ending == Ending::Unfinished
        };
        if let Some(span) = self.spans.iter_mut().rev().find(is_open) {
            span.close(at, failure);
        }
    }

    /// Keeps a line with what goes on.
    fn say(&mut self, line: &str) {
        let open = |span: &&mut Span| span.ending == Ending::Unfinished;
        if let Some(span) = self.spans.iter_mut().rev().find(open) {
            span.say(line);
        }
    }

    fn sort(&mut self) {
        let order = |a: &Span, b: &Span| a.start.partial_cmp(&b.start).unwrap_or(Ordering::Equal);
        self.spans.sort_by(order);
    }
}
