//! Giving up, for good, what a thread needs not: opening files, starting programs, the network.
//!
//! What is open stays usable, and memory can be got up to the limit. So a process that reads hostile text may be taken
//! over by it, and still do no more than compute and talk through the pipes that it has. On Linux this is a filter of
//! system calls for the calling thread and those that it starts later; on FreeBSD it is capability mode, which is for
//! the whole process. Elsewhere there is nothing of the kind.

use super::SysError;

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only what is open already.
    Nothing,
    /// Files can also be opened and directories listed, but not written. On FreeBSD, where capability mode knows no such
    /// thing, nothing is given up.
    Reading,
}

/// Gives up all but `reach`. What is asked for nevertheless fails with "operation not permitted".
///
/// # Errors
/// The kernel does not offer it. The caller must not go on to hostile text then.
pub fn give_up_all_but(reach: Reach) -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    return super::system_calls::filter(reach);
    #[cfg(target_os = "freebsd")]
    return match reach {
        Reach::Reading => Ok(()),
        Reach::Nothing => {
            // SAFETY: the call takes nothing and touches no memory of this process.
            nix::errno::Errno::result(unsafe { nix::libc::cap_enter() })
                .map(drop)
                .map_err(SysError::call("enter capability mode"))
        }
    };
    #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
    return match reach {
        Reach::Nothing | Reach::Reading => Ok(()),
    };
}
