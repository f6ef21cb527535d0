//! `fruix store`: the items, one by one.

use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::args::Global;

mod add;
mod delete;
mod dump;
mod gc;
mod optimise;
mod path_info;
mod rebuild_database;
mod referrers;
mod requisites;
mod verify;
mod why;
mod why_live;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Copy a file or tree into the store and print its store path.
    Add(add::Args),
    /// Write the archive (NAR) of a store item, or of any file or tree, to standard output.
    Dump(dump::Args),
    /// Print what the store knows about items.
    PathInfo(path_info::Args),
    /// Print the closure of items: all they refer to, directly or not, and themselves.
    Requisites(requisites::Args),
    /// Print the items that refer to an item.
    Referrers(referrers::Args),
    /// Have identical files of all items share their contents, by hard links.
    Optimise(optimise::Args),
    /// Read items again and report those that are missing or were changed. Fails if there are any.
    Verify(verify::Args),
    /// Delete the items that nothing keeps.
    ///
    /// What keeps an item is a root: a link that `fruix build --out-link` made or that lies in
    /// `/frx/var/fruix/gcroots`, a generation of a profile, the system that runs or was booted, and any running process.
    /// It runs beside builds, and deletes nothing that they need.
    Gc(gc::Args),
    /// Print why an item refers to another one: the shortest chain, and which files of each item hold the reference at
    /// which byte. Fails if it does not.
    Why(why::Args),
    /// Print why an item is not garbage: the shortest way to it from a root. Fails if it is garbage.
    WhyLive(why_live::Args),
    /// Delete items, if nothing keeps them and no other item refers to them.
    Delete(delete::Args),
    /// Make the database again from the facts that lie beside the items, when it is lost or damaged.
    ///
    /// Every item is read again. What is not there, or not whole, or refers to something that is not, is left out and
    /// printed; the command then fails.
    RebuildDatabase,
}

pub fn run(global: &Global, verb: &Verb) -> miette::Result<ExitCode> {
    match verb {
        Verb::Add(args) => add::run(global, args),
        Verb::Dump(args) => dump::run(global, args),
        Verb::PathInfo(args) => path_info::run(global, args),
        Verb::Requisites(args) => requisites::run(global, args),
        Verb::Referrers(args) => referrers::run(global, args),
        Verb::Optimise(args) => optimise::run(global, args),
        Verb::Verify(args) => verify::run(global, args),
        Verb::Gc(args) => gc::run(global, args),
        Verb::Why(args) => why::run(global, args),
        Verb::WhyLive(args) => why_live::run(global, args),
        Verb::Delete(args) => delete::run(global, args),
        Verb::RebuildDatabase => rebuild_database::run(global),
    }
}
