//! Roots to build in, declarations to build, and runs of the program.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use fruix::util::fs::remove_tree;

pub const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");
pub const TREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/tiny-src");
const TINY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/system-configs/tiny.scm");

/// How a declaration differs from `system-configs/tiny.scm`: what is replaced, by what.
pub type Edit<'a> = (&'a str, &'a str);

/// A declaration that gives the kernel a configuration of its own.
pub const OWN_KERNEL: Edit<'static> =
    ("(kernconf \"TINY\")", "(kernconf \"OWN\") (kernconf-text \"include TINY\\nident OWN\\n\")");

/// A directory with a root, whose name has a space, and declarations. Goes when it is dropped.
pub struct Place {
    directory: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        // The store's directories are read-only; a test that failed may have left anything.
        let _ = remove_tree(&self.directory);
    }
}

impl Place {
    /// An empty one.
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap().keep();
        // Others may look in, as the one that another user works in has to let them.
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
        Self { directory }
    }

    /// The one that most tests share, with the miniature system built, and the store path of that system.
    ///
    /// It stays when the tests end, and the next run begins with removing it.
    pub fn shared() -> &'static (Self, String) {
        static SHARED: OnceLock<(Place, String)> = OnceLock::new();
        SHARED.get_or_init(|| {
            let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("system");
            remove_tree(&directory).unwrap();
            fs::create_dir(&directory).unwrap();
            let place = Place { directory };
            let system = place.built("tiny", &[]);
            (place, system)
        })
    }

    pub fn root(&self) -> PathBuf {
        self.directory.join("the root")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Where a store item lies.
    pub fn physical(&self, item: &str) -> PathBuf {
        self.root().join(item.trim_start_matches('/'))
    }

    /// Writes the miniature system's declaration, edited.
    pub fn declaration(&self, name: &str, edits: &[Edit<'_>]) -> PathBuf {
        let mut text = fs::read_to_string(TINY).unwrap().replace("../examples/tiny-src", TREE);
        for (from, to) in edits {
            assert!(text.contains(from), "system-configs/tiny.scm has no `{from}`");
            text = text.replacen(from, to, 1);
        }
        let path = self.directory.join(format!("{name}.scm"));
        fs::write(&path, text).unwrap();
        path
    }

    /// The program, on this root.
    pub fn fruix<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new("/usr/bin/env");
        // Whoever runs the tests in the background may have Ctrl-C ignored, and fruix respects that.
        command.args(["--default-signal=INT", FRUIX]);
        command.arg("--root").arg(self.root()).args(args).env_remove("FRUIX_ROOT").env_remove("FRUIX_LOG");
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, args: &[A]) -> Run {
        Run::of(&mut self.fruix(args))
    }

    /// Runs a command of `fruix system` on a declaration.
    pub fn system(&self, verb: &str, declaration: &Path, args: &[&str]) -> Run {
        let mut command = self.fruix(&["system", verb]);
        Run::of(command.arg(declaration).args(args))
    }

    /// Builds an edited declaration, and gives the store path that is printed.
    pub fn built(&self, name: &str, edits: &[Edit<'_>]) -> String {
        let declaration = self.declaration(name, edits);
        self.system("build", &declaration, &[]).line()
    }

    /// What the system refers to.
    pub fn requisites(&self, system: &str) -> Vec<String> {
        self.run(&["store", "requisites", system]).success().lines().map(str::to_owned).collect()
    }
}

/// What a run gave.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self::from(&output)
    }

    /// Its standard output; fails the test if it failed.
    pub fn success(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        &self.stdout
    }

    /// The one line that it prints.
    pub fn line(&self) -> String {
        let line = self.success().strip_suffix('\n').expect("a line");
        assert!(!line.contains('\n'), "{line}");
        line.to_owned()
    }

    /// Fails the test unless it failed as it should: with this message, told once, this hint, and nothing else on
    /// standard output.
    pub fn assert_fails(&self, message: &str, hint: &str) {
        let stderr = &self.stderr;
        assert_eq!(self.code, Some(1), "{stderr}");
        assert_eq!(self.stdout, "", "{stderr}");
        assert_eq!(stderr.matches(message).count(), 1, "`{message}` in\n{stderr}");
        let help = stderr.split_once("help: ").unwrap_or_else(|| panic!("no help in\n{stderr}")).1;
        // Help is indented, and so are its further lines.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(hint), "`{hint}` in\n{stderr}");
        assert!(!stderr.contains("panicked at"), "{stderr}");
    }
}

impl From<&Output> for Run {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Says that part of a test cannot be done here.
pub fn skip(what: &str, why: &str) {
    eprintln!("skipped: {what}: {why}");
}
