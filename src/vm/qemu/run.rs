//! One run from the options to the result: [prepares](super::prepared) it, starts QEMU, hands over to the
//! [session](super::session), and writes down what came of it.

use std::fs;

use crate::{sys::interrupt, util::host::Host, vm::verdict};

use super::{Event, VmError, VmOptions, VmResult, prepared::Prepared, process::Qemu, session::Session};

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
    let prepared = Prepared::new(host, options)?;
    let Prepared { qemu, machine, run_dir, connection, socket_directory, leftovers } = prepared;
    let _watch = interrupt::watch()?;
    let qemu = Qemu::start(&qemu, &machine, &run_dir, socket_directory)?;
    let disk = std::path::absolute(&options.disk.path).unwrap_or_else(|_| options.disk.path.clone());
    let result =
        VmResult::new(machine.accelerator.clone(), machine.ssh_port, disk, run_dir.path().to_path_buf());
    on_event(Event::Started { run_dir: run_dir.path(), ssh_port: machine.ssh_port });
    let mut result = Session::new(qemu, options, result, on_event).follow(connection.as_ref())?;
    // A log that cannot be read leaves the outcome, which says less.
    let log = fs::read(run_dir.serial_log()).unwrap_or_default();
    result.verdict = verdict::of_log(&log, Some(result.outcome));
    drop(leftovers);
    let title = result.system.as_deref().unwrap_or(result.outcome.describe());
    run_dir
        .write_result(&result.to_json(), &result.timeline, title)
        .map_err(|source| VmError::RunDirectory { path: run_dir.path().to_path_buf(), source })?;
    Ok(result)
}
