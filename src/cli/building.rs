//! What every command that builds has in common: its options, its progress, and Ctrl-C.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use miette::{IntoDiagnostic, WrapErr};

use super::{output, progress::Display};
use crate::{
    build::{BuildError, Cancellation, Options, Realise, Wanted},
    builders::fetch,
    eval::FormPlace,
    store_path::StorePath,
    sys::{interrupt, process::this_program},
    util::threads::{NoThread, spawn_scoped},
};

/// How often a build asks whether the user wants to stop.
const POLL: Duration = Duration::from_millis(50);

/// Options of commands that build.
#[derive(Debug, Clone, clap::Args)]
pub struct BuildFlags {
    /// How many builds run at a time.
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Building")]
    max_jobs: NonZeroUsize,
    /// How many processors each build may use [default: all].
    #[arg(long, value_name = "N", help_heading = "Building")]
    cores: Option<NonZeroUsize>,
    /// Leave the directory of a failed build where it is, to look into.
    #[arg(long, help_heading = "Building")]
    keep_failed: bool,
    /// After a failure, still start builds that do not depend on the failed one.
    #[arg(long, help_heading = "Building")]
    keep_going: bool,
    /// Do not isolate builds from this machine. Their results may differ from those of other machines, and say so.
    #[arg(long, help_heading = "Building")]
    no_sandbox: bool,
}

impl BuildFlags {
    fn options(&self) -> miette::Result<Options> {
        let all = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let launcher = this_program().into_diagnostic().wrap_err("cannot find the fruix program")?;
        Ok(Options {
            max_jobs: self.max_jobs,
            cores: self.cores.unwrap_or_else(all),
            keep_failed: self.keep_failed,
            keep_going: self.keep_going,
            keep_differing: None,
            isolated: !self.no_sandbox,
            proxies: proxies(|name| std::env::var(name).ok()),
            notes: BTreeMap::new(),
            local_files: true,
            users: None,
            launcher,
        })
    }
}

/// The proxies of whoever runs fruix. Of the two ways to write such a variable, the small one counts first.
pub fn proxies(variable: impl Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let value = |name: &str| variable(name).or_else(|| variable(&name.to_uppercase()));
    fetch::PROXY_VARIABLES.iter().filter_map(|name| Some(((*name).to_owned(), value(name)?))).collect()
}

/// Builds what is missing of the wanted outputs, and shows how it goes. Gives the derivations that were built.
/// Their logs say where in the declaration `forms` are.
pub fn realise(
    store: &dyn Realise,
    wanted: &Wanted,
    forms: &[FormPlace],
    flags: &BuildFlags,
) -> miette::Result<Vec<StorePath>> {
    watched(flags, |options, display, cancellation| {
        store.realise(wanted, &Options { notes: notes(forms), ..options.clone() }, display, cancellation)
    })
}

/// For logs: where in the declaration the forms are.
pub fn notes(forms: &[FormPlace]) -> BTreeMap<StorePath, String> {
    let note = |form: &FormPlace| format!("the form of this computed file is at {}:{}", form.file, form.line);
    forms.iter().map(|form| (form.drv.clone(), note(form))).collect()
}

/// Does something that builds, shows how it goes, and has it end when the user wants to stop.
pub fn watched<T: Send>(
    flags: &BuildFlags,
    work: impl FnOnce(&Options, &Display, &Cancellation) -> Result<T, BuildError>,
) -> miette::Result<T> {
    let options = flags.options()?;
    if !options.isolated {
        output::note("warning: builds are not isolated from this machine (--no-sandbox)");
    }
    let _watch = interrupt::watch()?;
    let cancellation = Cancellation::default();
    let display = Display::new();
    let done = AtomicBool::new(false);
    let result = thread::scope(|scope| {
        spawn_scoped(scope, || {
            while !done.load(Ordering::SeqCst) {
                if interrupt::requested() {
                    display.note("interrupted: ending the builds (Ctrl-C again ends fruix at once)");
                    return cancellation.cancel();
                }
                display.tick();
                thread::sleep(POLL);
            }
        })?;
        // Also when the building panics: the other thread would go on for ever.
        let _done = Done(&done);
        Ok::<_, NoThread>(work(&options, &display, &cancellation))
    });
    display.finish();
    Ok(result??)
}

/// Sets its flag when it is dropped.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
