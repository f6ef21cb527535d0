//! `fruix system vm`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use miette::IntoDiagnostic;

use super::System;
use crate::cli::args::Global;
use crate::cli::output;
use crate::cli::size::Size;
use crate::store::Store;
use crate::store_path::StorePath;
use crate::system::image::{self, Parameters};
use crate::vm::qemu::{self, Changes, Disk, Event, Ssh, VmOptions, VmResult};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    system: System,
    /// Run CMD in the guest over SSH once it is ready; its output goes to standard output, and its exit status becomes
    /// that of fruix. May be given again; the first that fails is the last.
    #[arg(long, value_name = "CMD", help_heading = "Guest")]
    run: Vec<String>,
    /// Who to log in as.
    #[arg(long, value_name = "USER", default_value = "root", help_heading = "Guest")]
    user: String,
    /// The private key to log in with; its public key stands in the declaration. Default: SSH's own choice.
    #[arg(long, value_name = "FILE", help_heading = "Guest")]
    identity: Option<PathBuf>,
    /// Leave the machine running once it is ready, until the guest ends or Ctrl-C.
    #[arg(long, help_heading = "Guest")]
    stay: bool,
    /// Memory of the machine.
    #[arg(long, value_name = "SIZE", default_value = "1G", help_heading = "Machine")]
    memory: Size,
    /// Processors of the machine.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=255),
          help_heading = "Machine")]
    cpus: u32,
    /// A disk larger than the image; the root file system grows to it.
    #[arg(long, value_name = "SIZE", help_heading = "Machine")]
    disk_size: Option<Size>,
    /// Attach a further raw disk, `vtbd1` and so on in FreeBSD; what the guest writes to it is thrown away. May be given
    /// again.
    #[arg(long, value_name = "FILE", help_heading = "Machine")]
    attach: Vec<PathBuf>,
    /// Emulate, even where KVM works.
    #[arg(long, help_heading = "Machine")]
    tcg: bool,
    /// How many seconds the machine may take to get ready.
    #[arg(long, value_name = "SECONDS", default_value_t = 600, help_heading = "Machine")]
    timeout: u64,
    /// Where to leave the serial log, QEMU's output and `result.json`. Default: a new directory below Fruix's own.
    #[arg(long, value_name = "DIR")]
    run_dir: Option<PathBuf>,
    /// Show the console while the machine runs.
    #[arg(long)]
    console: bool,
    /// Print `result.json` on standard output. What guest commands print goes there too, before it.
    #[arg(long)]
    json: bool,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    qemu::check_host()?;
    let store = super::open_store(global)?;
    let system = args.system.realise_for_image(&store)?;
    let closure = super::closure(&store, &system)?;
    let images = store.layout().cache_dir().join("images");
    let disk = image::cached(&closure, Parameters::default(), &images)?;
    let options = args.options(&store, &system, disk)?;
    let result = qemu::run(&options, &mut |event| show(&event, args.console))?;
    if args.json {
        output::text(result.to_json())?;
    }
    report(&result);
    result.check()?;
    Ok(exit_code(&result))
}

impl Args {
    fn options(&self, store: &Store, system: &StorePath, disk: PathBuf) -> miette::Result<VmOptions> {
        let run_dir = match &self.run_dir {
            Some(directory) => directory.clone(),
            None => qemu::new_run_dir(&store.layout().var_dir().join("run"))?,
        };
        let changes =
            self.disk_size.map_or(Changes::Discarded, |size| Changes::DiscardedOnLarger(size.bytes()));
        let attached =
            self.attach.iter().map(|path| Disk { path: path.clone(), changes: Changes::Discarded });
        let ssh =
            Ssh { user: self.user.clone(), identity: self.identity.clone(), commands: self.run.clone() };
        let wants_ssh = !self.run.is_empty() || self.identity.is_some();
        Ok(VmOptions {
            extra_disks: attached.collect(),
            memory: u32::try_from(self.memory.bytes() >> 20).into_diagnostic()?,
            cpus: self.cpus,
            kvm: self.tcg.then_some(false),
            time_limit: Duration::from_secs(self.timeout),
            expected_system: Some(system.base_name().to_owned()),
            ssh: wants_ssh.then_some(ssh),
            stay: self.stay,
            ..VmOptions::new(Disk { path: disk, changes }, run_dir)
        })
    }
}

/// Tells on standard error how far the machine is.
fn show(event: &Event<'_>, console: bool) {
    match event {
        Event::Started { run_dir, ssh_port } => {
            output::note(format_args!("vm: logs in {}, SSH on 127.0.0.1 port {ssh_port}", run_dir.display()));
        }
        Event::Console(bytes) if console => {
            // A console that cannot be shown is in the serial log all the same.
            let _ = std::io::stderr().write_all(bytes);
        }
        Event::Console(_) => {}
        Event::Reached(milestone, after) => {
            output::note(format_args!(
                "vm: {:>6.1} s  {}",
                after.as_secs_f64(),
                format!("{milestone:?}").to_lowercase()
            ));
        }
        Event::Activation(step) if !step.ok => {
            output::note(format_args!("vm: activation failed at {}: {}", step.name, step.message))
        }
        Event::Activation(_) => {}
        Event::Command(command) => output::note(format_args!("vm: guest$ {command}")),
    }
}

fn report(result: &VmResult) {
    output::note(format_args!("vm: {} ({})", result.detail, result.run_dir.join("result.json").display()));
}

fn exit_code(result: &VmResult) -> ExitCode {
    u8::try_from(result.command_status()).map_or(ExitCode::FAILURE, ExitCode::from)
}
