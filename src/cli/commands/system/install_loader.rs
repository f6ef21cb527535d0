//! `fruix system install-loader`

use std::path::Path;
use std::process::ExitCode;

use miette::IntoDiagnostic as _;
use serde_json::json;

use crate::cli::args::Global;
use crate::cli::{context, output};
use crate::profile::Target;
use crate::store_path::StorePath;
use crate::system::generations;
use crate::system::loader::install::{Outcome, OwnPrograms, Places, install, plan};
use crate::system::loader::unit;

/// Installs the loader of the current generation beside the one that runs, and has the firmware start it once.
///
/// Run again after the next boot: if that loader has started the machine, it comes first from then on. The loader that an
/// image has stays as it is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    if !args.dry_run {
        context::require_own(global)?;
    }
    let layout = context::layout(global)?;
    if layout.root() != Path::new("/") {
        return Err(miette::miette!(
            help = "run it there, without --root",
            "a loader is installed on the machine itself alone"
        ));
    }
    let current = generations::find(&layout, Target::Earlier(0))?;
    let assets = StorePath::from_absolute(&current.description.boot).into_diagnostic()?;
    let mount_point = tempfile::tempdir().into_diagnostic()?;
    let places = Places {
        assets: layout.physical(&assets).join("boot"),
        units: unit::DIRECTORY.into(),
        mount_point: mount_point.path().to_owned(),
    };
    let act = if args.dry_run { plan } else { install };
    let outcome = act(&places, &OwnPrograms)?;
    let (unit, state, said) = match &outcome {
        Outcome::UpToDate { unit } => (unit, "up-to-date", "is that of the current generation already"),
        Outcome::First { unit } => (unit, "first", "has started this machine, and comes first from now on"),
        Outcome::Next { unit } => {
            (unit, "next", "is started at the next boot, once: run this again after it")
        }
    };
    if args.json {
        output::line(json!({ "unit": unit, "loader": state, "dryRun": args.dry_run }))?;
    } else {
        let would = if args.dry_run { "would be so: " } else { "" };
        output::note(format_args!("{would}the loader of unit `{unit}` {said}"));
    }
    Ok(ExitCode::SUCCESS)
}
