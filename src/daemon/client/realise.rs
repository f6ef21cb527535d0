//! Building through the daemon.

use std::time::Duration;

use super::{Client, not_understood, told};
use crate::build::{BuildError, Cancellation, Options, Progress, Realise, Wanted};
use crate::daemon::ConnectionError;
use crate::daemon::messages::{Answer, Choices, MAX_ANSWER, Request};
use crate::daemon::wire::Wire;
use crate::store::StoreError;
use crate::store_path::StorePath;

/// How often it is looked whether the user wants to stop.
const TICK: Duration = Duration::from_millis(50);

impl Realise for Client {
    /// Of the options, those count that say what is wanted; which program builds, and as whom, is the daemon's affair.
    fn realise(
        &self,
        wanted: &Wanted,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<Vec<StorePath>, BuildError> {
        let choices = Choices {
            max_jobs: options.max_jobs,
            cores: options.cores,
            keep_failed: options.keep_failed,
            keep_going: options.keep_going,
            isolated: options.isolated,
            notes: options.notes.clone(),
        };
        let request = Request::Realise { wanted: wanted.clone(), choices };
        let mut wire = self.wire();
        wire.writer.send(&request).map_err(|error| BuildError::from(not_understood(error)))?;
        let mut is_stopping = false;
        loop {
            if cancellation.is_cancelled() && !is_stopping {
                is_stopping = true;
                wire.writer
                    .send(&Request::Cancel)
                    .map_err(|error| BuildError::from(not_understood(error)))?;
            }
            let Some(answer) = next(&mut wire)? else { continue };
            match answer {
                Answer::Event(event) => progress.event(event),
                Answer::Built(built) => return Ok(built),
                Answer::Cancelled => return Err(BuildError::Cancelled),
                Answer::Failed(report) => return Err(report.into()),
                _ => return Err(told(&ConnectionError::OffTopic).into()),
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
