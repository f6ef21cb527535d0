//! The machine whose system is switched: what it runs, and how its services are told what to do.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use miette::Diagnostic;
use thiserror::Error;

use crate::builders::system::SWITCH;
use crate::store::Layout;
use crate::store_path::StorePath;
use crate::sys::process::kill_child;

/// How long a script may take to start, to stop or to reload.
const SCRIPT_LIMIT: Duration = Duration::from_secs(90);

/// How long the activation may take.
const ACTIVATION_LIMIT: Duration = Duration::from_secs(300);

/// How long the checks may take that tell whether the system is ready: more than they take themselves by default.
const READY_LIMIT: Duration = Duration::from_secs(180);

/// All of the environment that programs get, as at a boot: whatever the operator has set stays out of what is started.
const ENVIRONMENT: [(&str, &str); 2] = [("HOME", "/"), ("PATH", "/sbin:/bin:/usr/sbin:/usr/bin")];

/// How long a program sleeps that waits for another one.
const PAUSE: Duration = Duration::from_millis(20);

/// Why a program of the machine did not do its work.
#[derive(Debug, Error, Diagnostic)]
pub enum MachineError {
    #[error("cannot run `{}`: {source}", program.display())]
    #[diagnostic(help("is this a system made by fruix? `fruix store verify` says whether it is whole"))]
    Run { program: PathBuf, source: io::Error },
    #[error("`{command}` did not end within {} seconds", limit.as_secs())]
    #[diagnostic(help("it was killed"))]
    TimedOut { command: String, limit: Duration },
    #[error("`{command}` ended with {status}")]
    #[diagnostic(help("what it said is in the log"))]
    Failed { command: String, status: ExitStatus },
}

/// A machine that is up with a system made by Fruix.
#[derive(Debug)]
pub struct Machine {
    layout: Layout,
    /// What the programs say goes there.
    log: Option<File>,
}

impl Machine {
    /// The one that this process runs on, if the store with this layout is its own: FreeBSD, its root file system, and a
    /// current system in that store.
    pub fn here(layout: &Layout) -> Option<Self> {
        let is_here = cfg!(target_os = "freebsd") && layout.root() == Path::new("/");
        Some(Self::at(layout)).filter(|machine| is_here && machine.running().is_some())
    }

    /// The one whose root file system is that of the layout.
    pub fn at(layout: &Layout) -> Self {
        Self { layout: layout.clone(), log: None }
    }

    /// Has what programs say written to a file.
    pub fn with_log(self, log: File) -> Self {
        Self { log: Some(log), ..self }
    }

    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The system that the machine runs.
    pub fn running(&self) -> Option<StorePath> {
        let [_, current] = self.layout.system_links();
        let item = self.layout.item_of(&fs::read_link(current).ok()?)?;
        self.layout.physical(&item).is_dir().then_some(item)
    }

    /// Whether the machine runs a system, and all steps of its activation have succeeded.
    pub fn is_activated(&self, system: &StorePath) -> bool {
        let mark = fs::read_to_string(self.file("/run/fruix-activated")).unwrap_or_default();
        self.running().as_ref() == Some(system) && mark.trim_end() == system.to_string()
    }

    /// A file or directory of the machine.
    pub fn file(&self, path: &str) -> PathBuf {
        self.layout.root().join(path.trim_start_matches('/'))
    }

    /// Makes a system the current one: everything but what runs.
    pub fn activate(&self, system: &StorePath) -> Result<(), MachineError> {
        self.run(&self.layout.physical(system).join("activate"), &[SWITCH], ACTIVATION_LIMIT)
    }

    /// Has service(8) do something with a script.
    pub fn service(&self, script: &str, verb: &str) -> Result<(), MachineError> {
        self.run(&self.file("/usr/sbin/service"), &[script, verb], SCRIPT_LIMIT)
    }

    /// Whether a script says that what it starts is running. One that starts nothing that lasts says no.
    pub fn is_up(&self, script: &str) -> bool {
        // What it says of that is of no use to anybody.
        let quiet = Self { layout: self.layout.clone(), log: None };
        quiet.service(script, "onestatus").is_ok()
    }

    /// The names of all scripts in the order in which rc starts them. Empty where that cannot be told.
    pub fn order(&self) -> Vec<String> {
        let text = self.output("/usr/sbin/service", "-r");
        let name = |line: &str| Some(Path::new(line).file_name()?.to_str()?.to_owned());
        text.lines().filter_map(name).collect()
    }

    /// Makes the checks that tell whether the system is ready, and says whether all of them hold.
    pub fn becomes_ready(&self, system: &StorePath) -> bool {
        // The marker alone says so: the script may end well where rc.conf has switched it off.
        let _ = self.run(&self.file("/usr/sbin/service"), &["fruix_ready", "onestart"], READY_LIMIT);
        self.is_ready(system)
    }

    /// Whether a system was found ready, and has not been left since.
    pub fn is_ready(&self, system: &StorePath) -> bool {
        let marker = fs::read_to_string(self.layout.var_dir().join("ready")).unwrap_or_default();
        marker.trim_end() == system.base_name()
    }

    /// Since when it is ready, in seconds since 1970.
    pub fn ready_since(&self) -> Option<u64> {
        let modified = fs::metadata(self.layout.var_dir().join("ready")).and_then(|it| it.modified()).ok()?;
        Some(modified.duration_since(UNIX_EPOCH).ok()?.as_secs())
    }

    /// What the kernel has kept of the console, of this boot and perhaps of earlier ones. Empty where that cannot be told.
    pub fn console(&self) -> String {
        self.output("/sbin/dmesg", "-a")
    }

    /// What a program prints that cannot hang. Empty where it cannot be run.
    fn output(&self, program: &str, argument: &str) -> String {
        let mut command = Command::new(self.file(program));
        let output = command.arg(argument).env_clear().envs(ENVIRONMENT).stdin(Stdio::null()).output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    }

    /// Runs a program, and kills it with all that it has started in its group when it takes too long.
    fn run(&self, program: &Path, arguments: &[&str], limit: Duration) -> Result<(), MachineError> {
        let run = |source| MachineError::Run { program: program.to_owned(), source };
        let output = || match &self.log {
            Some(log) => log.try_clone().map(Stdio::from),
            None => Ok(Stdio::null()),
        };
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(ENVIRONMENT)
            .stdin(Stdio::null())
            .stdout(output().map_err(run)?)
            .stderr(output().map_err(run)?)
            .process_group(0)
            .spawn()
            .map_err(run)?;
        let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy();
        let command = format!("{name} {}", arguments.join(" "));
        let started = Instant::now();
        loop {
            match child.try_wait().map_err(run)? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(MachineError::Failed { command, status }),
                None if started.elapsed() > limit => {
                    kill_child(&mut child).map_err(run)?;
                    child.wait().map_err(run)?;
                    return Err(MachineError::TimedOut { command, limit });
                }
                None => thread::sleep(PAUSE),
            }
        }
    }
}
