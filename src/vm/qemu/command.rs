//! The command line of QEMU, as a pure function of what the run decided.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

use super::accelerator::Accelerator;

/// The program.
pub const QEMU: &str = "qemu-system-x86_64";

/// A disk as QEMU opens it. What the guest writes to it is thrown away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drive {
    /// A raw disk; writes go to a temporary file that QEMU makes and removes.
    Image(PathBuf),
    /// A file of the run's own, over a raw disk that is smaller.
    Overlay { file: PathBuf, image: PathBuf, size: u64 },
}

impl Drive {
    fn option(&self, number: usize) -> OsString {
        let (format, snapshot, file) = match self {
            Self::Image(image) => ("raw", "on", image),
            Self::Overlay { file, .. } => ("qcow2", "off", file),
        };
        with_file(&format!("if=none,id=disk{number},format={format},snapshot={snapshot},file="), file)
    }
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
    pub drives: Vec<Drive>,
    /// The port on 127.0.0.1 that leads to the guest's SSH server.
    pub ssh_port: u16,
    /// Where that listens.
    pub guest_ssh_port: u16,
    pub console: ConsoleTo,
}

/// Where the machine's console goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleTo {
    /// To a file; QEMU itself listens on the socket.
    Files { serial_log: PathBuf, monitor_socket: PathBuf },
    /// To the terminal, where Ctrl-A C leads to QEMU itself.
    Terminal,
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
            arguments.push("-drive".into());
            arguments.push(drive.option(number));
            arguments.extend(words(&format!("-device virtio-blk-pci,drive=disk{number},bootindex={number}")));
        }
        arguments.extend(words(&format!(
            "-netdev user,id=net0,hostfwd=tcp:127.0.0.1:{}-:{} -device virtio-net-pci,netdev=net0,romfile= \
             -device virtio-rng-pci",
            self.ssh_port, self.guest_ssh_port
        )));
        arguments.extend(self.console.arguments());
        arguments
    }
}

impl ConsoleTo {
    fn arguments(&self) -> Vec<OsString> {
        let Self::Files { serial_log, monitor_socket } = self else { return words("-serial mon:stdio") };
        let mut arguments = words("-chardev");
        arguments.push(with_file("file,id=console,path=", serial_log));
        arguments.extend(words("-serial chardev:console -qmp"));
        let mut monitor = with_file("unix:", monitor_socket);
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

/// A command as a shell takes it.
pub fn shell_line<W: AsRef<OsStr>>(command: impl IntoIterator<Item = W>) -> String {
    let quoted = |word: W| {
        let word = word.as_ref().to_string_lossy();
        let plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '=' | ',' | ':' | '+');
        if !word.is_empty() && word.chars().all(plain) {
            return word.into_owned();
        }
        format!("'{}'", word.replace('\'', r"'\''"))
    };
    command.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        let overlay = Drive::Overlay {
            file: "/run/1/disk1.qcow2".into(),
            image: "/images/c.img".into(),
            size: 1 << 30,
        };
        Machine {
            accelerator: Accelerator::Tcg { why: "a test".into() },
            memory: 512,
            cpus: 2,
            firmware_code: "/fw/code.fd".into(),
            firmware_variables: "/run/1/vars.fd".into(),
            drives: vec![Drive::Image("/images/a, b.img".into()), overlay],
            ssh_port: 2022,
            guest_ssh_port: 22,
            console: ConsoleTo::Files {
                serial_log: "/run/1/serial.log".into(),
                monitor_socket: "/tmp/x/monitor".into(),
            },
        }
    }

    #[test]
    fn the_command_line_says_what_was_decided() {
        let line = shell_line(machine().arguments());
        for part in [
            "-accel tcg,thread=multi",
            "-m 512M -smp 2",
            "'if=none,id=disk0,format=raw,snapshot=on,file=/images/a,, b.img'",
            "-drive if=none,id=disk1,format=qcow2,snapshot=off,file=/run/1/disk1.qcow2",
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
        assert!(shell_line(with_kvm.arguments()).contains("-accel kvm -cpu host"));
        assert!(!shell_line(machine().arguments()).contains("-cpu"));
    }

    #[test]
    fn quotes_survive_a_shell() {
        assert_eq!(shell_line(["a b", "it's", ""]), r"'a b' 'it'\''s' ''");
    }
}
