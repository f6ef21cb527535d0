//! What is wrong with a declaration, as plain data that miette can render.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode, SourceSpan};
use serde::{Deserialize, Serialize};

use super::code::Code;

/// A place in a file with a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Which of the evaluation's source files; `None` means the file being read.
    pub file: Option<usize>,
    /// Bytes of that file.
    pub at: Range<usize>,
    pub text: String,
}

/// One thing that is wrong: what, where, and what to do. The first label is the place itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: Code,
    pub message: String,
    pub labels: Vec<Label>,
    pub help: Option<String>,
    /// What the text at the first place was probably meant to be.
    #[serde(default)]
    pub replacement: Option<String>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None, replacement: None }
    }

    /// A problem at a place of the file being read.
    pub fn at(code: Code, at: Range<usize>, message: impl Into<String>) -> Self {
        let mut problem = Self::new(code, message);
        problem.labels.push(Label { file: None, at, text: String::new() });
        problem
    }

    /// Says something at the first place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Points at a further place of the file being read.
    #[must_use]
    pub fn also(mut self, at: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { file: None, at, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Asks whether something else was meant by the text at the first place.
    #[must_use]
    pub fn did_you_mean(mut self, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        self.help = Some(format!("did you mean `{replacement}`?"));
        self.replacement = Some(replacement);
        self
    }

    /// Says which file the places meant that named none.
    #[must_use]
    pub fn in_file(mut self, file: usize) -> Self {
        for label in &mut self.labels {
            label.file.get_or_insert(file);
        }
        self
    }

    /// The first place.
    pub fn primary(&self) -> Option<Range<usize>> {
        self.labels.first().map(|label| label.at.clone())
    }
}

/// The text of a file, for showing the places of problems in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceText {
    /// As the user would name it.
    pub name: String,
    pub text: String,
}

/// Why an evaluation gave no result: one or more problems, and the texts they point into.
///
/// Plain data, so that a child process can hand it over; [`EvalError`] is its face to the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Never empty.
    pub problems: Vec<Problem>,
    pub sources: Vec<SourceText>,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem], sources: Vec::new() }
    }
}

/// A [`Failure`] as a diagnostic: the first problem is the error itself, the others are related to it.
#[derive(Debug, Clone)]
pub struct EvalError(Box<Reported>);

#[derive(Debug, Clone)]
struct Reported {
    failure: Failure,
    first: Shown,
    others: Vec<Shown>,
}

impl EvalError {
    /// A problem that keeps nothing from going on.
    pub fn warning(problem: Problem, sources: Vec<SourceText>) -> Self {
        let mut warning = Self::from(Failure { problems: vec![problem], sources });
        warning.0.first.severity = Severity::Warning;
        warning
    }

    /// The plain data behind the diagnostic.
    pub fn failure(&self) -> &Failure {
        &self.0.failure
    }
}

impl From<Failure> for EvalError {
    fn from(failure: Failure) -> Self {
        let mut shown = failure.problems.iter().map(|problem| Shown::new(problem, &failure.sources));
        let first = shown
            .next()
            .unwrap_or_else(|| Shown::new(&Problem::new(Code::InternalFault, "evaluation failed"), &[]));
        let others: Vec<Shown> = shown.collect();
        Self(Box::new(Reported { failure, first, others }))
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.first.fmt(f)
    }
}

impl std::error::Error for EvalError {}

impl Diagnostic for EvalError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.first.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.0.first.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.0.first.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.first.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.first.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let all = self.0.first.elsewhere.iter().chain(&self.0.others);
        Some(Box::new(all.map(|shown| shown as &dyn Diagnostic)))
    }
}

/// One problem with the text of the file it lies in. A diagnostic has one text, so what a problem says about
/// other files becomes diagnostics of their own.
#[derive(Debug, Clone)]
struct Shown {
    /// What is said of another file besides has none.
    code: Option<Code>,
    message: String,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    severity: Severity,
    elsewhere: Vec<Shown>,
}

impl Shown {
    fn new(problem: &Problem, sources: &[SourceText]) -> Self {
        let mut shown = Self {
            code: Some(problem.code),
            message: problem.message.clone(),
            source: None,
            labels: Vec::new(),
            help: problem.help.clone(),
            severity: Severity::Error,
            elsewhere: Vec::new(),
        };
        let home = problem.labels.first().and_then(|label| label.file);
        shown.source = home.and_then(|file| sources.get(file)).map(SourceText::named);
        for label in &problem.labels {
            let Some(source) = label.file.and_then(|file| sources.get(file)) else { continue };
            let span = source.span(&label.at);
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            if label.file == home {
                let labeled = if shown.labels.is_empty() {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                };
                shown.labels.push(labeled);
            } else {
                shown.elsewhere.push(Self {
                    code: None,
                    message: label.text.clone(),
                    source: Some(source.named()),
                    labels: vec![LabeledSpan::new_primary_with_span(None, span)],
                    help: None,
                    severity: Severity::Advice,
                    elsewhere: Vec::new(),
                });
            }
        }
        shown
    }
}

impl SourceText {
    /// A problem of this text alone.
    pub fn fault(self, problem: Problem) -> EvalError {
        Failure { problems: vec![problem.in_file(0)], sources: vec![self] }.into()
    }

    fn named(&self) -> NamedSource<String> {
        NamedSource::new(&self.name, self.text.clone()).with_language("Scheme")
    }

    /// A span miette can show: inside the text and on character boundaries, whatever the range says.
    fn span(&self, at: &Range<usize>) -> SourceSpan {
        let mut start = at.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = at.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        SourceSpan::from(start..end)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code.name()) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|text| Box::new(text) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.elsewhere.iter().map(|shown| shown as &dyn Diagnostic)))
    }
}
