//! The logs of a guest that can be logged in to, fetched into the run directory.
//!
//! All of them come over one connection, from a shell in the guest that reads its commands from the connection: the account
//! may have any shell of its own. A guest in trouble may send nothing, or without end, so both time and size have a limit.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::qemu::{Connection, RunDir};
use super::timeline::guest::COMMAND as BOOT_NOTES;
use crate::sys::interrupt;

/// The file with what the guest notes of its boot.
const BOOT: &str = "boot.log";

/// The file with what the guest's kernel has kept of the console.
const KERNEL: &str = "dmesg.log";

/// Files of the run directory, and what prints them in the guest. What comes first is told first.
const LOGS: [(&str, &str); 6] = [
    (BOOT, BOOT_NOTES),
    (KERNEL, "cat /var/run/dmesg.boot; dmesg -a"),
    ("messages.log", "cat /var/log/messages"),
    ("console.log", "cat /var/log/console.log"),
    (
        "services.log",
        "for log in /var/log/*.log; do [ ! -s \"$log\" ] || { echo \"==> $log\"; tail -n 100 \"$log\"; }; done",
    ),
    ("status.log", "fruix system status"),
];

/// What begins a line before each log.
const MARK: &str = "==fruix-log== ";

/// The name after the last log.
const END: &str = "end";

/// The shell in the guest, which reads its commands from the connection.
const SHELL: &str = "/bin/sh -s";

/// So much of the end of each log is sent.
const MOST_OF_ONE: u64 = 1 << 20;

/// No more than that is taken, whatever is sent.
const MOST: u64 = 16 << 20;

/// How long all of it may take: several logins of a machine that is emulated.
const LIMIT: Duration = Duration::from_secs(90);

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(50);

/// What came of it.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The files of the run directory that hold logs.
    pub files: Vec<PathBuf>,
    /// Why they are not there, or not all of them.
    pub missing: Option<String>,
    /// When the guest began to send.
    pub answered: Option<Instant>,
}

impl Fetched {
    /// None, for a reason.
    pub fn none(why: impl Into<String>) -> Self {
        Self { missing: Some(why.into()), ..Self::default() }
    }

    /// What the guest has noted of its boot.
    pub fn boot_notes(&self) -> String {
        String::from_utf8_lossy(&self.log(BOOT)).into_owned()
    }

    /// What the guest's kernel has kept of the console.
    pub fn kernel_log(&self) -> Vec<u8> {
        self.log(KERNEL)
    }

    /// A log that was fetched; nothing where it was not.
    fn log(&self, name: &str) -> Vec<u8> {
        let file = self.files.iter().find(|path| path.ends_with(name));
        file.and_then(|path| fs::read(path).ok()).unwrap_or_default()
    }
}

/// Where the logs lie that are there after a run.
pub fn paths(run_dir: &RunDir) -> impl Iterator<Item = PathBuf> {
    LOGS.into_iter().map(|(name, _)| run_dir.path().join(name))
}

/// Fetches what there is. That it fails is no failure of the run, whose outcome is known.
pub fn fetch(connection: &Connection) -> Fetched {
    fetch_within(connection, LIMIT)
}

fn fetch_within(connection: &Connection, limit: Duration) -> Fetched {
    receive(connection, limit).unwrap_or_else(|error| Fetched::none(error.to_string()))
}

fn receive(connection: &Connection, limit: Duration) -> io::Result<Fetched> {
    let run_dir = connection.run_dir();
    let mut sent = tempfile::tempfile_in(run_dir.path())?;
    let mut command = connection.command(SHELL);
    command.stdin(Stdio::piped()).stdout(sent.try_clone()?).stderr(connection.log());
    let mut child = command.spawn()?;
    // The commands fit into the pipe; one that cannot connect does not read them.
    if let Some(mut commands) = child.stdin.take() {
        let _ = commands.write_all(script().as_bytes());
    }
    let mut fetched = Fetched::default();
    fetched.missing = follow(&mut child, &sent, limit, &mut fetched.answered)?;
    sent.rewind()?;
    let mut bytes = Vec::new();
    sent.take(MOST).read_to_end(&mut bytes)?;
    let (logs, is_whole) = split(&bytes);
    for (name, log) in logs {
        let path = run_dir.path().join(name);
        fs::write(&path, log)?;
        fetched.files.push(path);
    }
    match is_whole {
        true => fetched.missing = None,
        false if fetched.missing.is_none() => {
            let log = run_dir.ssh_log();
            fetched.missing = Some(format!("the guest did not send them over SSH: see {}", log.display()));
        }
        false => {}
    }
    Ok(fetched)
}

/// What the shell in the guest runs.
fn script() -> String {
    let mut script = "PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin\n".to_owned();
    for (name, command) in LOGS {
        script.push_str(&format!(
            "echo; echo '{MARK}{name}'; ( {command} ) </dev/null 2>/dev/null | tail -c {MOST_OF_ONE}\n"
        ));
    }
    script.push_str(&format!("echo; echo '{MARK}{END}'\n"));
    script
}

/// Waits until the guest has sent all; or ends that, and says why.
fn follow(
    child: &mut Child,
    sent: &File,
    limit: Duration,
    answered: &mut Option<Instant>,
) -> io::Result<Option<String>> {
    let started = Instant::now();
    let why = loop {
        let ended = child.try_wait()?;
        let size = sent.metadata()?.len();
        if size > 0 {
            answered.get_or_insert_with(Instant::now);
        }
        if ended.is_some() {
            return Ok(None);
        } else if size > MOST {
            break "the guest sent more than anybody reads".to_owned();
        } else if started.elapsed() > limit {
            break format!("the guest did not send them within {} seconds", limit.as_secs());
        } else if interrupt::requested() {
            break "interrupted".to_owned();
        }
        thread::sleep(INTERVAL);
    };
    child.kill()?;
    child.wait()?;
    Ok(Some(why))
}

/// The logs in what was sent that have something in them, by name, and whether all were sent.
fn split(bytes: &[u8]) -> (Vec<(&'static str, &[u8])>, bool) {
    let mut logs = Vec::new();
    let mut current = None;
    let (mut start, mut at) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(MARK.as_bytes()).map(<[u8]>::trim_ascii_end) {
            logs.extend(current.map(|current| (current, &bytes[start..at])));
            if name == END.as_bytes() {
                return (with_something(logs), true);
            }
            current = LOGS.iter().map(|(known, _)| *known).find(|known| known.as_bytes() == name);
            start = at + line.len();
        }
        at += line.len();
    }
    logs.extend(current.map(|current| (current, &bytes[start..])));
    (with_something(logs), false)
}

fn with_something<'a>(mut logs: Vec<(&'static str, &'a [u8])>) -> Vec<(&'static str, &'a [u8])> {
    logs.retain(|(_, log)| !log.trim_ascii().is_empty());
    logs
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;
    use crate::util::host::Host;
    use crate::vm::qemu::Ssh;

    /// Fetches by a program in place of ssh; gives the names and contents of what came, and why not all came.
    fn fetched(ssh: &str, limit: Duration) -> (Vec<(String, String)>, Option<String>) {
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("ssh");
        fs::write(&program, format!("#!/bin/sh\n{ssh}")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let host = Host { path: directory.path().into(), ..Host::this() };
        let run_dir = RunDir::create(&directory.path().join("run")).unwrap();
        let ssh = Ssh { user: "root".into(), identity: None, commands: Vec::new() };
        let connection = Connection::new(&host, &ssh, 1, &run_dir).unwrap();
        let fetched = fetch_within(&connection, limit);
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let files = fetched.files.iter().map(|path| (name(path), fs::read_to_string(path).unwrap()));
        (files.collect(), fetched.missing)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn each_log_becomes_a_file_and_what_is_empty_does_not() {
        let ssh = "cat >/dev/null; printf 'motd\\n\\n==fruix-log== messages.log\\none\\ntwo\\n\\n'
            printf '==fruix-log== console.log\\n\\n==fruix-log== ../escape\\nx\\n==fruix-log== dmesg.log\\nthree'
            printf '\\n==fruix-log== end\\n'\n";
        let (files, missing) = fetched(ssh, LONG);
        let expected = [("messages.log", "one\ntwo\n\n"), ("dmesg.log", "three\n")];
        assert_eq!(files, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!(missing, None);
    }

    #[test]
    fn the_commands_are_those_of_a_shell() {
        // It runs on whatever runs the tests, which has some of these logs and lacks others.
        let (_, missing) = fetched("exec /bin/sh -eu -s", LONG);
        assert_eq!(missing, None);
    }

    #[test]
    fn a_guest_that_cannot_be_reached_is_told() {
        let (files, missing) = fetched("echo 'Connection refused' >&2; exit 255", LONG);
        assert!(files.is_empty() && missing.unwrap().contains("ssh.log"));
    }

    #[test]
    fn a_guest_that_hangs_or_does_not_stop_is_left() {
        let begun = "printf '==fruix-log== messages.log\\none\\n'; exec sleep 1000";
        let (files, missing) = fetched(begun, Duration::from_secs(2));
        assert_eq!(files, [("messages.log".to_owned(), "one\n".to_owned())]);
        assert_eq!(missing.unwrap(), "the guest did not send them within 2 seconds");
        let (files, missing) = fetched("head -c 20000000 /dev/zero; exec sleep 1000", LONG);
        assert!(files.is_empty() && missing.unwrap().contains("more than anybody reads"));
    }
}
