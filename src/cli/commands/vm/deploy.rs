//! `fruix vm deploy`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempPath;

use crate::build::Realise;
use crate::builders::image::Format;
use crate::builders::image::container::Blocks;
use crate::cli::args::Global;
use crate::cli::building::BuildFlags;
use crate::cli::commands::system::{System, closure, open_store};
use crate::cli::evaluation::EvaluationFlags;
use crate::cli::output;
use crate::hash::Sha256;
use crate::sys::interrupt;
use crate::system::image::{self, Parameters};
use crate::system::ssh::port as ssh_port;
use crate::util::host::Host;
use crate::vm::qemu::{self, Ssh};
use crate::vm::xcp_ng::{
    Address, Deployment, Event, Goal, Guest, Password, Trust, XcpError, convert, parse_fingerprint,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// An image that `fruix system image` wrote, of any format; or the file that declares the system, whose name ends in
    /// `.scm`.
    #[arg(value_name = "IMAGE|CONFIG")]
    source: PathBuf,
    /// The pool: the address of any of its hosts, as in `xcp-ng://HOST` or `xcp-ng://USER@HOST:PORT`. The password comes
    /// from --password-file or the variable FRUIX_XCP_NG_PASSWORD.
    #[arg(long, value_name = "ADDRESS", help_heading = "Pool")]
    on: Address,
    /// The virtual machine, by name or UUID.
    #[arg(long, value_name = "NAME", help_heading = "Pool")]
    vm: String,
    /// The machine's disk that the system is to lie on. The image gets exactly its size.
    #[arg(long, value_name = "UUID", help_heading = "Pool")]
    vdi: String,
    /// A file whose first line is the password; only its owner may read it.
    #[arg(long, value_name = "FILE", help_heading = "Pool")]
    password_file: Option<PathBuf>,
    /// Trust a host with this certificate (SHA-256), whoever signed it. May be given again: each host of a pool has one.
    #[arg(long, value_name = "SHA256", value_parser = parse_fingerprint, help_heading = "Pool")]
    fingerprint: Vec<Sha256>,
    /// Trust hosts for which the authorities in this file (PEM) vouch. Default: those that this machine trusts.
    #[arg(long, value_name = "FILE", conflicts_with = "fingerprint", help_heading = "Pool")]
    ca: Option<PathBuf>,
    /// Send only blocks with something in them: for a disk that was never written to. On any other one, what was there
    /// before stays in all other places.
    #[arg(long, help_heading = "Pool")]
    sparse: bool,
    /// How many seconds the machine may take to shut down before it is switched off.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, help_heading = "Pool")]
    shutdown_timeout: u64,
    /// End once the machine is started.
    #[arg(long, help_heading = "Guest")]
    no_wait: bool,
    /// The address of the system, once it runs. Default: what programs in the guest report to the pool.
    #[arg(long, value_name = "ADDRESS", help_heading = "Guest")]
    address: Option<String>,
    /// The port of its SSH server. Default: as the declaration says, else 22.
    #[arg(long, value_name = "PORT", help_heading = "Guest")]
    ssh_port: Option<u16>,
    /// Who to log in as.
    #[arg(long, value_name = "USER", default_value = "root", help_heading = "Guest")]
    user: String,
    /// The private key to log in with. Default: SSH's own choice.
    #[arg(long, value_name = "FILE", help_heading = "Guest")]
    identity: Option<PathBuf>,
    /// How many seconds the system may take to get ready.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, help_heading = "Guest")]
    timeout: u64,
    /// Where to leave logs and `result.json`. Default: a new directory below Fruix's own.
    #[arg(long, value_name = "DIR")]
    run_dir: Option<PathBuf>,
    /// Print `result.json` on standard output.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    evaluation: EvaluationFlags,
    #[command(flatten)]
    building: BuildFlags,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let store = open_store(global)?;
    let guest = args.guest();
    if let Some(guest) = &guest {
        guest.check(&Host::this())?;
    }
    // A build may take an hour, and what is wrong with the pool is told before.
    let password = Password::find(args.password_file.as_deref())?;
    let deployment = Deployment::find(&args.on, &args.trust(), password, &args.vm, &args.vdi)?;
    let sending = args.sending(&store, deployment.disk_size())?;
    let run_dir = match &args.run_dir {
        Some(directory) => directory.clone(),
        None => qemu::new_run_dir(&store.own().runs_dir())?,
    };
    let _watch = interrupt::watch()?;
    let guest = guest.map(|guest| sending.complete(guest, args.ssh_port));
    let goal = Goal {
        vhd: &sending.vhd,
        shutdown_limit: Duration::from_secs(args.shutdown_timeout),
        guest: guest.as_ref(),
        run_dir: &run_dir,
    };
    let report = deployment.run(&goal, &mut |event| show(&event))?;
    if args.json {
        output::text(report.to_json())?;
    }
    report.check()?;
    output::note(format_args!("vm: {} ({})", report.detail, run_dir.join("result.json").display()));
    Ok(ExitCode::SUCCESS)
}

/// What is sent, and what is known of it.
struct Sending {
    vhd: PathBuf,
    /// Goes with it.
    _temporary: Option<TempPath>,
    /// The base name of the closure, and where its SSH server listens.
    system: Option<(String, u16)>,
}

impl Sending {
    /// What the declaration says of the guest.
    fn complete(&self, guest: Guest, port: Option<u16>) -> Guest {
        let system = self.system.as_ref();
        Guest {
            port: port.or(system.map(|(_, port)| *port)).unwrap_or(guest.port),
            expected: system.map(|(name, _)| name.clone()),
            ..guest
        }
    }
}

impl Args {
    fn is_declaration(&self) -> bool {
        self.source.extension().is_some_and(|extension| extension == "scm")
    }

    fn trust(&self) -> Trust {
        match &self.ca {
            Some(file) => Trust::Authorities(file.clone()),
            None if self.fingerprint.is_empty() => Trust::System,
            None => Trust::Certificates(self.fingerprint.clone()),
        }
    }

    fn guest(&self) -> Option<Guest> {
        let ssh = Ssh { user: self.user.clone(), identity: self.identity.clone(), commands: Vec::new() };
        (!self.no_wait).then(|| Guest {
            address: self.address.clone(),
            port: qemu::SSH_PORT,
            ssh,
            expected: None,
            limit: Duration::from_secs(self.timeout),
        })
    }

    /// The VHD of the system, or of the image, for a disk of `size` bytes.
    fn sending(&self, store: &Arc<dyn Realise>, size: u64) -> miette::Result<Sending> {
        let blocks = if self.sparse { Blocks::Used } else { Blocks::All };
        if self.is_declaration() {
            return self.of_declaration(store, size, blocks);
        }
        let directory = store.own().runs_dir();
        let path = temporary(&directory)?;
        let _watch = interrupt::watch()?;
        convert(&self.source, &self.vdi, size, blocks, &path)?;
        Ok(Sending { vhd: path.to_path_buf(), _temporary: Some(path), system: None })
    }

    fn of_declaration(&self, store: &Arc<dyn Realise>, size: u64, blocks: Blocks) -> miette::Result<Sending> {
        let declared = System {
            config: self.source.clone(),
            dry_run: false,
            evaluation: self.evaluation.clone(),
            building: self.building.clone(),
        };
        let system = declared.realise_for_image(store)?;
        let closure = closure(store.as_ref(), &system)?;
        let _watch = interrupt::watch()?;
        let parameters = Parameters { size: Some(size), format: Format::Vhd(blocks) };
        let images = store.own().cache_dir().join("images");
        let vhd = image::cached(&closure, parameters, &images, &interrupt::requested)?;
        let port = ssh_port(&store.layout().physical(&system));
        Ok(Sending { vhd, _temporary: None, system: Some((system.base_name().to_owned(), port)) })
    }
}

/// A name in the directory for a file that goes when it is no longer needed.
fn temporary(directory: &Path) -> Result<TempPath, XcpError> {
    let failed = |source| XcpError::Write { path: directory.to_owned(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let file = tempfile::Builder::new().prefix(".fruix-deploy-").suffix(".vhd").tempfile_in(directory);
    Ok(file.map_err(failed)?.into_temp_path())
}

/// Tells on standard error how far it is.
fn show(event: &Event) {
    match event {
        Event::Reached(stage, after) => {
            let stage = format!("{stage:?}").to_lowercase();
            output::note(format_args!("vm: {:>6.1} s  {stage}", after.as_secs_f64()));
        }
        Event::SwitchingOff(why) => output::note(format_args!("vm: switching the machine off: {why}")),
        Event::Sent(percent) if percent % 10 == 0 => output::note(format_args!("vm: {percent} % sent")),
        Event::Sent(_) => {}
    }
}
