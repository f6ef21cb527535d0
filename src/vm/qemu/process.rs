//! The process of one QEMU: start, serial log, end.

use std::{
    fs::File,
    io::Read,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    VmError,
    command::{Machine, QEMU},
    monitor::{Monitor, Shutdown},
    run_dir::RunDir,
};

/// How long QEMU may take to end when asked; then it is killed.
const PATIENCE: Duration = Duration::from_secs(3);

/// A running QEMU. Dropping it ends it.
#[derive(Debug)]
pub struct Qemu {
    child: Child,
    /// When it was started.
    pub started: Instant,
    monitor: Option<Monitor>,
    /// Holds the monitor's socket: the path of a socket must be short, which a run directory's need not be.
    socket_directory: TempDir,
    /// The serial log, at the place read so far.
    serial: File,
    serial_log: PathBuf,
}

/// How QEMU ended.
#[derive(Debug, Clone, Copy)]
pub struct End {
    pub status: ExitStatus,
    pub shutdown: Option<Shutdown>,
}

/// The name of the monitor's socket in its directory.
pub fn monitor_socket(directory: &Path) -> PathBuf {
    directory.join("monitor")
}

impl Qemu {
    /// Starts QEMU with its own output in the run directory's log. It ends with this process.
    pub fn start(
        program: &Path,
        machine: &Machine,
        run_dir: &RunDir,
        socket_directory: TempDir,
    ) -> Result<Self, VmError> {
        let in_run_dir = |source| VmError::RunDirectory { path: run_dir.path().to_path_buf(), source };
        let log = File::create(run_dir.qemu_log()).map_err(in_run_dir)?;
        // QEMU makes the file a moment after its start; so it is there from the start, whatever happens.
        let serial = File::options()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .open(run_dir.serial_log())
            .map_err(in_run_dir)?;
        let also_errors = log.try_clone().map_err(in_run_dir)?;
        let mut command = Command::new(program);
        // A process group of its own: Ctrl-C at the terminal is for Fruix, which then ends QEMU in order.
        command
            .args(machine.arguments())
            .current_dir(run_dir.path())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(also_errors);
        crate::sys::process::kill_with_this_thread(&mut command);
        let child =
            command.spawn().map_err(|source| VmError::Start { program: program.to_path_buf(), source })?;
        Ok(Self {
            child,
            started: Instant::now(),
            monitor: None,
            socket_directory,
            serial,
            serial_log: run_dir.serial_log(),
        })
    }

    /// What the guest wrote to the console since the last call.
    pub fn read_console(&mut self) -> Result<Vec<u8>, VmError> {
        let mut bytes = Vec::new();
        self.serial
            .read_to_end(&mut bytes)
            .map_err(|source| VmError::SerialLog { path: self.serial_log.clone(), source })?;
        Ok(bytes)
    }

    /// How QEMU ended, if it has.
    pub fn ended(&mut self) -> Result<Option<End>, VmError> {
        let status =
            self.child.try_wait().map_err(|source| VmError::Follow { program: QEMU.into(), source })?;
        // After the look at the process: what it said last has then arrived.
        let shutdown = self.monitor().and_then(Monitor::shutdown);
        if status.is_none() && self.monitor().is_some_and(Monitor::is_halted) {
            self.stop();
        }
        Ok(status.map(|status| End { status, shutdown }))
    }

    /// The monitor, as soon as QEMU listens.
    fn monitor(&mut self) -> Option<&mut Monitor> {
        if self.monitor.is_none() {
            self.monitor = Monitor::connect(&monitor_socket(self.socket_directory.path())).ok();
        }
        self.monitor.as_mut()
    }

    /// Ends QEMU: asks it, and kills it when it does not listen.
    pub fn stop(&mut self) {
        let asked = self.monitor().is_some_and(|monitor| monitor.quit().is_ok());
        let since = Instant::now();
        while asked && since.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        // Both fail only when it has ended and been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Qemu {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}
