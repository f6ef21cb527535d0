//! Where text goes: data to standard output, everything else to standard error.
//!
//! Each function writes at once and tells of failure, where `println!` would panic: a disk may be full, and whoever
//! reads a pipe may have seen enough.

use std::fmt::Display;
use std::io::{self, StdoutLock, Write};

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

/// Why data did not reach standard output.
#[derive(Debug, Error, Diagnostic)]
pub enum OutputError {
    /// No fault, and nobody is there to be told: the command ends as one that `SIGPIPE` ends.
    #[error("whoever read the output has gone")]
    ReaderGone,
    #[error("cannot write to standard output: {0}")]
    #[diagnostic(help("see where it goes to, and that there is space left"))]
    Write(io::Error),
    #[error("cannot write as JSON: {0}")]
    Json(serde_json::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::ReaderGone } else { Self::Write(error) }
    }
}

/// Writes a line of data.
pub fn line(line: impl Display) -> Result<(), OutputError> {
    text(format_args!("{line}\n"))
}

/// Writes data, one thing a line.
pub fn lines<T: Display>(lines: impl IntoIterator<Item = T>) -> Result<(), OutputError> {
    text(lines.into_iter().map(|line| format!("{line}\n")).collect::<String>())
}

/// Writes data that brings its own line ends.
pub fn text(text: impl Display) -> Result<(), OutputError> {
    stream(|out| write!(out, "{text}"))
}

/// Writes a value as JSON for people and programs: indented, and ended like a line.
pub fn json(value: &(impl Serialize + ?Sized)) -> Result<(), OutputError> {
    line(serde_json::to_string_pretty(value).map_err(OutputError::Json)?)
}

/// Has `write` write data.
pub fn stream(write: impl FnOnce(&mut StdoutLock<'_>) -> io::Result<()>) -> Result<(), OutputError> {
    let mut out = io::stdout().lock();
    Ok(write(&mut out).and_then(|()| out.flush())?)
}

/// Writes a line to standard error. Whoever reads it may have gone, which is no reason to end.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
