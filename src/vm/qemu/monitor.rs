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
}

impl Monitor {
    /// Connects; fails as long as QEMU has not made its socket.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let mut socket = UnixStream::connect(path)?;
        socket.write_all(b"{\"execute\":\"qmp_capabilities\"}\n")?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket, received: Vec::new(), shutdown: None })
    }

    /// Asks QEMU to end now.
    pub fn quit(&mut self) -> io::Result<()> {
        self.socket.write_all(b"{\"execute\":\"quit\"}\n")
    }

    /// Why the machine stopped, if it has.
    pub fn shutdown(&mut self) -> Option<Shutdown> {
        let mut buffer = [0; 4096];
        // An end or an error of the connection is QEMU's end, which its process tells better.
        while let Ok(size @ 1..) = self.socket.read(&mut buffer) {
            self.received.extend_from_slice(&buffer[..size]);
        }
        while let Some(end) = self.received.iter().position(|&byte| byte == b'\n') {
            let line = self.received.drain(..=end).collect::<Vec<_>>();
            self.shutdown = self.shutdown.or(shutdown_reason(&line));
        }
        self.shutdown
    }
}

fn shutdown_reason(line: &[u8]) -> Option<Shutdown> {
    let message: Value = serde_json::from_slice(line).ok()?;
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
    use super::*;

    #[test]
    fn shutdown_events_tell_a_restart_from_a_power_off() {
        let reason = |text: &str| shutdown_reason(text.as_bytes());
        let event = |reason: &str| {
            format!(
                r#"{{"timestamp": {{"seconds": 1}}, "event": "SHUTDOWN", "data": {{"guest": true, "reason": "{reason}"}}}}"#
            )
        };
        assert_eq!(reason(&event("guest-reset")), Some(Shutdown::Restart));
        assert_eq!(reason(&event("guest-shutdown")), Some(Shutdown::PowerOff));
        assert_eq!(reason(&event("host-qmp-quit")), Some(Shutdown::Host));
        assert_eq!(reason(r#"{"event": "STOP"}"#), None);
        assert_eq!(reason("not JSON"), None);
    }
}
