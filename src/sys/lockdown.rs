//! Giving up, for good, what a thread needs not: opening files, starting programs, the network.
//!
//! What is open stays usable, and memory can be got up to the limit. So a process that reads hostile text may be taken
//! over by it, and still do little more than compute and talk through the pipes that it has. On Linux this is a filter
//! of system calls for the calling thread and those that it starts later. Elsewhere it is a limit for the whole process
//! of no further descriptor, and so no file and no connection. (FreeBSD's capability mode would be more, but the
//! interpreter asks for the current directory at every turn, which is not allowed there.)

use super::SysError;

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only what is open already.
    Nothing,
    /// Files can also be opened and directories listed, but not written. Only Linux knows such a thing: elsewhere
    /// nothing is given up.
    Reading,
}

/// Gives up all but `reach`, and making copies of this process, which shall call [`give_up_copying`]. Of the two filters
/// that are in force then, the larger one is made once for all copies.
///
/// # Errors
/// The kernel does not offer it. The caller must not go on to hostile text then.
pub fn give_up_all_but_copying(reach: Reach) -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    return super::system_calls::filter_original(reach);
    // A copy needs descriptors of its own.
    #[cfg(not(target_os = "linux"))]
    return match reach {
        Reach::Nothing | Reach::Reading => Ok(()),
    };
}

/// Gives up, in a copy, what its original had left beyond `reach`.
///
/// # Errors
/// The kernel does not offer it. The caller must not go on to hostile text then.
pub fn give_up_copying(reach: Reach) -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    return match reach {
        Reach::Nothing | Reach::Reading => super::system_calls::filter_copy(),
    };
    #[cfg(not(target_os = "linux"))]
    return give_up_all_but(reach);
}

/// Gives up all but `reach`. What is asked for nevertheless fails.
///
/// # Errors
/// The kernel does not offer it. The caller must not go on to hostile text then.
pub fn give_up_all_but(reach: Reach) -> Result<(), SysError> {
    #[cfg(target_os = "linux")]
    return super::system_calls::filter(reach);
    #[cfg(not(target_os = "linux"))]
    return match reach {
        Reach::Reading => Ok(()),
        Reach::Nothing => no_descriptors().map_err(SysError::call("give up opening files")),
    };
}

#[cfg(not(target_os = "linux"))]
fn no_descriptors() -> nix::Result<()> {
    use nix::sys::resource::{Resource, setrlimit};

    setrlimit(Resource::RLIMIT_NOFILE, 0, 0)
}
