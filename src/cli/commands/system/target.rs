//! Reconfiguring another machine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use miette::IntoDiagnostic as _;
use serde::Deserialize;

use super::live;
use crate::cli::output;
use crate::cli::size::{amount, mebibytes};
use crate::daemon::client::remote::{Address, Machine};
use crate::store::{Layout, PathInfo, StoreAccess, Workplace};
use crate::store_path::StorePath;
use crate::system::deploy::copy_closure;
use crate::system::live::Plan;
use crate::system::live::plan::System;
use crate::system::live::supervisor::Phase;

/// How many seconds the target waits to be reached over a new connection.
const CONFIRM_WITHIN: u64 = 60;

/// How much longer it is asked what became of it: it takes time to go back.
const GRACE: Duration = Duration::from_secs(120);

/// How long to wait between two connections.
const PAUSE: Duration = Duration::from_secs(2);

/// Options that name another machine.
#[derive(Debug, clap::Args)]
pub struct Target {
    /// Make it the current generation of another machine: copy what its store lacks over SSH, as a user who may write
    /// that store, and switch there.
    #[arg(long, value_name = "ssh://[USER@]HOST[:PORT]", help_heading = "Target")]
    target: Option<Address>,
    /// The private key to log in with. Default: SSH's own choice.
    #[arg(long, value_name = "FILE", requires = "target", help_heading = "Target")]
    identity: Option<PathBuf>,
    /// What fruix is called on the target.
    #[arg(long, value_name = "PROGRAM", default_value = "fruix", value_parser = plain_word, help_heading = "Target")]
    target_program: String,
}

impl Target {
    /// The machine that is named.
    pub fn machine(&self) -> Option<Machine> {
        let address = self.target.clone()?;
        Some(Machine { address, identity: self.identity.clone(), program: self.target_program.clone() })
    }
}

/// The name of a program of another machine, whose shell reads it.
pub fn plain_word(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("a name or path of letters, digits and `/._-+` is expected".to_owned()),
    }
}

/// What is asked of the target.
pub struct Request<'a> {
    pub allow_downgrades: bool,
    /// It is booted once, and not switched to.
    pub trial: bool,
    pub live: &'a live::Activation,
    pub json: bool,
}

/// What the target says that it has done.
#[derive(Deserialize)]
struct Answer {
    generation: u32,
    new: bool,
    #[serde(default)]
    live: Option<LiveAnswer>,
}

/// The part of it about what runs there.
#[derive(Deserialize)]
struct LiveAnswer {
    /// `None`: the system counts from the next boot.
    #[serde(default)]
    phase: Option<Phase>,
    /// The program that switched, which stays where it is.
    #[serde(default)]
    program: Option<String>,
}

/// Copies the system to the target, has it made the current generation there, and confirms over a new connection that the
/// target can still be reached.
pub fn reconfigure(
    store: &dyn StoreAccess,
    machine: &Machine,
    system: &StorePath,
    request: &Request<'_>,
) -> miette::Result<ExitCode> {
    let remote = machine.connect(Workplace::new(Layout::own()?))?;
    let mut tell = |info: &PathInfo| {
        output::note(format_args!("copying {} ({})", info.path.base_name(), mebibytes(info.nar_size)));
    };
    let copied = copy_closure(store, remote.client(), system, &mut tell)?;
    output::note(format_args!("copied {} to {}", amount(copied.items, copied.bytes), machine.address));
    let limit = request.live.confirm_within.unwrap_or(CONFIRM_WITHIN);
    let (path, seconds) = (system.to_string(), limit.to_string());
    let mut arguments = vec!["system", "reconfigure", path.as_str()];
    arguments.extend(request.allow_downgrades.then_some("--allow-downgrades"));
    if request.trial {
        arguments.push("--try");
        arguments.extend(request.json.then_some("--json"));
        let printed = machine.run(&arguments)?;
        output::stream(|out| std::io::Write::write_all(out, &printed))?;
        return Ok(ExitCode::SUCCESS);
    }
    arguments.push("--json");
    match request.live.no_activate {
        true => arguments.push("--no-activate"),
        false => arguments.extend(["--confirm-within", &seconds]),
    }
    // The connection stays meanwhile: what was copied is not garbage before it is a generation.
    let printed = machine.run(&arguments);
    drop(remote);
    let (answer, printed) = match printed {
        Ok(printed) => {
            let answer: Answer = machine.understand(&printed)?;
            (Some(answer), printed)
        }
        Err(error) if error.is_broken_connection() && !request.live.no_activate && limit > 0 => {
            output::note(format_args!("the connection to {} broke: trying to come back", machine.address));
            (None, Vec::new())
        }
        Err(error) => return Err(error.into()),
    };
    let live = answer.as_ref().and_then(|answer| answer.live.as_ref());
    let program = live.and_then(|live| live.program.clone()).filter(|program| plain_word(program).is_ok());
    let is_unsure = answer.is_none() || live.is_some_and(|live| live.phase == Some(Phase::Waiting));
    if is_unsure {
        let machine =
            Machine { program: program.unwrap_or_else(|| machine.program.clone()), ..machine.clone() };
        confirm(&machine, system, Duration::from_secs(limit))?;
    }
    if request.json {
        output::stream(|out| std::io::Write::write_all(out, &printed))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(system)?;
    if let Some(Answer { generation, new, live }) = answer {
        output::note(match live {
            Some(live) if live.phase.is_none() => {
                format!(
                    "generation {generation} is the current one of {} now, from the next boot",
                    machine.address
                )
            }
            Some(_) => {
                format!("generation {generation} is the current one of {} now, and runs", machine.address)
            }
            None if new => format!("generation {generation} is the current one now"),
            None => format!("nothing changed: generation {generation} is this system"),
        });
    }
    Ok(ExitCode::SUCCESS)
}

/// Connects anew, again and again, until the target knows that it can be reached; or says what became of it.
fn confirm(machine: &Machine, system: &StorePath, limit: Duration) -> miette::Result<()> {
    let path = system.to_string();
    let address = &machine.address;
    let mut heard = Instant::now();
    let mut state = None;
    while heard.elapsed() < limit + GRACE {
        match machine.run_anew(&["system", "confirm", &path, "--json"]) {
            Ok(printed) => {
                heard = Instant::now();
                let state_now: Confirmed = serde_json::from_slice(&printed).into_diagnostic()?;
                match state_now.phase {
                    Some(Phase::Done) => {
                        output::note(format_args!("{address} was reached over a new connection"));
                        return Ok(());
                    }
                    Some(Phase::Reverted | Phase::Broken) | None => {
                        state = Some(state_now);
                        break;
                    }
                    Some(Phase::Switching | Phase::Waiting) => {}
                }
            }
            Err(error) if error.is_broken_connection() => {}
            Err(error) => return Err(error.into()),
        }
        thread::sleep(PAUSE);
    }
    Err(match state {
        Some(Confirmed { phase: Some(Phase::Reverted), why, from: Some(from) }) => miette::miette!(
            help = format!(
                "it runs {from} again, which it boots as well; /frx/var/fruix/switch.log there says more"
            ),
            "{address} went back to the system before: {}",
            why.unwrap_or_default()
        ),
        Some(Confirmed { phase: Some(_), why, .. }) => miette::miette!(
            help = "see /frx/var/fruix/switch.log there; a reboot starts the generation before",
            "{address} could not go back wholly to the system before: {}",
            why.unwrap_or_default()
        ),
        Some(Confirmed { phase: None, .. }) => miette::miette!(
            help = "it was not begun, or the machine has been booted since: `fruix system describe` there says what is",
            "{address} knows nothing of the switch"
        ),
        None => miette::miette!(
            help = "when it was not reached in time, it went back to the system before by itself; else a reboot does",
            "{address} cannot be reached any more"
        ),
    })
}

/// What the target says of the switch.
#[derive(Deserialize)]
struct Confirmed {
    phase: Option<Phase>,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    from: Option<StorePath>,
}

/// What would be done to the target, as far as its system is known here.
pub fn plan(store: &dyn StoreAccess, machine: &Machine, system: &StorePath) -> miette::Result<Option<Plan>> {
    let printed = match machine.run_program("readlink", &["/run/current-system"]) {
        Err(error) if error.is_broken_connection() => return Err(error.into()),
        printed => printed.unwrap_or_default(),
    };
    let running = StorePath::from_absolute(String::from_utf8_lossy(&printed).trim());
    let Some(running) = running.ok().filter(|running| running != system) else { return Ok(None) };
    if !store.is_whole(&running)? {
        output::note(format_args!("{} runs {running}, of which nothing is known here", machine.address));
        return Ok(None);
    }
    let layout = store.layout();
    Ok(Some(Plan::of(&System::read(layout, &running)?, &System::read(layout, system)?)))
}
