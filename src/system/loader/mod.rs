//! What FreeBSD's loader reads of a system, apart from the settings of each generation.
//!
//! | module | what |
//! |---|---|
//! | [`mod@unit`] | the loader and its scripts, with those that Fruix adds: a unit of its own, apart from generations |
//! | [`index`] | what the menu says of each generation |
//! | [`attempt`] | which generation is to be booted once |
//! | [`install`] | a newer unit beside the one that runs |
//!
//! The default is the current generation, by the link that `/boot/loader.conf` is: nothing here has to be right for
//! that one to boot. The scripts are in `lua/`, and the formats as they say.

pub mod attempt;
pub mod index;
pub mod install;
pub mod unit;
