//! Listening to a client while something that takes long is done for it: it may stop that, or go.

use std::os::fd::{AsFd as _, OwnedFd};
use std::thread;

use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use super::Shared;
use super::session::Over;
use crate::build::Cancellation;
use crate::daemon::messages::{MAX_REQUEST, Request};
use crate::daemon::wire::Reader;

/// Does `work` while the client is listened to. When it stops what it began, or goes, the switch is thrown; what `work`
/// gives then is for nobody, unless the daemon itself ends and there is something to say.
pub fn while_listening<T>(
    shared: &Shared,
    reader: &mut Reader,
    switch: &Cancellation,
    work: impl FnOnce() -> T,
) -> Result<T, Over> {
    let (ended, end) = pipe2(OFlag::O_CLOEXEC).map_err(|_| Over)?;
    thread::scope(|scope| {
        let listener = scope.spawn(|| listen(reader, &ended, switch));
        let result = {
            // Also when the work panics: the listener would go on for ever.
            let _end = end;
            work()
        };
        match listener.join() {
            Ok(Ok(())) => Ok(result),
            _ if shared.is_stopping() => Ok(result),
            _ => Err(Over),
        }
    })
}

/// Waits for the client to stop what it began, or to go, until the work has ended.
fn listen(reader: &mut Reader, ended: &OwnedFd, switch: &Cancellation) -> Result<(), Over> {
    let gone = || {
        switch.cancel();
        Over
    };
    while reader.wait_or(None, &[ended.as_fd()]).map_err(|_| gone())? {
        match reader.receive(MAX_REQUEST) {
            Ok(Some(Request::Cancel)) => switch.cancel(),
            _ => return Err(gone()),
        }
    }
    Ok(())
}
