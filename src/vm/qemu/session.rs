//! Follows one guest: from the console's signs to an outcome, then SSH and its commands.

use std::{
    collections::btree_map::Entry,
    path::Path,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use crate::{
    sys::interrupt,
    vm::console::{Console, Milestone, Outcome, Service, Sign, Step},
    vm::logs::{self, Fetched},
};

use super::{
    VmError, VmOptions, VmResult, monitor::Shutdown, process::Qemu, result::CommandResult, ssh::Connection,
};

/// Between two looks at the console; also how exact the times are.
const INTERVAL: Duration = Duration::from_millis(50);
/// Between two tries to connect by SSH.
const SSH_INTERVAL: Duration = Duration::from_secs(1);
/// How long a guest in trouble may go on, so that its log holds what follows the first line: a backtrace, a prompt.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// ssh's status when ssh itself failed, or was ended by a signal.
const SSH_FAILED: i32 = 255;

/// What a caller may want to show while a guest runs.
#[derive(Debug)]
pub enum Event<'a> {
    Started {
        run_dir: &'a Path,
        ssh_port: u16,
    },
    /// Bytes of the serial console.
    Console(&'a [u8]),
    /// A milestone, and the time since QEMU started.
    Reached(Milestone, Duration),
    Activation(&'a Step),
    /// What rc says of a script.
    Service(&'a str, &'a Service),
    /// A command begins in the guest; its output follows on this process's.
    Command(&'a str),
}

/// Why a guest is followed no further.
#[derive(Debug)]
struct Stop {
    outcome: Outcome,
    detail: String,
}

impl Stop {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, detail: outcome.describe().to_string() }
    }

    fn because(outcome: Outcome, why: impl std::fmt::Display) -> Self {
        Self { outcome, detail: format!("{}: {why}", outcome.describe()) }
    }
}

/// A guest that runs.
pub struct Session<'a> {
    qemu: Qemu,
    options: &'a VmOptions,
    console: Console,
    result: VmResult,
    on_event: &'a mut dyn FnMut(Event<'_>),
}

impl<'a> Session<'a> {
    pub fn new(
        qemu: Qemu,
        options: &'a VmOptions,
        result: VmResult,
        on_event: &'a mut dyn FnMut(Event<'_>),
    ) -> Self {
        Self { qemu, options, console: Console::default(), result, on_event }
    }

    /// Follows the guest to its outcome and ends QEMU.
    pub fn follow(mut self, connection: Option<&Connection>) -> Result<VmResult, VmError> {
        let stop = self.run_to_end(connection)?;
        if matches!(stop.outcome, Outcome::Panic | Outcome::Debugger | Outcome::SingleUser) {
            self.last_words()?;
        }
        let fetched = self.fetch_logs(stop.outcome, connection);
        (self.result.logs, self.result.logs_missing) = (fetched.files, fetched.missing);
        self.qemu.stop();
        self.result.duration = self.seconds();
        self.result.timeline.finish(self.result.duration, stop.outcome == Outcome::Ready);
        self.result.console_tail = self.console.tail().map(str::to_string).collect();
        self.result.outcome = stop.outcome;
        self.result.detail = stop.detail;
        Ok(self.result)
    }

    /// Fetches the logs of a guest that may still answer.
    fn fetch_logs(&self, outcome: Outcome, connection: Option<&Connection>) -> Fetched {
        let Some(connection) = connection else {
            return Fetched::none("nobody was to log in (--identity)");
        };
        let has_services = self.result.times.contains_key(&Milestone::Services);
        match outcome {
            Outcome::NoSsh => Fetched::none("nobody can log in"),
            _ if interrupt::requested() => Fetched::none("interrupted"),
            Outcome::Ready | Outcome::OtherSystem | Outcome::NotReady => logs::fetch(connection),
            Outcome::TimedOut if has_services => logs::fetch(connection),
            _ => Fetched::none("the guest does not run services"),
        }
    }

    fn run_to_end(&mut self, connection: Option<&Connection>) -> Result<Stop, VmError> {
        if let Some(stop) = self.until_ready()? {
            return Ok(stop);
        }
        if let Some(connection) = connection {
            if let Some(stop) = self.until_ssh(connection)? {
                return Ok(stop);
            }
            if let Some(stop) = self.commands(connection)? {
                return Ok(stop);
            }
        }
        while self.options.stay {
            match self.look()? {
                // Both are how such a run is meant to end.
                Some(Stop { outcome: Outcome::Interrupted | Outcome::PoweredOff, .. }) => break,
                Some(stop) => return Ok(stop),
                None => thread::sleep(INTERVAL),
            }
        }
        Ok(Stop::new(Outcome::Ready))
    }

    /// Waits for the ready line.
    fn until_ready(&mut self) -> Result<Option<Stop>, VmError> {
        loop {
            let stop = self.look()?;
            if self.result.system.is_some() {
                return Ok(self.check_system());
            }
            if stop.is_some() {
                return Ok(stop);
            }
            if self.qemu.started.elapsed() > self.options.time_limit {
                return Ok(Some(Stop::because(Outcome::TimedOut, self.how_far())));
            }
            thread::sleep(INTERVAL);
        }
    }

    fn check_system(&self) -> Option<Stop> {
        let (expected, actual) = (self.options.expected_system.as_ref()?, self.result.system.as_ref()?);
        (expected != actual)
            .then(|| Stop::because(Outcome::OtherSystem, format!("{actual} instead of {expected}")))
    }

    /// Tries to connect until it works.
    fn until_ssh(&mut self, connection: &Connection) -> Result<Option<Stop>, VmError> {
        loop {
            match self.wait_for(connection.trial())? {
                Ok(status) if status.success() => {
                    self.reach(Milestone::Ssh);
                    self.result.timeline.reach(Milestone::Ssh, self.seconds());
                    return Ok(None);
                }
                Ok(_) => {}
                Err(stop) => return Ok(Some(stop)),
            }
            if let Some(refusal) = connection.refusal() {
                return Ok(Some(Stop::because(Outcome::NoSsh, refusal)));
            }
            if self.qemu.started.elapsed() > self.options.time_limit {
                let log = self.result.run_dir.join("ssh.log");
                return Ok(Some(Stop::because(Outcome::NoSsh, format!("see {}", log.display()))));
            }
            thread::sleep(SSH_INTERVAL);
        }
    }

    /// Runs the commands until one fails.
    fn commands(&mut self, connection: &Connection) -> Result<Option<Stop>, VmError> {
        let commands = self.options.ssh.iter().flat_map(|ssh| &ssh.commands);
        for command in commands {
            (self.on_event)(Event::Command(command));
            let started = Instant::now();
            let (status, stop) = match self.wait_for(connection.command(command))? {
                Ok(status) => (status.code().unwrap_or(SSH_FAILED), None),
                Err(stop) => (SSH_FAILED, Some(stop)),
            };
            let seconds = rounded(started.elapsed());
            self.result.commands.push(CommandResult { command: command.clone(), status, seconds });
            if stop.is_some() {
                return Ok(stop);
            }
            if status != 0 {
                break;
            }
        }
        Ok(None)
    }

    /// Runs a program of the host's to its end; gives up when the guest stops before.
    fn wait_for(&mut self, mut command: Command) -> Result<Result<ExitStatus, Stop>, VmError> {
        let program = command.get_program().to_os_string();
        let mut child =
            command.spawn().map_err(|source| VmError::Start { program: program.clone().into(), source })?;
        loop {
            let status = child.try_wait().map_err(|source| VmError::Follow {
                program: program.to_string_lossy().into_owned(),
                source,
            })?;
            if interrupt::requested() {
                // Ctrl-C reaches the program too: its status then says nothing about the guest.
                end(&mut child);
                return Ok(Err(self.interrupted()));
            }
            if let Some(status) = status {
                return Ok(Ok(status));
            }
            if let Some(stop) = self.look()? {
                end(&mut child);
                return Ok(Err(stop));
            }
            thread::sleep(INTERVAL);
        }
    }

    /// Reads the console once and looks whether the guest goes on.
    fn look(&mut self) -> Result<Option<Stop>, VmError> {
        // In this order: what a machine said before it ended must not be missed.
        let end = self.qemu.ended()?;
        if let Some(stop) = self.read_console()? {
            return Ok(Some(stop));
        }
        if interrupt::requested() {
            return Ok(Some(self.interrupted()));
        }
        Ok(end.map(|end| match end.shutdown {
            Some(Shutdown::PowerOff) => Stop::because(Outcome::PoweredOff, self.how_far()),
            Some(Shutdown::Restart) => Stop::because(Outcome::Restarted, self.how_far()),
            Some(Shutdown::Host) | None => Stop::because(Outcome::QemuEnded, end.status),
        }))
    }

    fn read_console(&mut self) -> Result<Option<Stop>, VmError> {
        let bytes = self.qemu.read_console()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        (self.on_event)(Event::Console(&bytes));
        let mut stop = None;
        for sign in self.console.feed(&bytes) {
            self.result.timeline.take(&sign, self.seconds());
            let trouble = self.take(sign);
            stop = stop.or(trouble);
        }
        Ok(stop)
    }

    fn take(&mut self, sign: Sign) -> Option<Stop> {
        if let Some(milestone) = sign.milestone() {
            self.reach(milestone);
        }
        match sign {
            Sign::Reached(_) | Sign::Said(_) => None,
            Sign::Service(name, state) => {
                (self.on_event)(Event::Service(&name, &state));
                None
            }
            Sign::Activation(step) => {
                (self.on_event)(Event::Activation(&step));
                self.result.activation.push(step);
                None
            }
            Sign::Ready { host, system } => {
                self.result.host_name.get_or_insert(host);
                self.result.system.get_or_insert(system);
                None
            }
            Sign::Stopped { outcome, line } => Some(self.explain(outcome, &line)),
        }
    }

    /// The console's line. What led to a prompt says more than the prompt: a failed step of the activation, or the
    /// line before.
    fn explain(&self, outcome: Outcome, line: &str) -> Stop {
        if outcome == Outcome::SingleUser
            && let Some(step) = self.result.activation.iter().rev().find(|step| !step.ok)
        {
            let why = format!("the activation failed at `{}`: {}", step.name, step.message);
            return Stop::because(outcome, why.trim_end_matches([':', ' ']));
        }
        let before = self.console.tail().filter(|it| it.trim() != line).last().unwrap_or(line);
        match outcome {
            Outcome::LoaderPrompt | Outcome::MountRootPrompt | Outcome::SingleUser => {
                Stop::because(outcome, before.trim())
            }
            _ => Stop::because(outcome, line),
        }
    }

    fn reach(&mut self, milestone: Milestone) {
        let time = self.qemu.started.elapsed();
        if let Entry::Vacant(first) = self.result.times.entry(milestone) {
            first.insert(rounded(time));
            (self.on_event)(Event::Reached(milestone, time));
        }
    }

    fn interrupted(&self) -> Stop {
        Stop::because(Outcome::Interrupted, self.how_far())
    }

    fn how_far(&self) -> String {
        let last = self.result.times.keys().next_back();
        let place = match last {
            None => "before the firmware said anything",
            Some(Milestone::Firmware) => "in the firmware",
            Some(Milestone::Loader) => "in the loader",
            Some(Milestone::Kernel) => "in the kernel",
            Some(Milestone::Init) => "after the activation began",
            Some(Milestone::Services) => "while services were started",
            Some(Milestone::Ready | Milestone::Ssh) => "after the system was ready",
        };
        format!("{place}, after {:.0} s", self.qemu.started.elapsed().as_secs_f64())
    }

    fn last_words(&mut self) -> Result<(), VmError> {
        let since = Instant::now();
        while since.elapsed() < LAST_WORDS && self.qemu.ended()?.is_none() {
            self.read_console()?;
            thread::sleep(INTERVAL);
        }
        Ok(())
    }

    fn seconds(&self) -> f64 {
        rounded(self.qemu.started.elapsed())
    }
}

/// Seconds to the millisecond.
fn rounded(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

/// Ends a child that has not been waited for.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
