//! The profile: the programs and libraries of a system as one tree, behind the links at the root.

use std::path::Path;

use super::{
    SystemError,
    forest::{Forest, Node, Origin},
    manifest::{Entry, Kind, Manifest},
};
use crate::builders::freebsd::metalog::{self, Metalog};

/// Where activation puts the programs that run with their owner's rights.
const SETUID_DIRECTORY: &str = "/run/setuid-programs";

/// What of a world's root is no part of the profile: state, mount points, and what has a place of its own.
const NOT_SHARED: &[&str] = &[
    ".cshrc",
    ".profile",
    metalog::FILE_NAME,
    "COPYRIGHT",
    "boot",
    "dev",
    "entropy",
    "etc",
    "home",
    "media",
    "mnt",
    "net",
    "proc",
    "root",
    "sys",
    "tmp",
    "var",
];

/// The same below `/usr`.
const NOT_SHARED_USR: &[&str] = &["home", "local", "obj", "ports", "src", "tests"];

/// The profile, and the manifest of the set-id programs that it links to.
pub struct Profile {
    pub forest: Forest,
    pub setuid: Manifest,
}

impl Profile {
    /// The profile of a world.
    pub fn of(world: &Origin, metalog: &Metalog) -> Result<Self, SystemError> {
        let mut forest = Forest::of(world)?;
        for name in NOT_SHARED {
            forest.remove(name)?;
        }
        forest.open("usr")?;
        for name in NOT_SHARED_USR {
            forest.remove(&format!("usr/{name}"))?;
        }
        let mut setuid = Manifest::default();
        for (path, entry) in metalog.setid_files() {
            let path = text(path)?;
            let name = setuid_name(path, &setuid);
            forest.replace(path, Node::Link(format!("{SETUID_DIRECTORY}/{name}")))?;
            // Flags stay behind: the copy is made anew at every boot, and `schg` would be in the way.
            let copy = Entry {
                kind: Kind::Copy(format!("{}/{path}", world.logical)),
                uid: entry.owner.id,
                gid: entry.group.id,
                mode: entry.mode,
                flags: String::new(),
            };
            setuid.insert(name, copy);
        }
        Ok(Self { forest, setuid })
    }

    /// The paths that the root of the system links to the profile: `bin`, `usr/bin`, …
    pub fn shared_paths(&self) -> Vec<String> {
        let top = self.forest.names().filter(|name| *name != "usr").map(str::to_owned);
        let usr = self.forest.names_in("usr").into_iter().map(|name| format!("usr/{name}"));
        top.chain(usr).collect()
    }
}

/// The last component of a path, or, where two programs share it, the whole path.
fn setuid_name(path: &str, taken: &Manifest) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    if taken.contains(name) { path.replace('/', "-") } else { name.to_owned() }
}

/// The path as text; FreeBSD has no other names in a world.
pub(super) fn text(path: &Path) -> Result<&str, SystemError> {
    path.to_str().ok_or_else(|| SystemError::FileName { path: path.to_owned() })
}
