//! A run that can start: its programs found, its choices made, its files laid out.

use std::{
    fs::{self, File},
    io,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::util::host::Host;

use super::{
    Accelerator, Changes, Disk, Firmware, QEMU, QEMU_IMG, QEMU_IMG_PACKAGE, QEMU_PACKAGE, VmError, VmOptions,
    accelerator::probe,
    command::{ConsoleTo, Drive, Machine},
    process::monitor_socket,
    replay,
    requirements::program,
    run_dir::RunDir,
    ssh::Connection,
};

/// All that QEMU needs, and what follows it.
pub struct Prepared {
    pub qemu: PathBuf,
    pub machine: Machine,
    pub run_dir: RunDir,
    pub connection: Option<Connection>,
    /// Holds the monitor's socket.
    pub socket_directory: TempDir,
    /// Goes last, when nobody reads the files any more.
    pub leftovers: Leftovers,
}

impl Prepared {
    /// Prepares a run with the programs of `host`. When that fails, nothing is left of it.
    pub fn new(host: &Host, options: &VmOptions) -> Result<Self, VmError> {
        let qemu = program(host, QEMU, QEMU_PACKAGE)?;
        let firmware = Firmware::find(host)?;
        let accelerator = choose_accelerator(&qemu, options.emulate);
        let ssh_port = free_port()?;
        let run_dir = RunDir::create(&options.run_dir)?;
        let mut leftovers = Leftovers { files: vec![run_dir.firmware_variables()] };
        let in_run_dir = |source| VmError::RunDirectory { path: run_dir.path().to_path_buf(), source };
        let connect = |ssh| Connection::new(host, ssh, ssh_port, &run_dir);
        let connection = options.ssh.as_ref().map(connect).transpose()?;
        let drives = drives(host, options, &run_dir, &mut leftovers)?;
        copy_writable(&firmware.variables, &run_dir.firmware_variables()).map_err(in_run_dir)?;
        let socket_directory = tempfile::tempdir().map_err(in_run_dir)?;
        let machine = Machine {
            accelerator,
            memory: options.memory,
            cpus: options.cpus,
            firmware_code: firmware.code,
            firmware_variables: run_dir.firmware_variables(),
            drives,
            ssh_port,
            guest_ssh_port: options.guest_ssh_port,
            console: ConsoleTo::Files {
                serial_log: run_dir.serial_log(),
                monitor_socket: monitor_socket(socket_directory.path()),
            },
        };
        let qemu_img = host.program(QEMU_IMG).unwrap_or_else(|| QEMU_IMG.into());
        let script = replay::script(&qemu, &qemu_img, &firmware.variables, &machine);
        write_executable(&run_dir.replay(), &script).map_err(in_run_dir)?;
        Ok(Self { qemu, machine, run_dir, connection, socket_directory, leftovers })
    }
}

/// Files in the run directory that only QEMU needs. Dropping it removes them: a run directory is for reading.
pub struct Leftovers {
    files: Vec<PathBuf>,
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        for file in &self.files {
            // A file that stays costs space, and the run's result is more than that.
            let _ = fs::remove_file(file);
        }
    }
}

fn choose_accelerator(qemu: &Path, emulate: bool) -> Accelerator {
    if emulate { Accelerator::Tcg { why: "asked for".into() } } else { probe(qemu) }
}

/// The machine's disks, with overlays made where a larger one is wanted.
fn drives(
    host: &Host,
    options: &VmOptions,
    run_dir: &RunDir,
    leftovers: &mut Leftovers,
) -> Result<Vec<Drive>, VmError> {
    let disks = std::iter::once(&options.disk).chain(&options.extra_disks);
    let drives = disks.enumerate().map(|(number, disk)| {
        let overlay = run_dir.overlay(number);
        leftovers.files.push(overlay.clone());
        drive(host, disk, overlay)
    });
    drives.collect()
}

fn drive(host: &Host, disk: &Disk, overlay: PathBuf) -> Result<Drive, VmError> {
    let failed = |source| VmError::Disk { path: disk.path.clone(), source };
    // QEMU runs in the run directory, where a relative name would mean something else.
    let image = fs::canonicalize(&disk.path).map_err(failed)?;
    let actual = File::open(&image).and_then(|file| file.metadata()).map_err(failed)?.len();
    match disk.changes {
        Changes::Discarded => Ok(Drive::Image(image)),
        Changes::DiscardedOnLarger(wanted) if wanted == actual => Ok(Drive::Image(image)),
        Changes::DiscardedOnLarger(wanted) if wanted < actual => {
            Err(VmError::DiskTooLarge { path: disk.path.clone(), actual, wanted })
        }
        Changes::DiscardedOnLarger(size) => {
            make_overlay(host, &image, &overlay, size)?;
            Ok(Drive::Overlay { file: overlay, image, size })
        }
    }
}

fn make_overlay(host: &Host, image: &Path, overlay: &Path, size: u64) -> Result<(), VmError> {
    let qemu_img = program(host, QEMU_IMG, QEMU_IMG_PACKAGE)?;
    let command = replay::overlay_command(&qemu_img, image, overlay, size);
    let made = Command::new(&qemu_img)
        .args(&command[1..])
        .output()
        .map_err(|source| VmError::Start { program: qemu_img, source })?;
    if made.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&made.stderr).trim().to_string();
    Err(VmError::Overlay { path: image.to_path_buf(), message })
}

/// A port that nobody listens on now. Another process may take it before QEMU does; then QEMU says so and ends.
fn free_port() -> Result<u16, VmError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|source| VmError::Port { source })?;
    Ok(listener.local_addr().map_err(|source| VmError::Port { source })?.port())
}

/// Packages install the template of the firmware's variables read-only.
fn copy_writable(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o600))
}

fn write_executable(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}
