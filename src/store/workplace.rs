//! A place of the user's own, beside a store that another user writes.

use std::sync::{Arc, OnceLock};

use crate::util::fs::create_dir_all;

use super::layout::Layout;
use super::session::{Session, Temporary};
use super::{StoreError, sweep};

/// Where a user who does not write the store keeps caches and what is on its way there: laid out as a store's own.
#[derive(Debug)]
pub struct Workplace {
    layout: Layout,
    /// Begun when first something is written.
    session: OnceLock<Arc<Session>>,
}

impl Workplace {
    /// The place with this layout. Nothing is made before it is needed.
    pub fn new(layout: Layout) -> Self {
        Workplace { layout, session: OnceLock::new() }
    }

    /// Where its parts lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// An unused place. What is made there is removed when it is dropped, or by the next process that wants one.
    pub fn temporary(&self) -> Result<Temporary, StoreError> {
        Ok(self.session()?.temporary())
    }

    fn session(&self) -> Result<Arc<Session>, StoreError> {
        if let Some(session) = self.session.get() {
            return Ok(Arc::clone(session));
        }
        create_dir_all(&self.layout.store_dir())?;
        sweep::sweep(&self.layout);
        let session = Session::begin(&self.layout)?;
        // Another thread may have begun one meanwhile: then this one ends unused.
        Ok(Arc::clone(self.session.get_or_init(|| session)))
    }
}
