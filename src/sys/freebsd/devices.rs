//! The devices that a sandbox sees: devfs under a ruleset of our own.

use std::{
    fs::{self, File},
    os::fd::AsRawFd,
    path::Path,
};

use nix::{errno::Errno, libc};

use super::{super::SysError, mounts};

/// What a build sees. `fd` and the links to it show a process its own open files.
const SHOWN: [&str; 9] = ["null", "zero", "full", "random", "urandom", "tty", "fd", "fd/*", "std*"];

/// The number of the ruleset: no rc script and no manual page knows it.
const RULESET: u16 = 0xf12a;

const MAGIC: u32 = 0xdb0a_087a;
const CONDITION_PATH: libc::c_int = 0x002;
const ACT_VISIBILITY: libc::c_int = 0x001;
const HIDE: libc::c_int = 0x001;
const UNHIDE: libc::c_int = 0x002;
/// Bytes of a pattern, with the NUL byte at its end.
const PATTERN: usize = 200;

/// `struct devfs_rule` of `fs/devfs/devfs.h`.
#[repr(C)]
struct Rule {
    magic: u32,
    /// The ruleset in the upper half, the number of the rule in the lower one.
    id: u32,
    conditions: libc::c_int,
    device_flags: libc::c_int,
    pattern: [u8; PATTERN],
    acts: libc::c_int,
    visibility: libc::c_int,
    uid: libc::uid_t,
    gid: libc::gid_t,
    mode: libc::mode_t,
    included: u16,
}

nix::ioctl_readwrite!(add_rule, b'D', 0, Rule);

impl Rule {
    fn new(number: u16, pattern: Option<&str>) -> Self {
        let mut bytes = [0; PATTERN];
        for (to, from) in bytes.iter_mut().zip(pattern.unwrap_or_default().bytes()) {
            *to = from;
        }
        Self {
            magic: MAGIC,
            id: u32::from(RULESET) << 16 | u32::from(number),
            conditions: if pattern.is_some() { CONDITION_PATH } else { 0 },
            device_flags: 0,
            pattern: bytes,
            acts: ACT_VISIBILITY,
            visibility: if pattern.is_some() { UNHIDE } else { HIDE },
            uid: 0,
            gid: 0,
            mode: 0,
            included: 0,
        }
    }
}

/// Mounts devfs at `to`, where only harmless devices are seen.
pub fn mount(to: &Path) -> Result<(), SysError> {
    make_ruleset()?;
    mounts::special(c"devfs", to, &[(c"ruleset", &RULESET.to_string())])?;
    refuse_others(to)
}

/// Tells the kernel the rules, unless it has them already: they stay until it ends.
fn make_ruleset() -> Result<(), SysError> {
    let devfs = File::open("/dev").map_err(|error| SysError::Io { what: "open /dev", error })?;
    let rules = std::iter::once(None).chain(SHOWN.into_iter().map(Some));
    for (number, pattern) in (1..).zip(rules) {
        let mut rule = Rule::new(number, pattern);
        // SAFETY: the kernel reads and writes one structure of this layout.
        match unsafe { add_rule(devfs.as_raw_fd(), &raw mut rule) } {
            Ok(_) | Err(Errno::EEXIST) => {}
            Err(errno) => return Err(SysError::Call { what: "add a rule for devices", errno }),
        }
    }
    Ok(())
}

/// The number may be someone else's after all: then nothing is built.
fn refuse_others(at: &Path) -> Result<(), SysError> {
    let failed = |error| SysError::Io { what: "list the devices of the sandbox", error };
    for entry in fs::read_dir(at).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let expected = |name: &str| SHOWN.contains(&name) || name.starts_with("std");
        if !name.to_str().is_some_and(expected) {
            return Err(SysError::at("hide from the sandbox", &at.join(name))(Errno::EEXIST));
        }
    }
    Ok(())
}
