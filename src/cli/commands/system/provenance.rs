//! `fruix system provenance`: where a system came from.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};
use std::{env, fs};

use clap::ValueEnum;
use jiff::Timestamp;
use miette::IntoDiagnostic as _;

use super::generations::local_time;
use super::target::plain_word;
use crate::cli::args::Global;
use crate::cli::evaluation::{self, Declaration, EvaluationFlags};
use crate::cli::{context, output};
use crate::daemon::client::remote::{Address, Machine};
use crate::system::keys;
use crate::system::provenance::{self, Report, cyclonedx, spdx};
use crate::util::fs::below;

/// What machines that run a system call it.
const RUNNING: &str = "/run/current-system";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to tell of: a disk image (raw, qcow2, vhd or vmdk), a system closure in the store, a declaration (….scm), or
    /// the machine at `ssh://[USER@]HOST[:PORT]`.
    #[arg(value_name = "IMAGE|CLOSURE|CONFIG|ssh://HOST")]
    subject: String,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Tree)]
    format: Format,
    /// Believe nothing but what is signed by this key: NAME:BASE64, or a file with a key on each line. May be given
    /// again. Default, for images: the setting `trusted-public-keys`; without that, signatures are not looked at.
    #[arg(long, value_name = "KEY")]
    public_key: Vec<String>,
    /// The private key to log in with. Default: SSH's own choice.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// What fruix is called on the other machine.
    #[arg(long, value_name = "PROGRAM", default_value = "fruix", value_parser = plain_word)]
    target_program: String,
    #[command(flatten)]
    evaluation: EvaluationFlags,
}

/// A form of provenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Tree,
    /// All that is known.
    Json,
    /// An SPDX 2.3 document.
    Spdx,
    /// A CycloneDX 1.6 document.
    Cyclonedx,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let report = args.report(global)?;
    match args.format {
        Format::Tree => {
            // What an image says may be any number.
            let moment = |seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
            let time = |seconds| moment(seconds).map_or_else(|| "at no time".to_owned(), local_time);
            output::lines(provenance::tree(&report, &time))?;
        }
        Format::Json => output::json(&report)?,
        Format::Spdx => output::json(&spdx(&report, &created()?))?,
        Format::Cyclonedx => output::json(&cyclonedx(&report, &created()?))?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Args {
    fn report(&self, global: &Global) -> miette::Result<Report> {
        if self.subject.starts_with("ssh://") {
            self.refuse_keys()?;
            return self.ask(self.subject.parse().map_err(|error: String| miette::miette!("{error}"))?);
        }
        let path = &self.place(global)?;
        if path.extension().is_some_and(|extension| extension == "scm") {
            self.refuse_keys()?;
            let store = super::open_store(global)?;
            let evaluation = evaluation::evaluate(&store, Declaration::File(path), &self.evaluation)?;
            evaluation.expect_record("operating-system")?;
            return Ok(provenance::of_evaluation(store.as_ref(), &evaluation)?);
        }
        if path.is_file() {
            return Ok(provenance::of_image(path, &keys::trusted(&self.trusted(global)?)?)?);
        }
        self.refuse_keys()?;
        let store = context::access_to_read(global)?;
        let system = context::item(store.as_ref(), path)?;
        Ok(provenance::of_closure(store.as_ref(), &system)?)
    }

    /// Where the subject lies. What a machine runs lies below its root, wherever that is.
    fn place(&self, global: &Global) -> miette::Result<PathBuf> {
        let subject = PathBuf::from(&self.subject);
        if subject != Path::new(RUNNING) {
            return Ok(subject);
        }
        let running = below(context::layout(global)?.root(), Path::new(RUNNING.trim_start_matches('/')));
        Ok(fs::read_link(&running).unwrap_or(running))
    }

    fn trusted(&self, global: &Global) -> miette::Result<Vec<String>> {
        match self.public_key.is_empty() {
            true => Ok(context::settings(global, &context::layout(global)?)?.trusted_public_keys),
            false => Ok(self.public_key.clone()),
        }
    }

    /// A key that is not used would seem to vouch for something.
    fn refuse_keys(&self) -> miette::Result<()> {
        match self.public_key.is_empty() {
            true => Ok(()),
            false => Err(miette::miette!(
                help = "leave out --public-key, or give the image",
                "only the records beside an image are signed"
            )),
        }
    }

    /// Asks the fruix of another machine.
    fn ask(&self, address: Address) -> miette::Result<Report> {
        let machine =
            Machine { address, identity: self.identity.clone(), program: self.target_program.clone() };
        let printed = machine.run(&["system", "provenance", "--format", "json", RUNNING])?;
        let report: Report = machine.understand(&printed)?;
        match report.version {
            provenance::VERSION => Ok(report),
            other => Err(miette::miette!(
                help = "see that it is the program of the same version",
                "what fruix on {} says has version {other} of the form, and {} is known here",
                machine.address,
                provenance::VERSION
            )),
        }
    }
}

/// When documents say that they were made: now, or `SOURCE_DATE_EPOCH`, by which two runs make the same document.
fn created() -> miette::Result<String> {
    let time = match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => Timestamp::from_second(seconds.trim().parse().into_diagnostic()?).into_diagnostic()?,
        Err(_) => Timestamp::from_second(Timestamp::now().as_second()).into_diagnostic()?,
    };
    Ok(time.to_string())
}
