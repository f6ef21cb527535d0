//! Where a REPL runs in a test: a root, a home and a directory of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use fruix::util::fs::remove_tree;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Place {
    directory: tempfile::TempDir,
}

/// What a REPL that has ended leaves.
pub struct Ended {
    pub values: String,
    pub errors: String,
    pub success: bool,
}

impl Place {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn root(&self) -> PathBuf {
        self.path().join("the root")
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("write");
        path
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        command.arg("--root").arg(self.root()).arg("repl").args(arguments);
        command.current_dir(self.path()).env("HOME", self.path()).env_remove("XDG_STATE_HOME");
        command
    }

    /// Gives a REPL all of its input at once.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ended {
        let mut running = self.start(arguments);
        running.say(input);
        running.end()
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("fruix starts");
        let input = child.stdin.take().expect("piped");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (send, values) = mpsc::channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Running { child, input, values }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove_tree(self.path()).expect("removes read-only items");
    }
}

/// A REPL that runs.
pub struct Running {
    pub child: Child,
    input: ChildStdin,
    values: Receiver<String>,
}

impl Running {
    pub fn say(&mut self, input: &str) {
        writeln!(self.input, "{input}").expect("fruix reads");
    }

    /// The next line on standard output, which has to come before long.
    pub fn line(&mut self) -> String {
        self.values.recv_timeout(PATIENCE).expect("a line in time")
    }

    pub fn end(self) -> Ended {
        let Self { mut child, input, values } = self;
        drop(input);
        let values = values.iter().map(|line| line + "\n").collect();
        let mut errors = String::new();
        let mut pipe = child.stderr.take().expect("piped");
        std::io::Read::read_to_string(&mut pipe, &mut errors).expect("text");
        Ended { values, errors, success: child.wait().expect("ends").success() }
    }
}
