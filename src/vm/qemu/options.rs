//! What a caller may choose about a run.

use std::{path::PathBuf, time::Duration};

/// One run of a virtual machine.
#[derive(Debug, Clone)]
pub struct VmOptions {
    /// The disk the machine boots from.
    pub disk: Disk,
    /// Further disks, in order: `vtbd1`, `vtbd2`, … in FreeBSD.
    pub extra_disks: Vec<Disk>,
    /// Guest memory in MiB.
    pub memory: u32,
    pub cpus: u32,
    /// Emulate, even where KVM works.
    pub emulate: bool,
    /// Where logs and `result.json` go; made when it is not there.
    pub run_dir: PathBuf,
    /// From the start of QEMU to the ready line, and to the first connection by SSH if that is asked for. It does
    /// not limit the commands in the guest.
    pub time_limit: Duration,
    /// The base name of the system closure that the ready line must name.
    pub expected_system: Option<String>,
    /// Where the guest's SSH server listens.
    pub guest_ssh_port: u16,
    /// What to do over SSH once the system is ready.
    pub ssh: Option<Ssh>,
    /// Leave the machine running when all is done, until the guest ends or an interrupt comes.
    pub stay: bool,
}

impl VmOptions {
    /// The usual machine for a disk: 1 GiB, two processors, ten minutes.
    pub fn new(disk: Disk, run_dir: PathBuf) -> Self {
        Self {
            disk,
            extra_disks: Vec::new(),
            memory: 1024,
            cpus: 2,
            emulate: false,
            run_dir,
            time_limit: Duration::from_secs(600),
            expected_system: None,
            guest_ssh_port: super::SSH_PORT,
            ssh: None,
            stay: false,
        }
    }
}

/// A disk of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// A raw disk.
    pub path: PathBuf,
    pub changes: Changes,
}

/// What becomes of what the guest writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Gone with the machine; the file is never written.
    Discarded,
    /// Gone with the machine, on a disk of this many bytes, at least as many as the file has.
    DiscardedOnLarger(u64),
}

/// Connections to the guest's SSH server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssh {
    pub user: String,
    /// The private key; without one, those of the agent or the user's defaults.
    pub identity: Option<PathBuf>,
    /// Commands for the user's shell in the guest, run in order until one fails. Without any, only the
    /// connection is tried.
    pub commands: Vec<String>,
}
