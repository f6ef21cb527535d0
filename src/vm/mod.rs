//! Virtual machines: boots a disk and says what became of it.
//!
//! [`console`] understands what a machine says on its serial console, whatever runs the machine; [`qemu`] runs one
//! with QEMU and UEFI firmware.

pub mod console;
pub mod qemu;
