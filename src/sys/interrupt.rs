//! Whether the user wants to stop: Ctrl-C, a closed terminal, or a request to end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::{
    libc::c_int,
    sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction},
};

use super::SysError;

static REQUESTED: AtomicBool = AtomicBool::new(false);
static RELOAD: AtomicBool = AtomicBool::new(false);
/// What SIGINT does besides.
static STOP: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// What a first one asks for is to clean up and end.
const SIGNALS: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// While it lives, the first such signal is noted for [`requested`], and a second one ends the process at once.
/// Before and after, the first one does.
#[must_use]
pub struct Watch {
    before: Vec<(Signal, SigAction)>,
}

/// Begins to watch. A signal that fruix was started to ignore, as `nohup` does, stays ignored.
pub fn watch() -> Result<Watch, SysError> {
    let flags = SaFlags::SA_RESTART | SaFlags::SA_RESETHAND;
    let action = SigAction::new(SigHandler::Handler(note), flags, SigSet::empty());
    let mut watch = Watch { before: Vec::new() };
    for signal in SIGNALS {
        let before = set(signal, &action).map_err(SysError::call("watch for Ctrl-C"))?;
        if matches!(before.handler(), SigHandler::SigIgn) {
            set(signal, &before).map_err(SysError::call("watch for Ctrl-C"))?;
        } else {
            watch.before.push((signal, before));
        }
    }
    Ok(watch)
}

/// While it lives, such signals are ignored.
pub fn ignore() -> Result<Watch, SysError> {
    let action = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    let mut watch = Watch { before: Vec::new() };
    for signal in SIGNALS {
        let before = set(signal, &action).map_err(SysError::call("ignore Ctrl-C"))?;
        watch.before.push((signal, before));
    }
    Ok(watch)
}

/// Begins to watch for Ctrl-C alone, of which each one is noted and none ends the process: for a user who stops one
/// thing and goes on with another. What was noted before is forgotten.
pub fn watch_repeatedly() -> Result<Watch, SysError> {
    forget();
    let action = SigAction::new(SigHandler::Handler(note), SaFlags::SA_RESTART, SigSet::empty());
    let before = set(Signal::SIGINT, &action).map_err(SysError::call("watch for Ctrl-C"))?;
    Ok(Watch { before: vec![(Signal::SIGINT, before)] })
}

/// From here on SIGINT is noted, and does what [`stop_by`] says, as often as it comes: for a process of one thread, which
/// has no time to look whether it shall go on.
pub fn watch_to_stop() -> Result<(), SysError> {
    let action = SigAction::new(SigHandler::Handler(note_and_stop), SaFlags::SA_RESTART, SigSet::empty());
    set(Signal::SIGINT, &action).map(drop).map_err(SysError::call("watch for SIGINT"))
}

/// Says, once and for all, what SIGINT does in a process that [`watch_to_stop`] was called in; if it has come already, that
/// is done now. The handler of the signal calls `stop`, which may do no more than load and store atomics: the signal comes
/// at any point, be it in the midst of an allocation.
pub fn stop_by(stop: impl Fn() + Send + Sync + 'static) {
    let stop = STOP.get_or_init(|| Box::new(stop));
    if requested() {
        stop();
    }
}

/// Begins to watch for SIGHUP, by which whoever runs a service asks it to read its settings again.
pub fn watch_for_reload() -> Result<Watch, SysError> {
    let action = SigAction::new(SigHandler::Handler(note_reload), SaFlags::SA_RESTART, SigSet::empty());
    let before = set(Signal::SIGHUP, &action).map_err(SysError::call("watch for SIGHUP"))?;
    Ok(Watch { before: vec![(Signal::SIGHUP, before)] })
}

/// Whether SIGHUP has come since this was last asked.
pub fn reload_requested() -> bool {
    RELOAD.swap(false, Ordering::SeqCst)
}

/// Forgets what was noted: it has been done.
pub fn forget() {
    REQUESTED.store(false, Ordering::SeqCst);
}

impl Drop for Watch {
    fn drop(&mut self) {
        for (signal, action) in &self.before {
            // What was set before can be set again: no error.
            let _ = set(*signal, action);
        }
    }
}

fn set(signal: Signal, action: &SigAction) -> nix::Result<SigAction> {
    // SAFETY: the handlers that are ever given, `note`, `note_and_stop` and `note_reload`, only load and store atomics, as is
    // allowed at any point, and what `stop_by` is given does no more; other actions run no code, or were in force before.
    unsafe { sigaction(signal, action) }
}

/// Whether the user has asked to stop.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}

extern "C" fn note(_signal: c_int) {
    REQUESTED.store(true, Ordering::SeqCst);
}

extern "C" fn note_and_stop(signal: c_int) {
    note(signal);
    if let Some(stop) = STOP.get() {
        stop();
    }
}

extern "C" fn note_reload(_signal: c_int) {
    RELOAD.store(true, Ordering::SeqCst);
}
