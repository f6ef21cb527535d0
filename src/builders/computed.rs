//! `builtin:computed`: files that a Scheme form of the declaration makes.
//!
//! Environment: `form`, the text of the form, in which inputs are named by their store paths.
//!
//! Fruix evaluates the form itself, so that it needs no program and no tool chain. The interpreter lies in a layer
//! above this one: whoever runs builders says which it is, with [`interpret_with`].

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use thiserror::Error;

use super::{Builder, BuilderContext, BuilderError};

/// See [`Builder::version`].
const VERSION: &str = "1";

/// The builder's row in the table.
pub(super) const BUILDER: Builder = Builder { name: "computed", version: VERSION, run };

/// What messages call the form.
const NAME: &str = "<form>";

/// How wide the log shows the form.
const LOG_WIDTH: usize = 110;

/// What to evaluate.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// What messages call it.
    pub name: &'a str,
    pub text: &'a str,
    /// By name: the path to make.
    pub outputs: &'a BTreeMap<String, PathBuf>,
    /// Where relative paths start.
    pub directory: &'a Path,
}

/// Evaluates a form; the error is as the log shows it.
pub type Interpreter = fn(&Form<'_>) -> Result<(), Box<dyn Diagnostic + Send + Sync>>;

static INTERPRETER: OnceLock<Interpreter> = OnceLock::new();

/// Says what evaluates forms. The first answer stays.
pub fn interpret_with(interpreter: Interpreter) {
    let _ = INTERPRETER.set(interpreter);
}

/// Why the form made nothing.
#[derive(Debug, Error, Diagnostic)]
pub enum ComputedError {
    #[error("the form of this computed file failed:\n{report}")]
    Form { report: String },

    #[error("the form of this computed file did not make its output `{output}`")]
    #[diagnostic(help(
        "make it with (write-file #$output …), or (make-directory #$output) and files below it"
    ))]
    NoOutput { output: String },

    #[error("this program cannot evaluate the forms of computed files")]
    #[diagnostic(help("this is a fault of fruix"))]
    NoInterpreter,
}

fn run(context: &BuilderContext) -> Result<(), BuilderError> {
    let form = Form {
        name: NAME,
        text: context.required("form")?,
        outputs: &context.outputs,
        directory: &context.build_dir,
    };
    let interpreter = INTERPRETER.get().ok_or(ComputedError::NoInterpreter)?;
    interpreter(&form).map_err(|error| ComputedError::Form { report: render(&*error) })?;
    match context.outputs.iter().find(|(_, path)| path.symlink_metadata().is_err()) {
        Some((output, _)) => Err(ComputedError::NoOutput { output: output.clone() }.into()),
        None => Ok(()),
    }
}

/// The error with the place in the form, in plain text.
fn render(error: &dyn Diagnostic) -> String {
    let mut report = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(LOG_WIDTH);
    match handler.render_report(&mut report, error) {
        Ok(()) => report.trim_end().to_owned(),
        Err(_) => error.to_string(),
    }
}
