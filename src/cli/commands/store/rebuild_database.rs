//! `fruix store rebuild-database`

use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::require_own;
use crate::cli::output;
use crate::store::{Layout, Store};

pub fn run(global: &Global) -> miette::Result<ExitCode> {
    require_own(global)?;
    let rebuilt = Store::rebuild_database(&Layout::discover(global.root.as_deref())?)?;
    if let Some(place) = &rebuilt.replaced {
        output::note(format_args!("what was there of the old database lies at {}", place.display()));
    }
    output::lines(&rebuilt.left_out)?;
    let (registered, left_out) = (rebuilt.registered, rebuilt.left_out.len());
    output::note(format_args!("{registered} items registered, {left_out} left out"));
    Ok(if left_out == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
