//! `fruix system describe`

use std::process::ExitCode;

use serde_json::json;

use super::generations::{as_json, local_time, title};
use crate::cli::args::Global;
use crate::cli::size::amount;
use crate::cli::{context, output, table};
use crate::profile::Target;
use crate::store::StoreAccess;
use crate::system::drift::{self, Finding, Kind};
use crate::system::generations::{self, Installed};
use crate::system::release::Release;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which generation: its number, or `-1` for the one before the current one. Default: the current one.
    #[arg(value_name = "N", allow_hyphen_values = true, default_value = "+0", hide_default_value = true)]
    generation: Target,
    /// Say as well what of the machine differs from it: files, accounts and services that were changed by hand.
    #[arg(long)]
    drift: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = context::access_to_read(global)?;
    let installed = generations::find(store.layout(), args.generation)?;
    let drift = args.drift.then(|| drift::find(store.layout(), &installed.system)).transpose()?;
    if args.json {
        let mut description = as_json(&installed);
        if let Some(findings) = drift {
            description["drift"] = json!(findings);
        }
        output::json(&description)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(title(&installed.generation))?;
    output::lines(table::columns(&facts(store.as_ref(), &installed)?))?;
    if let Some(findings) = drift {
        output::line(if findings.is_empty() { "nothing was changed by hand" } else { "changed by hand" })?;
        output::lines(table::columns(&findings.iter().map(drift_row).collect::<Vec<_>>()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A thing that was changed by hand, as it is shown.
pub fn drift_row(finding: &Finding) -> [String; 3] {
    let kind = match finding.kind {
        Kind::System => "system",
        Kind::Kept => "kept",
        Kind::File => "file",
        Kind::Local => "local",
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Service => "service",
    };
    [format!("  {kind}"), finding.what.clone(), finding.how.clone()]
}

fn facts(store: &dyn StoreAccess, installed: &Installed) -> miette::Result<Vec<[String; 2]>> {
    let Installed { generation, system, description } = installed;
    let closure = store.closure_infos(system)?;
    let bytes = closure.iter().map(|info| info.nar_size).sum();
    let mut facts = vec![
        ("made", local_time(generation.created)),
        ("label", description.label.clone()),
        ("host name", description.host_name.clone()),
        ("system", system.to_string()),
        ("world", description.world.clone()),
        ("kernel", description.kernel.clone()),
        ("loader", description.boot.clone()),
        ("services", description.services.join(", ")),
        ("closure", amount(closure.len(), bytes)),
    ];
    if let Some(release) = Release::of(store.layout(), description) {
        facts.insert(3, ("release", release.as_str().to_owned()));
    }
    Ok(facts.into_iter().map(|(name, value)| [format!("  {name}"), value]).collect())
}
