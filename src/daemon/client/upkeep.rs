//! Looking after the store through the daemon.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Client, off_topic};
use crate::daemon::messages::{Answer, Request};
use crate::store::gc::{Chain, Collected, Root, Spare, find_spares};
use crate::store::{
    Examination, Examined, Finding, Optimised, Settings, StoreAccess as _, StoreError, Upkeep,
};
use crate::store_path::StorePath;
use crate::sys::{interrupt, processes};

impl Upkeep for Client {
    fn examine(
        &self,
        examination: &Examination,
        tell: &mut dyn FnMut(Finding),
    ) -> Result<Examined, StoreError> {
        let mut news = |answer| match answer {
            Answer::Finding(finding) => {
                tell(finding);
                None
            }
            answer => Some(answer),
        };
        let request = Request::Examine { examination: examination.clone() };
        match self.follow(&request, &interrupt::requested, &mut news)? {
            Answer::Examined(examined) => Ok(examined),
            other => unexpected(other),
        }
    }

    fn optimise(&self) -> Result<Optimised, StoreError> {
        match self.wait_for(&Request::Optimise)? {
            Answer::Optimised(optimised) => Ok(optimised),
            other => unexpected(other),
        }
    }

    /// What this user's own caches have too much goes first.
    fn collect(&self, max_freed: Option<u64>) -> Result<Collected, StoreError> {
        let mut own = Collected::default();
        let max_freed = own.remove_spares(self.own_spares()?, max_freed);
        let collected = self.deleted(&Request::Collect { max_freed })?;
        let (spares, spare_bytes) = (own.spares + collected.spares, own.spare_bytes + collected.spare_bytes);
        Ok(Collected { spares, spare_bytes, ..collected })
    }

    fn delete(&self, items: &BTreeSet<StorePath>) -> Result<Collected, StoreError> {
        self.deleted(&Request::Delete { items: items.clone() })
    }

    fn delete_generations(&self, numbers: &[u32]) -> Result<(), StoreError> {
        self.done(&Request::DeleteGenerations { numbers: numbers.to_vec() })
    }

    fn roots(&self, without: &[PathBuf]) -> Result<Vec<Root>, StoreError> {
        match self.wait_for(&Request::Roots { without: without.to_vec() })? {
            Answer::Roots(roots) => Ok(roots),
            other => unexpected(other),
        }
    }

    fn live(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError> {
        self.sizes(&Request::Live { without: without.to_vec() })
    }

    fn dead(&self, without: &[PathBuf]) -> Result<Vec<(StorePath, u64)>, StoreError> {
        self.sizes(&Request::Dead { without: without.to_vec() })
    }

    fn spares(&self) -> Result<Vec<Spare>, StoreError> {
        match self.wait_for(&Request::Spares)? {
            Answer::Spares(spares) => Ok([self.own_spares()?, spares].concat()),
            other => unexpected(other),
        }
    }

    fn why_live(&self, item: &StorePath) -> Result<Option<Chain>, StoreError> {
        match self.wait_for(&Request::WhyLive { item: item.clone() })? {
            Answer::Chain(chain) => Ok(chain),
            other => unexpected(other),
        }
    }
}

impl Client {
    /// Of this user's own caches, what may go by the settings of the store, as far as the user can read them.
    fn own_spares(&self) -> Result<Vec<Spare>, StoreError> {
        let settings = Settings::load(&self.layout).unwrap_or_default();
        find_spares(self.own(), &settings, processes::of_this_machine().as_ref())
    }

    fn deleted(&self, request: &Request) -> Result<Collected, StoreError> {
        match self.wait_for(request)? {
            Answer::Collected(collected) => Ok(collected),
            other => unexpected(other),
        }
    }

    fn sizes(&self, request: &Request) -> Result<Vec<(StorePath, u64)>, StoreError> {
        match self.wait_for(request)? {
            Answer::Sizes(sizes) => Ok(sizes),
            other => unexpected(other),
        }
    }

    /// Asks for what takes long and tells nothing meanwhile. Ctrl-C stops it.
    fn wait_for(&self, request: &Request) -> Result<Answer, StoreError> {
        self.follow(request, &interrupt::requested, &mut Some)
    }
}

/// What is not the answer is a refusal, or fits no request.
fn unexpected<T>(answer: Answer) -> Result<T, StoreError> {
    match answer {
        Answer::Failed(report) => Err(report.into()),
        _ => off_topic(),
    }
}
