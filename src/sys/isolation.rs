//! What a sandbox asks of the kernel.

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use nix::errno::Errno;
use thiserror::Error;

/// Whether a mounted tree may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Access {
    ReadOnly,
    Writable,
}

/// Whether the sandbox sees the machine's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Network {
    /// No interface is up, not even loopback.
    None,
    /// The machine's own, for fixed-output derivations.
    Host,
}

/// A user and a group, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ids {
    pub uid: u32,
    pub gid: u32,
}

/// A file system that the kernel makes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PseudoFileSystem {
    /// Processes of the sandbox; what concerns the whole machine cannot be written, and partly not be read.
    Processes,
    /// Files in memory.
    Memory,
    /// Devices, of which a build sees the harmless ones.
    Devices,
}

/// Why the kernel did not isolate a process.
#[derive(Debug, Error, Diagnostic)]
pub enum SysError {
    #[error("this machine lets `{user}` make no user namespace: {errno}")]
    #[diagnostic(help("{hint}; or build without isolation: --no-sandbox"))]
    NoNamespaces { user: String, errno: Errno, hint: &'static str },

    #[error("this machine lets the sandbox have no /proc of its own")]
    #[diagnostic(help(
        "in a container, leave its /proc uncovered (as with --security-opt systempaths=unconfined); or build \
         without isolation: --no-sandbox"
    ))]
    CoveredProc,

    #[error("only root can make jails, and this is `{user}`")]
    #[diagnostic(help("build as root; or build without isolation: --no-sandbox"))]
    NoJails { user: String },

    #[error("this kernel has no nullfs, by which a jail sees the inputs of a build")]
    #[diagnostic(help(
        "load it: kldload nullfs (or put `options NULLFS` into the kernel configuration); or build without \
         isolation: --no-sandbox"
    ))]
    NoNullfs,

    #[error("cannot make a jail at `{}`: {errno}{}{message}", root.display(), if message.is_empty() { "" } else { ": " })]
    Jail { root: PathBuf, errno: Errno, message: String },

    #[error("builds are not isolated on this operating system")]
    #[diagnostic(help(
        "build on a FreeBSD or Linux machine and bring the result here, or build without isolation: --no-sandbox"
    ))]
    Unsupported,

    #[error("cannot {what} `{}`: {errno}", path.display())]
    Path { what: &'static str, path: PathBuf, errno: Errno },

    #[error("cannot {what}: {errno}")]
    Call { what: &'static str, errno: Errno },

    #[error("cannot {what}: {error}")]
    Io { what: &'static str, error: std::io::Error },
}

impl SysError {
    /// For `map_err` on a call about a path.
    pub fn at(what: &'static str, path: &Path) -> impl FnOnce(Errno) -> Self {
        move |errno| Self::Path { what, path: path.to_owned(), errno }
    }

    /// For `map_err` on any other call.
    pub fn call(what: &'static str) -> impl FnOnce(Errno) -> Self {
        move |errno| Self::Call { what, errno }
    }
}

/// The steps by which a process leaves the machine for a sandbox, in the order they are taken.
///
/// The process is single-threaded from beginning to end: the kernel demands it, and so does `fork`.
pub trait Isolation {
    /// Begins to leave, as `user` of the machine, which takes root, or as who this process is.
    ///
    /// Linux: enters new user, mount, IPC, host-name, process-group and, unless the network is the host's, network
    /// namespaces, where the process is `inside`. Children get a new process namespace. FreeBSD: notes what the jail
    /// is to be; inside and outside, a user has the same number.
    fn leave_host(&mut self, network: Network, user: Option<Ids>, inside: Ids) -> Result<(), SysError>;

    /// Sets the host name of the sandbox, which is in no NIS domain.
    fn set_host_name(&mut self, name: &str) -> Result<(), SysError>;

    /// Makes `root`, a directory with the skeleton of the sandbox, something that can become the root directory. Where
    /// the system can, what is mounted from now on is seen in the sandbox alone.
    fn begin_root(&mut self, root: &Path) -> Result<(), SysError>;

    /// Shows the tree or file `from` at `to` as well.
    fn bind(&mut self, from: &Path, to: &Path, access: Access) -> Result<(), SysError>;

    /// Mounts a file system of the kernel at `to`.
    fn mount(&mut self, what: PseudoFileSystem, to: &Path) -> Result<(), SysError>;

    /// Makes what [`Self::begin_root`] began read-only; what is mounted below it stays as it is.
    fn seal(&mut self, root: &Path) -> Result<(), SysError>;

    /// Makes `root` the root directory, and the old root unreachable.
    fn enter_root(&mut self, root: &Path) -> Result<(), SysError>;

    /// Gives up every capability and the system calls that no build needs, and for all descendants the way to any.
    fn give_up_privileges(&mut self) -> Result<(), SysError>;
}
