//! The status of a machine for people.

use std::time::{Duration, UNIX_EPOCH};

use super::describe::drift_row;
use super::generations::local_time;
use crate::cli::table;
use crate::system::status::{Base, Excerpt, Generations, Ready, Script, State, Status};
use crate::util::printable::printable_with_tabs;

/// The states in the order in which they are counted, with what they are called.
const STATES: [(State, &str); 8] = [
    (State::Failed, "failed"),
    (State::Down, "down"),
    (State::Unwanted, "not wanted"),
    (State::Up, "up"),
    (State::Done, "done"),
    (State::Starting, "starting"),
    (State::Off, "off"),
    (State::Unknown, "not known"),
];

/// Facts, and below them what is not well.
pub fn lines(status: &Status) -> Vec<String> {
    let all = if status.is_well() { "all is well" } else { "not all is well" };
    let mut lines = vec![format!("{}: {all}", status.host_name)];
    lines.extend(table::columns(&facts(status)));
    let mut section = |title: &str, below: Vec<String>| {
        if !below.is_empty() {
            lines.push(title.to_owned());
            lines.extend(below);
        }
    };
    let steps = status.failed_steps.iter().map(|step| [format!("  {}", step.name), step.why.clone()]);
    section("steps of the activation that failed", table::columns(&steps.collect::<Vec<_>>()));
    let troubled = status.services.iter().filter(|script| script.state.is_trouble());
    section("services that are not as declared", troubled.flat_map(script_lines).collect());
    section("changed by hand", table::columns(&status.drift.iter().map(drift_row).collect::<Vec<_>>()));
    section("not looked at", status.unseen.iter().map(|what| format!("  {what}")).collect());
    lines
}

fn facts(status: &Status) -> Vec<[String; 2]> {
    let mut facts = vec![("runs", running(&status.generations, &status.label))];
    if let Some(next) = next_boot(&status.generations) {
        facts.push(("next boot", next));
    }
    facts.push(("system", status.system.to_string()));
    facts.push(("base", base(&status.base)));
    if !status.activated {
        facts.push(("activation", "did not succeed".to_owned()));
    }
    facts.push(("ready", ready(&status.ready)));
    facts.push(("services", counted(&status.services)));
    facts.into_iter().map(|(name, value)| [format!("  {name}"), value]).collect()
}

fn running(generations: &Generations, label: &str) -> String {
    let trial = if generations.trial { ", on trial" } else { "" };
    match generations.running {
        Some(number) => format!("generation {number}{trial}: {label}"),
        None => format!("a system that is no generation any more: {label}"),
    }
}

/// What boots next, if that is something else.
fn next_boot(generations: &Generations) -> Option<String> {
    let once = if generations.next_is_trial { ", once, to try it" } else { "" };
    match generations.next_boot {
        Some(next) if generations.running == Some(next) => None,
        Some(next) => Some(format!("generation {next}{once}")),
        None => Some("no generation is the current one".to_owned()),
    }
}

fn base(base: &Base) -> String {
    let release = base.release.as_deref().unwrap_or("a release that its world does not tell");
    let parts: Vec<String> = base.parts.iter().map(|part| format!("{} {}", part.name, part.class)).collect();
    if parts.is_empty() { release.to_owned() } else { format!("{release}; {}", parts.join(", ")) }
}

fn ready(ready: &Ready) -> String {
    if ready.is_ready {
        let since = ready.since.and_then(|since| UNIX_EPOCH.checked_add(Duration::from_secs(since)));
        return since.map_or_else(|| "yes".to_owned(), |since| format!("since {}", local_time(since)));
    }
    match &ready.why {
        Some(why) => format!("no: {why}"),
        None => "not yet".to_owned(),
    }
}

fn counted(scripts: &[Script]) -> String {
    let with = |state: State| {
        let scripts = scripts.iter().filter(|script| script.state == state);
        scripts.map(|script| script.name.as_str()).collect::<Vec<_>>()
    };
    let counts = STATES.iter().map(|&(state, name)| (with(state), name)).filter(|(with, _)| !with.is_empty());
    let counts: Vec<String> =
        counts.map(|(with, name)| format!("{} {name} ({})", with.len(), with.join(" "))).collect();
    if counts.is_empty() { "none are declared".to_owned() } else { counts.join(", ") }
}

/// What is wrong with a script, and the last that it said.
fn script_lines(script: &Script) -> Vec<String> {
    let why = script.why.as_deref().unwrap_or_default();
    let mut lines = vec![format!("  {}: {why}", script.name)];
    for Excerpt { from, lines: said } in &script.log {
        lines.push(format!("    {from}:"));
        lines.extend(said.iter().map(|line| format!("      {}", printable_with_tabs(line))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store_path::StorePath;
    use crate::system::drift::{Finding, Kind};
    use crate::system::status::{FailedStep, Part, VERSION};

    fn script(name: &str, state: State) -> Script {
        Script { name: name.into(), services: vec![name.into()], state, why: None, log: Vec::new() }
    }

    fn well() -> Status {
        let part = |name: &str, class: &str| Part {
            name: name.into(),
            class: class.into(),
            version: "13.2-RELEASE".into(),
        };
        Status {
            version: VERSION,
            host_name: "tower".into(),
            label: "tower, FreeBSD 13.2-RELEASE".into(),
            system: StorePath::from_base_name(&format!("{}-system-tower", "1".repeat(32))).unwrap(),
            generations: Generations {
                running: Some(2),
                trial: false,
                current: Some(2),
                next_boot: Some(2),
                next_is_trial: false,
            },
            base: Base {
                release: Some("13.2-RELEASE-p1".into()),
                parts: vec![part("world", "native"), part("kernel", "fetched")],
            },
            activated: true,
            failed_steps: Vec::new(),
            ready: Ready { is_ready: true, since: None, why: None },
            services: vec![script("cron", State::Up), script("sshd", State::Up), script("motd", State::Done)],
            drift: Vec::new(),
            unseen: Vec::new(),
        }
    }

    #[test]
    fn a_machine_on_which_all_is_well_takes_few_lines() {
        insta::assert_snapshot!(lines(&well()).join("\n"));
    }

    #[test]
    fn what_is_not_well_is_told_with_its_last_words() {
        let mut status = well();
        let generations = &mut status.generations;
        (generations.trial, generations.current, generations.next_boot) = (true, Some(1), Some(1));
        status.ready = Ready { is_ready: false, since: None, why: Some("not up: odd".into()) };
        status.activated = false;
        status.failed_steps = vec![FailedStep { name: "homes".into(), why: "no space".into() }];
        status.services.push(Script {
            why: Some("failed at the boot: status 1".into()),
            log: vec![
                Excerpt { from: "console".into(), lines: vec!["odd: no such \u{1b}[31mport".into()] },
                Excerpt { from: "/var/log/odd.log".into(), lines: vec!["one".into(), "two".into()] },
            ],
            ..script("odd", State::Failed)
        });
        status.drift = vec![Finding { kind: Kind::File, what: "/etc/motd".into(), how: "is missing".into() }];
        status.unseen = vec!["accounts made by hand: only root may look".into()];
        insta::assert_snapshot!(lines(&status).join("\n"));
    }
}
