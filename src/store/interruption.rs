//! Who is asked, by what takes long, whether it is still wanted.

use std::fmt;
use std::sync::Arc;

use crate::sys::interrupt;

use super::Store;

/// Tells whether to end: unless somebody else is to be asked, when the user has pressed Ctrl-C.
#[derive(Clone)]
pub(super) struct Interruption(Arc<dyn Fn() -> bool + Send + Sync>);

impl Default for Interruption {
    fn default() -> Self {
        Self(Arc::new(interrupt::requested))
    }
}

impl fmt::Debug for Interruption {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Interruption")
    }
}

impl Store {
    /// The same store, of which what takes long ends when `interrupted` says so.
    pub fn interruptible(self, interrupted: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Store { interruption: Interruption(Arc::new(interrupted)), ..self }
    }

    /// Whether to end.
    pub(super) fn is_interrupted(&self) -> bool {
        (self.interruption.0)()
    }
}
