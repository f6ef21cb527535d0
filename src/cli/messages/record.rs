//! Diagnostics for programs. What the fields mean stands in `docs/diagnostics.md`.

use std::ops::Range;

use miette::{Diagnostic, Severity};
use serde::Serialize;

use crate::eval::{Problem, SourceText};

/// One diagnostic.
#[derive(Debug, Serialize)]
pub(super) struct Record {
    severity: &'static str,
    message: String,
    code: Option<String>,
    help: Option<String>,
    /// The first is where the mistake is.
    spans: Vec<Span>,
    suggestion: Option<Suggestion>,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize)]
struct Span {
    file: String,
    start: Position,
    end: Position,
    label: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Position {
    /// Bytes from the start of the file.
    offset: usize,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
}

/// What to write in place of a span.
#[derive(Debug, Serialize)]
struct Suggestion {
    replacement: String,
    span: Span,
}

impl Record {
    /// A problem of a declaration.
    pub fn of_problem(problem: &Problem, sources: &[SourceText], severity: &'static str) -> Self {
        let spans: Vec<Span> = problem
            .labels
            .iter()
            .filter_map(|label| Some(Span::of(sources.get(label.file?)?, &label.at, &label.text)))
            .collect();
        let suggestion = problem.replacement.clone().zip(spans.first().cloned());
        Self {
            severity,
            message: problem.message.clone(),
            code: Some(problem.code.name().into()),
            help: problem.help.clone(),
            spans,
            suggestion: suggestion
                .map(|(replacement, span)| Suggestion { replacement, span: Span { label: None, ..span } }),
        }
    }

    /// Any other diagnostic, which is about no text. Its causes are part of the message.
    pub fn of(diagnostic: &dyn Diagnostic) -> Self {
        let mut message = diagnostic.to_string();
        let mut cause = diagnostic.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !message.contains(&text) {
                message.push_str(&format!(": {text}"));
            }
            cause = error.source();
        }
        let severity = match diagnostic.severity() {
            Some(Severity::Warning) => "warning",
            Some(Severity::Advice) => "advice",
            Some(Severity::Error) | None => "error",
        };
        Self {
            severity,
            message,
            code: diagnostic.code().map(|code| code.to_string()),
            help: diagnostic.help().map(|help| help.to_string()),
            spans: Vec::new(),
            suggestion: None,
        }
    }

    pub fn json(&self) -> String {
        // Strings and numbers alone: nothing that JSON could not say.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The diagnostic on one line, as compilers write theirs.
    pub fn short(&self) -> String {
        let place = match self.spans.first() {
            Some(Span { file, start, .. }) => format!("{file}:{}:{}", start.line, start.column),
            None => "fruix".into(),
        };
        let label = self.spans.first().and_then(|span| span.label.as_ref());
        let details: Vec<&str> = label.into_iter().chain(&self.help).map(String::as_str).collect();
        let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join("; ")) };
        let line = format!("{place}: {}: {}{details}", self.severity, self.message);
        line.replace('\n', " ")
    }
}

impl Span {
    fn of(source: &SourceText, at: &Range<usize>, label: &str) -> Self {
        Self {
            file: source.name.clone(),
            start: Position::of(&source.text, at.start),
            end: Position::of(&source.text, at.end.max(at.start)),
            label: (!label.is_empty()).then(|| label.to_string()),
        }
    }
}

impl Position {
    fn of(text: &str, offset: usize) -> Self {
        let offset = (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Code;

    fn record() -> Record {
        let source = SourceText { name: "a.scm".into(), text: "(é\n (hostname \"x\"))".into() };
        let at = source.text.find("hostname").unwrap();
        let problem =
            Problem::at(Code::UnknownField, at..at + 8, "no field `hostname`").label("unknown field");
        let problem = problem.also(1..3, "of this").did_you_mean("host-name").in_file(0);
        Record::of_problem(&problem, &[source], "error")
    }

    #[test]
    fn places_are_bytes_and_lines_and_characters() {
        let json: serde_json::Value = serde_json::from_str(&record().json()).unwrap();
        let start = serde_json::json!({ "offset": 6, "line": 2, "column": 3 });
        let end = serde_json::json!({ "offset": 14, "line": 2, "column": 11 });
        assert_eq!(json["spans"][0]["start"], start);
        assert_eq!(json["spans"][0]["end"], end);
        assert_eq!(json["spans"][1]["end"]["column"], 3);
        assert_eq!(json["suggestion"]["replacement"], "host-name");
        assert_eq!(json["suggestion"]["span"]["start"], start);
        assert_eq!(json["code"], "fruix::eval::unknown-field");
    }

    #[test]
    fn a_line_says_what_a_compiler_would() {
        assert_eq!(
            record().short(),
            "a.scm:2:3: error: no field `hostname` (unknown field; did you mean `host-name`?)"
        );
    }

    #[test]
    fn other_errors_have_no_place() {
        let error = miette::miette!(help = "look for it", "cannot\nread");
        assert_eq!(Record::of(error.as_ref()).short(), "fruix: error: cannot read (look for it)");
    }
}
