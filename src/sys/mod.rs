//! The operating system: the one place for `unsafe` and `#[cfg(target_os)]`.
//!
//! [`Isolation`] is what a sandbox asks of the kernel, as a trait, so that the order of its steps is tested
//! without privileges (`recording`). [`process`] holds what Rust's standard library leaves out about
//! processes and signals, [`confined`] and [`lockdown`] what holds a process to its work.

pub mod confined;
pub mod descriptors;
pub mod durability;
pub mod environment;
mod file_flags;
#[cfg(target_os = "linux")]
mod forbidden_calls;
pub mod interrupt;
pub mod isolation;
pub mod lockdown;
pub mod process;
pub mod processes;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(test)]
pub mod recording;
#[cfg(target_os = "linux")]
mod system_calls;
#[cfg(not(target_os = "linux"))]
mod unsupported;

pub use file_flags::file_flags;
pub use isolation::{Access, Isolation, Network, PseudoFileSystem, SysError};

/// The isolation this machine's kernel offers, or why it offers none.
pub fn isolation() -> Result<Box<dyn Isolation>, SysError> {
    #[cfg(target_os = "linux")]
    return linux::isolation();
    #[cfg(not(target_os = "linux"))]
    return unsupported::isolation();
}
