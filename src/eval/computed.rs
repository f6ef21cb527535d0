//! Evaluating the form of a computed file: what [`crate::builders::computed`] runs, inside the sandbox.
//!
//! The form has an interpreter of its own, locked down like that of a declaration, with the procedures of
//! `scheme/fruix/builder.scm` that work on the files of the build.

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::host::Build;
use super::interpreter::{Interpreter, crashed};
use super::lockdown::Purity;
use super::modules::{self, Declaration};
use super::outside::{Answer, Asking, Outside, Request};
use super::problem::{EvalError, Failure, Problem};
use super::worker;
use crate::builders::computed::Form;
use crate::eval::code::Code;
use crate::store_path::STORE_DIR;

/// Evaluates a form for what it does.
///
/// # Errors
/// What is wrong with the form, with the places in it.
pub fn evaluate(form: &Form<'_>) -> Result<(), EvalError> {
    let build = Build {
        outputs: form.outputs.clone(),
        directory: form.directory.to_path_buf(),
        store: Path::new(STORE_DIR).to_path_buf(),
    };
    let declaration = Declaration::form(form.name, form.text)?;
    worker::silence_panics();
    let work = move || panic::catch_unwind(AssertUnwindSafe(|| run(&declaration, build)));
    let thread = thread::Builder::new().name(worker::NAME.into()).stack_size(worker::STACK_BYTES).spawn(work);
    let thread = thread.map_err(|error| {
        Failure::from(Problem::new(Code::InternalFault, format!("cannot start a thread: {error}")))
    })?;
    Ok(thread.join().and_then(|ended| ended).unwrap_or_else(|_| Err(crashed()))?)
}

fn run(declaration: &Declaration, build: Build) -> Result<(), Failure> {
    let nothing = Arc::new(Nothing);
    let program = modules::load(declaration, &[], None, &Asking::new(nothing.clone()))?;
    let mut interpreter = Interpreter::start(nothing, Purity::Pure)?.building(build);
    interpreter.evaluate(program).map(drop)
}

/// What a build may ask of the machine.
struct Nothing;

impl Outside for Nothing {
    fn ask(&self, request: &Request) -> Answer {
        Answer::refusal(request, "it is not available here: insert it into the gexp with #$")
    }
}
