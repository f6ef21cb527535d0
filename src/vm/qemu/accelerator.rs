//! Whether KVM works here. That `/dev/kvm` can be opened says little: in a container or a nested machine it may be
//! there and fail on the first guest.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;

/// Longest time the probe's guest may take; it needs some 100 ms.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// The value the probe's guest writes to QEMU's exit port, and the status QEMU makes of it.
const EXIT_VALUE: u8 = 0x2a;
const EXIT_STATUS: i32 = ((EXIT_VALUE as i32) << 1) | 1;

/// What executes the guest's instructions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "name", rename_all = "lowercase")]
pub enum Accelerator {
    /// The processor itself.
    Kvm,
    /// QEMU's translator: works everywhere and is some ten times slower.
    Tcg {
        /// Why it is not KVM.
        why: String,
    },
}

/// Finds out by running a guest of five bytes the way a real one would run.
pub fn probe(qemu: &Path) -> Accelerator {
    let probed = open_device().and_then(|()| run_guest(qemu, "kvm", "host"));
    match probed {
        Ok(()) => Accelerator::Kvm,
        Err(why) => Accelerator::Tcg { why },
    }
}

fn open_device() -> Result<(), String> {
    match OpenOptions::new().read(true).write(true).open("/dev/kvm") {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("there is no /dev/kvm".into()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err("/dev/kvm may not be opened by this user (add the user to the group kvm)".into())
        }
        Err(error) => Err(format!("/dev/kvm cannot be opened: {error}")),
    }
}

/// A firmware image whose reset vector writes [`EXIT_VALUE`] to port 0xf4 and halts.
fn guest() -> Vec<u8> {
    const SIZE: usize = 64 * 1024;
    const RESET_VECTOR: usize = SIZE - 16;
    const MOV_AL: u8 = 0xb0;
    const OUT_AL: u8 = 0xe6;
    const HLT: u8 = 0xf4;
    const EXIT_PORT: u8 = 0xf4;
    let mut image = vec![HLT; SIZE];
    image[RESET_VECTOR..RESET_VECTOR + 4].copy_from_slice(&[MOV_AL, EXIT_VALUE, OUT_AL, EXIT_PORT]);
    image
}

fn run_guest(qemu: &Path, accelerator: &str, processor: &str) -> Result<(), String> {
    let mut image = tempfile::NamedTempFile::new().map_err(|error| format!("no temporary file: {error}"))?;
    image.write_all(&guest()).map_err(|error| format!("no temporary file: {error}"))?;
    let mut child = Command::new(qemu)
        .args(["-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35", "-m", "16"])
        .args(["-accel", accelerator, "-cpu", processor])
        .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-bios"])
        .arg(image.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{} does not start: {error}", qemu.display()))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.code() == Some(EXIT_STATUS) => return Ok(()),
            Ok(Some(status)) => return Err(format!("/dev/kvm is there, and QEMU fails with it ({status})")),
            Ok(None) if started.elapsed() < TIME_LIMIT => thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                // It is our own child and has not been waited for, so its id is still its own.
                let _ = child.kill();
                let _ = child.wait();
                return Err("/dev/kvm is there, and a guest does not run with it".into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::host::Host;

    #[test]
    fn the_guest_of_the_probe_runs_where_there_is_no_kvm() {
        let qemu = Host::this().program(super::super::QEMU).expect("QEMU is installed for the tests");
        run_guest(&qemu, "tcg", "max").unwrap();
    }

    #[test]
    fn a_program_that_is_not_qemu_is_no_kvm() {
        assert!(run_guest(Path::new("/bin/true"), "kvm", "host").is_err());
        assert!(run_guest(Path::new("/nonexistent"), "kvm", "host").unwrap_err().contains("does not start"));
    }
}
