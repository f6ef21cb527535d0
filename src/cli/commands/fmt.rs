//! `fruix fmt`

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use miette::{IntoDiagnostic as _, WrapErr as _};
use similar::TextDiff;

use crate::{
    cli::{messages::Messages, output},
    eval::SourceText,
    format::files::{self, Formatted},
};

/// Formats files in place; a file with a syntax error stays as it is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Scheme files; directories, for all `.scm` files below them; or `-`, to format standard input to standard output.
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Write nothing: name the files that are not in style, and fail if there are any.
    #[arg(long)]
    check: bool,
    /// Write nothing: print what would change.
    #[arg(long)]
    diff: bool,
}

pub fn run(messages: &Messages, args: &Args) -> miette::Result<ExitCode> {
    let mut good = true;
    for path in files::find(&args.paths)? {
        let formatted = match read(&path)? {
            Ok(formatted) => formatted,
            // The other files may be fine.
            Err(error) => {
                messages.show(&error)?;
                good = false;
                continue;
            }
        };
        if args.diff {
            output::text(difference(&formatted))?;
        }
        if args.check {
            good &= !formatted.changes();
            if formatted.changes() && !args.diff {
                output::line(&formatted.before.name)?;
            }
        } else if !args.diff && is_stdin(&path) {
            output::text(&formatted.after)?;
        } else if !args.diff {
            formatted.write(&path)?;
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads and formats; the inner error is that of the text.
fn read(path: &Path) -> miette::Result<Result<Formatted, crate::eval::EvalError>> {
    if !is_stdin(path) {
        return Ok(Formatted::of_file(path));
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).into_diagnostic().wrap_err("cannot read standard input")?;
    Ok(Formatted::of(SourceText { name: "<stdin>".into(), text }))
}

/// What would change, as `diff -u` shows it.
fn difference(formatted: &Formatted) -> String {
    let name = &formatted.before.name;
    TextDiff::from_lines(&formatted.before.text, &formatted.after)
        .unified_diff()
        .header(name, &format!("{name} (formatted)"))
        .to_string()
}
