//! The generations of the system, each with what it says of itself; and which one the machine boots.

use miette::Diagnostic;
use thiserror::Error;

use crate::profile::{Generation, Profile, ProfileError, Target};
use crate::store::Layout;
use crate::store_path::StorePath;

use super::description::{Description, DescriptionError};
use super::loader::{attempt::Attempt, index};

/// Why a generation cannot be looked at.
#[derive(Debug, Error, Diagnostic)]
pub enum GenerationError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Profile(#[from] ProfileError),
    #[error("generation {number} leads to no store item")]
    #[diagnostic(help(
        "its link was changed by hand; delete it with `fruix system delete-generations {number}`"
    ))]
    NoItem { number: u32 },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Description(#[from] DescriptionError),
}

/// A generation of the system.
#[derive(Debug, Clone)]
pub struct Installed {
    pub generation: Generation,
    /// Its closure.
    pub system: StorePath,
    pub description: Description,
}

impl Installed {
    fn of(layout: &Layout, generation: Generation) -> Result<Self, GenerationError> {
        let number = generation.number;
        let system = generation.item()?.ok_or(GenerationError::NoItem { number })?;
        let description = Description::read(&layout.physical(&system))?;
        Ok(Self { generation, system, description })
    }
}

/// The number of a generation; and the generation, or what is wrong with it.
pub type Numbered = (u32, Result<Installed, GenerationError>);

/// All of them, the oldest first.
pub fn all(layout: &Layout) -> Result<Vec<Numbered>, GenerationError> {
    let generations = Profile::system(layout).generations()?;
    let installed = |generation: Generation| (generation.number, Installed::of(layout, generation));
    Ok(generations.into_iter().map(installed).collect())
}

/// The one that is meant.
pub fn find(layout: &Layout, target: Target) -> Result<Installed, GenerationError> {
    Installed::of(layout, Profile::system(layout).find(target)?)
}

/// The current one; `None` where there is none yet.
pub fn current(layout: &Layout) -> Result<Option<Installed>, GenerationError> {
    match Profile::system(layout).current()? {
        Some(number) => find(layout, Target::Number(number)).map(Some),
        None => Ok(None),
    }
}

/// Makes a system the current generation, as [`Profile::make_current`] does. Nothing is tried any more.
pub fn make_current(layout: &Layout, system: &StorePath) -> Result<(Generation, bool), GenerationError> {
    Attempt::cancel(layout).map_err(ProfileError::from)?;
    let made = Profile::system(layout).make_current(system)?;
    tell_menu(layout);
    Ok(made)
}

/// Makes a generation the current one. Nothing is tried any more.
pub fn switch(layout: &Layout, number: u32) -> Result<(), GenerationError> {
    Attempt::cancel(layout).map_err(ProfileError::from)?;
    Profile::system(layout).switch(number)?;
    tell_menu(layout);
    Ok(())
}

/// Has the next boot be that of a generation, and no other one.
pub fn try_once(layout: &Layout, number: u32) -> Result<(), GenerationError> {
    tell_menu(layout);
    Ok(Attempt::arm(layout, number).map_err(ProfileError::from)?)
}

/// Brings what the loader's menu says up to date. The same boots without that, so it fails nothing.
fn tell_menu(layout: &Layout) {
    if let Err(error) = index::refresh(layout) {
        tracing::warn!("the loader's menu does not tell of the change: {error}");
    }
}
