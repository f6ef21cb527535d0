//! Mounts of a sandbox, which nobody takes away but us.

use std::{
    ffi::{CStr, OsStr},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    libc,
    mount::{MntFlags, Nmount, unmount},
};

use super::super::{Access, SysError};

/// Shows the tree `from` at `to` as well.
pub fn show_tree(from: &Path, to: &Path, access: Access) -> Result<(), SysError> {
    let read_only = match access {
        Access::ReadOnly => MntFlags::MNT_RDONLY,
        Access::Writable => MntFlags::empty(),
    };
    let mounted = Nmount::new()
        .str_opt(c"fstype", c"nullfs")
        .str_opt_owned(c"fspath", to)
        .str_opt_owned(c"from", from)
        .nmount(MntFlags::MNT_NOSUID | read_only);
    mounted.map_err(|error| match error.error() {
        // The kernel knows no file system of this name.
        Errno::ENODEV => SysError::NoNullfs,
        errno => SysError::at("show in the sandbox", from)(errno),
    })
}

/// An empty file system in memory, in which everyone may write.
pub fn memory(to: &Path) -> Result<(), SysError> {
    special(c"tmpfs", to, &[(c"mode", "1777")])
}

/// Mounts a file system that is on no disk.
pub fn special(kind: &CStr, to: &Path, options: &[(&CStr, &str)]) -> Result<(), SysError> {
    let mut mount = Nmount::new();
    mount.str_opt(c"fstype", kind).str_opt_owned(c"fspath", to);
    for (name, value) in options {
        mount.str_opt_owned(*name, *value);
    }
    let mounted = mount.nmount(MntFlags::MNT_NOSUID | MntFlags::MNT_NOEXEC);
    mounted.map_err(|error| SysError::at("mount a file system at", to)(error.error()))
}

/// Unmounts everything at or below `directory`, the last mounted first, also what a process still uses: no such
/// process can write there any more.
pub fn take_away_below(directory: &Path) -> Result<(), SysError> {
    for place in list()?.into_iter().rev().filter(|place| place.starts_with(directory)) {
        match unmount(&place, MntFlags::MNT_FORCE) {
            // Another process takes the same leftovers away.
            Ok(()) | Err(Errno::EINVAL | Errno::ENOENT) => {}
            Err(errno) => return Err(SysError::at("unmount", &place)(errno)),
        }
    }
    Ok(())
}

/// Where file systems are mounted, in the order in which they were.
fn list() -> Result<Vec<PathBuf>, SysError> {
    let failed = |errno| SysError::Call { what: "list the mounts", errno };
    // SAFETY: without a buffer the kernel only counts.
    let count = unsafe { libc::getfsstat(std::ptr::null_mut(), 0, libc::MNT_NOWAIT) };
    let count = Errno::result(count).map_err(failed)?;
    // Some may be mounted meanwhile.
    let room = usize::try_from(count).unwrap_or(0) + 64;
    let mut mounts = Vec::<libc::statfs>::with_capacity(room);
    let size = (room * size_of::<libc::statfs>()) as libc::c_long;
    // SAFETY: the kernel writes whole structures, no more than fit into `size` bytes, which are ours.
    let written = unsafe { libc::getfsstat(mounts.as_mut_ptr(), size, libc::MNT_NOWAIT) };
    let written = usize::try_from(Errno::result(written).map_err(failed)?).unwrap_or(0);
    // SAFETY: so many are written.
    unsafe { mounts.set_len(written.min(room)) };
    let place = |mount: &libc::statfs| {
        // SAFETY: the kernel ends the text with a NUL byte, within the array.
        let text = unsafe { CStr::from_ptr(mount.f_mntonname.as_ptr()) };
        PathBuf::from(OsStr::from_bytes(text.to_bytes()))
    };
    Ok(mounts.iter().map(place).collect())
}
