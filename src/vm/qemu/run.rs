//! One run from the options to the result: finds what the host must have, lays out the run directory, starts QEMU,
//! hands over to the [session](super::session), and tidies up.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{sys::interrupt, util::host::Host};

use super::{
    Accelerator, Changes, Disk, Event, Firmware, QEMU, QEMU_IMG_PACKAGE, QEMU_PACKAGE, VmError, VmOptions,
    VmResult,
    accelerator::probe,
    command::{DriveFile, Machine, shell_line},
    process::{Qemu, monitor_socket},
    run_dir::RunDir,
    session::Session,
    ssh::Connection,
};

/// Boots a disk on this machine and follows the guest to its end; see [`run_on`].
pub fn run(options: &VmOptions, on_event: &mut dyn FnMut(Event<'_>)) -> Result<VmResult, VmError> {
    run_on(&Host::this(), options, on_event)
}

/// Boots a disk with the programs of `host`.
///
/// An error is trouble on the host's side. Whatever the guest does, panics included, is a result; it is also in
/// `result.json` of the run directory. QEMU has ended when this returns.
pub fn run_on(
    host: &Host,
    options: &VmOptions,
    on_event: &mut dyn FnMut(Event<'_>),
) -> Result<VmResult, VmError> {
    let qemu = program(host, QEMU, QEMU_PACKAGE)?;
    let firmware = Firmware::find(host)?;
    let accelerator = choose_accelerator(&qemu, options.kvm)?;
    let run_dir = RunDir::create(&options.run_dir)?;
    let drives = drives(host, options, &run_dir)?;
    let ssh_port = free_port()?;
    let connection =
        options.ssh.as_ref().map(|ssh| Connection::new(host, ssh, ssh_port, &run_dir)).transpose()?;
    let in_run_dir = |source| VmError::RunDirectory { path: run_dir.path().to_path_buf(), source };
    fs::copy(&firmware.variables, run_dir.firmware_variables()).map_err(in_run_dir)?;
    make_writable(&run_dir.firmware_variables()).map_err(in_run_dir)?;
    let socket_directory = tempfile::tempdir().map_err(in_run_dir)?;
    let machine = Machine {
        accelerator: accelerator.clone(),
        memory: options.memory,
        cpus: options.cpus,
        firmware_code: firmware.code,
        firmware_variables: run_dir.firmware_variables(),
        drives,
        ssh_port,
        serial_log: run_dir.serial_log(),
        monitor_socket: monitor_socket(socket_directory.path()),
    };
    let command_line = format!("{}\n", shell_line(&qemu, &machine.arguments()));
    fs::write(run_dir.qemu_command(), command_line).map_err(in_run_dir)?;

    let _watch = interrupt::watch()?;
    let qemu = Qemu::start(&qemu, &machine, &run_dir, socket_directory)?;
    let disk = std::path::absolute(&options.disk.path).unwrap_or_else(|_| options.disk.path.clone());
    let result = VmResult::new(accelerator, ssh_port, disk, run_dir.path().to_path_buf());
    on_event(Event::Started { run_dir: run_dir.path(), ssh_port });
    let result = Session::new(qemu, options, result, on_event).follow(connection.as_ref())?;

    fs::write(run_dir.result(), result.to_json()).map_err(in_run_dir)?;
    tidy(&run_dir, &machine);
    Ok(result)
}

/// Fails if this machine has no QEMU or no firmware for it. What takes long before a run asks first.
pub fn check_host() -> Result<(), VmError> {
    let host = Host::this();
    program(&host, QEMU, QEMU_PACKAGE)?;
    Firmware::find(&host).map(drop)
}

fn program(host: &Host, name: &str, package: crate::util::host::Package) -> Result<PathBuf, VmError> {
    host.program(name).ok_or_else(|| VmError::ProgramMissing {
        program: name.into(),
        install: host.install_command(&[package]).map(|command| format!("install it: {command}")),
    })
}

fn choose_accelerator(qemu: &Path, kvm: Option<bool>) -> Result<Accelerator, VmError> {
    if kvm == Some(false) {
        return Ok(Accelerator::Tcg { why: "asked for".into() });
    }
    match (probe(qemu), kvm) {
        (Accelerator::Tcg { why }, Some(true)) => Err(VmError::NoKvm { why }),
        (accelerator, _) => Ok(accelerator),
    }
}

/// The machine's disks, with overlays made where a larger one is wanted.
fn drives(host: &Host, options: &VmOptions, run_dir: &RunDir) -> Result<Vec<DriveFile>, VmError> {
    let disks = std::iter::once(&options.disk).chain(&options.extra_disks);
    disks.enumerate().map(|(number, disk)| drive(host, disk, &run_dir.overlay(number))).collect()
}

fn drive(host: &Host, disk: &Disk, overlay: &Path) -> Result<DriveFile, VmError> {
    let failed = |source| VmError::Disk { path: disk.path.clone(), source };
    // QEMU runs in the run directory, where a relative name would mean something else.
    let path = fs::canonicalize(&disk.path).map_err(failed)?;
    let actual = File::open(&path).and_then(|file| file.metadata()).map_err(failed)?.len();
    let raw = |snapshot| DriveFile { path: path.clone(), format: "raw", snapshot };
    match disk.changes {
        Changes::Kept => Ok(raw(false)),
        Changes::Discarded => Ok(raw(true)),
        Changes::DiscardedOnLarger(wanted) if wanted == actual => Ok(raw(true)),
        Changes::DiscardedOnLarger(wanted) if wanted < actual => {
            Err(VmError::DiskTooLarge { path: disk.path.clone(), actual, wanted })
        }
        Changes::DiscardedOnLarger(wanted) => {
            make_overlay(host, &path, overlay, wanted)?;
            Ok(DriveFile { path: overlay.to_path_buf(), format: "qcow2", snapshot: false })
        }
    }
}

fn make_overlay(host: &Host, path: &Path, overlay: &Path, size: u64) -> Result<(), VmError> {
    let qemu_img = program(host, "qemu-img", QEMU_IMG_PACKAGE)?;
    let made = Command::new(&qemu_img)
        .args(["create", "-q", "-f", "qcow2", "-F", "raw", "-b"])
        .args([path, overlay])
        .arg(size.to_string())
        .output()
        .map_err(|source| VmError::Start { program: qemu_img, source })?;
    if made.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&made.stderr).trim().to_string();
    Err(VmError::Overlay { path: path.to_path_buf(), message })
}

/// A port that nobody listens on now. Another process may take it before QEMU does; then QEMU says so and ends.
fn free_port() -> Result<u16, VmError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|source| VmError::Port { source })?;
    Ok(listener.local_addr().map_err(|source| VmError::Port { source })?.port())
}

/// Packages install the template read-only.
fn make_writable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Removes what only QEMU needed; a run directory is for reading.
fn tidy(run_dir: &RunDir, machine: &Machine) {
    let overlays =
        machine.drives.iter().filter(|drive| drive.format == "qcow2").map(|drive| drive.path.clone());
    for path in overlays.chain([run_dir.firmware_variables()]) {
        // A file that stays costs space, and the run's result is more than that.
        let _ = fs::remove_file(path);
    }
}
