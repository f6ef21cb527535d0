//! The real Nix, with `/frx/store` as its store directory and everything it writes in a directory of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A private Nix store. Its database and its files vanish with it.
pub struct Nix {
    home: TempDir,
}

impl Nix {
    /// Fails the test, with a hint, where Nix is missing.
    pub fn new() -> Self {
        let nix = Nix { home: tempfile::tempdir().expect("a temporary directory") };
        let version = nix.command("nix-store").arg("--version").output();
        assert!(version.is_ok(), "these tests compare with `nix-store`: apt-get install nix-bin");
        nix
    }

    /// One of Nix's programs, set up for this store.
    pub fn command(&self, program: &str) -> Command {
        let home = self.home.path();
        let mut command = Command::new(program);
        command.env("NIX_REMOTE", format!("local?root={}/root", home.display()));
        command.env("NIX_STORE_DIR", "/frx/store");
        for (variable, below) in [
            ("NIX_STATE_DIR", "state"),
            ("NIX_LOCALSTATE_DIR", "state"),
            ("NIX_LOG_DIR", "log"),
            ("NIX_CONF_DIR", "conf"),
            ("XDG_CACHE_HOME", "cache"),
            ("HOME", "home"),
        ] {
            command.env(variable, home.join(below));
        }
        command
    }

    /// Runs a program and returns its standard output; fails the test when it fails.
    pub fn run<A: AsRef<OsStr>>(&self, program: &str, args: impl IntoIterator<Item = A>) -> Vec<u8> {
        let Output { status, stdout, stderr } =
            self.command(program).args(args).output().expect("nix-bin is installed");
        assert!(status.success(), "{program} failed: {}", String::from_utf8_lossy(&stderr));
        stdout
    }

    /// As [`Nix::run`], for output that is one line of text.
    pub fn line<A: AsRef<OsStr>>(&self, program: &str, args: impl IntoIterator<Item = A>) -> String {
        String::from_utf8(self.run(program, args)).expect("text").trim_end().to_owned()
    }

    /// The contents of a file in its store, by logical path.
    pub fn read(&self, logical: &str) -> String {
        let base_name = Path::new(logical).file_name().expect("a base name");
        // `root=` puts the files below nix/store, whatever the logical directory.
        let physical = self.home.path().join("root/nix/store").join(base_name);
        std::fs::read_to_string(&physical).unwrap_or_else(|e| panic!("{}: {e}", physical.display()))
    }
}
