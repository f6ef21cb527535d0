//! `fruix store gc`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use serde_json::json;

use crate::cli::args::Global;
use crate::cli::context::upkeep;
use crate::cli::output;
use crate::cli::size::{Size, amount, mebibytes};
use crate::profile::{Profile, Selection, enumerate};
use crate::store::gc::Collected;
use crate::store::{Layout, Store, Upkeep};
use crate::sys::interrupt;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what would be deleted, and delete nothing.
    #[arg(long, conflicts_with = "max_freed")]
    dry_run: bool,
    /// End when so much is freed, such as `10G` (K, M, G, T are powers of 1024).
    #[arg(long, value_name = "SIZE")]
    max_freed: Option<Size>,
    /// First delete generations of the system: `3`, `1..4`, `6..` or `1,5`; those older than `20d`, `2w` or `6m`; or
    /// `old`. Never the current one.
    #[arg(long, value_name = "SPEC")]
    delete_generations: Option<Selection>,
    #[command(flatten)]
    list: List,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What to print instead of deleting anything.
#[derive(Debug, clap::Args)]
#[group(multiple = false, conflicts_with_all = ["dry_run", "max_freed", "delete_generations"])]
struct List {
    /// Print the roots, each with the item that it keeps.
    #[arg(long)]
    list_roots: bool,
    /// Print the items that something keeps.
    #[arg(long)]
    list_live: bool,
    /// Print the items that nothing keeps.
    #[arg(long)]
    list_dead: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let _watch = interrupt::watch()?;
    let List { list_roots, list_live, list_dead } = args.list;
    if args.dry_run || list_roots || list_live || list_dead {
        let store = upkeep(global, Store::open_to_read)?;
        let doomed = doomed_generations(store.layout(), args.delete_generations.as_ref())?;
        doomed_note(&doomed.numbers, "would delete");
        return list(store.as_ref(), &doomed.links, args);
    }
    let store = upkeep(global, Store::open_to_collect)?;
    let doomed = doomed_generations(store.layout(), args.delete_generations.as_ref())?;
    if args.delete_generations.is_some() {
        store.delete_generations(&doomed.numbers)?;
        doomed_note(&doomed.numbers, "deleted");
    }
    report(&store.collect(args.max_freed.map(Size::bytes))?, args.json)
}

/// Generations that are to be deleted.
#[derive(Default)]
struct Doomed {
    numbers: Vec<u32>,
    links: Vec<PathBuf>,
}

fn doomed_generations(layout: &Layout, selection: Option<&Selection>) -> miette::Result<Doomed> {
    let Some(selection) = selection else { return Ok(Doomed::default()) };
    let generations = Profile::system(layout).generations()?;
    let numbers = selection.of(&generations, SystemTime::now());
    let doomed = generations.into_iter().filter(|generation| numbers.contains(&generation.number));
    let links = doomed.map(|generation| generation.link).collect();
    Ok(Doomed { numbers, links })
}

fn doomed_note(numbers: &[u32], what: &str) {
    if !numbers.is_empty() {
        output::note(format_args!("{what} generations {}", enumerate(numbers)));
    }
}

fn list(store: &dyn Upkeep, without: &[PathBuf], args: &Args) -> miette::Result<ExitCode> {
    if args.list.list_roots {
        let roots = store.roots(without)?;
        match args.json {
            true => output::json(&roots)?,
            false => output::lines(roots.iter().map(|root| format!("{} -> {}", root.origin, root.item)))?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let items = if args.list.list_live { store.live(without)? } else { store.dead(without)? };
    let spares = if args.dry_run { store.spares()? } else { Vec::new() };
    if args.json {
        let items = items.iter().map(|(path, size)| json!({ "path": path, "narSize": size }));
        let spares = spares.iter().map(|spare| json!({ "path": spare.path, "size": spare.size }));
        output::json(&items.chain(spares).collect::<Vec<_>>())?;
    } else {
        output::lines(spares.iter().map(|spare| spare.path.display()))?;
        output::lines(items.iter().map(|(path, _)| path))?;
    }
    if args.dry_run {
        let (of_items, of_spares) =
            (items.iter().map(|(_, size)| size).sum(), spares.iter().map(|spare| spare.size).sum());
        if !spares.is_empty() {
            output::note(format_args!("would remove {}", unused(spares.len(), of_spares)));
        }
        output::note(format_args!("would delete {}", amount(items.len(), of_items)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Succeeds unless the user ended it.
fn report(collected: &Collected, json: bool) -> miette::Result<ExitCode> {
    for link in &collected.stale_roots {
        output::note(format_args!("no root any more, for it leads to no item: {}", link.display()));
    }
    if collected.spares > 0 {
        output::note(format_args!("removed {}", unused(collected.spares, collected.spare_bytes)));
    }
    if collected.leftovers > 0 {
        output::note(format_args!("removed {} that were no items", collected.leftovers));
    }
    if collected.unshared > 0 {
        output::note(format_args!("removed {} that no item shares any more", mebibytes(collected.unshared)));
    }
    if json {
        let Collected { items, bytes, spares, spare_bytes, unshared, leftovers, stale_roots, interrupted } =
            collected;
        output::json(&json!({
            "items": items,
            "bytes": bytes,
            "spares": spares,
            "spareBytes": spare_bytes,
            "unshared": unshared,
            "leftovers": leftovers,
            "staleRoots": stale_roots,
            "interrupted": interrupted,
        }))?;
    } else {
        output::note(format_args!("deleted {}", amount(collected.items, collected.bytes)));
    }
    if collected.interrupted {
        output::note("interrupted: the next collection goes on");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// So much of caches and the like, and what it takes of the disk.
fn unused(number: usize, bytes: u64) -> String {
    let entries = if number == 1 { "entry" } else { "entries" };
    format!("{number} unused {entries} of caches and the like, {}", mebibytes(bytes))
}
