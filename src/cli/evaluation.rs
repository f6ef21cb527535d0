//! Evaluating the user's declaration: what `build` and the `system` commands begin with.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    eval::{Evaluation, Evaluator},
    store::Store,
    sys::interrupt,
    system::inputs::{Replacement, StoreInputs},
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
}

/// What the user declares by.
#[derive(Debug, Clone, Copy)]
pub enum Declaration<'a> {
    File(&'a Path),
    Expression(&'a str),
}

/// Evaluates a declaration; trees that it names become items of the store.
pub fn evaluate(
    store: &Arc<Store>,
    declaration: Declaration<'_>,
    flags: &EvaluationFlags,
) -> miette::Result<Evaluation> {
    let _watch = interrupt::watch()?;
    let inputs = StoreInputs::new(Arc::clone(store), flags.with_source.clone());
    let evaluator =
        Evaluator::new(Arc::new(inputs)).search(flags.load_path.clone()).interrupted(interrupt::requested);
    Ok(match declaration {
        Declaration::File(path) => evaluator.file(path)?,
        Declaration::Expression(text) => evaluator.expression(text)?,
    })
}

fn parse_replacement(text: &str) -> Result<Replacement, String> {
    let (declared, actual) = text.split_once('=').ok_or("write DECLARED=ACTUAL, two directories")?;
    let actual = std::path::absolute(actual).map_err(|error| format!("`{actual}`: {error}"))?;
    Ok(Replacement { declared: PathBuf::from(declared), actual })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_names_two_directories() {
        let replacement = parse_replacement("/usr/src=/home/me/src").unwrap();
        assert_eq!(replacement.declared, Path::new("/usr/src"));
        assert_eq!(replacement.actual, Path::new("/home/me/src"));
        assert!(parse_replacement("/usr/src").is_err());
    }
}
