//! What the processes of this machine have open, run and were told: in it a collector of garbage looks for store paths.
//!
//! [`ProcessTable`] is what the machine is asked, as a trait, so that the collector is tested without one. What cannot be
//! read is an error, because something in use might be overlooked, but for what the kernel keeps from this user: other
//! users' processes, and those of this user that it guards as if they were (`ssh-agent`, for one).

#[cfg(any(target_os = "linux", test))]
mod procfs;
#[cfg(any(target_os = "freebsd", test))]
mod procstat;
#[cfg(test)]
pub mod recorded;

use std::io;
use std::path::PathBuf;

use miette::Diagnostic;
use thiserror::Error;

/// A text that a process is known by: somewhere in it may be paths that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace<'a> {
    pub process: u32,
    /// Which of its texts, such as `exe`, `cwd` or `environ`.
    pub what: &'a str,
    pub text: &'a [u8],
}

/// The processes of a machine.
pub trait ProcessTable {
    /// Tells of everything that every process uses.
    fn read(&self, each: &mut dyn FnMut(Trace<'_>)) -> Result<(), ProcessError>;
}

/// Why it is not known what the processes of this machine use.
#[derive(Debug, Error, Diagnostic)]
pub enum ProcessError {
    #[error("cannot see what process {process} uses: cannot read `{}`: {error}", path.display())]
    #[diagnostic(help(
        "nothing is deleted while anything that runs might be; run it as the user who owns the process"
    ))]
    Process { process: u32, path: PathBuf, error: io::Error },

    #[error("cannot list the processes in `{}`: {error}", path.display())]
    #[diagnostic(help("nothing is deleted while anything that runs might be; see that /proc is mounted"))]
    List { path: PathBuf, error: io::Error },

    #[error("cannot run `procstat`: {0}")]
    #[diagnostic(help(
        "nothing is deleted while anything that runs might be; procstat(1) is part of FreeBSD's base"
    ))]
    NotRun(io::Error),

    #[error("`procstat {arguments}` does not say what the processes use: {reason}")]
    #[diagnostic(help("nothing is deleted while anything that runs might be"))]
    Procstat { arguments: String, reason: String },

    #[error("it is not known here how to see what processes use")]
    #[diagnostic(help("nothing is deleted while anything that runs might be"))]
    Unsupported,
}

/// The processes of this machine.
pub fn of_this_machine() -> Box<dyn ProcessTable> {
    #[cfg(target_os = "linux")]
    return Box::new(procfs::Procfs::new());
    #[cfg(target_os = "freebsd")]
    return Box::new(procstat::Procstat);
    #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
    return Box::new(Unknown);
}

/// A system of which nothing is known.
#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
struct Unknown;

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
impl ProcessTable for Unknown {
    fn read(&self, _: &mut dyn FnMut(Trace<'_>)) -> Result<(), ProcessError> {
        Err(ProcessError::Unsupported)
    }
}
