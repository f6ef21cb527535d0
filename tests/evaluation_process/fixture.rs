//! A directory for a declaration, a store of its own, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub struct Fixture {
    directory: TempDir,
}

impl Fixture {
    pub fn new() -> Self {
        let directory = TempDir::new().unwrap();
        fs::create_dir(directory.path().join("here")).unwrap();
        Self { directory }
    }

    /// Where the program runs, which its processes can be told by.
    pub fn path(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join("here")
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with arguments, and the store in this fixture.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fruix"));
        command.arg("--root").arg(self.directory.path().join("root")).args(arguments);
        command.current_dir(self.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What the program says of an expression that it must refuse, without a crash, and leaving no process behind.
    pub fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(&[&["build", "--dry-run"], arguments].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!message.contains("panicked"), "{arguments:?}: {message}");
        assert!(self.is_quiet(), "{arguments:?} left a process");
        message
    }

    /// Whether no process evaluates here any more: the kernel may take a moment to end one whose parent has ended.
    pub fn is_quiet(&self) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if self.processes().is_empty() {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// The processes that run here and evaluate.
    pub fn processes(&self) -> Vec<i32> {
        let here = self.path();
        let evaluates = |process: &Path| {
            let command = fs::read(process.join("cmdline")).unwrap_or_default();
            fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == here)
                && command.split(|byte| *byte == 0).any(|argument| argument == b"__evaluate")
        };
        let all = fs::read_dir("/proc").unwrap().flatten();
        all.filter_map(|entry| entry.file_name().to_str()?.parse().ok().filter(|_| evaluates(&entry.path())))
            .collect()
    }
}
