//! Open files that a process gets from its parent.

use super::SysError;

/// The first descriptor that is none of the standard three.
#[cfg(any(target_os = "linux", target_os = "freebsd"))]
const FIRST: nix::libc::c_uint = 3;

/// Closes all but standard input, output and error.
///
/// Whoever starts fruix may have left others open on purpose or by accident (`exec 7< /secret`), and a program
/// inherits them. Only for the beginning of a process, before anything in it owns a descriptor.
pub fn close_inherited() -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    {
        use nix::{errno::Errno, libc};

        // SAFETY: nothing in this process owns these descriptors yet.
        let result = unsafe { libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, 0) };
        match Errno::result(result) {
            Ok(_) => Ok(()),
            // Older than Linux 5.9, or a container that knows it not.
            Err(Errno::ENOSYS | Errno::EPERM) => close_each(),
            Err(errno) => Err(SysError::Call { what: "close inherited files", errno }),
        }
    }
    #[cfg(target_os = "freebsd")]
    {
        // SAFETY: nothing in this process owns these descriptors yet.
        unsafe { nix::libc::closefrom(FIRST as nix::libc::c_int) };
        Ok(())
    }
    #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
    Ok(())
}

#[cfg(target_os = "linux")]
fn close_each() -> Result<(), SysError> {
    let list = || -> std::io::Result<Vec<i32>> {
        let names = std::fs::read_dir("/proc/self/fd")?
            .map(|entry| Ok(entry?.file_name()))
            .collect::<std::io::Result<Vec<_>>>()?;
        Ok(names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect())
    };
    let descriptors = list().map_err(|error| SysError::Io { what: "list inherited files", error })?;
    for descriptor in descriptors.into_iter().filter(|number| *number >= FIRST as i32) {
        // One of them listed the others, and is closed already. No other error leaves a descriptor open.
        let _ = nix::unistd::close(descriptor);
    }
    Ok(())
}
