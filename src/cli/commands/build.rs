//! `fruix build`

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, sync::Arc};

use miette::miette;
use serde::Serialize;

use crate::{
    build::{Plan, Realise, Wanted, request::output_path},
    cli::{
        args::Global,
        building::{self, BuildFlags},
        checking::{self, CheckFlags},
        context,
        evaluation::{self, Declaration, EvaluationFlags},
        messages::Messages,
        output,
    },
    derivation::Derivation,
    eval::{Evaluation, Value},
    store::StoreAccess,
    store_path::StorePath,
    system::declaration,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    what: What,
    /// Print what would be built, and build nothing.
    #[arg(long)]
    dry_run: bool,
    /// Make LINK a symbolic link to what was built, which keeps it from being collected as garbage; of further outputs,
    /// LINK-2 and so on.
    #[arg(short, long, value_name = "LINK", conflicts_with = "dry_run")]
    out_link: Option<PathBuf>,
    /// Print JSON: of each output its derivation, its name and its path.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    evaluation: EvaluationFlags,
    #[command(flatten)]
    building: BuildFlags,
    #[command(flatten)]
    checking: CheckFlags,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Build what the last expression of FILE stands for. May be given more than once, which takes far less time than
    /// one command each.
    #[arg(short, long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Build what the expression EXPR stands for.
    #[arg(short, long, value_name = "EXPR")]
    expression: Option<String>,
    /// Build all outputs of derivations that are in the store.
    #[arg(value_name = "DERIVATION")]
    derivations: Vec<PathBuf>,
}

/// What was asked for, as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    /// Nothing has to be built for a text or a file of the machine: it has neither.
    drv: Option<StorePath>,
    output: Option<String>,
    path: StorePath,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = context::access(global)?;
    let evaluation = evaluate(global, &store, args)?;
    if args.dry_run {
        let plan = match &evaluation {
            Some(evaluation) => declaration::plan(store.as_ref(), evaluation)?,
            None => {
                let wanted = all_outputs(store.as_ref(), &args.what.derivations)?;
                Plan::new(store.as_ref(), &wanted, |drv| Ok(store.derivation(drv)?))?
            }
        };
        let outputs = |derivation: &Derivation| derivation.outputs.keys().cloned().collect::<BTreeSet<_>>();
        let missing = plan.derivations.iter().map(|(drv, derivation)| (drv, derivation, outputs(derivation)));
        return print(&rows(missing)?, args.json, |row| row.drv.as_ref());
    }
    let wanted = match &evaluation {
        Some(evaluation) => declaration::instantiate(store.as_ref(), evaluation)?,
        None => all_outputs(store.as_ref(), &args.what.derivations)?,
    };
    let forms = evaluation.as_ref().map(|evaluation| evaluation.forms.as_slice()).unwrap_or_default();
    if args.checking.check {
        let drvs = wanted.into_keys().collect();
        return checking::run(store.as_ref(), &drvs, forms, &args.building, &args.checking, args.json);
    }
    building::realise(store.as_ref(), &wanted, forms, &args.building)?;
    let mut built = Vec::new();
    for (drv, outputs) in wanted {
        built.push((drv.clone(), store.derivation(&drv)?, outputs));
    }
    let mut rows = rows(built.iter().map(|(drv, derivation, outputs)| (drv, derivation, outputs.clone())))?;
    let there = evaluation.as_ref().and_then(without_building);
    rows.extend(there.map(|path| Row { drv: None, output: None, path: path.clone() }));
    if let Some(link) = &args.out_link {
        context::link_outputs(store.as_ref(), link, rows.iter().map(|row| &row.path))?;
    }
    print(&rows, args.json, |row| Some(&row.path))
}

/// Evaluates what the arguments declare, unless they name derivations.
fn evaluate(global: &Global, store: &Arc<dyn Realise>, args: &Args) -> miette::Result<Option<Evaluation>> {
    let evaluations = match &args.what {
        What { expression: Some(text), .. } => {
            vec![evaluation::evaluate(store, Declaration::Expression(text), &args.evaluation)?]
        }
        What { file, .. } => {
            evaluation::evaluate_files(store, file, &args.evaluation, &Messages::new(global))?
        }
    };
    let stands_for_something =
        |evaluation: &&Evaluation| !evaluation.roots.is_empty() || without_building(evaluation).is_some();
    if let Some(evaluation) = evaluations.iter().find(|evaluation| !stands_for_something(evaluation)) {
        let name = &evaluation.declaration.name;
        let found = match &evaluation.value {
            Value::Nothing => "no value".to_string(),
            Value::List(items) if items.is_empty() => "the empty list".into(),
            value => format!("a {}", value.kind()),
        };
        return Err(miette!(
            help = "end it with a derivation, a system, a file, or a list of such",
            "{name} gives {found}, for which there is nothing to build"
        ));
    }
    Ok(evaluations.into_iter().reduce(Evaluation::and))
}

/// The store path that an evaluation gives, if it is there as soon as the declaration is: that of a text, or of a file of
/// the machine.
fn without_building(evaluation: &Evaluation) -> Option<&StorePath> {
    match &evaluation.value {
        Value::StorePath(path) if evaluation.roots.iter().all(|root| root.path != *path) => Some(path),
        _ => None,
    }
}

/// All outputs of the derivations that the arguments name.
fn all_outputs(store: &dyn StoreAccess, derivations: &[PathBuf]) -> miette::Result<Wanted> {
    let mut wanted = Wanted::new();
    for argument in derivations {
        let drv = context::item(store, argument)?;
        let outputs = store.derivation(&drv)?.outputs.into_keys().collect();
        wanted.insert(drv, outputs);
    }
    Ok(wanted)
}

fn rows<'a>(
    derivations: impl Iterator<Item = (&'a StorePath, &'a Derivation, BTreeSet<String>)>,
) -> miette::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (drv, derivation, outputs) in derivations {
        for output in outputs {
            let path = output_path(drv, derivation, &output)?;
            rows.push(Row { drv: Some(drv.clone()), output: Some(output), path });
        }
    }
    Ok(rows)
}

/// Prints the rows as JSON, or of each what `shown` picks, once.
fn print(rows: &[Row], json: bool, shown: impl Fn(&Row) -> Option<&StorePath>) -> miette::Result<ExitCode> {
    if json {
        output::json(rows)?;
    } else {
        let mut lines: Vec<_> = rows.iter().filter_map(shown).collect();
        lines.dedup();
        output::lines(lines)?;
    }
    Ok(ExitCode::SUCCESS)
}
