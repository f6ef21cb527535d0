//! The operating system: the one place for `unsafe`, and for what differs between systems.
//!
//! [`Isolation`] is what a sandbox asks of the kernel, as a trait, so that the order of its steps is tested
//! without privileges (`recording`). [`process`] holds what Rust's standard library leaves out about
//! processes and signals, [`confined`] and [`lockdown`] what holds a process to its work, [`memory`] what makes a short
//! one quick.

pub mod confined;
pub mod descriptors;
pub mod durability;
pub mod environment;
mod file_flags;
#[cfg(target_os = "linux")]
mod forbidden_calls;
#[cfg(target_os = "freebsd")]
mod freebsd;
pub mod interrupt;
pub mod isolation;
pub mod lockdown;
pub mod memory;
pub mod process;
pub mod processes;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(test)]
pub mod recording;
#[cfg(target_os = "linux")]
mod seccomp;
pub mod sockets;
#[cfg(target_os = "linux")]
mod system_calls;
#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
mod unsupported;

use nix::unistd::{Uid, User};

pub use file_flags::file_flags;
pub use isolation::{Access, Ids, Isolation, Network, PseudoFileSystem, SysError};

/// The isolation this machine's kernel offers, or why it offers none.
pub fn isolation() -> Result<Box<dyn Isolation>, SysError> {
    #[cfg(target_os = "linux")]
    return linux::isolation();
    #[cfg(target_os = "freebsd")]
    return freebsd::isolation();
    #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
    return unsupported::isolation();
}

/// Takes away what outlives the processes of the sandboxes below `directory`: jails, with what runs in them still, and
/// mounts. On Linux nothing does.
///
/// # Errors
/// Something is left: neither may the directory be removed then, nor what lies in it be trusted.
#[cfg_attr(not(target_os = "freebsd"), expect(unused_variables))]
pub fn release(directory: &std::path::Path) -> Result<(), SysError> {
    #[cfg(target_os = "freebsd")]
    return freebsd::release(directory);
    #[cfg(not(target_os = "freebsd"))]
    Ok(())
}

/// What `uname -a` says of this machine: system, name, release, version and kind of machine.
pub fn machine_name() -> Option<String> {
    let name = nix::sys::utsname::uname().ok()?;
    let parts = [name.sysname(), name.nodename(), name.release(), name.version(), name.machine()];
    Some(parts.map(|part| part.to_string_lossy().trim().to_owned()).join(" "))
}

/// What a user is called; the number, where that has no name.
pub fn user_name(user: Uid) -> String {
    User::from_uid(user).ok().flatten().map_or_else(|| user.to_string(), |user| user.name)
}

/// Whether root has to be another user in a sandbox: where that has no users of its own.
pub const NEEDS_BUILD_USERS: bool = cfg!(target_os = "freebsd");

/// What the kernel mounts in a sandbox, and where below its root.
pub const PSEUDO_FILE_SYSTEMS: &[(PseudoFileSystem, &str)] = if cfg!(target_os = "freebsd") {
    &[(PseudoFileSystem::Devices, "dev")]
} else {
    &[(PseudoFileSystem::Memory, "dev/shm"), (PseudoFileSystem::Processes, "proc")]
};

/// The devices that a sandbox shows one by one, below `/dev`.
pub const DEVICES: &[&str] =
    if cfg!(target_os = "freebsd") { &[] } else { &["null", "zero", "full", "random", "urandom", "tty"] };

/// Links of a sandbox by which programs look for a device, and the descriptor they mean.
pub const DEVICE_LINKS: &[(&str, &str)] = if cfg!(target_os = "freebsd") {
    &[]
} else {
    &[
        ("dev/fd", "/proc/self/fd"),
        ("dev/stdin", "/proc/self/fd/0"),
        ("dev/stdout", "/proc/self/fd/1"),
        ("dev/stderr", "/proc/self/fd/2"),
    ]
};
