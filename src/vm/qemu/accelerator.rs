//! Whether KVM works here. That `/dev/kvm` can be opened says little: in a container or a nested machine it may be
//! there and fail on the first guest.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::FileExt as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use memchr::memmem;
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

/// Finds out by running a guest of a few instructions the way a real one would run.
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

/// A firmware image that does what a real one begins with: it enters protected mode, sets up the floating-point unit and
/// asks for the processor's features. Then it writes [`EXIT_VALUE`] to port 0xf4 and halts. A KVM that has to emulate
/// instructions there, as in some nested machines, knows not all of them.
fn guest() -> Vec<u8> {
    const SIZE: usize = 64 * 1024;
    /// Where the image lies: at the end of the first 4 GiB.
    const BASE: u32 = 0xffff_0000;
    const RESET_VECTOR: u16 = 0xfff0;
    const START: u16 = 0xff00;
    const PROTECTED: u16 = 0xff20;
    const TABLE: u16 = 0xff80;
    const TABLE_REGISTER: u16 = 0xffa0;
    const HLT: u8 = 0xf4;
    let address = |offset: u16| (BASE + u32::from(offset)).to_le_bytes();
    let mut image = vec![HLT; SIZE];
    let mut put = |offset: u16, parts: &[&[u8]]| {
        let bytes = parts.concat();
        image[usize::from(offset)..][..bytes.len()].copy_from_slice(&bytes);
    };
    // jmp START
    put(RESET_VECTOR, &[&[0xe9], &START.wrapping_sub(RESET_VECTOR + 3).to_le_bytes()]);
    put(
        START,
        &[
            // cli; lgdt cs:[TABLE_REGISTER]
            &[0xfa, 0x2e, 0x66, 0x0f, 0x01, 0x16],
            &TABLE_REGISTER.to_le_bytes(),
            // mov eax, cr0; or al, 1; mov cr0, eax
            &[0x0f, 0x20, 0xc0, 0x0c, 0x01, 0x0f, 0x22, 0xc0],
            // jmp 8:PROTECTED
            &[0x66, 0xea],
            &address(PROTECTED),
            &[0x08, 0x00],
        ],
    );
    put(
        PROTECTED,
        &[
            // mov ax, 16; mov ds, ax; mov es, ax; mov ss, ax
            &[0x66, 0xb8, 0x10, 0x00, 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0],
            // finit, which is fwait and fninit; mov eax, 1; cpuid
            &[0x9b, 0xdb, 0xe3, 0xb8, 0x01, 0x00, 0x00, 0x00, 0x0f, 0xa2],
            // mov al, EXIT_VALUE; out 0xf4, al; hlt
            &[0xb0, EXIT_VALUE, 0xe6, 0xf4, HLT],
        ],
    );
    // Nothing; all memory for code; all memory for data.
    let code = [0xff, 0xff, 0x00, 0x00, 0x00, 0x9b, 0xcf, 0x00];
    let data = [0xff, 0xff, 0x00, 0x00, 0x00, 0x93, 0xcf, 0x00];
    put(TABLE, &[&[0; 8], &code, &data]);
    put(TABLE_REGISTER, &[&[23, 0], &address(TABLE)]);
    image
}

fn run_guest(qemu: &Path, accelerator: &str, processor: &str) -> Result<(), String> {
    let mut image = tempfile::NamedTempFile::new().map_err(|error| format!("no temporary file: {error}"))?;
    image.write_all(&guest()).map_err(|error| format!("no temporary file: {error}"))?;
    let said = tempfile::tempfile().map_err(|error| format!("no temporary file: {error}"))?;
    let stderr = said.try_clone().map_err(|error| format!("no temporary file: {error}"))?;
    let mut child = Command::new(qemu)
        .args(["-nodefaults", "-no-user-config", "-display", "none", "-machine", "q35", "-m", "16"])
        .args(["-accel", accelerator, "-cpu", processor])
        .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-bios"])
        .arg(image.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|error| format!("{} does not start: {error}", qemu.display()))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.code() == Some(EXIT_STATUS) => return Ok(()),
            Ok(Some(status)) => return Err(format!("/dev/kvm is there, and QEMU fails with it ({status})")),
            Ok(None) if started.elapsed() < TIME_LIMIT && !has_given_up(&said) => {
                thread::sleep(Duration::from_millis(5));
            }
            Ok(None) | Err(_) => {
                // It is our own child and has not been waited for, so its id is still its own.
                let _ = child.kill();
                let _ = child.wait();
                return Err("/dev/kvm is there, and a guest does not run with it".into());
            }
        }
    }
}

/// Whether KVM cannot go on: then QEMU says so, and waits for somebody to look at its guest.
fn has_given_up(said: &File) -> bool {
    const WORDS: &[u8] = b"KVM internal error";
    let mut text = [0; 4096];
    // QEMU writes on where it is: the place in the file is shared.
    said.read_at(&mut text, 0).is_ok_and(|len| memmem::find(&text[..len], WORDS).is_some())
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
