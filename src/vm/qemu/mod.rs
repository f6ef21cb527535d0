//! Runs a disk under QEMU with UEFI firmware.
//!
//! [`run()`] starts QEMU, follows the serial console as it grows, and ends with a [`VmResult`]: the guest got ready, or
//! it panicked, stopped at a prompt, ended or took too long, each by its name. What happened stays in a run
//! directory: `serial.log`, `qemu.log`, the command line in `qemu.sh`, and `result.json`.
//!
//! Nothing here prints. A caller that shows progress passes a function that receives [`Event`]s.

mod accelerator;
mod command;
mod errors;
mod firmware;
mod monitor;
mod options;
mod process;
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
pub use result::{CommandResult, VmResult};
pub use run::{check_host, run, run_on};
pub use run_dir::new_run_dir;
pub use session::Event;

use crate::util::host::Package;

/// What installs QEMU, and the program that makes its disks.
pub const QEMU_PACKAGE: Package = Package { debian: "qemu-system-x86", freebsd: "qemu" };
pub const QEMU_IMG_PACKAGE: Package = Package { debian: "qemu-utils", freebsd: "qemu" };
/// What installs the firmware.
pub const FIRMWARE_PACKAGE: Package = Package { debian: "ovmf", freebsd: "edk2-qemu-x64" };
