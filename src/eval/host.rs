//! What the primitives share during one evaluation.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use steel::rerrs::{ErrorKind, SteelErr};
use steel::{SteelVal, parser::span::Span};
use steel_parser::parser::SourceId;

use super::code::Code;
use super::evaluation::Text;
use super::inputs::Inputs;
use super::lockdown::Purity;
use super::reader::Bytes;
use super::values;
use crate::derivation::{Derivation, Hashes};
use crate::store_path::StorePath;

/// The message of the error that ends an evaluation whose problems are reported already.
pub const REPORTED: &str = "this declaration has errors";

/// A place in the text Steel was given, as `#%syntax-span` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub start: u32,
    pub end: u32,
    /// Steel's number of the text.
    pub source: u32,
}

impl Place {
    /// No place: what generated code without a text has.
    pub const NOWHERE: Self = Self { start: 0, end: 0, source: 0 };

    /// Reads `(start end source)`.
    pub fn read(value: &SteelVal) -> Self {
        let number = |value: &SteelVal| match value {
            SteelVal::IntV(n) => u32::try_from(*n).ok(),
            _ => None,
        };
        let parts = values::items(value).unwrap_or_default();
        match parts.iter().map(number).collect::<Option<Vec<u32>>>().as_deref() {
            Some(&[start, end, source]) => Self { start, end, source },
            _ => Self::NOWHERE,
        }
    }

    /// The same as a Scheme value.
    pub fn write(self) -> SteelVal {
        let numbers = [self.start, self.end, self.source];
        SteelVal::ListV(numbers.into_iter().map(|n| SteelVal::IntV(n as isize)).collect())
    }

    pub fn span(self) -> Span {
        Span::new(self.start, self.end, Some(SourceId(self.source)))
    }
}

/// A problem whose places are still Steel's.
#[derive(Debug, Clone)]
pub struct RawProblem {
    pub code: Code,
    pub message: String,
    pub places: Vec<RawPlace>,
    pub help: Option<String>,
    /// What the text at the first place was probably meant to be.
    pub replacement: Option<String>,
}

/// A remark whose place is still Steel's.
#[derive(Debug, Clone)]
pub struct RawCaveat {
    /// The use of the declaration that it matters for; empty for all.
    pub topic: String,
    pub problem: RawProblem,
}

#[derive(Debug, Clone)]
pub struct RawPlace {
    pub place: Place,
    /// Indices that lead to an element of the list written at the place.
    pub path: Vec<usize>,
    pub text: String,
}

impl RawProblem {
    pub fn at(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            places: vec![RawPlace { place, path: Vec::new(), text: String::new() }],
            help: None,
            replacement: None,
        }
    }

    /// Narrows the first place to an element of the list written there.
    #[must_use]
    pub fn inside(mut self, path: Vec<usize>) -> Self {
        if let Some(first) = self.places.first_mut() {
            first.path = path;
        }
        self
    }

    /// Says something at the first place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.places.first_mut() {
            first.text = text.into();
        }
        self
    }

    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.places.push(RawPlace { place, path: Vec::new(), text: text.into() });
        self
    }

    /// Asks whether something else was meant by the text at the first place.
    #[must_use]
    pub fn did_you_mean(mut self, replacement: &str) -> Self {
        self.replacement = Some(replacement.to_string());
        self.help(format!("did you mean `{replacement}`?"))
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// The state of one evaluation.
pub struct State {
    /// The top-level form being evaluated: the key of its file, and its range there.
    pub current: Option<(String, Bytes)>,
    /// The fields whose evaluation has begun and not ended, from the outside in: their names and places.
    pub waiting: Vec<(String, Place)>,
    /// What was wrong so far.
    pub problems: Vec<RawProblem>,
    /// What was found that matters for some use of the declaration only.
    pub caveats: Vec<RawCaveat>,
    /// Where files of the machine lie that became items.
    pub sources: BTreeMap<StorePath, PathBuf>,
    /// The names of all record types.
    pub record_types: BTreeSet<String>,
    /// Every derivation made, by the path of its `.drv`.
    pub derivations: BTreeMap<StorePath, Derivation>,
    /// Their hashes modulo fixed outputs.
    pub hashes: Hashes,
    /// Every text made.
    pub texts: BTreeMap<StorePath, Text>,
    /// Where relative paths start that no file can be named for.
    pub directory: String,
    /// For derivations of computed files: the file that the form stands in, and where it starts there.
    pub forms: BTreeMap<StorePath, (String, usize)>,
    /// What is being built, if that is what is evaluated.
    pub build: Option<Arc<Build>>,
}

/// A handle on the state of one evaluation, held by every primitive.
#[derive(Clone)]
pub struct Host {
    state: Arc<Mutex<State>>,
    pub inputs: Arc<dyn Inputs>,
    pub purity: Purity,
}

/// The files that the form of a computed file may see.
#[derive(Debug)]
pub struct Build {
    /// By name: the path to make.
    pub outputs: BTreeMap<String, PathBuf>,
    /// Where relative paths start.
    pub directory: PathBuf,
    /// Where the inputs lie.
    pub store: PathBuf,
}

impl Build {
    /// Whether the path, which has no `..`, may be changed.
    pub fn writable(&self, path: &Path) -> bool {
        path.starts_with(&self.directory) || self.outputs.values().any(|output| path.starts_with(output))
    }

    /// Whether the path, which has no `..`, may be looked at.
    pub fn visible(&self, path: &Path) -> bool {
        self.writable(path) || path.starts_with(&self.store)
    }
}

impl Host {
    pub fn new(inputs: Arc<dyn Inputs>, purity: Purity) -> Self {
        let state = State {
            current: None,
            waiting: Vec::new(),
            problems: Vec::new(),
            caveats: Vec::new(),
            sources: BTreeMap::new(),
            record_types: BTreeSet::new(),
            derivations: BTreeMap::new(),
            hashes: Hashes::new(),
            texts: BTreeMap::new(),
            directory: String::new(),
            forms: BTreeMap::new(),
            build: None,
        };
        Self { state: Arc::new(Mutex::new(state)), inputs, purity }
    }

    /// The state. A panic while it was held is caught and reported elsewhere, so its mark does not matter.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn report(&self, problems: impl IntoIterator<Item = RawProblem>) {
        self.state().problems.extend(problems);
    }
}

/// The kind of errors whose words are those of users already. Steel itself makes none of this kind.
pub const SAID: ErrorKind = ErrorKind::Infallible;

/// Ends the evaluation; the problems are in the state already.
pub fn reported() -> SteelErr {
    failure(REPORTED)
}

/// An error of a primitive; the caller's place is found from the stack.
pub fn failure(message: impl Into<String>) -> SteelErr {
    SteelErr::new(SAID, message.into())
}
