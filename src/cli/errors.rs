//! How errors reach the user.

use std::process::ExitCode;

/// Prints a report to standard error: what failed, where, why, and what to do.
pub fn show(report: &miette::Report) -> ExitCode {
    eprintln!("{report:?}");
    ExitCode::FAILURE
}
