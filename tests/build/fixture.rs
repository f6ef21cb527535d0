//! A store with a tool chain in it, and derivations that run shell scripts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use fruix::{
    build::{self, BuildError, Cancellation, Event, Options, Progress, Wanted, toolchain},
    derivation::{Derivation, Hashes, Output},
    store::{Layout, Store},
    store_path::StorePath,
};
use miette::Diagnostic;

pub const FRUIX: &str = env!("CARGO_BIN_EXE_fruix");

pub struct Fixture {
    pub root: tempfile::TempDir,
    pub store: Store,
    pub toolchain: StorePath,
    hashes: Mutex<Hashes>,
    events: Mutex<Vec<Event>>,
}

impl Progress for Fixture {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        // The store's directories are read-only: `TempDir` alone cannot remove them for an ordinary user.
        let _ = fruix::util::fs::remove_tree(self.root.path());
    }
}

impl Fixture {
    pub fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    /// A store in this directory.
    pub fn at(root: tempfile::TempDir) -> Self {
        let store = Store::open(Layout::new(root.path()).unwrap()).unwrap();
        let toolchain = toolchain::import(&store, &["dash", "coreutils"].map(str::to_owned)).unwrap();
        Self { root, store, toolchain, hashes: Mutex::new(Hashes::new()), events: Mutex::default() }
    }

    /// A derivation that runs a shell script.
    pub fn script(&self, script: &str) -> Derivation {
        Derivation {
            outputs: BTreeMap::from([("out".to_owned(), Output::default())]),
            input_srcs: BTreeSet::from([self.toolchain.clone()]),
            system: "x86_64-linux".to_owned(),
            builder: "/bin/sh".to_owned(),
            args: vec!["-ec".to_owned(), script.to_owned()],
            env: BTreeMap::from([("toolchain".to_owned(), self.toolchain.to_string())]),
            ..Derivation::default()
        }
    }

    /// Puts a derivation into the store.
    pub fn add(&self, name: &str, mut derivation: Derivation) -> (StorePath, Derivation) {
        let drv = derivation.instantiate(name, &mut self.hashes.lock().unwrap()).unwrap();
        assert_eq!(self.store.add_derivation(&derivation, name).unwrap(), drv);
        (drv, derivation)
    }

    pub fn options() -> Options {
        let number = |number| NonZeroUsize::new(number).unwrap();
        Options {
            max_jobs: number(2),
            cores: number(3),
            keep_failed: false,
            keep_differing: None,
            keep_going: false,
            isolated: true,
            proxies: BTreeMap::new(),
            notes: BTreeMap::new(),
            local_files: true,
            users: None,
            launcher: PathBuf::from(FRUIX),
        }
    }

    /// Builds these derivations, all their outputs.
    pub fn realise(&self, drvs: &[&StorePath], options: &Options) -> Result<Vec<StorePath>, BuildError> {
        let outputs = |drv: &StorePath| {
            self.store.derivation(drv).unwrap().outputs.into_keys().collect::<BTreeSet<_>>()
        };
        let wanted: Wanted = drvs.iter().map(|drv| ((*drv).clone(), outputs(drv))).collect();
        build::realise(&self.store, &wanted, options, self, &Cancellation::default())
    }

    /// Builds a derivation and gives where its output `out` lies.
    pub fn build(&self, name: &str, derivation: Derivation) -> Result<PathBuf, BuildError> {
        let (drv, derivation) = self.add(name, derivation);
        self.realise(&[&drv], &Self::options())?;
        Ok(self.physical(&derivation, "out"))
    }

    /// Builds a script that writes a text to `$out`, and gives the text.
    pub fn text(&self, script: &str) -> String {
        let out = self.build("text", self.script(script)).unwrap_or_else(|error| panic!("{error:?}"));
        fs::read_to_string(out).unwrap()
    }

    /// Builds a derivation that fails, and gives the error, its causes and its help.
    pub fn failure(&self, name: &str, derivation: Derivation) -> String {
        let error = self.build(name, derivation).expect_err("the build has to fail");
        let help = error.help().map(|help| help.to_string()).unwrap_or_default();
        let causes = miette::Report::new(error).chain().map(|cause| format!("{cause}\n")).collect::<String>();
        causes + &help
    }

    pub fn physical(&self, derivation: &Derivation, output: &str) -> PathBuf {
        self.store.layout().physical(derivation.outputs[output].path.as_ref().unwrap())
    }

    /// How many builds were started.
    pub fn started(&self) -> usize {
        self.events.lock().unwrap().iter().filter(|event| matches!(event, Event::Started { .. })).count()
    }

    pub fn phases(&self) -> Vec<String> {
        let phase = |event: &Event| match event {
            Event::Phase { phase, .. } => Some(phase.clone()),
            _ => None,
        };
        self.events.lock().unwrap().iter().filter_map(phase).collect()
    }

    /// The fruix program, on this store.
    pub fn fruix(&self, args: &[&str]) -> Command {
        let mut command = Command::new("/usr/bin/env");
        // Whoever runs the tests in the background may have Ctrl-C ignored, and fruix respects that.
        command.args(["--default-signal=INT", FRUIX]);
        command.arg("--root").arg(self.root.path()).args(args).env_remove("FRUIX_ROOT");
        command
    }

    /// The fruix program, to which this store lies at `/frx`, as builds without a sandbox need it: in namespaces of
    /// its own, with a root directory that has all of the machine's beside.
    pub fn fruix_at_the_top(&self, args: &[&str]) -> Command {
        let script = "set -e; store=$1; shift; top=$(mktemp -d -p $store); mount -t tmpfs none $top
            for entry in /*; do
                if [ -L $entry ]; then cp -P $entry $top
                elif [ -d $entry ] && [ $entry != /frx ]; then mkdir $top$entry; mount --rbind $entry $top$entry; fi
            done
            mkdir $top/frx; mount --bind $store/frx $top/frx
            exec chroot $top \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"]);
        command.arg(self.root.path()).args(["/usr/bin/env", "--default-signal=INT", FRUIX, "--root", "/"]);
        command.args(args).env_remove("FRUIX_ROOT");
        command
    }

    /// What lies in the store directory that is no item.
    pub fn leftovers(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.store.layout().store_dir()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let is_item =
            |path: &Path| StorePath::from_base_name(path.file_name().unwrap().to_str().unwrap()).is_ok();
        paths.filter(|path| !is_item(path)).collect()
    }
}
