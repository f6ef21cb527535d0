//! Building through the daemon.

use std::collections::BTreeSet;

use super::{Client, off_topic};
use crate::build::{BuildError, Cancellation, Options, Progress, Realise, Wanted};
use crate::daemon::messages::{Answer, Choices, Request};
use crate::daemon::wire::CHECKS;
use crate::store_path::StorePath;
use crate::util::report::Report;

impl Realise for Client {
    /// Of the options, those count that say what is wanted; which program builds, and as whom, is the daemon's affair.
    fn realise(
        &self,
        wanted: &Wanted,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<Vec<StorePath>, BuildError> {
        let request = Request::Realise { wanted: wanted.clone(), choices: choices(options) };
        match self.build(&request, progress, cancellation)? {
            Answer::Built(built) => Ok(built),
            _ => Ok(off_topic()?),
        }
    }

    fn check(
        &self,
        drvs: &BTreeSet<StorePath>,
        options: &Options,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<(), BuildError> {
        if self.version < CHECKS {
            let help = "have its operator restart it with a fruix as new as this one";
            return Err(Report::new("the daemon is too old to build again and compare", help).into());
        }
        if options.keep_differing.is_some() {
            return Err(Report::new(
                "the daemon hands over nothing of what came out in another way",
                "leave out --keep-differing; or check as the user whose store it is, or in a store of your own: \
                 --root DIR",
            )
            .into());
        }
        let request = Request::Check { drvs: drvs.clone(), choices: choices(options) };
        match self.build(&request, progress, cancellation)? {
            Answer::Done => Ok(()),
            _ => Ok(off_topic()?),
        }
    }
}

impl Client {
    /// Asks for something that builds, and passes on how it goes.
    fn build(
        &self,
        request: &Request,
        progress: &dyn Progress,
        cancellation: &Cancellation,
    ) -> Result<Answer, BuildError> {
        let mut news = |answer| match answer {
            Answer::Event(event) => {
                progress.event(event);
                None
            }
            answer => Some(answer),
        };
        match self.follow(request, &|| cancellation.is_cancelled(), &mut news)? {
            Answer::Cancelled => Err(BuildError::Cancelled),
            Answer::Failed(report) => Err(report.into()),
            answer => Ok(answer),
        }
    }
}

/// What the daemon is told of the options.
fn choices(options: &Options) -> Choices {
    Choices {
        max_jobs: options.max_jobs,
        cores: options.cores,
        keep_failed: options.keep_failed,
        keep_going: options.keep_going,
        isolated: options.isolated,
        notes: options.notes.clone(),
    }
}
