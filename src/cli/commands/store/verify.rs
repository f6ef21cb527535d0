//! `fruix store verify`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{item, open_store, open_store_to_read};
use crate::cli::output;
use crate::store::{Problem, Repair, Store};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them. Default: all that are registered.
    paths: Vec<PathBuf>,
    /// Mend what is damaged: modes, times and owners in place. An item with other contents is moved out of the store,
    /// so that it is built or added again when it is next needed. Nothing may be using it.
    #[arg(long)]
    repair: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = if args.repair { open_store(global)? } else { open_store_to_read(global)? };
    let (items, mut problems) = match args.paths.as_slice() {
        [] => store.all_registered()?,
        paths => (paths.iter().map(|path| item(&store, path)).collect::<Result<_, _>>()?, Vec::new()),
    };
    output::lines(&problems)?;
    for path in &items {
        if let Some(problem) = store.verify(path)? {
            output::line(&problem)?;
            problems.push(problem);
        }
    }
    // What is wrong there is only a name too many, and goes at once where anything is to be mended.
    let pool = if args.paths.is_empty() { store.verify_pool(args.repair)? } else { Vec::new() };
    output::lines(pool.iter().map(|link| format!("modified {}", link.display())))?;
    let (checked, damaged) = (items.len(), problems.len() + pool.len());
    match (damaged, args.repair) {
        (0, _) => {
            output::note(format_args!("{checked} checked, all as registered"));
            Ok(ExitCode::SUCCESS)
        }
        (_, true) => repair(&store, &problems),
        (_, false) => {
            output::note(format_args!("{checked} checked, {damaged} damaged: fruix store verify --repair"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Succeeds if every item is as registered afterwards.
fn repair(store: &Store, problems: &[Problem]) -> miette::Result<ExitCode> {
    let mut all = true;
    for problem in problems {
        let name = &problem.base_name;
        let repair = store.repair(problem)?;
        all &= repair == Repair::Mended;
        output::note(match repair {
            Repair::Mended => format!("mended {name}"),
            Repair::PutAway(Some(place)) => {
                format!("moved {name} to {}; it is made again when it is next needed", place.display())
            }
            Repair::PutAway(None) => format!("{name} is made again when it is next needed"),
            Repair::None => format!("the database is wrong about {name}: fruix store rebuild-database"),
        });
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
