//! The command line of QEMU, as a pure function of what the run decided.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

use super::accelerator::Accelerator;

/// The program.
pub const QEMU: &str = "qemu-system-x86_64";

/// A disk as QEMU opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveFile {
    pub path: PathBuf,
    /// `raw` or `qcow2`.
    pub format: &'static str,
    /// Writes go to a temporary file that QEMU makes and removes.
    pub snapshot: bool,
}

/// A machine, with every choice made and every file in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    pub accelerator: Accelerator,
    pub memory: u32,
    pub cpus: u32,
    pub firmware_code: PathBuf,
    /// This run's own copy.
    pub firmware_variables: PathBuf,
    pub drives: Vec<DriveFile>,
    /// The port on 127.0.0.1 that leads to the guest's port 22.
    pub ssh_port: u16,
    pub serial_log: PathBuf,
    pub monitor_socket: PathBuf,
}

impl Machine {
    /// QEMU's arguments.
    ///
    /// A network card without an option ROM, so that the firmware does not spend time on booting from the network;
    /// no restart, so that a guest that restarts ends the run.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments =
            words("-nodefaults -no-user-config -display none -vga none -no-reboot -machine q35");
        arguments.extend(match self.accelerator {
            Accelerator::Kvm => words("-accel kvm -cpu host"),
            Accelerator::Tcg { .. } => words("-accel tcg,thread=multi"),
        });
        arguments.extend(words(&format!("-m {}M -smp {}", self.memory, self.cpus)));
        arguments.push("-drive".into());
        arguments.push(with_file(
            "if=pflash,unit=0,format=raw,readonly=on,snapshot=off,file=",
            &self.firmware_code,
        ));
        arguments.push("-drive".into());
        arguments.push(with_file("if=pflash,unit=1,format=raw,snapshot=off,file=", &self.firmware_variables));
        for (number, drive) in self.drives.iter().enumerate() {
            let snapshot = if drive.snapshot { "on" } else { "off" };
            let options =
                format!("if=none,id=disk{number},format={},snapshot={snapshot},file=", drive.format);
            arguments.push("-drive".into());
            arguments.push(with_file(&options, &drive.path));
            arguments.extend(words(&format!("-device virtio-blk-pci,drive=disk{number},bootindex={number}")));
        }
        arguments.extend(words(&format!(
            "-netdev user,id=net0,hostfwd=tcp:127.0.0.1:{}-:22 -device virtio-net-pci,netdev=net0,romfile= \
             -device virtio-rng-pci",
            self.ssh_port
        )));
        arguments.push("-chardev".into());
        arguments.push(with_file("file,id=console,path=", &self.serial_log));
        arguments.extend(words("-serial chardev:console -qmp"));
        let mut monitor = with_file("unix:", &self.monitor_socket);
        monitor.push(",server=on,wait=off");
        arguments.push(monitor);
        arguments
    }
}

fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

/// An option that ends in a file name; QEMU wants a comma in it doubled.
fn with_file(option: &str, file: &Path) -> OsString {
    let mut bytes = option.as_bytes().to_vec();
    for &byte in file.as_os_str().as_bytes() {
        bytes.push(byte);
        if byte == b',' {
            bytes.push(byte);
        }
    }
    OsString::from_vec(bytes)
}

/// A command as a shell would take it, for a person to run again.
pub fn shell_line(program: &Path, arguments: &[OsString]) -> String {
    let quoted = |word: &OsStr| {
        let word = word.to_string_lossy();
        let plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '=' | ',' | ':' | '+');
        if !word.is_empty() && word.chars().all(plain) {
            return word.into_owned();
        }
        format!("'{}'", word.replace('\'', r"'\''"))
    };
    let words = std::iter::once(program.as_os_str()).chain(arguments.iter().map(OsString::as_os_str));
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        let drive = |path: &str, snapshot| DriveFile { path: path.into(), format: "raw", snapshot };
        Machine {
            accelerator: Accelerator::Tcg { why: "a test".into() },
            memory: 512,
            cpus: 2,
            firmware_code: "/fw/code.fd".into(),
            firmware_variables: "/run/1/vars.fd".into(),
            drives: vec![drive("/images/a, b.img", true), drive("/images/c.img", false)],
            ssh_port: 2022,
            serial_log: "/run/1/serial.log".into(),
            monitor_socket: "/tmp/x/monitor".into(),
        }
    }

    #[test]
    fn the_command_line_says_what_was_decided() {
        let line = shell_line(Path::new(QEMU), &machine().arguments());
        for part in [
            "-accel tcg,thread=multi",
            "-m 512M -smp 2",
            "'if=none,id=disk0,format=raw,snapshot=on,file=/images/a,, b.img'",
            "-drive if=none,id=disk1,format=raw,snapshot=off,file=/images/c.img",
            "hostfwd=tcp:127.0.0.1:2022-:22",
            "-qmp unix:/tmp/x/monitor,server=on,wait=off",
            "-no-reboot",
        ] {
            assert!(line.contains(part), "no `{part}` in {line}");
        }
    }

    #[test]
    fn only_kvm_takes_the_hosts_processor() {
        let with_kvm = Machine { accelerator: Accelerator::Kvm, ..machine() };
        assert!(shell_line(Path::new(QEMU), &with_kvm.arguments()).contains("-accel kvm -cpu host"));
        assert!(!shell_line(Path::new(QEMU), &machine().arguments()).contains("-cpu"));
    }

    #[test]
    fn quotes_survive_a_shell() {
        assert_eq!(shell_line(Path::new("a b"), &["it's".into(), "".into()]), r"'a b' 'it'\''s' ''");
    }
}
