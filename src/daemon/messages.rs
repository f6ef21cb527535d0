//! What is asked of the daemon, and what it answers.
//!
//! A client asks one thing at a time, and waits for the answer. The names of variants and fields are the protocol: one
//! that changes makes a new version of it (see [`super::wire::VERSIONS`]).

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::build::{Event, Wanted};
use crate::store::gc::{Chain, Collected, Root, Spare};
use crate::store::{Examination, Examined, Finding, Optimised, PathInfo, Realisation, Text};
use crate::store_path::StorePath;
use crate::util::report::Report;

/// Most bytes a request may have. A client sends texts in parts.
pub const MAX_REQUEST: u32 = 32 * 1024 * 1024;

/// Most bytes an answer may have: enough for the closure of a million items.
pub const MAX_ANSWER: u32 = 128 * 1024 * 1024;

/// The first thing a daemon says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Welcome {
    Welcome {
        /// Where `/frx` lies.
        root: PathBuf,
        /// Whether this user may do what is not everybody's.
        trusted: bool,
    },
    Refused(Report),
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Have settings, of which each is a name and a value, count for this connection. Only for trusted users, and only
    /// those that are not the daemon's own. Answer: [`Answer::Done`].
    Override { settings: Vec<(String, String)> },
    /// Which of the items are valid. Answer: [`Answer::Items`].
    Valid { items: Vec<StorePath> },
    /// Keep items from being collected while the connection lasts. Answer: [`Answer::Done`].
    Hold { items: Vec<StorePath> },
    /// Have this link, which is the user's own, keep the item that it leads to, now and later, as long as it is there.
    /// Answer: [`Answer::Done`].
    AddRoot { link: PathBuf },
    /// Whether an item and all it refers to is there. Answer: [`Answer::Truth`].
    Whole { item: StorePath },
    /// What is known about an item. Answer: [`Answer::Info`].
    Info { item: StorePath },
    /// What items refer to, directly or not, and themselves. Answer: [`Answer::Items`].
    Closure { items: Vec<StorePath> },
    /// Who refers to an item. Answer: [`Answer::Items`].
    Referrers { item: StorePath },
    /// How an output came to be. Answer: [`Answer::Realisation`].
    Realisation { output: StorePath },
    /// Add a tree, whose archive follows as data. Answer: [`Answer::Item`].
    AddTree { name: String },
    /// Add texts and derivations, which may refer to each other. Answer: [`Answer::Done`].
    AddTexts { texts: Vec<Text> },
    /// Add an item that was built elsewhere, whose archive follows as data. Only for trusted users, unless the item's
    /// path follows from its contents. Answer: [`Answer::Done`].
    AddItem { info: PathInfo },
    /// Delete what nothing keeps, until so many bytes are freed. Answer: [`Answer::Collected`].
    Collect { max_freed: Option<u64> },
    /// Delete some items, if nothing keeps them. Answer: [`Answer::Collected`].
    Delete { items: BTreeSet<StorePath> },
    /// Delete generations of the system. Only for trusted users. Answer: [`Answer::Done`].
    DeleteGenerations { numbers: Vec<u32> },
    /// What keeps items, as if some links were not there. Answer: [`Answer::Roots`].
    Roots { without: Vec<PathBuf> },
    /// What is kept so. Answer: [`Answer::Sizes`].
    Live { without: Vec<PathBuf> },
    /// What is not. Answer: [`Answer::Sizes`].
    Dead { without: Vec<PathBuf> },
    /// What of the daemon's caches and other leavings a collection would remove. Answer: [`Answer::Spares`].
    Spares,
    /// Why an item is kept. Answer: [`Answer::Chain`].
    WhyLive { item: StorePath },
    /// Look for damage; mending it is only for trusted users. Answer: any number of [`Answer::Finding`], then
    /// [`Answer::Examined`].
    Examine { examination: Examination },
    /// Have identical files share their contents. Answer: [`Answer::Optimised`].
    Optimise,
    /// Make outputs valid. Answer: any number of [`Answer::Event`], then [`Answer::Built`] or [`Answer::Cancelled`].
    Realise { wanted: Wanted, choices: Choices },
    /// Build derivations again, and compare all of their outputs. Answer: any number of [`Answer::Event`], among them
    /// those of what was compared, then [`Answer::Done`] or [`Answer::Cancelled`]. Since version 3.
    Check { drvs: BTreeSet<StorePath>, choices: Choices },
    /// Stop what is being done for this connection. No answer of its own.
    Cancel,
}

/// How the client wants its builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub max_jobs: NonZeroUsize,
    pub cores: NonZeroUsize,
    pub keep_failed: bool,
    pub keep_going: bool,
    pub isolated: bool,
    /// By derivation: a line for the top of its log.
    pub notes: BTreeMap<StorePath, String>,
}

/// What the daemon answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    Items(BTreeSet<StorePath>),
    Item(StorePath),
    Truth(bool),
    Info(PathInfo),
    Realisation(Option<Realisation>),
    Done,
    Collected(Collected),
    Roots(Vec<Root>),
    /// Items, with the sizes of their archives.
    Sizes(Vec<(StorePath, u64)>),
    Spares(Vec<Spare>),
    Chain(Option<Chain>),
    /// Something is damaged, or was mended.
    Finding(Finding),
    Examined(Examined),
    Optimised(Optimised),
    /// A build has come further.
    Event(Event),
    /// All is valid; these were built for it.
    Built(Vec<StorePath>),
    /// The client wanted it no more.
    Cancelled,
    Failed(Report),
}
