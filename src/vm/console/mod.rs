//! Reads a serial console as it grows: how far the start got, and where it stopped.
//!
//! The console speaks for three programs one after the other, firmware, loader and kernel, and the kernel's
//! processes behind it. A [`Console`] takes bytes, cuts them into lines without the escape sequences of a
//! terminal, and turns those it knows into [`Sign`]s. A prompt is a line without end, so the unfinished last line
//! is looked at too, once.
//!
//! A loader that is told to use the serial port and the firmware's console at once says everything twice where both are
//! one, character by character: such lines are read as what they mean.

mod lines;
mod signs;

use std::ops::{Index, RangeFrom};

use memchr::memmem;
use serde::{Deserialize, Serialize};

use lines::Lines;
pub use signs::{Service, Sign, Step};

/// What a kernel says first.
const KERNEL_BEGINS: &str = "---<<BOOT>>---";

/// How far a start got. Ordered: a later milestone implies the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Milestone {
    /// The firmware tries a boot entry.
    Firmware,
    /// The loader says its name.
    Loader,
    /// The kernel says its name.
    Kernel,
    /// The activation, which init runs first, begins or reports a step.
    Init,
    /// The activation is done, and rc starts services.
    Services,
    /// The ready line.
    Ready,
    /// A connection by SSH succeeded. No sign of the console's.
    Ssh,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The ready line came, and SSH answered if it was asked for.
    Ready,
    /// The ready line names another system than the expected one.
    OtherSystem,
    /// The firmware found nothing to start, or came to its shell.
    NoBootDevice,
    /// The firmware caught an exception: a loader went astray.
    FirmwareException,
    /// The loader asks what to do.
    LoaderPrompt,
    Panic,
    /// The kernel's debugger asks what to do.
    Debugger,
    /// The kernel found no root file system and asks for one.
    MountRootPrompt,
    /// The start or the activation failed, and init offers a shell.
    SingleUser,
    /// All ran, and a declared service did not come up.
    NotReady,
    /// The guest switched itself off before all was done.
    PoweredOff,
    /// The guest restarted before all was done.
    Restarted,
    /// QEMU ended, and not because the guest wished so.
    QemuEnded,
    TimedOut,
    /// The system was ready and let nobody in by SSH.
    NoSsh,
    /// The user or another program asked Fruix to stop.
    Interrupted,
}

impl Outcome {
    /// The outcome in a few words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Ready => "the system is ready",
            Self::OtherSystem => "another system than the expected one started",
            Self::NoBootDevice => "the firmware found nothing to boot",
            Self::FirmwareException => "the loader crashed in the firmware",
            Self::LoaderPrompt => "the loader stopped at its prompt",
            Self::Panic => "the kernel panicked",
            Self::Debugger => "the kernel stopped in its debugger",
            Self::MountRootPrompt => "the kernel found no root file system and asks for one",
            Self::SingleUser => "the start failed and stopped in single-user mode",
            Self::NotReady => "the guest says that it is not ready",
            Self::PoweredOff => "the guest switched itself off",
            Self::Restarted => "the guest restarted",
            Self::QemuEnded => "QEMU ended early",
            Self::TimedOut => "the time limit passed",
            Self::NoSsh => "the system is ready, but SSH lets nobody in",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The reader of one console.
#[derive(Debug, Default)]
pub struct Console {
    lines: Lines,
    reached: Option<Milestone>,
    /// Whether the unfinished line was recognised already.
    partial_seen: bool,
    /// The last whole line.
    last: String,
}

impl Console {
    /// Takes what the console said since the last call and gives the signs in it, in order.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Sign> {
        let mut found = Vec::new();
        for line in self.lines.feed(bytes) {
            let sign = signs::of_line(&line, self.reached).or_else(|| self.panic_before(&line));
            // What the unfinished line meant was said when it was seen, unless only its end tells.
            let is_new = |sign: &Sign| !(self.partial_seen && sign.is_trouble());
            let sign = sign.filter(is_new).unwrap_or_else(|| Sign::Said(line.clone()));
            self.note(&sign);
            found.push(sign);
            self.partial_seen = false;
            self.last = line;
        }
        if !self.partial_seen
            && let Some(sign) = signs::of_prompt(self.lines.unfinished(), self.reached)
        {
            self.partial_seen = true;
            found.push(sign);
        }
        found
    }

    /// A program may be in the middle of a line when the kernel panics. What the kernel says next tells that from a
    /// program which only speaks of a panic.
    fn panic_before(&self, line: &str) -> Option<Sign> {
        let (before, why) = self.last.rsplit_once("panic: ")?;
        let is_panic = !before.is_empty() && line.starts_with("cpuid = ");
        is_panic.then(|| Sign::Stopped { outcome: Outcome::Panic, line: format!("panic: {why}") })
    }

    fn note(&mut self, sign: &Sign) {
        self.reached = self.reached.max(sign.milestone());
        if self.reached >= Some(Milestone::Kernel) {
            self.lines.all_say_things_once();
        }
    }

    /// The last lines the console said, oldest first.
    pub fn tail(&self) -> impl Iterator<Item = &str> {
        self.lines.tail()
    }
}

/// Of a log, which is text or bytes and may hold more than one start, what a kernel began last; all of it, where none did.
pub fn last_start<L>(log: &L) -> &L
where
    L: AsRef<[u8]> + Index<RangeFrom<usize>, Output = L> + ?Sized,
{
    // A text can be cut there too: no character lies across the beginning of another.
    let start = memmem::rfind(log.as_ref(), KERNEL_BEGINS.as_bytes()).unwrap_or(0);
    &log[start..]
}

#[cfg(test)]
mod tests;
