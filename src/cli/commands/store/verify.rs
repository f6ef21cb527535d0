//! `fruix store verify`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::args::Global;
use crate::cli::context::{item, upkeep};
use crate::cli::output;
use crate::store::{Examination, Finding, Repair, Store};
use crate::sys::interrupt;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Store items: by store path, base name, or a path that leads to them. They are read again, whole. Default: all that
    /// are registered.
    paths: Vec<PathBuf>,
    /// Read the contents of all items again, and compare them with what was registered.
    #[arg(long)]
    check_contents: bool,
    /// Mend what is damaged: modes, times and owners in place. An item with other contents is moved out of the store,
    /// so that it is built or added again when it is next needed. Nothing may be using it.
    #[arg(long)]
    repair: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let _watch = interrupt::watch()?;
    let store = upkeep(global, if args.repair { Store::open } else { Store::open_to_read })?;
    let named = args.paths.iter().map(|path| item(store.as_ref(), path)).collect::<Result<Vec<_>, _>>()?;
    let examination = Examination {
        contents: args.check_contents || !named.is_empty(),
        items: (!named.is_empty()).then_some(named),
        repair: args.repair,
    };
    // What cannot be printed fails the command, once all has been looked at.
    let mut printed = Ok(());
    let mut tell = |finding| {
        let result = show(&finding);
        if printed.is_ok() {
            printed = result;
        }
    };
    let examined = store.examine(&examination, &mut tell)?;
    printed?;
    let (checked, damaged) = (examined.checked, examined.damaged);
    if examined.interrupted {
        output::note(format_args!("interrupted: {checked} checked, {damaged} damaged"));
        return Ok(ExitCode::FAILURE);
    }
    if damaged == 0 {
        output::note(format_args!("{checked} checked, all as registered"));
    } else if !args.repair {
        output::note(format_args!("{checked} checked, {damaged} damaged: fruix store verify --repair"));
    }
    Ok(if examined.left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(finding: &Finding) -> Result<(), output::OutputError> {
    match finding {
        Finding::Problem(problem) => return output::line(problem),
        Finding::Shared(link) => return output::line(format_args!("modified {}", link.display())),
        Finding::Repair { base_name: name, repair } => output::note(match repair {
            Repair::Mended => format!("mended {name}"),
            Repair::PutAway(Some(place)) => {
                format!("moved {name} to {}; it is made again when it is next needed", place.display())
            }
            Repair::PutAway(None) => format!("{name} is made again when it is next needed"),
            Repair::None => format!("the database is wrong about {name}: fruix store rebuild-database"),
        }),
    }
    Ok(())
}
