//! The command lines of ssh to the guest.

use std::{
    fs::{self, File, OpenOptions},
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::util::host::Host;

use super::{SSH_PACKAGE, VmError, options::Ssh, requirements::program, run_dir::RunDir};

/// The program.
const PROGRAM: &str = "ssh";

/// What ssh says, in one of its last two lines, when the server accepts none of its keys; or none of the first few, of
/// an agent that holds many.
const DENIED: [&str; 2] = ["Permission denied (", "Too many authentication failures"];

/// How to reach one guest.
#[derive(Debug)]
pub struct Connection {
    program: PathBuf,
    ssh: Ssh,
    address: String,
    port: u16,
    run_dir: RunDir,
}

/// Where guests of this machine are reached.
const LOOPBACK: &str = "127.0.0.1";

impl Connection {
    /// To a guest of this machine.
    pub fn new(host: &Host, ssh: &Ssh, port: u16, run_dir: &RunDir) -> Result<Self, VmError> {
        Self::to(host, ssh, LOOPBACK, port, run_dir)
    }

    /// To a guest somewhere.
    pub fn to(host: &Host, ssh: &Ssh, address: &str, port: u16, run_dir: &RunDir) -> Result<Self, VmError> {
        let (program, address) = (check(host, ssh)?, address.to_owned());
        Ok(Self { program, ssh: ssh.clone(), address, port, run_dir: run_dir.clone() })
    }

    /// A connection that only finds out whether one is possible; what ssh says goes to the log.
    pub fn trial(&self) -> Command {
        let mut command = self.command("exit 0");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(self.log());
        command
    }

    /// Where what comes of the run goes.
    pub fn run_dir(&self) -> &RunDir {
        &self.run_dir
    }

    /// The end of the log of what ssh says.
    pub fn log(&self) -> Stdio {
        let log = OpenOptions::new().create(true).append(true).open(self.run_dir.ssh_log());
        log.map_or_else(|_| Stdio::null(), Stdio::from)
    }

    /// Why no further trial will do better: the guest answered the last one, and does not accept the key.
    ///
    /// A guest says that it is ready only after its accounts are made and its SSH server listens, so a key that is
    /// refused then stays refused.
    pub fn refusal(&self) -> Option<String> {
        let log = fs::read_to_string(self.run_dir.ssh_log()).ok()?;
        let line = log.lines().rev().take(2).find(|line| DENIED.iter().any(|words| line.contains(words)))?;
        let key = self.ssh.identity.as_ref().map_or_else(
            || "the keys of your SSH agent and in ~/.ssh".to_owned(),
            |identity| format!("the key `{}`", identity.display()),
        );
        Some(format!(
            "`{}` may not log in with {key} ({line}); list the public key in the account's authorized-keys, or name \
             the private one with --identity",
            self.ssh.user
        ))
    }

    /// Runs a command in the guest; its output is this process's.
    pub fn command(&self, remote: &str) -> Command {
        let mut command = Command::new(&self.program);
        // The host's key is new with every guest, whose disk has just been written: nothing to compare it with.
        command.args(["-F", "/dev/null", "-p", &self.port.to_string()]);
        for option in [
            "StrictHostKeyChecking=no",
            "GlobalKnownHostsFile=/dev/null",
            "BatchMode=yes",
            "ConnectTimeout=30",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=8",
            "LogLevel=ERROR",
        ] {
            command.args(["-o", option]);
        }
        command.arg("-o").arg(known_hosts_option(&self.run_dir));
        if let Some(identity) = &self.ssh.identity {
            command.args(["-o", "IdentitiesOnly=yes"]).arg("-i").arg(identity);
        }
        command.args(["-l", &self.ssh.user, &self.address, "--", remote]).stdin(Stdio::null());
        command
    }
}

/// The program, if this machine has it, and the key that is named.
pub fn check(host: &Host, ssh: &Ssh) -> Result<PathBuf, VmError> {
    let program = program(host, PROGRAM, SSH_PACKAGE)?;
    if let Some(identity) = &ssh.identity {
        File::open(identity).map_err(|source| VmError::Identity { path: identity.clone(), source })?;
    }
    Ok(program)
}

/// ssh splits the value at spaces and expands percent signs.
fn known_hosts_option(run_dir: &RunDir) -> String {
    let path = run_dir.known_hosts().to_string_lossy().replace('%', "%%");
    format!("UserKnownHostsFile=\"{path}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_spaces_and_percent_signs_reach_ssh_whole() {
        let parent = tempfile::tempdir().unwrap();
        let run_dir = RunDir::create(&parent.path().join("50% done")).unwrap();
        let option = known_hosts_option(&run_dir);
        assert!(option.ends_with("/50%% done/known_hosts\""), "{option}");
    }

    #[test]
    fn a_missing_program_or_key_is_an_error_before_the_guest_starts() {
        let parent = tempfile::tempdir().unwrap();
        let run_dir = RunDir::create(parent.path()).unwrap();
        let ssh = |identity| Ssh { user: "root".into(), identity, commands: Vec::new() };
        let nowhere = Host { path: "".into(), root: "/".into(), os: "linux" };
        let error = Connection::new(&nowhere, &ssh(None), 1, &run_dir).unwrap_err();
        assert!(matches!(error, VmError::ProgramMissing { .. }));
        let error =
            Connection::new(&Host::this(), &ssh(Some("/no/such/key".into())), 1, &run_dir).unwrap_err();
        assert!(error.to_string().contains("/no/such/key"));
    }
    #[test]
    fn a_server_that_refuses_the_keys_is_told_from_one_that_does_not_answer() {
        let parent = tempfile::tempdir().unwrap();
        let run_dir = RunDir::create(parent.path()).unwrap();
        let ssh = Ssh { user: "root".into(), identity: None, commands: Vec::new() };
        let connection = Connection::new(&Host::this(), &ssh, 1, &run_dir).unwrap();
        let refusal = |log: &str| {
            fs::write(run_dir.ssh_log(), log).unwrap();
            connection.refusal()
        };
        let refused = "ssh: connect to host 127.0.0.1 port 1: Connection refused\n";
        assert_eq!(refusal(refused), None);
        assert!(refusal(&format!("{refused}root@127.0.0.1: Permission denied (publickey).\n")).is_some());
        let many = "Received disconnect from 127.0.0.1 port 1:2: Too many authentication failures\n\
                    Disconnected from 127.0.0.1 port 1\n";
        assert!(refusal(many).unwrap().contains("--identity"));
    }
}
