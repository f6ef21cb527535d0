//! Listening to a client while something that takes long is done for it: it may stop that, or go.

use std::fmt::Display;
use std::os::fd::{AsFd as _, OwnedFd};
use std::thread;

use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use super::Shared;
use super::session::Over;
use crate::build::Cancellation;
use crate::daemon::messages::{MAX_REQUEST, Request};
use crate::daemon::wire::Reader;
use crate::util::report::Report;
use crate::util::threads::spawn_scoped;

/// Does `work` while the client is listened to. When it stops what it began, or goes, the switch is thrown; what `work`
/// gives then is for nobody, unless the daemon itself ends and there is something to say.
pub fn while_listening<T, E: From<Report>>(
    shared: &Shared,
    reader: &mut Reader,
    switch: &Cancellation,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<Result<T, E>, Over> {
    let (ended, end) = pipe2(OFlag::O_CLOEXEC).map_err(|_| Over)?;
    thread::scope(|scope| {
        let listener = match spawn_scoped(scope, || listen(reader, &ended, switch)) {
            Ok(listener) => listener,
            Err(error) => return Ok(Err(no_thread(error).into())),
        };
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

/// What a client is told for whom no thread is to be had.
pub fn no_thread(error: impl Display) -> Report {
    Report::new(
        format!("the daemon cannot start a thread: {error}"),
        "the machine, or the user whose daemon it is, has too many: try again later",
    )
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
