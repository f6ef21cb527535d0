//! Fruix's own modules as the compiler left them, to start an interpreter without compiling them again.
//!
//! Compiling Steel's library and Fruix's modules takes several times as long as all else that a declaration needs, and
//! gives the same on every run. An image holds what came of it. It is made once per program ([`record`]), kept in a
//! file ([`mod@file`]), and put into an engine that has compiled nothing yet ([`replay`]).
//!
//! Steel has a form for compiled programs, but none for the state that its compiler is in after them. What later
//! programs depend on is carried over one by one:
//!
//! | state | carried over |
//! |---|---|
//! | variables | by name: the code is linked anew when it is put into an engine |
//! | constants, which code calls by number | all of them, in order, before anything else is compiled |
//! | numbers of procedures and texts, which have to differ | counted on past those in the image |
//! | macros | as they are |
//! | modules, which other modules require | as facades: see below |
//!
//! A facade is a text under the key of the module that provides the same, without the work: its variables take their
//! values from the module in the image, and its macros are the same. So what uses a module is compiled as if the module had
//! been. A declaration mostly does without: see [`Replay::link`].

mod code;
mod facade;
mod file;
mod record;
mod replay;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use steel::parser::expander::SteelMacro;
use steel::parser::interner::InternedString;

use super::modules::Uses;
use code::Code;
pub use file::{open, shared};
pub use replay::Replay;

/// What the compiler made of Steel's library and of Fruix's modules, for pure evaluations.
#[derive(Serialize, Deserialize)]
pub struct Image {
    /// The names that code has numbers for.
    names: Vec<InternedString>,
    /// The constants that code has numbers for, as a quoted list.
    constants: String,
    /// The procedures of Steel's modules.
    builtins: Code,
    /// What Steel defines in Scheme.
    prelude: Code,
    macros: Macros,
    /// What the modules use.
    pub uses: Uses,
    /// Those parts of Steel's library that Fruix's modules use.
    standard: Vec<Code>,
    modules: Vec<Compiled>,
    taken: Taken,
}

type Macros = Vec<(InternedString, SteelMacro)>;

/// A module of Fruix's.
#[derive(Serialize, Deserialize)]
struct Compiled {
    key: String,
    code: Code,
    macros: Macros,
    /// What its facade takes from it: the name of the variable, and what the facade calls it.
    variables: Vec<(InternedString, InternedString)>,
    /// The names that it provides.
    provided: Vec<String>,
    facade: String,
}

/// Numbers that are taken.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Taken {
    procedures: usize,
    names: u32,
    texts: u32,
    tokens: usize,
}

impl Image {
    fn module(&self, key: &str) -> Option<&Compiled> {
        self.modules.iter().find(|module| module.key == key)
    }
}
