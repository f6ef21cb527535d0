//! Evaluating the user's declaration: what `build` and the `system` commands begin with.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use miette::{IntoDiagnostic, WrapErr};

use super::{messages::Messages, size::Size};
use crate::{
    build::Realise,
    eval::{EvalError, Evaluation, EvaluationLimits, Evaluator, Inputs, Purity},
    store::Layout,
    sys::interrupt,
    system::{
        inputs::{Replacement, StoreInputs},
        survey::Survey,
    },
};

/// Options of commands that evaluate.
#[derive(Debug, Clone, clap::Args)]
pub struct EvaluationFlags {
    /// Look for modules in DIR as well. May be given more than once.
    #[arg(short = 'L', long = "load-path", value_name = "DIR", help_heading = "Evaluation")]
    load_path: Vec<PathBuf>,
    /// Where the declaration names the directory DECLARED, take ACTUAL. May be given more than once.
    #[arg(long, value_name = "DECLARED=ACTUAL", value_parser = parse_replacement, help_heading = "Evaluation")]
    with_source: Vec<Replacement>,
    /// Let the declaration read files that it does not declare, the environment, the clock and random numbers. The
    /// result depends on this machine and this moment then; its provenance says so.
    #[arg(long, help_heading = "Evaluation")]
    impure: bool,
    /// End an evaluation that takes longer, in seconds. Time that sources take to be added does not count.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = parse_seconds, help_heading = "Evaluation")]
    eval_time_limit: Duration,
    /// End an evaluation that takes more memory, such as 512M or 4G.
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = parse_memory, help_heading = "Evaluation")]
    eval_memory_limit: u64,
}

impl EvaluationFlags {
    /// The directories to look for modules in.
    pub fn load_path(&self) -> &[PathBuf] {
        &self.load_path
    }

    /// What declarations may take of the machine.
    pub fn inputs(&self, store: &Arc<dyn Realise>) -> StoreInputs {
        StoreInputs::new(store.clone(), self.with_source.clone())
    }

    pub fn purity(&self) -> Purity {
        if self.impure { Purity::Impure } else { Purity::Pure }
    }

    pub fn limits(&self) -> EvaluationLimits {
        EvaluationLimits { time: self.eval_time_limit, memory: self.eval_memory_limit }
    }
}

/// Below this not even the interpreter has room.
const LEAST_MEMORY: u64 = 128 << 20;

/// What the user declares by.
#[derive(Debug, Clone, Copy)]
pub enum Declaration<'a> {
    File(&'a Path),
    Expression(&'a str),
}

/// Evaluates a declaration; trees that it names become items of the store.
pub fn evaluate(
    store: &Arc<dyn Realise>,
    declaration: Declaration<'_>,
    flags: &EvaluationFlags,
) -> miette::Result<Evaluation> {
    let _watch = interrupt::watch()?;
    let inputs = inputs(store, flags);
    let evaluator = evaluator(store, &inputs, flags)?;
    let evaluation = match declaration {
        Declaration::File(path) => evaluator.file(path)?,
        Declaration::Expression(text) => evaluator.expression(text)?,
    };
    inputs.check_replacements()?;
    Ok(evaluation)
}

/// Evaluates several files, for far less than one by one would take. What is wrong with any of them is shown.
pub fn evaluate_files(
    store: &Arc<dyn Realise>,
    files: &[PathBuf],
    flags: &EvaluationFlags,
    messages: &Messages,
) -> miette::Result<Vec<Evaluation>> {
    let _watch = interrupt::watch()?;
    let inputs = inputs(store, flags);
    let mut evaluations = Vec::new();
    let mut last: Option<miette::Report> = None;
    for result in evaluator(store, &inputs, flags)?.files(files) {
        match result {
            Ok(evaluation) => evaluations.push(evaluation),
            Err(error) => {
                if let Some(earlier) = last.replace(error.into()) {
                    messages.show(earlier.as_ref())?;
                }
            }
        }
    }
    if let Some(error) = last {
        return Err(error);
    }
    inputs.check_replacements()?;
    Ok(evaluations)
}

/// Evaluates files to see what is wrong with them; what they name is looked at, and not taken into a store. Of a store at
/// `layout`, if there is one, no more is used than what it has to evaluate faster.
pub fn survey(
    files: &[PathBuf],
    flags: &EvaluationFlags,
    layout: Option<&Layout>,
) -> miette::Result<Vec<Result<Evaluation, EvalError>>> {
    let _watch = interrupt::watch()?;
    let evaluator = confined(Arc::new(Survey::new(flags.with_source.clone())), flags)?;
    let evaluator = match layout.map(interpreter_image).filter(|image| image.exists()) {
        Some(image) => evaluator.image(image),
        None => evaluator,
    };
    Ok(evaluator.files(files))
}

/// Where a store keeps what starts interpreters fast.
pub fn interpreter_image(layout: &Layout) -> PathBuf {
    layout.cache_dir().join("interpreter").join("image")
}

fn inputs(store: &Arc<dyn Realise>, flags: &EvaluationFlags) -> Arc<StoreInputs> {
    Arc::new(flags.inputs(store))
}

fn evaluator(
    store: &Arc<dyn Realise>,
    inputs: &Arc<StoreInputs>,
    flags: &EvaluationFlags,
) -> miette::Result<Evaluator> {
    Ok(confined(inputs.clone(), flags)?
        .cache(store.own().cache_dir().join("evaluations"))
        .image(interpreter_image(store.own())))
}

/// An evaluator that works in a process of its own.
fn confined(inputs: Arc<dyn Inputs>, flags: &EvaluationFlags) -> miette::Result<Evaluator> {
    let program = std::env::current_exe().into_diagnostic().wrap_err("cannot find the fruix program")?;
    Ok(Evaluator::new(inputs)
        .search(flags.load_path.clone())
        .purity(flags.purity())
        .limits(flags.limits())
        .confined(program)
        .interrupted(interrupt::requested))
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds".to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn parse_memory(text: &str) -> Result<u64, String> {
    let bytes = text.parse::<Size>()?.bytes();
    if bytes < LEAST_MEMORY { Err("an evaluation takes at least 128M".into()) } else { Ok(bytes) }
}

fn parse_replacement(text: &str) -> Result<Replacement, String> {
    let (declared, actual) = text.split_once('=').ok_or("write DECLARED=ACTUAL, two directories")?;
    Replacement::new(declared.as_ref(), actual.as_ref()).map_err(|error| format!("`{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_names_two_directories() {
        let expected = Replacement::new(Path::new("/usr/src"), Path::new("/home/me/src")).unwrap();
        assert_eq!(parse_replacement("/usr/src=/home/me/src"), Ok(expected));
        assert!(parse_replacement("/usr/src").is_err());
    }
}
