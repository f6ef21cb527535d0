//! Building again and comparing: what `--check` does.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::args::Global;
use super::building::{self, BuildFlags};
use super::{context, output};
use crate::build::Wanted;
use crate::build::check::{Differing, check};
use crate::build::compare::{Difference, How, Kind};
use crate::store::Store;

/// Options of commands that build and can check.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckFlags {
    /// Build once more what is in the store then, and compare: file by file, what differs is printed, and the command
    /// fails. The store stays as it is.
    #[arg(long, help_heading = "Checking", conflicts_with_all = ["dry_run", "out_link", "no_sandbox"])]
    pub check: bool,
    /// Keep there what came out in another way, by the names of the store items.
    #[arg(long, value_name = "DIR", requires = "check", help_heading = "Checking")]
    pub keep_differing: Option<PathBuf>,
}

/// Builds all outputs of the derivations again, which are in the store, and prints what differs.
pub fn run(
    global: &Global,
    wanted: &Wanted,
    flags: &BuildFlags,
    checking: &CheckFlags,
    json: bool,
) -> miette::Result<ExitCode> {
    let store = Store::open(context::layout(global)?)?;
    let found = building::watched(flags, |options, progress, cancellation| {
        check(&store, wanted, checking.keep_differing.as_deref(), options, progress, cancellation)
    })?;
    if json {
        output::json(&json!({ "checked": wanted.keys().collect::<Vec<_>>(), "differing": found }))?;
    } else {
        output::lines(found.iter().flat_map(lines))?;
    }
    if found.is_empty() {
        output::note(format_args!("the same came out: {} built again", wanted.len()));
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("not the same came out: {} outputs differ", found.len()));
    Ok(ExitCode::FAILURE)
}

/// The output, and below it what differs.
fn lines(differing: &Differing) -> Vec<String> {
    let kept =
        differing.kept.iter().map(|place| format!("  what came out now is kept at {}", place.display()));
    let first = std::iter::once(differing.output.to_string());
    first.chain(differing.differences.iter().map(line)).chain(kept).collect()
}

fn line(Difference { path, how }: &Difference) -> String {
    let how = match how {
        How::OnlyInFirst => "is in the store only".to_owned(),
        How::OnlyInSecond => "came out now only".to_owned(),
        How::Kind { first, second } => format!("was {} and is {}", kind(*first), kind(*second)),
        How::Executable { first: true, .. } => "could be executed, and cannot now".to_owned(),
        How::Executable { .. } => "could not be executed, and can now".to_owned(),
        How::Target { first, second } => {
            format!("led to {} and leads to {}", first.display(), second.display())
        }
        How::Contents { first, second, offset } if first == second => {
            format!("differs from byte {offset} of {first} on")
        }
        How::Contents { first, second, offset } => {
            format!("differs from byte {offset} on, and had {first} bytes and has {second}")
        }
    };
    let path = path.to_string_lossy().replace(|c: char| c.is_control(), "\u{fffd}");
    let path = if path.is_empty() { "itself" } else { &path };
    format!("  {path} {how}")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Directory => "a directory",
        Kind::File => "a file",
        Kind::Link => "a link",
        Kind::Other => "something else",
    }
}
