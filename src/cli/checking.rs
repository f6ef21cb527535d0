//! Building again and comparing: what `--check` does.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::building::{self, BuildFlags};
use super::output::{self, OutputError};
use super::progress::Display;
use crate::build::check::{Checked, Differing};
use crate::build::compare::{Difference, How, Kind, Section};
use crate::build::{Cancellation, Event, Options, Progress, Realise};
use crate::derivation::Derivation;
use crate::eval::FormPlace;
use crate::store_path::StorePath;
use crate::util::printable::printable;

/// Options of commands that build and can check.
#[derive(Debug, Clone, clap::Args)]
pub struct CheckFlags {
    /// Build once more what is in the store then, and compare: of each derivation is printed, as soon as it was compared,
    /// whether the same came out, and file by file what differs. Then the command fails. The store stays as it is.
    #[arg(long, help_heading = "Checking", conflicts_with_all = ["dry_run", "out_link", "no_sandbox"])]
    pub check: bool,
    /// Keep there what came out in another way, by the names of the store items.
    #[arg(long, value_name = "DIR", requires = "check", help_heading = "Checking")]
    pub keep_differing: Option<PathBuf>,
}

/// Builds all outputs of the derivations again, and prints of each, as soon as it was compared, whether and in what it
/// differs; as JSON, all of them at the end, also where not all could be checked.
pub fn run(
    store: &dyn Realise,
    drvs: &BTreeSet<StorePath>,
    forms: &[FormPlace],
    flags: &BuildFlags,
    checking: &CheckFlags,
    json: bool,
) -> miette::Result<ExitCode> {
    let report = Mutex::default();
    let result = building::watched(flags, |options, display, cancellation| {
        let (notes, keep_differing) = (building::notes(forms), checking.keep_differing.clone());
        let options = Options { notes, keep_differing, ..options.clone() };
        store.check(drvs, &options, &Teller { display, cancellation, json, report: &report }, cancellation)
    });
    let Report { checked, lost } = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = lost {
        return Err(error.into());
    }
    let differing: Vec<_> = checked.iter().flat_map(|checked| &checked.differing).collect();
    if json {
        let checked: Vec<_> = checked.iter().map(|checked| &checked.drv).collect();
        output::json(&json!({ "checked": checked, "differing": differing }))?;
    }
    result?;
    if differing.is_empty() {
        output::note(format_args!("the same came out: {} built again", checked.len()));
        return Ok(ExitCode::SUCCESS);
    }
    output::note(format_args!("not the same came out: {} outputs differ", differing.len()));
    Ok(ExitCode::FAILURE)
}

/// What was told so far.
#[derive(Default)]
struct Report {
    checked: Vec<Checked>,
    /// Why it could not be printed, if it could not.
    lost: Option<OutputError>,
}

/// Shows how building goes, and prints what came of it.
struct Teller<'a> {
    display: &'a Display,
    cancellation: &'a Cancellation,
    json: bool,
    report: &'a Mutex<Report>,
}

impl Progress for Teller<'_> {
    fn event(&self, event: Event) {
        let Event::Checked(checked) = event else { return self.display.event(event) };
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        if self.json {
            self.display.note(&summary(&checked));
        } else if let Err(error) = self.display.beside(|| output::lines(lines(&checked))) {
            // Nobody is there to be told of the rest.
            report.lost = Some(error);
            self.cancellation.cancel();
        }
        report.checked.push(checked);
    }
}

/// The derivation by its name, and how much of it differs.
fn summary(Checked { drv, differing }: &Checked) -> String {
    let name = Derivation::name_of(drv);
    // A file may differ in more than one way.
    let files =
        |it: &Differing| it.more + it.differences.iter().map(|it| &it.path).collect::<BTreeSet<_>>().len();
    match differing.iter().map(files).sum() {
        0 => format!("{name}: the same"),
        1_usize => format!("{name}: 1 file differs"),
        number => format!("{name}: {number} files differ"),
    }
}

/// The summary, then each output that differs, and below it what does.
fn lines(checked: &Checked) -> Vec<String> {
    let outputs = checked.differing.iter().flat_map(output_lines);
    std::iter::once(summary(checked)).chain(outputs).collect()
}

fn output_lines(differing: &Differing) -> Vec<String> {
    let more = (differing.more > 0).then(|| format!("  and {} more", differing.more));
    let kept =
        differing.kept.iter().map(|place| format!("  what came out now is kept at {}", place.display()));
    let first = std::iter::once(differing.output.to_string());
    first.chain(differing.differences.iter().map(line)).chain(more).chain(kept).collect()
}

fn line(Difference { path, how }: &Difference) -> String {
    let how = match how {
        How::OnlyInFirst => "is in the store only".to_owned(),
        How::OnlyInSecond => "came out now only".to_owned(),
        How::Kind { first, second } => format!("was {} and is {}", kind(*first), kind(*second)),
        How::Executable { first: true, .. } => "could be executed, and cannot now".to_owned(),
        How::Executable { .. } => "could not be executed, and can now".to_owned(),
        How::Target { first, second } => {
            format!("led to {} and leads to {}", first.display(), second.display())
        }
        How::Contents { first, second, offset, sections } => {
            let sizes = match first == second {
                true => format!("differs from byte {offset} of {first} on"),
                false => format!("differs from byte {offset} on, and had {first} bytes and has {second}"),
            };
            let section = |it: &Section| format!("{} from byte {} on", printable(&it.name), it.offset);
            let sections = sections.iter().map(section).collect::<Vec<_>>().join(", ");
            if sections.is_empty() { sizes } else { format!("{sizes}: {sections}") }
        }
    };
    let path = printable(&path.to_string_lossy());
    let path = if path.is_empty() { "itself" } else { &path };
    format!("  {path} {how}")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Directory => "a directory",
        Kind::File => "a file",
        Kind::Link => "a link",
        Kind::Other => "something else",
    }
}
