//! Building through the daemon.

use super::{Client, off_topic};
use crate::build::{BuildError, Cancellation, Options, Progress, Realise, Wanted};
use crate::daemon::messages::{Answer, Choices, Request};
use crate::store_path::StorePath;

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
        let mut news = |answer| match answer {
            Answer::Event(event) => {
                progress.event(event);
                None
            }
            answer => Some(answer),
        };
        match self.follow(&request, &|| cancellation.is_cancelled(), &mut news)? {
            Answer::Built(built) => Ok(built),
            Answer::Cancelled => Err(BuildError::Cancelled),
            Answer::Failed(report) => Err(report.into()),
            _ => Ok(off_topic()?),
        }
    }
}
