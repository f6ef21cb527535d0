//! `fruix system`: whole systems.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::build::Realise;
use crate::cli::args::Global;
use crate::cli::building::{self, BuildFlags};
use crate::cli::context;
use crate::cli::evaluation::{self, Declaration, EvaluationFlags};
use crate::cli::output;
use crate::eval::Evaluation;
use crate::store::StoreAccess;
use crate::store_path::StorePath;
use crate::system::{declaration, image::Closure};

mod build;
mod confirm;
mod delete_generations;
mod describe;
mod diff;
mod generations;
mod image;
mod install_loader;
mod list_generations;
mod live;
mod provenance;
mod reconfigure;
mod release_sets;
mod show_difference;
mod show_plan;
mod show_status;
mod status;
mod switch_generation;
mod switch_live;
mod target;
mod trial;
mod vm;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the system that a declaration describes, and print the store path of its closure.
    Build(build::Args),
    /// Build the system that a declaration describes, and make it the current generation.
    Reconfigure(reconfigure::Args),
    /// List the generations of the system, the oldest first.
    ListGenerations(list_generations::Args),
    /// Say what a generation is.
    Describe(describe::Args),
    /// Say how the machine is: its generation, base and services, what failed, and what was changed by hand.
    Status(status::Args),
    /// Make another generation the current one.
    SwitchGeneration(switch_generation::Args),
    /// Make the generation before the current one the current one.
    RollBack(switch_generation::Options),
    /// Say over a new connection that a machine can be reached which was switched with --confirm-within.
    Confirm(confirm::Args),
    /// Switch the machine to a system of the same base: what other verbs start, in a session of its own.
    #[command(hide = true)]
    SwitchLive(switch_live::Args),
    /// Delete generations, so that what only they keep can be collected as garbage.
    DeleteGenerations(delete_generations::Args),
    /// Install the loader of the current generation, and have the firmware start it once.
    InstallLoader(install_loader::Args),
    /// Say how two systems differ: options, services, accounts, files, items and sizes.
    Diff(diff::Args),
    /// Say where a system came from: of an image, a closure, a declaration or another machine.
    Provenance(provenance::Args),
    /// Write a bootable disk image of the system that a declaration describes.
    Image(image::Args),
    /// Write the base of the system that a declaration describes as release sets: base.txz, kernel.txz and MANIFEST.
    ReleaseSets(release_sets::Args),
    /// Boot the system that a declaration describes in a virtual machine, and report how far it came.
    Vm(vm::Args),
}

pub fn run(global: &Global, command: &Command) -> miette::Result<ExitCode> {
    match command {
        Command::Build(args) => build::run(global, args),
        Command::Reconfigure(args) => reconfigure::run(global, args),
        Command::ListGenerations(args) => list_generations::run(global, args),
        Command::Describe(args) => describe::run(global, args),
        Command::Status(args) => status::run(global, args),
        Command::SwitchGeneration(args) => switch_generation::run(global, args),
        Command::RollBack(options) => switch_generation::roll_back(global, options),
        Command::Confirm(args) => confirm::run(global, args),
        Command::SwitchLive(args) => switch_live::run(global, args),
        Command::DeleteGenerations(args) => delete_generations::run(global, args),
        Command::InstallLoader(args) => install_loader::run(global, args),
        Command::Diff(args) => diff::run(global, args),
        Command::Provenance(args) => provenance::run(global, args),
        Command::Image(args) => image::run(global, args),
        Command::ReleaseSets(args) => release_sets::run(global, args),
        Command::Vm(args) => vm::run(global, args),
    }
}

/// What the commands of a system take.
#[derive(Debug, Clone, clap::Args)]
pub struct System {
    /// The file that declares the system; its last expression is an `operating-system`.
    #[arg(value_name = "CONFIG")]
    pub config: PathBuf,
    /// Say what would be built, and do nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub evaluation: EvaluationFlags,
    #[command(flatten)]
    pub building: BuildFlags,
}

impl System {
    /// Evaluates the declaration, which is to be an `operating-system`.
    fn evaluate(&self, store: &Arc<dyn Realise>) -> miette::Result<Evaluation> {
        let evaluation = evaluation::evaluate(store, Declaration::File(&self.config), &self.evaluation)?;
        evaluation.expect_record("operating-system")?;
        Ok(evaluation)
    }

    /// The store to build the system in. None, once the derivations that would be built were printed, one on a line, if
    /// that is all that is wanted.
    pub fn store_to_build_in(&self, global: &Global, json: bool) -> miette::Result<Option<Arc<dyn Realise>>> {
        let store = open_store(global)?;
        if !self.dry_run {
            return Ok(Some(store));
        }
        let planned = self.planned(&store)?;
        if json {
            output::line(planned.as_json())?;
        } else {
            planned.print()?;
        }
        Ok(None)
    }

    /// What the declaration comes to.
    fn planned(&self, store: &Arc<dyn Realise>) -> miette::Result<Planned> {
        let evaluation = self.evaluate(store)?;
        let plan = declaration::plan(store.as_ref(), &evaluation)?;
        let drvs = plan.derivations.keys().map(ToString::to_string).collect();
        Ok(Planned { system: evaluation.roots.into_iter().next().map(|root| root.path), drvs })
    }

    /// Builds what is missing, and gives the system closure.
    fn realise(&self, store: &Arc<dyn Realise>) -> miette::Result<StorePath> {
        self.realise_evaluated(store, self.evaluate(store)?)
    }

    /// The same, once it is clear that an image can be made of the system.
    pub fn realise_for_image(&self, store: &Arc<dyn Realise>) -> miette::Result<StorePath> {
        let evaluation = self.evaluate(store)?;
        evaluation.expect_fit_for("image")?;
        self.realise_evaluated(store, evaluation)
    }

    fn realise_evaluated(
        &self,
        store: &Arc<dyn Realise>,
        evaluation: Evaluation,
    ) -> miette::Result<StorePath> {
        let wanted = declaration::instantiate(store.as_ref(), &evaluation)?;
        building::realise(store.as_ref(), &wanted, &evaluation.forms, &self.building)?;
        let root = evaluation.roots.into_iter().next();
        root.map(|root| root.path)
            .ok_or_else(|| miette::miette!("an operating system that lowers to nothing"))
    }
}

/// What would be built.
struct Planned {
    /// The closure of the system.
    system: Option<StorePath>,
    drvs: Vec<String>,
}

impl Planned {
    fn as_json(&self) -> Value {
        json!({ "system": self.system, "build": self.drvs })
    }

    fn print(&self) -> miette::Result<()> {
        output::lines(&self.drvs)?;
        let number = if self.drvs.is_empty() { "nothing".into() } else { self.drvs.len().to_string() };
        output::note(format_args!("{number} to build"));
        Ok(())
    }
}

pub fn open_store(global: &Global) -> miette::Result<Arc<dyn Realise>> {
    Ok(context::access(global)?)
}

/// The system and all it refers to, with where each lies.
pub fn closure<'a>(store: &dyn StoreAccess, system: &'a StorePath) -> miette::Result<Closure<'a>> {
    let items = store.closure_infos(system)?.into_iter().map(|info| {
        let physical = store.layout().physical(&info.path);
        (info, physical)
    });
    Ok(Closure { system, items: items.collect() })
}
