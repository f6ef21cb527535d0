//! What can fail on the host's side of a virtual machine.

use std::{io, path::PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::vm::console::Outcome;

/// Why a virtual machine could not be run, or did not do what was asked ([`VmError::Guest`]).
#[derive(Debug, Error, Diagnostic)]
pub enum VmError {
    #[error("no program `{program}` in the directories of PATH")]
    ProgramMissing {
        program: String,
        #[help]
        install: Option<String>,
    },
    #[error("no UEFI firmware for QEMU on this machine; looked for {looked_for}")]
    FirmwareMissing {
        looked_for: String,
        #[help]
        install: Option<String>,
    },
    #[error("cannot read the disk `{}`: {source}", path.display())]
    #[diagnostic(help("check the spelling of the path, and that you may read it"))]
    Disk { path: PathBuf, source: io::Error },
    #[error("the disk `{}` has {actual} bytes, more than the {wanted} asked for", path.display())]
    #[diagnostic(help("a disk can grow for a run, not shrink: ask for a larger size"))]
    DiskTooLarge { path: PathBuf, actual: u64, wanted: u64 },
    #[error("cannot make a disk over `{}`: qemu-img said: {message}", path.display())]
    Overlay { path: PathBuf, message: String },
    #[error("cannot use the run directory `{}`: {source}", path.display())]
    #[diagnostic(help("name another one with --run-dir"))]
    RunDirectory { path: PathBuf, source: io::Error },
    #[error("cannot read the serial log `{}`: {source}", path.display())]
    SerialLog { path: PathBuf, source: io::Error },
    #[error("cannot start `{}`: {source}", program.display())]
    Start { program: PathBuf, source: io::Error },
    #[error("cannot follow the process of `{program}`: {source}")]
    Follow { program: String, source: io::Error },
    #[error("no free port on 127.0.0.1 to forward to the guest: {source}")]
    Port { source: io::Error },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Signals(#[from] crate::sys::SysError),
    #[error("cannot read the private key `{}`: {source}", path.display())]
    #[diagnostic(help("name the private key whose public key the declaration lists under authorized-keys"))]
    Identity { path: PathBuf, source: io::Error },
    #[error("{what}{detail}")]
    Guest {
        outcome: Outcome,
        /// What failed: to get ready, or to stay so; the detail may say it all.
        what: &'static str,
        detail: String,
        #[help]
        logs: String,
    },
}
