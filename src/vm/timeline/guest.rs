//! The timeline as a guest noted it: for machines whose console nobody can follow.
//!
//! The activation and rc leave files in `/run/fruix-boot`; the time of each is the time of what it tells. [`COMMAND`]
//! prints them with FreeBSD's own programs, and [`read`] makes sense of that.

use std::collections::BTreeMap;

use super::{Kind, Milestone, Span, Timeline};

/// What prints the notes in the guest: lines `TIME NAME`, with `now`, `boot` and `ready` as names too, and lines
/// `NAME:CONTENT`.
pub const COMMAND: &str = "cd /run/fruix-boot && now=$(mktemp) && stat -f '%Fm now' \"$now\"; rm -f \"$now\"; \
    sysctl -n kern.boottime | sed -E 's/^[^0-9]*([0-9]+), usec = ([0-9]+).*/\\1.\\2 boot/'; \
    stat -f '%Fm ready' /frx/var/fruix/ready; stat -f '%Fm %N' *; grep -H '' *";

/// Reads what [`COMMAND`] printed, `now` seconds after the start of the run. `None`: it tells of no boot.
pub fn read(text: &str, now: f64) -> Option<Timeline> {
    let notes = Notes::parse(text);
    // A clock of the guest's own, whose difference to ours is known for one moment.
    let offset = now - notes.times.get("now")?;
    let at = |name: &str| notes.times.get(name).map(|time| time + offset);
    let mut timeline = Timeline::default();
    timeline.reach(Milestone::Kernel, at("boot")?);
    notes.activation(&at, &mut timeline);
    notes.services(&at, &mut timeline);
    timeline.sort();
    if let Some(ready) = at("ready") {
        timeline.reach(Milestone::Ready, ready);
    }
    timeline.finish(now, false);
    Some(timeline)
}

/// Times and contents of files.
struct Notes<'a> {
    times: BTreeMap<&'a str, f64>,
    contents: BTreeMap<&'a str, &'a str>,
}

impl<'a> Notes<'a> {
    fn parse(text: &'a str) -> Self {
        let mut notes = Self { times: BTreeMap::new(), contents: BTreeMap::new() };
        for line in text.lines() {
            if let Some((time, name)) = line.split_once(' ')
                && let Ok(time) = time.parse()
            {
                notes.times.insert(name, time);
            } else if let Some((name, content)) = line.split_once(':') {
                notes.contents.insert(name, content);
            }
        }
        notes
    }

    /// Why a part failed, if it did.
    fn failure(&self, file: &str) -> Option<String> {
        let why = self.contents.get(file)?.strip_prefix("FAILED")?;
        Some(why.trim().to_owned())
    }

    /// The steps, each from the end of the one before it. The first ones have nowhere to note anything.
    fn activation(&self, at: &dyn Fn(&str) -> Option<f64>, timeline: &mut Timeline) {
        let mut steps: Vec<(&str, f64)> =
            self.times.keys().filter_map(|name| Some((name.strip_prefix("activate.")?, at(name)?))).collect();
        steps.sort_by(|one, other| one.1.total_cmp(&other.1));
        for (name, end) in steps {
            timeline.reach(Milestone::Init, end);
            let start = timeline.activation_so_far().unwrap_or(end);
            let mut span = Span::new(Kind::Activation, name, start);
            span.close(end, self.failure(&format!("activate.{name}")));
            timeline.spans.push(span);
        }
    }

    fn services(&self, at: &dyn Fn(&str) -> Option<f64>, timeline: &mut Timeline) {
        let begun = self.times.keys().filter_map(|file| {
            let name = file.strip_prefix("service.")?.strip_suffix(".begin")?;
            Some((name, at(file)?))
        });
        let mut begun: Vec<(&str, f64)> = begun.collect();
        begun.sort_by(|one, other| one.1.total_cmp(&other.1));
        for (name, start) in begun {
            timeline.reach(Milestone::Services, start);
            let mut span = Span::new(Kind::Service, name, start);
            let end = format!("service.{name}.end");
            if let Some(ended) = at(&end) {
                span.close(ended, self.failure(&end));
            }
            timeline.spans.push(span);
        }
    }
}
