//! How diagnostics reach the user: drawn for people, or as lines for programs.

mod human;
mod record;

use std::{
    env,
    error::Error,
    fmt::Display,
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::ValueEnum;
use miette::Diagnostic;

use self::{human::Rendered, record::Record};
use super::args::Global;
use super::output::{self, OutputError};
use crate::eval::{Caveat, EvalError, Evaluation};

/// The status by which a shell shows that `SIGPIPE` ended a program.
const READER_GONE: u8 = 128 + 13;

/// How to print diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Drawn, with the text and what is wrong in it underlined.
    Human,
    /// One line each: `FILE:LINE:COLUMN: SEVERITY: MESSAGE`.
    Short,
    /// One JSON object on a line each.
    Json,
}

/// When to colour what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// Prints diagnostics the way the global options ask for.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    format: Format,
    colour: Colour,
    /// Diagnostics are what the command was asked for.
    to_stdout: bool,
}

impl Messages {
    /// Messages on standard error.
    pub fn new(global: &Global) -> Self {
        Self { format: global.message_format, colour: global.color, to_stdout: false }
    }

    /// The same on standard output.
    #[must_use]
    pub fn on_stdout(self) -> Self {
        Self { to_stdout: true, ..self }
    }

    /// Whether what is printed shall have colours.
    pub fn coloured(&self) -> bool {
        let terminal = if self.to_stdout { io::stdout().is_terminal() } else { io::stderr().is_terminal() };
        coloured(self.colour, terminal, |name| env::var(name).ok())
    }

    /// Prints why a command failed. Gives the status to end with.
    pub fn fail(&self, report: &miette::Report) -> ExitCode {
        if let Some(OutputError::ReaderGone) = report.downcast_ref() {
            return ExitCode::from(READER_GONE);
        }
        match self.show(report.as_ref()) {
            Ok(()) => ExitCode::FAILURE,
            Err(_) => ExitCode::from(READER_GONE),
        }
    }

    /// Prints a diagnostic and all that is related to it: what is wrong, where, why, and what to do.
    pub fn show(&self, diagnostic: &(dyn Diagnostic + 'static)) -> Result<(), OutputError> {
        match self.format {
            Format::Human => self.print(Rendered { diagnostic, colour: self.coloured() }),
            Format::Short | Format::Json => self.print_records(records(diagnostic)),
        }
    }

    /// Prints what to know about a sound declaration.
    pub fn warn(&self, evaluation: &Evaluation) -> Result<(), OutputError> {
        evaluation.caveats.iter().try_for_each(|Caveat { problem, .. }| match self.format {
            Format::Human => self.show(&EvalError::warning(problem.clone(), evaluation.sources.clone())),
            Format::Short | Format::Json => {
                self.print_records(vec![Record::of_problem(problem, &evaluation.sources, "warning")])
            }
        })
    }

    fn print_records(&self, records: Vec<Record>) -> Result<(), OutputError> {
        let line = |record: Record| if self.format == Format::Json { record.json() } else { record.short() };
        records.into_iter().try_for_each(|record| self.print(line(record)))
    }

    fn print(&self, line: impl Display) -> Result<(), OutputError> {
        if self.to_stdout {
            return output::line(line);
        }
        output::note(line);
        Ok(())
    }
}

/// A diagnostic and all that is related to it as data. Problems of a declaration have more of it than miette knows of.
fn records(diagnostic: &(dyn Diagnostic + 'static)) -> Vec<Record> {
    let error: &(dyn Error + 'static) = diagnostic;
    match error.downcast_ref::<EvalError>() {
        Some(error) => {
            let failure = error.failure();
            let record = |problem| Record::of_problem(problem, &failure.sources, "error");
            failure.problems.iter().map(record).collect()
        }
        None => vec![Record::of(diagnostic)],
    }
}

/// What <https://no-color.org> and <https://bixense.com/clicolors> say.
fn coloured(colour: Colour, terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if is_set("NO_COLOR") => false,
        Colour::Auto if is_set("CLICOLOR_FORCE") => variable("CLICOLOR_FORCE").as_deref() != Some("0"),
        Colour::Auto => terminal && variable("TERM").as_deref() != Some("dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_and_for_those_who_ask() {
        let with = |colour, terminal, set: &[(&str, &str)]| {
            coloured(colour, terminal, |name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(with(Colour::Auto, true, &[("TERM", "xterm")]));
        assert!(!with(Colour::Auto, false, &[]));
        assert!(!with(Colour::Auto, true, &[("TERM", "dumb")]));
        assert!(!with(Colour::Auto, true, &[("NO_COLOR", "1")]));
        assert!(with(Colour::Auto, true, &[("NO_COLOR", "")]));
        assert!(with(Colour::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!with(Colour::Auto, true, &[("CLICOLOR_FORCE", "0")]));
        assert!(!with(Colour::Auto, true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
        assert!(with(Colour::Always, false, &[("NO_COLOR", "1")]));
        assert!(!with(Colour::Never, true, &[]));
    }
}
