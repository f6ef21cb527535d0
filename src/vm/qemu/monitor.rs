//! QEMU's machine protocol (QMP): asks QEMU to end, and hears why a guest did.
//!
//! One JSON object a line; a session begins with `qmp_capabilities`.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use serde_json::Value;

/// Why the machine stopped, in QEMU's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// The guest switched itself off.
    PowerOff,
    /// The guest restarted.
    Restart,
    /// We or somebody else on the host.
    Host,
}

/// A connection to the monitor of one QEMU.
#[derive(Debug)]
pub struct Monitor {
    socket: UnixStream,
    received: Vec<u8>,
    shutdown: Option<Shutdown>,
    is_halted: bool,
}

impl Monitor {
    /// Connects; fails as long as QEMU has not made its socket.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let mut socket = UnixStream::connect(path)?;
        socket.write_all(b"{\"execute\":\"qmp_capabilities\"}\n")?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, received: Vec::new(), shutdown: None, is_halted: false })
    }

    /// Asks QEMU to end now.
    pub fn quit(&mut self) -> io::Result<()> {
        self.socket.write_all(b"{\"execute\":\"quit\"}\n")
    }

    /// Why the machine stopped, if it has.
    pub fn shutdown(&mut self) -> Option<Shutdown> {
        self.listen();
        self.shutdown
    }

    /// Whether QEMU has halted the guest, and waits for somebody to look at it: so it does where KVM, or a disk on the host,
    /// fails.
    pub fn is_halted(&mut self) -> bool {
        self.listen();
        self.is_halted && self.shutdown.is_none()
    }

    fn listen(&mut self) {
        let mut buffer = [0; 4096];
        // An end or an error of the connection is QEMU's end, which its process tells better.
        while let Ok(size @ 1..) = self.socket.read(&mut buffer) {
            self.received.extend_from_slice(&buffer[..size]);
        }
        while let Some(end) = self.received.iter().position(|&byte| byte == b'\n') {
            let line = self.received.drain(..=end).collect::<Vec<_>>();
            let Ok(message) = serde_json::from_slice(&line) else { continue };
            self.shutdown = self.shutdown.or(shutdown_reason(&message));
            self.is_halted |= is_halt(&message);
        }
    }
}

/// Nobody but QEMU itself halts a guest of ours.
fn is_halt(message: &Value) -> bool {
    message["event"] == "STOP"
}

fn shutdown_reason(message: &Value) -> Option<Shutdown> {
    if message["event"] != "SHUTDOWN" {
        return None;
    }
    Some(match message["data"]["reason"].as_str() {
        Some("guest-shutdown") => Shutdown::PowerOff,
        Some("guest-reset") => Shutdown::Restart,
        _ => Shutdown::Host,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shutdown_events_tell_a_restart_from_a_power_off() {
        let event = |reason: &str| json!({ "timestamp": { "seconds": 1 }, "event": "SHUTDOWN", "data": { "guest": true, "reason": reason } });
        assert_eq!(shutdown_reason(&event("guest-reset")), Some(Shutdown::Restart));
        assert_eq!(shutdown_reason(&event("guest-shutdown")), Some(Shutdown::PowerOff));
        assert_eq!(shutdown_reason(&event("host-qmp-quit")), Some(Shutdown::Host));
        assert_eq!(shutdown_reason(&json!({ "event": "STOP" })), None);
    }

    #[test]
    fn a_guest_is_halted_that_qemu_stops_and_not_one_that_ends() {
        let (socket, mut qemu) = UnixStream::pair().unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut monitor = Monitor { socket, received: Vec::new(), shutdown: None, is_halted: false };
        qemu.write_all(b"not JSON\n{\"event\": \"RESUME\"}\n{\"event\": \"STO").unwrap();
        assert!(!monitor.is_halted());
        qemu.write_all(b"P\"}\n").unwrap();
        assert!(monitor.is_halted());
        qemu.write_all(b"{\"event\": \"SHUTDOWN\"}\n").unwrap();
        assert!(!monitor.is_halted());
        assert_eq!(monitor.shutdown(), Some(Shutdown::Host));
    }
}
