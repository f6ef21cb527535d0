//! The sandbox of one build.
//!
//! A build is a pure function of its declared inputs only if it sees nothing else. Three parties make it so:
//!
//! * [`skeleton`] lays out the directories of the sandbox on disk, as the user who builds, with no privilege.
//! * [`Sandbox`] describes the sandbox: what is shown where, and what to run. It is plain data, and goes to
//! * [`launch`], which runs in a process of its own (`fruix __builder`, single-threaded as `fork` and
//!   namespaces demand), enters the namespaces and runs the builder.
//!
//! Inside, every machine looks the same: user 1000, group 100, host `localhost`, umask 022, default signal
//! dispositions, an environment that starts empty.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::sys::{Access, Ids, Network};

pub mod launch;
pub mod skeleton;

/// The user and the group that every builder sees itself as, where users have other numbers inside of a sandbox.
pub const INSIDE: Ids = Ids { uid: 1000, gid: 100 };
/// Where a builder starts, in an empty directory of its own.
pub const BUILD_DIR: &str = "/build";
/// Where the sandbox shows the one file of the machine that a fetch may name.
pub const LOCAL_FILE: &str = "/local-file";
/// The program search path, unless the derivation sets its own.
const PATH: &str = "/usr/bin:/usr/sbin:/bin:/sbin";

/// Everything the launcher has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// The directory that becomes the root directory.
    pub root: PathBuf,
    /// What is shown in it, in this order: later ones may lie within earlier ones.
    pub binds: Vec<Bind>,
    pub network: Network,
    /// Whether the builder is isolated at all. If not, only `task` counts.
    pub isolated: bool,
    /// The process that waits for the launcher. The launcher ends with it.
    pub parent: i32,
    /// Who the launcher becomes on this machine, which takes root; without, it stays who it is.
    pub user: Option<Ids>,
    pub task: Task,
}

/// A tree or file of the machine that the sandbox shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bind {
    pub from: PathBuf,
    /// Relative to the root of the sandbox.
    pub to: PathBuf,
    pub access: Access,
}

/// What runs in the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// `builtin:NAME`, or the absolute path of a program.
    pub builder: String,
    pub args: Vec<String>,
    /// The derivation's environment, verbatim.
    pub env: BTreeMap<String, String>,
    /// What a build whose result is pinned by a digest is told of the machine, as further variables.
    pub machine: BTreeMap<String, String>,
    /// By output name: where the builder puts it.
    pub outputs: BTreeMap<String, PathBuf>,
    /// An empty directory to start in.
    pub build_dir: PathBuf,
    /// How many jobs the builder may run at a time.
    pub cores: usize,
}

impl Task {
    /// The environment of the launcher, and of a builtin builder, which gets its derivation's variables by other
    /// means: a process's environment cannot hold large texts.
    ///
    /// Nothing in it is the derivation's: the launcher runs outside of the sandbox, where `LD_PRELOAD` would name
    /// a file of the machine.
    pub fn own_environment(&self) -> BTreeMap<String, String> {
        let build_dir = self.build_dir.display().to_string();
        let mut env = self.machine.clone();
        env.extend(
            [
                ("HOME", "/homeless-shelter"),
                ("PATH", PATH),
                ("TMPDIR", if self.build_dir.as_os_str() == BUILD_DIR { "/tmp" } else { &build_dir }),
                ("FRUIX_CORES", &self.cores.to_string()),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        env
    }

    /// The environment of a builder that is a program. The derivation's variables win over the sandbox's.
    pub fn program_environment(&self) -> BTreeMap<String, String> {
        let mut env = self.own_environment();
        env.extend(self.env.clone());
        env
    }
}

/// What the launcher reports on its standard output, as one line of JSON, when it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The sandbox could not be made; the builder did not run.
    NotStarted { reason: String, help: Option<String> },
    /// The builder ended with this status, as a shell would give it.
    Ended { status: i32 },
}
