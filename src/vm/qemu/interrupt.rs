//! Ctrl-C and polite requests to end, as a flag that the run looks at, so that the run directory is complete and
//! QEMU ends before Fruix does.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use nix::sys::signal::{SigSet, Signal};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCHER: OnceLock<()> = OnceLock::new();

/// While this lives, SIGINT, SIGTERM and SIGHUP set the flag instead of ending the process.
#[derive(Debug)]
pub struct Interrupts {
    mask_before: SigSet,
}

impl Interrupts {
    /// Blocks the signals in this thread and those it will start; a thread of its own waits for them.
    pub fn watch() -> nix::Result<Self> {
        let mut signals = SigSet::empty();
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
            signals.add(signal);
        }
        let mask_before = SigSet::thread_get_mask()?;
        signals.thread_block()?;
        ASKED.store(false, Ordering::SeqCst);
        WATCHER.get_or_init(|| {
            // It stays to the end of the process: a thread that waits for a signal costs nothing.
            std::thread::spawn(move || {
                while signals.wait().is_ok() {
                    ASKED.store(true, Ordering::SeqCst);
                }
            });
        });
        Ok(Self { mask_before })
    }

    /// Whether somebody asked to stop.
    pub fn asked(&self) -> bool {
        ASKED.load(Ordering::SeqCst)
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        // There is nothing to do about a failure here: the signals stay blocked, and the process is about to end.
        let _ = self.mask_before.thread_set_mask();
    }
}
