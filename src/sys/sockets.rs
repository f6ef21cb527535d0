//! Unix sockets: who is at the other end, and those that a service manager has opened.

use std::os::fd::{BorrowedFd, FromRawFd as _, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::{getsockopt, sockopt};

use super::SysError;

/// The first descriptor that a service manager passes on (`sd_listen_fds(3)`).
const FIRST_PASSED: i32 = 3;

/// Who is at the other end of a connection, as the kernel says: who made it, whatever has become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub uid: u32,
    pub gid: u32,
}

/// Asks the kernel.
pub fn peer(stream: &UnixStream) -> Result<Peer, SysError> {
    #[cfg(target_os = "linux")]
    let asked = getsockopt(stream, sockopt::PeerCredentials)
        .map(|credentials| Peer { uid: credentials.uid(), gid: credentials.gid() });
    #[cfg(not(target_os = "linux"))]
    let asked =
        nix::unistd::getpeereid(stream).map(|(uid, gid)| Peer { uid: uid.as_raw(), gid: gid.as_raw() });
    asked.map_err(SysError::call("ask who is at the other end of a connection"))
}

/// The socket that a service manager listened on and passed to this process, if one did (`LISTEN_FDS`). To be asked once,
/// at the start of the process.
pub fn passed_listener() -> Result<Option<UnixListener>, SysError> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    if number("LISTEN_PID") != Some(std::process::id()) || number("LISTEN_FDS").unwrap_or(0) == 0 {
        return Ok(None);
    }
    let call = "take the socket that was passed";
    // SAFETY: it is asked here what the descriptor is, if it is anything, and no more.
    let passed = unsafe { BorrowedFd::borrow_raw(FIRST_PASSED) };
    let listens = getsockopt(&passed, sockopt::AcceptConn).map_err(SysError::call(call))?;
    if !listens {
        return Err(SysError::Call { what: call, errno: nix::errno::Errno::EINVAL });
    }
    fcntl(passed, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).map_err(SysError::call(call))?;
    // SAFETY: it is open, and the service manager says, to this process by its number, that it is for it to own; nothing
    // here owns it, as it was open before this process began.
    Ok(Some(UnixListener::from(unsafe { OwnedFd::from_raw_fd(FIRST_PASSED) })))
}

#[cfg(test)]
mod tests {
    use nix::unistd::{getegid, geteuid};

    use super::*;

    #[test]
    fn the_kernel_knows_the_other_end() {
        let (one, _other) = UnixStream::pair().unwrap();
        let own = Peer { uid: geteuid().as_raw(), gid: getegid().as_raw() };
        assert_eq!(peer(&one).unwrap(), own);
    }

    #[test]
    fn nothing_was_passed_to_a_test() {
        assert!(passed_listener().unwrap().is_none());
    }
}
