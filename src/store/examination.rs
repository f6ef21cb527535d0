//! Looking through a store for damage, and mending it: `fruix store verify`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store_path::StorePath;

use super::verify::{Problem, Repair};
use super::{Store, StoreError};

/// What is to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// Which items. Without, all that are registered, and the files that they share.
    pub items: Option<Vec<StorePath>>,
    /// Whether contents are read again, or it is only seen that what is registered is there.
    pub contents: bool,
    /// Whether what is damaged is mended, as far as that goes without building. Nothing may be using it.
    pub repair: bool,
}

/// What is told as soon as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Finding {
    /// An item is damaged.
    Problem(Problem),
    /// What could be done about the problem before.
    Repair { base_name: String, repair: Repair },
    /// A name in the pool of shared files has other contents than it says. With a repair, it is gone now.
    Shared(PathBuf),
}

/// How it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// How many items were looked at.
    pub checked: usize,
    /// How many of them, and of the files that they share, are damaged.
    pub damaged: usize,
    /// How many of them are so still.
    pub left: usize,
    /// Whether the user ended it before the last.
    pub interrupted: bool,
}

impl Store {
    /// Looks at items, and tells what it finds.
    pub fn examine(
        &self,
        examination: &Examination,
        tell: &mut dyn FnMut(Finding),
    ) -> Result<Examined, StoreError> {
        let (items, misnamed) = match &examination.items {
            Some(items) => (items.clone(), Vec::new()),
            None => self.all_registered()?,
        };
        let mut examined = Examined::default();
        for problem in misnamed {
            self.deal_with(problem, examination, &mut examined, tell)?;
        }
        for item in items {
            if self.is_interrupted() {
                examined.interrupted = true;
                return Ok(examined);
            }
            examined.checked += 1;
            let problem = match self.look_at(&item, examination.contents) {
                // It was collected since the list was made.
                Err(StoreError::NotValid { .. }) if examination.items.is_none() => None,
                problem => problem?,
            };
            if let Some(problem) = problem {
                self.deal_with(problem, examination, &mut examined, tell)?;
            }
        }
        if examination.items.is_none() && examination.contents {
            // What is wrong there is only a name too many, and goes at once where anything is to be mended.
            for link in self.verify_pool(examination.repair)? {
                examined.damaged += 1;
                examined.left += usize::from(!examination.repair);
                tell(Finding::Shared(link));
            }
        }
        Ok(examined)
    }

    fn deal_with(
        &self,
        problem: Problem,
        examination: &Examination,
        examined: &mut Examined,
        tell: &mut dyn FnMut(Finding),
    ) -> Result<(), StoreError> {
        examined.damaged += 1;
        tell(Finding::Problem(problem.clone()));
        let repair = if examination.repair { self.repair(&problem)? } else { Repair::None };
        if repair != Repair::Mended {
            examined.left += 1;
        }
        if examination.repair {
            tell(Finding::Repair { base_name: problem.base_name, repair });
        }
        Ok(())
    }
}
