//! A daemon of root's, and users.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader},
    os::unix::{
        fs::{PermissionsExt, chown},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use fruix::{
    build::toolchain,
    daemon,
    derivation::{self, Derivation, Hashes},
    store::{Layout, Store},
    store_path::StorePath,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// Users without names: nobody's, and no build's.
pub const ALICE: u32 = 1_930_000_001;
pub const BOB: u32 = 1_930_000_002;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The fruix program, where every user may run it: not all can enter the directory that it was built in.
fn program() -> &'static Path {
    static COPY: OnceLock<PathBuf> = OnceLock::new();
    COPY.get_or_init(|| reachable(Path::new(env!("CARGO_BIN_EXE_fruix"))))
}

/// Another name, or a copy, of a program, that all may run; it stays until the machine starts anew.
pub fn reachable(program: &Path) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("fruix-test-daemon-{}", nix::unistd::geteuid()));
    fs::create_dir_all(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    let name = program.file_name().unwrap();
    let modified = fs::metadata(program).unwrap().modified().unwrap();
    let age = modified.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let copy = directory.join(format!("{age}-{}", name.to_str().unwrap()));
    if !copy.exists() {
        let own = directory.join(format!("{}-{age}", std::process::id()));
        fs::hard_link(program, &own).or_else(|_| fs::copy(program, &own).map(drop)).unwrap();
        fs::rename(&own, &copy).unwrap();
    }
    copy
}

/// A running daemon with a store of its own.
pub struct Daemon {
    pub root: tempfile::TempDir,
    child: Child,
    /// What it says, line by line.
    lines: std::io::Lines<BufReader<std::process::ChildStderr>>,
    hashes: Mutex<Hashes>,
}

/// Settings under which no test waits for another's builds.
pub const SETTINGS: &str = "max-jobs = 4\n";

impl Daemon {
    /// Starts one; `None`, and says so, where users cannot be had.
    pub fn start(settings: &str) -> Option<Self> {
        if !nix::unistd::geteuid().is_root() {
            eprintln!("skipped: only root may act as several users");
            return None;
        }
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for user in [0, ALICE, BOB] {
            let home = home(root.path(), user);
            fs::create_dir(&home).unwrap();
            chown(&home, Some(user), Some(user)).unwrap();
        }
        write_settings(root.path(), settings);
        let (child, lines) = run(root.path());
        Some(Self { root, child, lines, hashes: Mutex::new(Hashes::new()) })
    }

    pub fn layout(&self) -> Layout {
        Layout::new(self.root.path()).unwrap()
    }

    pub fn socket(&self) -> PathBuf {
        daemon::socket(&self.layout())
    }

    /// The store, as root has it without the daemon.
    pub fn store(&self) -> Store {
        Store::open(self.layout()).unwrap()
    }

    pub fn connect(&self) -> UnixStream {
        UnixStream::connect(self.socket()).unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn send(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }

    /// Changes the settings, and waits until they count.
    pub fn change_settings(&mut self, settings: &str) {
        write_settings(self.root.path(), settings);
        self.send(Signal::SIGHUP);
        self.wait_for_line("settings");
    }

    pub fn wait_for_line(&mut self, part: &str) -> String {
        loop {
            let line = self.lines.next().expect("the daemon ends").unwrap();
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Waits for its end, by whatever signal was sent, and tells what it still said.
    pub fn wait(&mut self) -> (std::process::ExitStatus, String) {
        let status = self.child.wait().unwrap();
        let said = self.lines.by_ref().map_while(Result::ok).map(|line| line + "\n").collect();
        (status, said)
    }

    /// Starts it again, after it has ended.
    pub fn restart(&mut self) {
        (self.child, self.lines) = run(self.root.path());
    }

    /// The fruix program, as a user runs it.
    pub fn fruix(&self, user: u32, args: &[&str]) -> Command {
        let mut command = as_user(self.root.path(), user, program());
        command.arg("--root").arg(self.root.path()).args(args);
        command
    }

    /// What it prints.
    pub fn output(&self, user: u32, args: &[&str]) -> String {
        let output = self.fruix(user, args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// What it says when it fails.
    pub fn failure(&self, user: u32, args: &[&str]) -> String {
        let output = self.fruix(user, args).output().unwrap();
        assert!(!output.status.success(), "{args:?}");
        // Words may be broken at the ends of lines.
        stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Runs a test of this program once more, as a user.
    pub fn test_as(&self, user: u32, test: &str) -> Output {
        self.test_with(user, test, &[])
    }

    /// The same, with more to be found in the environment.
    pub fn test_with(&self, user: u32, test: &str, variables: &[(&str, &OsStr)]) -> Output {
        let program = reachable(&std::env::current_exe().unwrap());
        let mut command = as_user(self.root.path(), user, &program);
        command.args(["--exact", test, "--nocapture"]).env(SOCKET, self.socket());
        command.envs(variables.iter().copied());
        command.output().unwrap()
    }

    /// Puts a derivation into the store that runs a shell script.
    pub fn script(&self, name: &str, script: &str) -> (StorePath, Derivation) {
        let store = self.store();
        let toolchain = toolchain::import(&store, &["dash", "coreutils"].map(str::to_owned)).unwrap();
        let derivation = Derivation {
            outputs: BTreeMap::from([("out".to_owned(), derivation::Output::default())]),
            input_srcs: BTreeSet::from([toolchain.clone()]),
            system: "x86_64-linux".to_owned(),
            builder: "/bin/sh".to_owned(),
            args: vec!["-ec".to_owned(), script.to_owned()],
            env: BTreeMap::from([("toolchain".to_owned(), toolchain.to_string())]),
            ..Derivation::default()
        };
        self.add(name, derivation)
    }

    pub fn add(&self, name: &str, mut derivation: Derivation) -> (StorePath, Derivation) {
        let drv = derivation.instantiate(name, &mut self.hashes.lock().unwrap()).unwrap();
        assert_eq!(self.store().add_derivation(&derivation, name).unwrap(), drv);
        (drv, derivation)
    }

    pub fn physical(&self, derivation: &Derivation) -> PathBuf {
        self.layout().physical(derivation.outputs["out"].path.as_ref().unwrap())
    }

    /// What lies in the store directory that is no item.
    pub fn leftovers(&self) -> usize {
        let names = fs::read_dir(self.layout().store_dir()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| StorePath::from_base_name(name).is_err()).count()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fruix::util::fs::remove_tree(self.root.path());
    }
}

/// Where a test that runs as another user finds the daemon.
pub const SOCKET: &str = "FRUIX_TEST_DAEMON_SOCKET";

pub fn home(root: &Path, user: u32) -> PathBuf {
    root.join(format!("home-{user}"))
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn as_user(root: &Path, user: u32, program: &Path) -> Command {
    let (id, home) = (user.to_string(), home(root, user));
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &id, "--regid", &id, "--clear-groups", "--"]).arg(program);
    command.current_dir(&home).env_clear().env("HOME", &home).env("PATH", "/usr/bin:/bin");
    command
}

fn write_settings(root: &Path, settings: &str) {
    fs::create_dir_all(root.join("frx/etc")).unwrap();
    fs::write(root.join("frx/etc/fruix.conf"), settings).unwrap();
}

fn run(root: &Path) -> (Child, std::io::Lines<BufReader<std::process::ChildStderr>>) {
    let mut child = Command::new(program())
        .arg("--root")
        .arg(root)
        .arg("daemon")
        .env_remove("FRUIX_LOG")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().expect("the daemon says that it serves").unwrap();
    assert!(first.starts_with("serving the store"), "{first}");
    (child, lines)
}

/// Waits until something holds.
pub fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// How many processes sleep for so many seconds, by which they are known.
pub fn sleepers(seconds: &str) -> usize {
    let is_sleep = |path: PathBuf| {
        fs::read(path.join("cmdline")).is_ok_and(|line| line == format!("sleep\0{seconds}\0").as_bytes())
    };
    fs::read_dir("/proc").unwrap().filter(|entry| is_sleep(entry.as_ref().unwrap().path())).count()
}
