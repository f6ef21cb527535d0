//! How running builds look: a line each that changes in place on a terminal, and lines one after the other
//! elsewhere.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::output::note;
use crate::{
    build::{Event, Progress},
    derivation::Derivation,
    store_path::StorePath,
};

/// How often a terminal's lines are drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// Where there is no terminal: after this time without news, a line says that the build goes on.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// How often the time on a terminal's lines goes on.
const SECOND: Duration = Duration::from_secs(1);

/// Shows builds on standard error.
pub struct Display {
    terminal: Option<MultiProgress>,
    builds: Mutex<BTreeMap<StorePath, Build>>,
}

/// A build that runs.
struct Build {
    started: Instant,
    estimate: Option<Duration>,
    phase: Option<String>,
    last_news: Instant,
    /// What the builder wrote last.
    line: String,
    bar: Option<ProgressBar>,
}

impl Display {
    pub fn new() -> Self {
        let terminal = io::stderr().is_terminal().then(MultiProgress::new);
        Self { terminal, builds: Mutex::default() }
    }

    /// Prints a line above what runs.
    pub fn note(&self, line: &str) {
        match &self.terminal {
            // A terminal that is gone has nobody to tell.
            Some(terminal) => drop(terminal.println(line)),
            None => note(line),
        }
    }

    /// Has `write` write to standard output, which may be the same terminal.
    pub fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.terminal {
            Some(terminal) => terminal.suspend(write),
            None => write(),
        }
    }

    /// Takes away what changes in place.
    pub fn finish(&self) {
        if let Some(terminal) = &self.terminal {
            let _ = terminal.clear();
        }
    }

    fn started(&self, drv: StorePath, estimate: Option<Duration>) {
        let name = Derivation::name_of(&drv).to_owned();
        let bar = self.terminal.as_ref().map(|terminal| {
            let bar = terminal.add(ProgressBar::new_spinner().with_style(style()).with_prefix(name.clone()));
            bar.enable_steady_tick(TICK);
            bar
        });
        let now = Instant::now();
        let build = Build { started: now, estimate, phase: None, last_news: now, line: String::new(), bar };
        match build.bar {
            Some(_) => build.draw(),
            None => note(format!("building {name}{}", expectation(estimate))),
        }
        self.lock().insert(drv, build);
    }

    fn phase(&self, drv: &StorePath, phase: String) {
        if let Some(build) = self.lock().get_mut(drv) {
            build.phase = Some(phase);
            build.line.clear();
            build.tell(drv);
        }
    }

    fn line(&self, drv: &StorePath, line: String) {
        if let Some(build) = self.lock().get_mut(drv) {
            build.line = line;
            if build.bar.is_some() {
                build.tell(drv);
            }
        }
    }

    /// Shows that builds go on, also those that say nothing. To be called often.
    pub fn tick(&self) {
        for (drv, build) in self.lock().iter_mut().filter(|(_, build)| build.is_due()) {
            build.tell(drv);
        }
    }

    fn ended(&self, drv: &StorePath, outcome: &str, elapsed: Duration) {
        let build = self.lock().remove(drv);
        if let (Some(terminal), Some(bar)) = (&self.terminal, build.and_then(|build| build.bar)) {
            bar.finish_and_clear();
            terminal.remove(&bar);
        }
        self.note(&format!("{outcome} {} ({})", Derivation::name_of(drv), show(elapsed)));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<StorePath, Build>> {
        self.builds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Display {
    fn event(&self, event: Event) {
        match event {
            Event::Started { drv, estimate } => self.started(drv, estimate),
            Event::Phase { drv, phase } => self.phase(&drv, phase),
            Event::Line { drv, line } => self.line(&drv, line),
            Event::Finished { drv, elapsed } => self.ended(&drv, "built", elapsed),
            Event::Failed { drv, elapsed } => self.ended(&drv, "failed", elapsed),
            // Whoever has something checked shows it as what was asked for.
            Event::Checked(_) => {}
            Event::Kept { path, .. } => {
                self.note(&format!("the build's directory is kept: {}", path.display()));
            }
            Event::NotKept { error, .. } => {
                self.note(&format!("warning: the build's directory is not kept: {error}"));
            }
        }
    }
}

impl Build {
    /// Says how the build stands, by the means there are.
    fn tell(&mut self, drv: &StorePath) {
        self.last_news = Instant::now();
        if self.bar.is_some() {
            self.draw();
        } else {
            note(format!("{}: {}, {}", Derivation::name_of(drv), self.phase_name(), self.time()));
        }
    }

    fn is_due(&self) -> bool {
        self.last_news.elapsed() >= if self.bar.is_some() { SECOND } else { SIGN_OF_LIFE }
    }

    fn draw(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} {} {}", self.phase_name(), self.time(), self.line));
        }
    }

    fn phase_name(&self) -> &str {
        self.phase.as_deref().unwrap_or("running")
    }

    /// The time so far, and the whole as far as it is known.
    fn time(&self) -> String {
        let elapsed = show(self.started.elapsed());
        match self.estimate {
            Some(estimate) => format!("{elapsed} of {}", about(estimate)),
            None => elapsed,
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix:.bold} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn expectation(estimate: Option<Duration>) -> String {
    estimate.map(|time| format!(" (last time it took {})", about(time))).unwrap_or_default()
}

/// A time that is known to the second.
fn about(time: Duration) -> String {
    match time.as_secs() {
        0 => "less than a second".to_owned(),
        seconds @ 1..60 => format!("about {seconds} s"),
        _ => format!("about {}", show(time)),
    }
}

/// A time as people write it: `0.4 s`, `42 s`, `3 min 05 s`, `1 h 02 min`.
fn show(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_people_write_them() {
        let shown = [0.41, 42.9, 185.0, 3720.0].map(|seconds| show(Duration::from_secs_f64(seconds)));
        assert_eq!(shown, ["0.4 s", "42 s", "3 min 05 s", "1 h 02 min"]);
    }

    #[test]
    fn estimates_claim_no_more_than_is_known() {
        let shown = [0, 1, 42, 185].map(|seconds| about(Duration::from_secs(seconds)));
        assert_eq!(shown, ["less than a second", "about 1 s", "about 42 s", "about 3 min 05 s"]);
    }

    #[test]
    fn a_silent_build_is_told_of_every_minute() {
        let display = Display { terminal: None, builds: Mutex::default() };
        let drv = StorePath::from_base_name(&format!("{}-x.drv", "a".repeat(32))).unwrap();
        display.started(drv.clone(), None);
        let is_due = || display.lock()[&drv].is_due();
        assert!(!is_due());
        display.lock().get_mut(&drv).unwrap().last_news -= SIGN_OF_LIFE;
        // What the builder writes is no news to whoever sees only our lines.
        display.line(&drv, "cc -c main.c".to_owned());
        assert!(is_due());
        display.tick();
        assert!(!is_due());
    }
}
