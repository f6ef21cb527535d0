//! Virtual machines: boots a disk and says what became of it.
//!
//! [`console`] understands what a machine says on its serial console, whatever runs the machine; [`qemu`] runs one
//! with QEMU and UEFI firmware, and [`xcp_ng`] puts a disk into a machine of an XCP-ng pool.

pub mod console;
pub mod qemu;
pub mod timeline;
pub mod verdict;
pub mod xcp_ng;
