//! What the scheduler tells whoever watches. This layer prints nothing itself.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::check::Checked;
use crate::store_path::StorePath;

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A build has started; `estimate` is how long the last one of its kind took.
    Started { drv: StorePath, estimate: Option<Duration> },
    /// A phase of the build begins.
    Phase { drv: StorePath, phase: String },
    /// The builder wrote a line.
    Line { drv: StorePath, line: String },
    /// The build is done and its outputs are registered.
    Finished { drv: StorePath, elapsed: Duration },
    /// The directory of a failed build was kept, as was asked for.
    Kept { drv: StorePath, path: PathBuf },
    /// The directory of a failed build could not be kept.
    NotKept { drv: StorePath, error: String },
    /// The build has failed.
    Failed { drv: StorePath, elapsed: Duration },
    /// A derivation was built again and compared.
    Checked(Checked),
}

/// Who watches. Called from several threads.
pub trait Progress: Sync {
    fn event(&self, event: Event);
}

/// Nobody watches.
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _event: Event) {}
}
