//! `fruix doctor`

mod checks;
mod report;

use std::process::ExitCode;

use crate::{
    cli::{args::Global, output},
    store::Layout,
    util::host::Host,
};

/// Names what is missing and the command that installs it. The exit status is 1 when something needed is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the findings as JSON.
    #[arg(long, conflicts_with = "packages")]
    pub json: bool,
    /// Print only the needed packages that are missing, one a line.
    #[arg(long)]
    pub packages: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let host = Host::this();
    let layout = Layout::discover(global.root.as_deref())?;
    let findings = checks::all(&host, layout.root())?;
    let report = report::Report::new(&host, findings);
    let text = match args {
        Args { json: true, .. } => report.to_json(),
        Args { packages: true, .. } => report.to_package_list(),
        _ => report.to_text(),
    };
    output::text(text)?;
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
