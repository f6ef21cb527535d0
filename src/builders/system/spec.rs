//! What the declaration says of a system, as plain data: the `spec` variable of the derivation.
//!
//! Scheme evaluates the declaration and its services down to this; everything that needs to *look into* a store
//! item (which files of the world are setuid, which accounts it comes with) happens here, in the builder, so
//! that evaluation never waits for a build.
//!
//! Strings may contain store paths; whoever writes the specification also names those as inputs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The one version of the format this builder reads.
pub const VERSION: u32 = 2;

/// A whole system.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Spec {
    /// Version of this format: [`VERSION`].
    pub version: u32,
    pub host_name: String,
    /// What a boot menu or a list of generations calls the system.
    pub label: String,
    /// A name of the zoneinfo database, or `UTC`.
    pub timezone: String,
    /// Store path of the world's `out`.
    pub world: String,
    /// Store path of the kernel's `out`.
    pub kernel: String,
    /// Store path of the boot assets.
    pub boot: String,
    /// `loader.conf` settings of the declaration, in its order.
    #[serde(default)]
    pub loader: Vec<(String, String)>,
    /// `rc.conf` settings of the declaration and its services, in order.
    #[serde(default)]
    pub rc_conf: Vec<(String, String)>,
    /// What is mounted, the root file system among it.
    pub file_systems: Vec<FileSystem>,
    #[serde(default)]
    pub users: Vec<User>,
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Files below `/etc`, besides those of the world, which they replace where both have one.
    #[serde(default)]
    pub etc: Vec<EtcFile>,
    /// Directories below `/etc` that stay real ones on the running system, because something writes there.
    #[serde(default)]
    pub etc_directories: Vec<String>,
    /// Files elsewhere, which the running system links to.
    #[serde(default)]
    pub special_files: Vec<SpecialFile>,
    /// Directories that services need outside the store.
    #[serde(default)]
    pub directories: Vec<Directory>,
    /// Shell snippets that activation runs last, in order.
    #[serde(default)]
    pub activation: Vec<Snippet>,
    /// What must hold before the system calls itself ready, in order.
    #[serde(default)]
    pub ready_checks: Vec<ReadyCheck>,
    /// The declared services, by what each brings.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Where everything came from, as far as the declaration says it: `base`, and `impure` if it may depend on
    /// more than it says. See [`super::provenance`].
    pub provenance: Value,
}

/// A line of `/etc/fstab`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileSystem {
    pub device: String,
    pub mount_point: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Mount options; none means `rw`.
    #[serde(default)]
    pub options: Vec<String>,
    /// The fsck pass; 0 for never. The root file system has 0, for activation checks it before it is writable.
    #[serde(default)]
    pub pass: u8,
}

/// A declared account.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    pub name: String,
    /// `None`: the next free one of the machine, kept from then on.
    pub uid: Option<u32>,
    /// Name of the primary group.
    pub group: String,
    /// Names of further groups.
    #[serde(default)]
    pub supplementary_groups: Vec<String>,
    #[serde(default)]
    pub comment: String,
    pub home: String,
    pub shell: String,
    #[serde(default)]
    pub create_home: bool,
    /// Lines of an OpenSSH `authorized_keys` file, or store paths of files with such lines.
    #[serde(default)]
    pub authorized_keys: Vec<String>,
}

/// A declared group.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    pub name: String,
    /// `None`: the next free one of the machine, kept from then on.
    pub gid: Option<u32>,
    #[serde(default)]
    pub members: Vec<String>,
}

/// A file below `/etc`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EtcFile {
    /// Relative to `/etc`.
    pub path: String,
    #[serde(flatten)]
    pub content: Content,
    /// Whether it may be executed, as an rc.d script must.
    #[serde(default)]
    pub executable: bool,
}

/// A file outside of `/etc`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpecialFile {
    /// Absolute.
    pub path: String,
    #[serde(flatten)]
    pub content: Content,
    /// Whether a text may be executed.
    #[serde(default)]
    pub executable: bool,
}

/// Where the content of a file comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Content {
    /// The content itself.
    Text(String),
    /// An absolute path, commonly of a store item: the file becomes a symlink to it.
    Source(String),
}

/// A directory outside the store; made when it is absent, then left alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Directory {
    /// Absolute.
    pub path: String,
    /// Name of a base or declared account with a fixed uid.
    pub owner: String,
    /// Name of a base or declared group with a fixed gid.
    pub group: String,
    /// In octal, as in `0755`.
    pub mode: String,
}

/// A step of activation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snippet {
    /// What the console calls the step: letters, digits and `-`.
    pub name: String,
    /// Body of a shell function; a status other than 0 fails the activation.
    pub script: String,
}

/// One thing that must hold before the system is ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyCheck {
    /// What the console calls it when it does not hold: one word.
    pub name: String,
    /// rc.d scripts that run first, by what they `PROVIDE`.
    #[serde(default)]
    pub requires: Vec<String>,
    /// A command line of `/bin/sh`; status 0 means that it holds.
    pub command: String,
}

/// A declared service: the names of those parts of the specification that come from it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    pub name: String,
    /// What it says of scripts in rc.d.
    #[serde(default)]
    pub rc_scripts: Vec<RcScript>,
    /// Names of settings of `rc.conf`.
    #[serde(default)]
    pub rc_conf: Vec<String>,
    /// Paths of files below `/etc`, relative to it.
    #[serde(default)]
    pub etc: Vec<String>,
    /// Absolute paths of files elsewhere.
    #[serde(default)]
    pub special_files: Vec<String>,
    /// Names of steps of activation.
    #[serde(default)]
    pub activation: Vec<String>,
}

/// A script in rc.d that a service runs by.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RcScript {
    pub name: String,
    #[serde(default)]
    pub when_changed: WhenChanged,
}

/// What is done with a script of rc.d whose service changes while the system runs; the most careful comes last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WhenChanged {
    /// It is stopped, and started again.
    #[default]
    Restart,
    /// It reads its configuration again.
    Reload,
    /// Nothing before the next boot.
    Keep,
}

impl Spec {
    /// The root file system.
    pub fn root(&self) -> Option<&FileSystem> {
        self.file_systems.iter().find(|file_system| file_system.mount_point == "/")
    }

    /// Reads the JSON text of the derivation.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let spec: Self = serde_json::from_str(text)?;
        if spec.version == VERSION {
            Ok(spec)
        } else {
            Err(serde::de::Error::custom(format!(
                "version {} of the format; this builder reads {VERSION}",
                spec.version
            )))
        }
    }
}
