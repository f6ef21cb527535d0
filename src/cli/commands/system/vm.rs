//! `fruix system vm`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use super::System;
use crate::cli::args::Global;
use crate::cli::output;
use crate::cli::size::Size;
use crate::store::StoreAccess;
use crate::store_path::StorePath;
use crate::sys::interrupt;
use crate::system::image::{self, Parameters};
use crate::system::ssh::port as ssh_port;
use crate::util::host::Host;
use crate::vm::console::Service;
use crate::vm::qemu::{self, Changes, Disk, Event, Requirements, Ssh, VmOptions, VmResult};

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
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = parse_memory, help_heading = "Machine")]
    memory: Memory,
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
    let Some(store) = args.system.store_to_build_in(global, args.json)? else { return Ok(ExitCode::SUCCESS) };
    // A build may take an hour.
    args.requirements().check(&Host::this())?;
    let system = args.system.realise_for_image(&store)?;
    let closure = super::closure(store.as_ref(), &system)?;
    let _watch = interrupt::watch()?;
    let images = store.own().cache_dir().join("images");
    let disk = image::cached(&closure, Parameters::default(), &images, &interrupt::requested)?;
    let options = args.options(store.as_ref(), &system, disk)?;
    let result = qemu::run(&options, &mut |event| show(&event, args.console))?;
    if args.json {
        output::text(result.to_json())?;
    }
    result.check()?;
    let file = options.run_dir.join("result.json");
    output::note(format_args!("vm: {} ({})", result.detail, file.display()));
    Ok(exit_code(&result))
}

impl Args {
    /// What this machine must have for the run.
    fn requirements(&self) -> Requirements<'_> {
        Requirements {
            ssh: self.ssh(),
            larger_disk: self.disk_size.is_some(),
            extra_disks: &self.attach,
            run_dir: self.run_dir.as_deref(),
        }
    }

    fn ssh(&self) -> Option<Ssh> {
        let wanted = !self.run.is_empty() || self.identity.is_some();
        wanted.then(|| Ssh {
            user: self.user.clone(),
            identity: self.identity.clone(),
            commands: self.run.clone(),
        })
    }

    fn options(
        &self,
        store: &dyn StoreAccess,
        system: &StorePath,
        disk: PathBuf,
    ) -> miette::Result<VmOptions> {
        let run_dir = match &self.run_dir {
            Some(directory) => directory.clone(),
            None => qemu::new_run_dir(&store.own().runs_dir())?,
        };
        let changes =
            self.disk_size.map_or(Changes::Discarded, |size| Changes::DiscardedOnLarger(size.bytes()));
        let attached =
            self.attach.iter().map(|path| Disk { path: path.clone(), changes: Changes::Discarded });
        Ok(VmOptions {
            extra_disks: attached.collect(),
            memory: self.memory.0,
            cpus: self.cpus,
            emulate: self.tcg,
            time_limit: Duration::from_secs(self.timeout),
            expected_system: Some(system.base_name().to_owned()),
            guest_ssh_port: ssh_port(&store.layout().physical(system)),
            ssh: self.ssh(),
            stay: self.stay,
            ..VmOptions::new(Disk { path: disk, changes }, run_dir)
        })
    }
}

/// The memory of a machine, in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Memory(u32);

/// Less than this FreeBSD does not start with, and who asks for less means something else.
const LEAST_MEMORY: u64 = 128 << 20;

fn parse_memory(text: &str) -> Result<Memory, String> {
    let bytes = text.parse::<Size>()?.bytes();
    if bytes < LEAST_MEMORY {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let hint = if digits { format!("; did you mean `{text}M`?") } else { String::new() };
        return Err(format!("`{text}` is {bytes} bytes, and a machine needs at least 128M{hint}"));
    }
    u32::try_from(bytes >> 20).map(Memory).map_err(|_| format!("`{text}` is more than any machine has"))
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
            output::note(format_args!("vm: the activation failed at {}", step.name));
        }
        Event::Service(name, Service::Failed(why)) => {
            output::note(format_args!("vm: the service {name} failed: {why}"));
        }
        Event::Activation(_) | Event::Service(..) => {}
        Event::Command(command) => output::note(format_args!("vm: guest$ {command}")),
    }
}

fn exit_code(result: &VmResult) -> ExitCode {
    u8::try_from(result.command_status()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_without_a_unit_is_not_taken_for_bytes() {
        assert_eq!(parse_memory("2G"), Ok(Memory(2048)));
        let error = parse_memory("2048").unwrap_err();
        assert_eq!(error, "`2048` is 2048 bytes, and a machine needs at least 128M; did you mean `2048M`?");
        assert!(parse_memory("64M").unwrap_err().ends_with("needs at least 128M"));
        assert!(parse_memory("9000000T").is_err());
    }
}
