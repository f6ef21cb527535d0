//! Whether the user wants to stop: Ctrl-C, a closed terminal, or a request to end.

use std::sync::atomic::{AtomicBool, Ordering};

use nix::{
    libc::c_int,
    sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction},
};

use super::SysError;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// What a first one asks for is to clean up and end.
const SIGNALS: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// From now on, the first such signal is noted for [`requested`]; a second one ends the process at once.
pub fn watch() -> Result<(), SysError> {
    let flags = SaFlags::SA_RESTART | SaFlags::SA_RESETHAND;
    let action = SigAction::new(SigHandler::Handler(note), flags, SigSet::empty());
    for signal in SIGNALS {
        // SAFETY: the handler only stores to an atomic, which is allowed at any point.
        unsafe { sigaction(signal, &action) }.map_err(SysError::call("watch for Ctrl-C"))?;
    }
    Ok(())
}

/// Whether the user has asked to stop since [`watch`].
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

extern "C" fn note(_signal: c_int) {
    REQUESTED.store(true, Ordering::SeqCst);
}
