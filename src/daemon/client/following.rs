//! Waiting for what takes long, while its user may stop it.

use std::time::Duration;

use super::{Client, not_understood, told};
use crate::daemon::ConnectionError;
use crate::daemon::messages::{Answer, MAX_ANSWER, Request};
use crate::daemon::wire::Wire;
use crate::store::StoreError;

/// How often it is looked whether the user wants to stop.
const TICK: Duration = Duration::from_millis(50);

impl Client {
    /// Asks for something that takes long. `news` takes what is told meanwhile, and gives back what is no news but the
    /// answer. When `is_unwanted` says so, the daemon is asked to stop, and says how far it came.
    pub(super) fn follow(
        &self,
        request: &Request,
        is_unwanted: &dyn Fn() -> bool,
        news: &mut dyn FnMut(Answer) -> Option<Answer>,
    ) -> Result<Answer, StoreError> {
        let mut wire = self.wire();
        wire.writer.send(request).map_err(not_understood)?;
        let mut is_stopping = false;
        loop {
            if !is_stopping && is_unwanted() {
                is_stopping = true;
                wire.writer.send(&Request::Cancel).map_err(not_understood)?;
            }
            if let Some(answer) = next(&mut wire)?.and_then(&mut *news) {
                return Ok(answer);
            }
        }
    }
}

/// What the daemon says next, if it says something soon.
fn next(wire: &mut Wire) -> Result<Option<Answer>, StoreError> {
    match wire.reader.wait(Some(TICK)) {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(_) => return Err(told(&ConnectionError::Gone)),
    }
    let answer = wire.reader.receive(MAX_ANSWER).map_err(not_understood)?;
    answer.map(Some).ok_or_else(|| told(&ConnectionError::Gone))
}
