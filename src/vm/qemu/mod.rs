//! Runs a disk under QEMU with UEFI firmware.
//!
//! [`run()`] starts QEMU, follows the serial console as it grows, and ends with a [`VmResult`]: the guest got ready, or
//! it panicked, stopped at a prompt, ended or took too long, each by its name. What happened stays in a run
//! directory: `serial.log`, `qemu.log`, `result.json`, and a script `qemu.sh` that boots the machine again.
//!
//! Nothing here prints. A caller that shows progress passes a function that receives [`Event`]s.

mod accelerator;
mod command;
mod errors;
mod firmware;
mod monitor;
mod options;
mod prepared;
mod process;
mod replay;
mod requirements;
mod result;
mod run;
mod run_dir;
mod session;
mod ssh;

pub use accelerator::{Accelerator, probe as probe_accelerator};
pub use command::QEMU;
pub use errors::VmError;
pub use firmware::Firmware;
pub use options::{Changes, Disk, Ssh, VmOptions};
pub use requirements::Requirements;
pub use result::{CommandResult, VmResult};
pub use run::{run, run_on};
pub use run_dir::new_run_dir;
pub use session::Event;

pub(in crate::vm) use run_dir::RunDir;
pub(in crate::vm) use ssh::{Connection, check as check_ssh};

use crate::util::host::Package;

/// Where an SSH server listens that is told nothing else.
pub const SSH_PORT: u16 = 22;
/// The program that makes QEMU's disks.
pub const QEMU_IMG: &str = "qemu-img";
/// What installs QEMU, and the program that makes its disks.
pub const QEMU_PACKAGE: Package = Package { debian: "qemu-system-x86", freebsd: "qemu" };
pub const QEMU_IMG_PACKAGE: Package = Package { debian: "qemu-utils", freebsd: "qemu" };
/// What installs the firmware.
pub const FIRMWARE_PACKAGE: Package = Package { debian: "ovmf", freebsd: "edk2-qemu-x64" };
/// What installs the program that reaches guests; FreeBSD has it.
pub const SSH_PACKAGE: Package = Package { debian: "openssh-client", freebsd: "" };
