//! Faults on purpose: every change that this program makes to a file system passes here, where a test may make it fail.
//!
//! In a debug build, which is what tests run, two variables of the environment are heeded:
//!
//! - `FRUIX_FAULT=NUMBER:KIND` lets the change of this number, counted from 1 in each process, go wrong: with `EIO` it
//!   fails; with `ENOSPC` it and all later ones that need space fail, as on a full disk; with `kill` the process ends
//!   there, by a signal that runs no destructor.
//! - `FRUIX_FAULT_LOG=FILE` appends a line for each change: its number, what it is, and where.
//!
//! A release build has neither the variables nor their cost: [`change`] is there only the change itself. Which system
//! calls go around this module is what `tests/store_faults` asks `strace`.

use std::ffi::OsStr;
use std::os::fd::BorrowedFd;
use std::path::Path;

use nix::errno::Errno;

/// What is done to a file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A file comes to be, or is opened by one who would make it.
    Create,
    MakeDirectory,
    Symlink,
    HardLink,
    Write,
    SetLength,
    /// What had a name gets another one.
    Rename,
    Remove,
    SetMode,
    SetOwner,
    SetTimes,
    /// What was written reaches the disk.
    Sync,
}

/// Where something is done.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    Path(&'a Path),
    /// A name in an open directory.
    In(BorrowedFd<'a>, &'a OsStr),
    /// An open file.
    Open(BorrowedFd<'a>),
}

/// Makes a change, unless a fault is due.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn change<T, E: From<Errno>>(
    _: Change,
    _: Place<'_>,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    make()
}

/// Makes a change, unless a fault is due.
#[cfg(debug_assertions)]
pub fn change<T, E: From<Errno>>(
    change: Change,
    place: Place<'_>,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    match plan::plan() {
        None => make(),
        Some(plan) => match plan.due(change, place) {
            None => make(),
            Some(errno) => Err(errno.into()),
        },
    }
}

#[cfg(debug_assertions)]
mod plan {
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;
    use std::os::fd::{AsRawFd as _, BorrowedFd};
    use std::path::PathBuf;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use nix::errno::Errno;
    use nix::sys::signal::{Signal, raise};

    use super::{Change, Place};

    /// What is to go wrong in this process, and who wants to know.
    pub struct Plan {
        fault: Option<(u64, Fault)>,
        log: Option<File>,
        /// How many changes there were.
        count: AtomicU64,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Fault {
        Broken,
        Full,
        Killed,
    }

    /// The plan of this process; `None` where nothing is planned.
    pub fn plan() -> Option<&'static Plan> {
        static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
        PLAN.get_or_init(Plan::from_environment).as_ref()
    }

    impl Plan {
        fn from_environment() -> Option<Self> {
            let fault = std::env::var("FRUIX_FAULT").ok().and_then(|text| parse(&text));
            let log = std::env::var_os("FRUIX_FAULT_LOG")
                .and_then(|file| OpenOptions::new().append(true).create(true).open(file).ok());
            (fault.is_some() || log.is_some()).then(|| Plan { fault, log, count: AtomicU64::new(0) })
        }

        /// Counts a change, and tells with what error it is to fail.
        pub fn due(&self, change: Change, place: Place<'_>) -> Option<Errno> {
            let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
            let fault = self.fault.and_then(|(at, fault)| match fault {
                Fault::Full if number >= at && needs_space(change) => Some(fault),
                Fault::Broken | Fault::Killed if number == at => Some(fault),
                _ => None,
            });
            self.note(number, change, place, fault.is_some());
            match fault? {
                Fault::Broken => Some(Errno::EIO),
                Fault::Full => Some(Errno::ENOSPC),
                Fault::Killed => {
                    // Where the signal cannot be sent, the change is made: the harness finds the process alive.
                    raise(Signal::SIGKILL).err()
                }
            }
        }

        fn note(&self, number: u64, change: Change, place: Place<'_>, fault: bool) {
            if let Some(mut log) = self.log.as_ref() {
                let mark = if fault { " FAULT" } else { "" };
                let line = format!("{number}{mark} {change:?} {}\n", path(place).display());
                // One write: several processes may share the file. That it fails would hide a point, not make one.
                let _ = log.write_all(line.as_bytes());
            }
        }
    }

    fn parse(text: &str) -> Option<(u64, Fault)> {
        let (number, kind) = text.split_once(':')?;
        let fault = match kind {
            "EIO" => Fault::Broken,
            "ENOSPC" => Fault::Full,
            "kill" => Fault::Killed,
            _ => return None,
        };
        Some((number.parse().ok()?, fault))
    }

    /// What a full disk refuses.
    fn needs_space(change: Change) -> bool {
        match change {
            Change::Create
            | Change::MakeDirectory
            | Change::Symlink
            | Change::HardLink
            | Change::Write
            | Change::Rename
            | Change::Sync => true,
            Change::SetLength | Change::Remove | Change::SetMode | Change::SetOwner | Change::SetTimes => {
                false
            }
        }
    }

    fn path(place: Place<'_>) -> PathBuf {
        match place {
            Place::Path(path) => path.to_owned(),
            Place::In(directory, name) => of_descriptor(directory).join(name),
            Place::Open(file) => of_descriptor(file),
        }
    }

    /// What the kernel says an open file is called. Only a test wants to know.
    fn of_descriptor(file: BorrowedFd<'_>) -> PathBuf {
        let link = format!("/proc/self/fd/{}", file.as_raw_fd());
        std::fs::read_link(&link).unwrap_or_else(|_| link.into())
    }
}
