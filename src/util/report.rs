//! An error in words, as it goes from one process of this program to another.
//!
//! Who asked shows it as if it had happened there: message, causes, help, and the errors that belong together.

use std::error::Error;
use std::fmt;

use miette::Diagnostic;
use serde::{Deserialize, Serialize};

/// How many causes, and how many levels of related errors, are told of.
const DEPTH: usize = 8;

/// What another process says has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Box<Report>>,
    /// The errors that this one sums up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related: Vec<Report>,
}

impl Report {
    /// An error with advice.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), cause: None, related: Vec::new() }
    }

    /// The words of any diagnostic.
    pub fn of(error: &dyn Diagnostic) -> Self {
        Self::of_some(error, DEPTH)
    }

    fn of_some(error: &dyn Diagnostic, depth: usize) -> Self {
        let below = depth.checked_sub(1);
        let cause = below.and_then(|depth| match (error.diagnostic_source(), error.source()) {
            (Some(source), _) => Some(Self::of_some(source, depth)),
            (None, Some(source)) => Some(Self::of_error(source, depth)),
            (None, None) => None,
        });
        let related = below.and_then(|depth| {
            Some(error.related()?.map(|related| Self::of_some(related, depth)).collect::<Vec<_>>())
        });
        Self {
            message: error.to_string(),
            help: error.help().map(|help| help.to_string()),
            cause: cause.map(Box::new),
            related: related.unwrap_or_default(),
        }
    }

    fn of_error(error: &dyn Error, depth: usize) -> Self {
        let below = depth.checked_sub(1);
        let cause = below.and_then(|depth| Some(Box::new(Self::of_error(error.source()?, depth))));
        Self { message: error.to_string(), help: None, cause, related: Vec::new() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl Error for Report {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_deref()?)
    }
}

impl Diagnostic for Report {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.help.as_ref()?))
    }

    fn diagnostic_source(&self) -> Option<&dyn Diagnostic> {
        Some(self.cause.as_deref()?)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        match self.related.as_slice() {
            [] => None,
            related => Some(Box::new(related.iter().map(|report| report as &dyn Diagnostic))),
        }
    }
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error, Diagnostic)]
    #[error("several failed")]
    #[diagnostic(help("try less"))]
    struct Several {
        #[related]
        parts: Vec<Part>,
    }

    #[derive(Debug, Error, Diagnostic)]
    #[error("a part failed")]
    struct Part {
        #[source]
        cause: std::io::Error,
    }

    #[test]
    fn nothing_is_lost_on_the_way() {
        let part = || Part { cause: std::io::Error::other("disk on fire") };
        let sent = Report::of(&Several { parts: vec![part(), part()] });
        let text = serde_json::to_string(&sent).unwrap();
        let report: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(report, sent);
        assert_eq!(
            (report.to_string().as_str(), report.help.as_deref()),
            ("several failed", Some("try less"))
        );
        let related: Vec<_> = report.related().unwrap().collect();
        assert_eq!(related.len(), 2);
        assert_eq!(related[0].source().unwrap().to_string(), "disk on fire");
    }
}
