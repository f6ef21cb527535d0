//! Virtual machines: boots a disk and says what became of it.
//!
//! [`console`] understands what a machine says on its serial console, whatever runs the machine; [`qemu`] runs one
//! with QEMU and UEFI firmware, and [`xcp_ng`] puts a disk into a machine of an XCP-ng pool. Both fetch the guest's own
//! [`logs`], and tell by a [`verdict`] why a start failed.

pub mod console;
pub mod logs;
pub mod qemu;
pub mod timeline;
pub mod verdict;
pub mod xcp_ng;
