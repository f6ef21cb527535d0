//! The store of another machine, over SSH.
//!
//! `ssh HOST fruix daemon --stdio` serves one connection there, by the protocol of the daemon; ssh gets one end of a pair
//! of sockets as its standard input and output, and so carries it.

use std::fmt;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::str::FromStr;

use miette::Diagnostic;
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::Client;
use crate::store::{StoreError, Workplace};

/// The program, whose own configuration says how hosts are reached.
const PROGRAM: &str = "ssh";

/// Options by which ssh notices within seconds that the other machine is gone.
const ALIVE: &[&str] = &["ServerAliveInterval=5", "ServerAliveCountMax=3"];

/// Options by which it makes a connection of its own, and does not wait long for it.
const ANEW: &[&str] = &["ControlPath=none", "ConnectTimeout=10"];

/// The status of ssh when it is the connection that failed.
const CONNECTION_FAILED: i32 = 255;

/// Where another machine is: `ssh://[USER@]HOST[:PORT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    user: Option<String>,
    host: String,
    port: Option<u16>,
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |why: &str| {
            format!("`{text}` is no address: {why}, as in `ssh://root@host` or `ssh://host:2222`")
        };
        let rest = text.strip_prefix("ssh://").ok_or_else(|| wrong("it begins with `ssh://`"))?;
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        // The colons of an IPv6 address stand in brackets.
        let (host, port) = match place.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, port)) => {
                (host, Some(port.strip_prefix(':').ok_or_else(|| wrong("a port follows a `:`"))?))
            }
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let port =
            port.map(|port| port.parse().map_err(|_| wrong("a port is a number up to 65535"))).transpose()?;
        // What begins with a dash would be an option of ssh.
        let is_name = |name: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-:%".contains(c);
            !name.is_empty() && !name.starts_with('-') && name.chars().all(plain)
        };
        if !is_name(host) || user.is_some_and(|user| !is_name(user)) {
            return Err(wrong("it has the name of a host, and perhaps of a user, and no path"));
        }
        Ok(Self { user: user.map(str::to_owned), host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ssh://")?;
        if let Some(user) = &self.user {
            write!(out, "{user}@")?;
        }
        match self.host.contains(':') {
            true => write!(out, "[{}]", self.host)?,
            false => out.write_str(&self.host)?,
        }
        self.port.map_or(Ok(()), |port| write!(out, ":{port}"))
    }
}

/// Another machine, and how to run fruix there.
#[derive(Debug, Clone)]
pub struct Machine {
    pub address: Address,
    /// The private key to log in with, if it is not for ssh to choose.
    pub identity: Option<PathBuf>,
    /// What the program is called there: a word of the shell.
    pub program: String,
}

/// Why another machine did not do what it was asked.
#[derive(Debug, Error, Diagnostic)]
pub enum RemoteError {
    #[error("cannot run ssh: {error}")]
    #[diagnostic(help("install it: apt-get install openssh-client (Debian); FreeBSD has it in its base"))]
    Run { error: io::Error },
    #[error("cannot reach fruix on {address}: {why}")]
    #[diagnostic(help(
        "what ssh says stands above; see that you can log in, and that `{program} --version` works there"
    ))]
    Unreachable { address: Address, program: String, why: Box<StoreError> },
    #[error("fruix on {address} ended with {status}")]
    #[diagnostic(help("what it says stands above"))]
    Failed { address: Address, status: ExitStatus },
    #[error("cannot understand what fruix on {address} says: {source}")]
    #[diagnostic(help("see that `{program}` is the program of the same version there"))]
    NotUnderstood { address: Address, program: String, source: serde_json::Error },
}

impl RemoteError {
    /// Whether it is the connection that failed, and not what was to be done over it.
    pub fn is_broken_connection(&self) -> bool {
        matches!(self, Self::Failed { status, .. } if status.code() == Some(CONNECTION_FAILED))
    }
}

/// The store of another machine. The connection ends with the value.
pub struct Remote {
    client: Client,
    _ssh: Ssh,
}

/// A process of ssh that carries a connection. It ends with the value: nothing is under way then that would be lost, for
/// each request has had its answer.
struct Ssh(Child);

impl Drop for Ssh {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Machine {
    /// Connects to the store of the machine. What this user keeps lies at `workplace`.
    pub fn connect(&self, workplace: Workplace) -> Result<Remote, RemoteError> {
        let run = |error| RemoteError::Run { error };
        let (ours, theirs) = UnixStream::pair().map_err(run)?;
        let input = theirs.try_clone().map_err(run)?;
        let mut command = self.command(&["daemon", "--stdio"]);
        command.stdin(Stdio::from(OwnedFd::from(input))).stdout(Stdio::from(OwnedFd::from(theirs)));
        let ssh = Ssh(command.spawn().map_err(run)?);
        // Only ssh is to have the other end: then the connection ends when ssh does.
        drop(command);
        let unreachable = |why| RemoteError::Unreachable {
            address: self.address.clone(),
            program: self.program.clone(),
            why: Box::new(why),
        };
        Ok(Remote { client: Client::greet(ours, workplace).map_err(unreachable)?, _ssh: ssh })
    }

    /// Runs fruix there, with what it says on this program's own standard error, and gives what it prints.
    pub fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, RemoteError> {
        self.run_program(&self.program, arguments)
    }

    /// The same of a verb that prints what it finds, and says by its status of 1 that not all of that is well.
    pub fn examine(&self, arguments: &[&str]) -> Result<Vec<u8>, RemoteError> {
        let mut command = self.ssh(ALIVE);
        self.add_words(&mut command, &self.program, arguments);
        let output = Self::ended(command.stderr(Stdio::inherit()))?;
        match output.status.code() {
            Some(0) => Ok(output.stdout),
            Some(1) if !output.stdout.is_empty() => Ok(output.stdout),
            _ => Err(RemoteError::Failed { address: self.address.clone(), status: output.status }),
        }
    }

    /// The same of any program that is called by a plain word.
    pub fn run_program(&self, program: &str, arguments: &[&str]) -> Result<Vec<u8>, RemoteError> {
        let mut command = self.ssh(ALIVE);
        self.add_words(&mut command, program, arguments);
        self.output(command.stderr(Stdio::inherit()))
    }

    /// Runs fruix there over a connection of its own, and gives what it prints. Meant to be tried again: what ssh says of
    /// why it did not connect is left out.
    pub fn run_anew(&self, arguments: &[&str]) -> Result<Vec<u8>, RemoteError> {
        let mut command = self.ssh(&[ALIVE, ANEW].concat());
        self.add_words(&mut command, &self.program, arguments);
        self.output(command.stderr(Stdio::null()))
    }

    /// What it printed as JSON.
    pub fn understand<T: DeserializeOwned>(&self, printed: &[u8]) -> Result<T, RemoteError> {
        serde_json::from_slice(printed).map_err(|source| RemoteError::NotUnderstood {
            address: self.address.clone(),
            program: self.program.clone(),
            source,
        })
    }

    fn ended(command: &mut Command) -> Result<Output, RemoteError> {
        command.stdin(Stdio::null()).output().map_err(|error| RemoteError::Run { error })
    }

    fn output(&self, command: &mut Command) -> Result<Vec<u8>, RemoteError> {
        let output = Self::ended(command)?;
        if !output.status.success() {
            return Err(RemoteError::Failed { address: self.address.clone(), status: output.status });
        }
        Ok(output.stdout)
    }

    /// Runs fruix over a connection without a limit in time.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.ssh(&[]);
        self.add_words(&mut command, &self.program, arguments);
        command
    }

    /// `arguments` are words that the shell there leaves as they are.
    fn add_words(&self, command: &mut Command, program: &str, arguments: &[&str]) {
        command.args(["--", &self.address.host]).arg(format!("{program} {}", arguments.join(" ")));
    }

    fn ssh(&self, options: &[&str]) -> Command {
        let Address { user, port, .. } = &self.address;
        let mut command = Command::new(PROGRAM);
        command.arg("-T");
        for option in options {
            command.args(["-o", option]);
        }
        if let Some(identity) = &self.identity {
            command.args(["-o", "IdentitiesOnly=yes", "-i"]).arg(identity);
        }
        if let Some(port) = port {
            command.args(["-p", &port.to_string()]);
        }
        if let Some(user) = user {
            command.args(["-l", user]);
        }
        command
    }
}

impl Remote {
    /// The store.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_alike() {
        for text in [
            "ssh://host",
            "ssh://root@host",
            "ssh://root@10.0.0.1:2222",
            "ssh://[fe80::1%em0]:22",
            "ssh://[::1]",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "host",
            "ssh://",
            "ssh://-oProxyCommand=x",
            "ssh://-l@host",
            "ssh://host:x",
            "ssh://host:70000",
            "ssh://host/path",
            "ssh://a b",
            "ssh://[::1]22",
            "ssh://$(x)@host",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_command_line_of_ssh_has_no_place_for_options_of_others() {
        let machine = Machine {
            address: "ssh://ada@host:2222".parse().unwrap(),
            identity: Some("/keys/id".into()),
            program: "fruix".into(),
        };
        let command = machine.command(&["daemon", "--stdio"]);
        let words: Vec<_> = command.get_args().map(|word| word.to_str().unwrap()).collect();
        let expected = [
            "-T",
            "-o",
            "IdentitiesOnly=yes",
            "-i",
            "/keys/id",
            "-p",
            "2222",
            "-l",
            "ada",
            "--",
            "host",
            "fruix daemon --stdio",
        ];
        assert_eq!(words, expected);
    }
}
