//! Diagnostics for people: drawn by miette, with the text and what is wrong in it underlined.

use std::{error::Error, fmt};

use miette::{Diagnostic, LabeledSpan, MietteHandlerOpts, ReportHandler, Severity, SourceCode};

/// A diagnostic as the user sees it: as wide as the terminal, and drawn with what its locale has. Lines are left to
/// the terminal to wrap: paths, and lines of logs, can then be copied and searched for.
pub(super) struct Rendered<'a> {
    pub diagnostic: &'a dyn Diagnostic,
    pub colour: bool,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handler = MietteHandlerOpts::new().wrap_lines(false).color(self.colour).build();
        handler.debug(&Once(self.diagnostic), f)
    }
}

/// A diagnostic without the causes that its own message tells already.
#[derive(Debug)]
struct Once<'a>(&'a dyn Diagnostic);

impl fmt::Display for Once<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.0, f)
    }
}

impl Error for Once<'_> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let message = self.to_string();
        let mut cause = self.0.source();
        while let Some(told) = cause.filter(|cause| message.contains(&cause.to_string())) {
            cause = told.source();
        }
        cause
    }
}

impl Diagnostic for Once<'_> {
    /// For programs: a message says the same in words.
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        None
    }

    fn severity(&self) -> Option<Severity> {
        self.0.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.help()
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.url()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        self.0.related()
    }

    fn diagnostic_source(&self) -> Option<&dyn Diagnostic> {
        let message = self.to_string();
        self.0.diagnostic_source().filter(|cause| !message.contains(&cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use miette::{IntoDiagnostic as _, WrapErr as _};
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error, Diagnostic)]
    #[error("cannot read `x`: {source}")]
    #[diagnostic(help("look for it"))]
    struct Told {
        source: io::Error,
    }

    fn rendered(report: &miette::Report) -> String {
        Rendered { diagnostic: report.as_ref(), colour: false }.to_string()
    }

    #[test]
    fn a_cause_is_told_once() {
        let told = rendered(&Told { source: io::Error::other("it is gone") }.into());
        assert_eq!(told.matches("it is gone").count(), 1, "{told}");
        assert!(told.contains("look for it"), "{told}");
        let untold: miette::Result<()> = Err(io::Error::other("it is gone")).into_diagnostic();
        let untold = rendered(&untold.wrap_err("cannot read").unwrap_err());
        assert_eq!(untold.matches("it is gone").count(), 1, "{untold}");
    }

    #[test]
    fn long_lines_stay_whole() {
        let path = "/a-long-name".repeat(20);
        let shown = rendered(&miette::miette!("cannot find {path} anywhere"));
        assert!(shown.contains(&format!("cannot find {path} anywhere")), "{shown}");
    }
}
